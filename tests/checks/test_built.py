#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the built program must and must not hold, and what is installed of it. BUILD names the build."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()
PROGRAM = BUILD / "juju-jaas-migrate"


def clock_variable():
    """Returns the name of the environment variable that hands a program under test its clock."""
    header = (ROOT / "tests" / "clock" / "clock.h").read_text(encoding="utf-8")
    return re.search(r'^#define CLOCK_VARIABLE "(\w+)"$', header, re.MULTILINE)[1].encode()


def read_elf(what):
    return subprocess.run(["readelf", "--wide", what, PROGRAM], capture_output=True, text=True, check=True).stdout


class Program(unittest.TestCase):
    def test_shipped_program_has_no_other_clock(self):
        self.assertNotIn(clock_variable(), PROGRAM.read_bytes())

    def test_program_under_test_has_it(self):
        self.assertIn(clock_variable(), (BUILD / "test" / "juju-jaas-migrate").read_bytes())

    def test_position_independent(self):
        self.assertRegex(read_elf("--file-header"), r"Type:\s+DYN")

    def test_bound_at_the_start(self):
        self.assertRegex(read_elf("--dynamic"), r"\bNOW\b")
        self.assertIn("GNU_RELRO", read_elf("--program-headers"))

    def test_stack_is_guarded(self):
        self.assertIn("__stack_chk_fail", read_elf("--symbols"))


class Install(unittest.TestCase):
    def make(self, target, directory):
        """Installs what was built: with --old-file make takes the program as it is."""
        command = ["make", "-C", ROOT, "--no-print-directory", f"--old-file={PROGRAM}", target, f"BUILD={BUILD}",
                   f"DESTDIR={directory}", "PREFIX=/usr"]
        subprocess.run(command, check=True, capture_output=True)

    def files(self, directory):
        found = pathlib.Path(directory).rglob("*")
        return sorted(str(path.relative_to(directory)) for path in found if not path.is_dir())

    def test_install_and_uninstall(self):
        with tempfile.TemporaryDirectory() as directory:
            self.make("install", directory)
            self.assertEqual(self.files(directory), ["usr/bin/juju-jaas-migrate"])
            installed = pathlib.Path(directory, "usr/bin/juju-jaas-migrate")
            self.assertTrue(os.access(installed, os.X_OK))
            self.assertEqual(installed.read_bytes(), PROGRAM.read_bytes())
            self.make("uninstall", directory)
            self.assertEqual(self.files(directory), [])


if __name__ == "__main__":
    unittest.main()
