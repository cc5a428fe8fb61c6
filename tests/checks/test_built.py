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
HELPER = BUILD / "keyring"
MANUAL = ROOT / "plugin" / "juju-jaas-migrate.1"


def clock_variable():
    """Returns the name of the environment variable that hands a program under test its clock."""
    header = (ROOT / "tests" / "clock" / "clock.h").read_text(encoding="utf-8")
    return re.search(r'^#define CLOCK_VARIABLE "(\w+)"$', header, re.MULTILINE)[1].encode()


def read_elf(what, path=PROGRAM):
    return subprocess.run(["readelf", "--wide", what, path], capture_output=True, text=True, check=True).stdout


class Program(unittest.TestCase):
    def test_shipped_program_has_no_other_clock(self):
        self.assertNotIn(clock_variable(), PROGRAM.read_bytes())

    def test_program_under_test_has_it(self):
        self.assertIn(clock_variable(), (BUILD / "test" / "juju-jaas-migrate").read_bytes())

    def test_only_the_helper_knows_the_keyring(self):
        self.assertNotRegex(read_elf("--dynamic"), r"libsecret|libglib|libgio")
        self.assertIn("libsecret-1.so", read_elf("--dynamic", HELPER))
        self.assertNotRegex(read_elf("--dynamic", HELPER), r"libwebsockets|libyaml|libjson|libssl")


def completions(share, zsh, etc="etc"):
    """Where the shells look for which file."""
    names = {f"{share}/bash-completion/completions/juju-jaas-migrate": "juju-jaas-migrate.bash",
             f"{etc}/bash_completion.d/zz-juju-jaas-migrate": "juju-hook.bash",
             f"{share}/zsh/{zsh}/_juju-jaas-migrate": "_juju-jaas-migrate",
             f"{share}/zsh/{zsh}/_juju_jaas_migrate_hook": "_juju_jaas_migrate_hook",
             f"{share}/fish/vendor_completions.d/juju-jaas-migrate.fish": "juju-jaas-migrate.fish",
             f"{share}/fish/vendor_conf.d/juju-jaas-migrate.fish": "juju-hook.fish",
             f"{share}/fish/vendor_functions.d/__juju_jaas_migrate_candidates.fish": "__juju_jaas_migrate_candidates.fish"}
    return {where: ROOT / "completions" / name for where, name in names.items()}


def zsh_folder():
    return "vendor-completions" if os.path.exists("/etc/debian_version") else "site-functions"


class Clean(unittest.TestCase):
    def test_other_folders_stay(self):
        """A name with a space would be two to the shell, and without a name the folder would be the root."""
        with tempfile.TemporaryDirectory() as directory:
            for build in ("", f"{directory}/a b", f"{directory}/a\tb"):
                with self.subTest(build=build):
                    done = subprocess.run(["make", "-C", ROOT, "--no-print-directory", "-n", "clean", f"BUILD={build}"],
                                          capture_output=True, text=True, check=False)
                    self.assertEqual((done.returncode, done.stdout), (2, ""))
                    self.assertIn("BUILD must be one folder, without spaces in its name", done.stderr)


class Install(unittest.TestCase):
    def make(self, target, directory, prefix="/usr"):
        """Installs what was built: with --old-file make takes the program as it is."""
        command = ["make", "-C", ROOT, "--no-print-directory", f"--old-file={PROGRAM}",
                   f"--old-file={HELPER}", target, f"BUILD={BUILD}",
                   f"DESTDIR={directory}", f"PREFIX={prefix}"]
        subprocess.run(command, check=True, capture_output=True)

    def files(self, directory):
        found = pathlib.Path(directory).rglob("*")
        return sorted(str(path.relative_to(directory)) for path in found if not path.is_dir())

    def test_install_and_uninstall(self):
        with tempfile.TemporaryDirectory() as directory:
            self.make("install", directory)
            files = {"usr/bin/juju-jaas-migrate": PROGRAM, "usr/libexec/juju-jaas-migrate/keyring": HELPER,
                     "usr/share/man/man1/juju-jaas-migrate.1": MANUAL, **completions("usr/share", zsh_folder())}
            self.assertEqual(self.files(directory), sorted(files))
            for name, built in files.items():
                installed = pathlib.Path(directory, name)
                self.assertEqual(installed.stat().st_mode & 0o7777, 0o755 if built in (PROGRAM, HELPER) else 0o644)
                self.assertEqual(installed.read_bytes(), built.read_bytes())
            self.make("uninstall", directory)
            self.assertEqual(self.files(directory), [])
            self.assertFalse(pathlib.Path(directory, "usr/libexec/juju-jaas-migrate").exists())

    def test_elsewhere(self):
        """What somebody installs for himself touches nothing of the system's; a local one is found by all shells."""
        for prefix, etc in (("/usr/local", "etc"), ("/home/me/.local", "home/me/.local/etc")):
            with self.subTest(prefix=prefix), tempfile.TemporaryDirectory() as directory:
                self.make("install", directory, prefix)
                share = f"{prefix[1:]}/share"
                found = {name for name in self.files(directory) if not re.search("/(bin|libexec|man)/", name)}
                self.assertEqual(found, set(completions(share, "site-functions", etc)))
                self.make("uninstall", directory, prefix)
                self.assertEqual(self.files(directory), [])


if __name__ == "__main__":
    unittest.main()
