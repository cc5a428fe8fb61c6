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

BUILD = pathlib.Path(os.environ.get("BUILD", play.ROOT / "build"))
SLOW = play.Scenario("journal", {"era": "E3", "migration": {"each": "3s"}})
LIMIT = 60


class Journal(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="journal."))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        options = argparse.Namespace(server=BUILD / "test" / "server", limit=2 * LIMIT, valgrind=False)
        self.world = play.RealTimeWorld(play.write_case(self.directory / "journal.case", SLOW, ""), options, self.directory)
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

    def await_key(self, key):
        end = time.monotonic() + LIMIT
        while key not in self.entry():
            self.assertLess(time.monotonic(), end, f"no {key} in the journal")
            time.sleep(0.02)

    def test_news_are_written_while_it_runs(self):
        self.await_key("start")
        self.assertIn("migration-id", self.entry())
        self.assertIsNone(self.program.poll())

    def test_stopped_before_the_news_were_written(self):
        self.await_line("migration started")
        self.program.send_signal(signal.SIGINT)
        self.program.wait(LIMIT)
        self.assertIn("migration-id", self.entry())


if __name__ == "__main__":
    unittest.main()
