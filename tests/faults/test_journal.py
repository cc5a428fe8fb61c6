#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the journal holds of a move that runs, and what the copy of a stopped program does that awaits JIMM's answer; in real time."""

import argparse
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import play  # noqa: E402
import truth  # noqa: E402

BUILD = pathlib.Path(os.environ.get("BUILD", play.ROOT / "build"))
LIMIT = 60
ABORTED = {"phase": "QUIESCE", "reason": "source prechecks failed: model is dying", "copy": "removed"}
LINE = {"at": "1s", "tag": "machine-0", "sev": "ERROR", "mod": "juju.worker.migrationminion", "msg": "x", "stays": True}


class Journal(unittest.TestCase):
    scenario, fault = {"era": "E3", "migration": {"each": "3s"}}, ""
    words = ("my-model", "my-controller")

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="journal."))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        options = argparse.Namespace(server=BUILD / "test" / "server", limit=2 * LIMIT, valgrind=False)
        case = play.write_case(self.directory / "journal.case", play.Scenario("journal", self.scenario), self.fault)
        self.world = play.RealTimeWorld(case, options, self.directory)
        self.addCleanup(self.world.end)
        self.program = subprocess.Popen([BUILD / "juju-jaas-migrate", *self.words], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                        cwd=self.directory / "home", env=play.cases.environment_of(self.world, ""))
        self.addCleanup(self.end_program)

    def end_program(self):
        if self.program.poll() is None:
            self.program.kill()
        self.program.wait()
        self.program.stderr.close()

    def await_line(self, words):
        for line in self.program.stderr:
            if words in line:
                return
        self.fail(f"the program ended before it said: {words}")

    def sent(self):
        return sum(line.get("from") == "client" and line["method"] == truth.MIGRATE for line in play.read_wire(self.directory))

    def entry(self, number=0):
        names = [name for name in play.journal_of(self.directory) if name.endswith(".json")]
        folder = self.directory / "state" / "juju-jaas-migrate"
        return json.loads((folder / names[number]).read_text()) if number < len(names) else {}

    def await_that(self, happened, what):
        end = time.monotonic() + LIMIT
        while not happened():
            self.assertLess(time.monotonic(), end, what)
            time.sleep(0.02)

    def await_sent(self, count):
        self.await_that(lambda: self.sent() == count, "not as much was asked for")

    def await_key(self, key):
        self.await_that(lambda: key in self.entry(), f"no {key} in the journal")


class Running(Journal):
    def test_news_are_written_while_it_runs(self):
        self.await_key("start")
        self.assertIn("migration-id", self.entry())
        self.assertIsNone(self.program.poll())

    def test_stopped_before_the_news_were_written(self):
        self.await_line("migration started")
        self.program.send_signal(signal.SIGINT)
        self.program.wait(LIMIT)
        self.assertIn("migration-id", self.entry())


class Unanswered(Journal):
    scenario = {"era": "E3", "migration": {"each": "300ms", "steps": {"prechecks": "3s"}}}
    fault = "late:11:2"  # the answer to MigrateModel

    def test_a_copy_awaits_the_answer_and_writes_it(self):
        self.await_sent(1)
        self.program.send_signal(signal.SIGINT)
        self.program.wait(LIMIT)
        self.await_key("migration-id")

    def test_the_next_run_removes_what_the_copy_has_written(self):
        self.await_sent(1)
        self.program.send_signal(signal.SIGINT)
        self.program.wait(LIMIT)
        again = subprocess.run(self.program.args, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=2 * LIMIT,
                               cwd=self.directory / "home", env=play.cases.environment_of(self.world, ""), check=False)
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertIn("another run", again.stderr)
        self.assertEqual(play.journal_of(self.directory), [])


class Queued(Journal):
    scenario = {"era": "E3", "models": [
        {"name": "m1", "migrations": [{"steps": {"prechecks": "5s"}}]},
        {"name": "m2", "migrations": [{"steps": {"prechecks": "2s"}, "refuse": "target prechecks failed: no"}]},
        {"name": "m3", "migrations": [{"each": "100ms"}]}]}
    words = ("--parallel", "2", "m1", "m2", "m3", "my-controller")

    def test_the_copy_begins_nothing(self):
        self.await_sent(2)
        self.program.send_signal(signal.SIGINT)
        self.program.wait(LIMIT)
        self.await_key("migration-id")
        self.assertEqual(self.sent(), 2)


class TimedOut(Journal):
    scenario = {"era": "E3", "models": [
        {"name": "m1", "migrations": [{"steps": {"prechecks": "5s"}}]},
        {"name": "m2", "migrations": [{"each": "50ms", "abort": ABORTED}], "log": [LINE]}]}
    words = ("--timeout", "4s", "m1", "m2", "my-controller")

    def test_the_answer_is_for_the_copy(self):
        self.assertEqual(self.program.wait(LIMIT), 3)
        self.assertEqual(self.sent(), 2)
        self.await_key("migration-id")


if __name__ == "__main__":
    unittest.main()
