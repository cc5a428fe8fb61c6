#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The script that runs the fuzz targets, with scripts in their place: what it says of a finding, of a run without one, of a
target that is not there; and that each target has what belongs to it."""

import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
QUIET = """echo 'INFO: Loaded 1 modules   (500 inline 8-bit counters): 500 [0, 1),'
echo '#7\tDONE   cov: 120 ft: 345 corp: 3/9b exec/s: 1 rss: 30Mb'
echo 'stat::number_of_executed_units: 4711'
"""
FINDS = """for word; do
    case $word in -artifact_prefix=*) echo bad >"${word#*=}crash-1" ;; esac
done
echo 'a.c:1: does not hold: x'
echo 'stat::number_of_executed_units: 12'
exit 77
"""
SHOWS = 'echo "$@" "$TMPDIR" >&2; test -d "$TMPDIR"; exit 1\n'


class Runs(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.programs = pathlib.Path(self.directory.name)

    def add(self, name, text):
        (self.programs / name).write_text(f"#!/bin/sh\n{text}", encoding="utf-8")
        (self.programs / name).chmod(0o755)

    def run_targets(self, *words):
        return subprocess.run([sys.executable, "-B", HERE / "run", "--programs", self.programs, *words],
                              capture_output=True, text=True)

    def test_a_row_for_each_and_a_count(self):
        self.add("names", QUIET)
        self.add("times", QUIET)
        done = self.run_targets("--seconds", "1", "names", "times")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        lines = done.stdout.splitlines()
        self.assertEqual([line.split() for line in sorted(lines[1:3])],
                         [[name, "4711", "120", "of", "500", "345", "0"] for name in ("names", "times")])
        self.assertRegex(lines[3], r"^9422 executions in \d+ s$")
        self.assertEqual(lines[4:], ["2 passed, 0 failed, 0 skipped"])

    def test_a_finding_is_shown_and_kept(self):
        self.add("names", FINDS)
        done = self.run_targets("--runs", "5", "names")
        kept = self.programs.resolve() / "found" / "names-crash-1"
        self.assertEqual(done.returncode, 1)
        self.assertEqual(kept.read_text(encoding="utf-8"), "bad\n")
        self.assertIn("does not hold: x", done.stdout)
        self.assertIn(f"kept: {kept}", done.stdout)
        self.assertEqual(done.stdout.splitlines()[-1], "0 passed, 1 failed, 0 skipped")

    def test_what_was_found_before_does_not_count(self):
        self.add("names", FINDS)
        self.run_targets("--runs", "5", "names")
        self.add("names", QUIET)
        self.assertEqual(self.run_targets("--runs", "5", "names").returncode, 0)

    def test_a_program_that_fails_or_does_nothing_or_is_not_there(self):
        for text in ("exit 3\n", "exit 0\n", None):
            if text is None:
                (self.programs / "names").unlink()
            else:
                self.add("names", text)
            done = self.run_targets("--runs", "5", "names")
            self.assertEqual(done.returncode, 1, text)
            self.assertEqual(done.stdout.splitlines()[-1], "0 passed, 1 failed, 0 skipped")

    def test_a_target_that_is_not_known(self):
        done = self.run_targets("--runs", "5", "nomes")
        self.assertEqual(done.returncode, 2)
        self.assertIn("unknown: nomes; there are ", done.stderr)

    def test_runs_from_a_fixed_seed_leave_the_corpus_alone(self):
        self.add("options", SHOWS)
        said = self.run_targets("--runs", "5", "options").stdout
        words = next(line for line in said.splitlines() if "-runs=5" in line).split()
        self.assertIn("-seed=1", words)
        self.assertIn(f"-dict={HERE / 'dictionaries' / 'words.dict'}", words)
        self.assertEqual(words[-2], str(HERE / "corpus" / "options"))
        own = pathlib.Path(words[-3])
        self.assertFalse(own.exists() or own.is_relative_to(HERE) or pathlib.Path(words[-1]).exists())


class Targets(unittest.TestCase):
    def setUp(self):
        self.names = sorted(path.stem for path in (HERE / "targets").glob("*.c"))

    def test_each_has_a_corpus(self):
        folders = sorted(path.name for path in (HERE / "corpus").iterdir())
        self.assertEqual(folders, self.names)
        for name in self.names:
            self.assertGreater(len([*(HERE / "corpus" / name).iterdir()]), 1, name)

    def test_each_dictionary_is_one(self):
        for path in (HERE / "dictionaries").iterdir():
            for line in path.read_text(encoding="utf-8").splitlines():
                self.assertRegex(line, re.compile(r'#.*|"(?:[^"\\]|\\["\\]|\\x[0-9a-f]{2})+"'), path)


if __name__ == "__main__":
    unittest.main()
