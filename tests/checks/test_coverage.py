#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The report behind `make coverage`: what was run and what was not, by file and function, and a share that is too small."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SOURCE = """int used(int number);
int unused(void);
int used(int number)
{
	if (number > 1)
		return 2;
	return 1;
}
int unused(void)
{
	return 3;
}
int main(void)
{
	return used(1) - 1;
}
"""


class Report(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.top = pathlib.Path(self.directory.name)
        self.build = self.top / "build"

    def compile_and_run(self):
        (self.top / "common").mkdir()
        (self.top / "common" / "a.c").write_text(SOURCE, encoding="utf-8")
        (self.build / "object" / "common").mkdir(parents=True)
        subprocess.run(["gcc", "--coverage", "-c", "common/a.c", "-o", "build/object/common/a.o"], cwd=self.top, check=True)
        subprocess.run(["gcc", "--coverage", "build/object/common/a.o", "-o", "a"], cwd=self.top, check=True)
        subprocess.run([self.top / "a"], check=True)

    def report(self, *words):
        return subprocess.run([sys.executable, "-B", ROOT / "tests" / "coverage", self.build, *words],
                              capture_output=True, text=True)

    def test_names_what_was_not_run(self):
        self.compile_and_run()
        done = self.report()
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual([" ".join(line.split()) for line in done.stdout.splitlines()], [
            "62.5 % 5 of 8 common/a.c", "not run: used 6", "not run: unused, never called",
            "62.5 % of the lines of common/: 5 of 8 in 1 files"])

    def test_too_little_fails(self):
        self.compile_and_run()
        self.assertEqual(self.report("60").returncode, 0)
        self.assertEqual(self.report("70").returncode, 1)

    def test_a_build_without_counters_fails(self):
        done = self.report()
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("nothing instrumented", done.stderr)


if __name__ == "__main__":
    unittest.main()
