#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the journal holds of a move that runs, in real time."""

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
SLOW = play.Scenario("journal", {"era": "E3", "migration": {"each": "3s"}})
LIMIT = 60


def sent(world, method):
    return any(line.get("from") == "client" and line["method"] == method for line in play.read_wire(world.directory))


class Journal(unittest.TestCase):
    fault = ""

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="journal."))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        options = argparse.Namespace(server=BUILD / "test" / "server", limit=2 * LIMIT, valgrind=False)
        self.world = play.RealTimeWorld(play.write_case(self.directory / "journal.case", SLOW, self.fault), options, self.directory)
        self.addCleanup(self.world.end)
        self.program = subprocess.Popen([BUILD / "juju-jaas-migrate", *SLOW.words], stdin=subprocess.DEVNULL,
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

    def entry(self):
        names = [name for name in play.journal_of(self.directory) if name.endswith(".json")]
        return json.loads((self.directory / "state" / "juju-jaas-migrate" / names[0]).read_text()) if names else {}

    def await_that(self, happened, what):
        end = time.monotonic() + LIMIT
        while not happened():
            self.assertLess(time.monotonic(), end, what)
            time.sleep(0.02)

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
    fault = "late:11:2"  # the answer to MigrateModel

    def test_a_copy_awaits_the_answer_and_writes_it(self):
        self.await_that(lambda: sent(self.world, truth.MIGRATE), "nothing was asked for")
        self.program.send_signal(signal.SIGINT)
        self.program.wait(LIMIT)
        self.await_key("migration-id")


if __name__ == "__main__":
    unittest.main()
