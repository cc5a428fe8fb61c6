#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The script behind `make deps`: what is missing is named or installed, and nothing is done when nothing is missing."""

import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SHELL_TOOLS = ("sh", "cat", "cut", "env", "id", "ls", "sort", "tr")
COMPILER = ("gcc", "ar", "make")


class Machine:
    """A directory of programs that stands for a machine; its apt-get only notes what it is asked for."""

    def __init__(self, directory, programs):
        self.directory = pathlib.Path(directory)
        for name in SHELL_TOOLS + programs:
            (self.directory / name).symlink_to(shutil.which(name))
        self.add("apt-get", f'echo "$@" >>{directory}/asked')
        self.add("sudo", 'exec "$@"')

    def add(self, name, line):
        (self.directory / name).write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
        (self.directory / name).chmod(0o755)

    def run(self, *words, **variables):
        environment = {"PATH": str(self.directory), "CC": "gcc", **variables}
        return subprocess.run([ROOT / "tests" / "deps", *words], env=environment, capture_output=True, text=True)

    def asked(self):
        path = self.directory / "asked"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


class Deps(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)

    def machine(self, *programs):
        return Machine(self.directory.name, programs)

    def test_says_each_missing_package_on_a_line(self):
        done = self.machine(*COMPILER).run("say", "build")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout, "")
        packages = ["pkg-config", "libwebsockets-dev", "libjson-c-dev", "libyaml-dev", "libssl-dev",
                    "libsecret-1-dev"]
        lines = done.stderr.splitlines()
        self.assertEqual(len(lines), len(packages), done.stderr)
        for package, line in zip(packages, lines):
            self.assertIn(f"package {package} on Debian and Ubuntu", line)
            self.assertIn("make deps", line)

    def test_names_the_compiler_that_was_asked_for(self):
        done = self.machine().run("say", "build", CC="clang -m64")
        self.assertIn("missing: clang (command), package clang ", done.stderr)
        self.assertNotIn("package gcc", done.stderr)

    def test_nothing_missing_nothing_done(self):
        machine = self.machine(*COMPILER)
        machine.add("pkg-config", "exit 0")
        for what in ("say", "install"):
            done = machine.run(what, "build")
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        self.assertEqual(machine.asked(), [])

    def test_installs_only_what_is_missing(self):
        machine = self.machine(*COMPILER)
        machine.add("pkg-config", f'test "$2" != json-c || test -e {self.directory.name}/asked')
        done = machine.run("install", "build")
        self.assertEqual(done.returncode, 0, done.stderr)
        update, install = machine.asked()
        self.assertIn("update", update)
        self.assertTrue(install.endswith(" --no-install-recommends libjson-c-dev"), install)

    def test_fails_when_it_is_still_missing(self):
        machine = self.machine(*COMPILER)
        machine.add("pkg-config", 'test "$2" != json-c')
        done = machine.run("install", "build")
        self.assertEqual(done.returncode, 1)
        self.assertIn("package libjson-c-dev", done.stderr)

    def test_fails_when_apt_does(self):
        machine = self.machine(*COMPILER)
        machine.add("apt-get", "exit 100")
        self.assertNotEqual(machine.run("install", "build").returncode, 0)

    def test_unknown_group(self):
        self.assertNotEqual(self.machine(*COMPILER).run("say", "biuld").returncode, 0)


if __name__ == "__main__":
    unittest.main()
