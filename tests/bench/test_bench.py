#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds a build against the budgets that do not depend on the machine. Of an instrumented one only what is on the wire counts."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()
PARTS = ["wire", "search"] if "sanitize" in BUILD.name else ["wire", "search", "counts", "many"]


class Budgets(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.NamedTemporaryFile(suffix=".json") as file:
            command = [BUILD / "test" / "bench", "--quick", "--json", file.name]
            cls.done = subprocess.run([*command, BUILD, *PARTS], capture_output=True, text=True, timeout=280, check=False)
            cls.figures = json.loads(pathlib.Path(file.name).read_text(encoding="utf-8") or "{}").get("figures", [])

    def test_everything_was_measured(self):
        self.assertEqual(self.done.stderr, "")
        self.assertGreaterEqual(len(self.figures), 10)

    def test_no_budget_is_broken(self):
        over = [figure for figure in self.figures if figure["exact"] and not figure["met"]]
        self.assertEqual(over, [], self.done.stdout)
        self.assertEqual(self.done.returncode, 0, self.done.stdout)

    def test_wrong_words_are_refused(self):
        for words in ([], ["--fast", BUILD], [BUILD, "nothing"]):
            done = subprocess.run([BUILD / "test" / "bench", *words], capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual(done.returncode, 2, done.stderr)


if __name__ == "__main__":
    unittest.main()
