#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `make install` puts there is found, works, and goes away again. BUILD names the build."""

import os
import pathlib
import subprocess
import tempfile
import unittest

from stage import entries, files, make

STORE = """controllers:
    jaas:
        uuid: 6acf4fd8-32d6-49ea-b4eb-dcb9d1590c11
        api-endpoints: ['127.0.0.1:9']
        ca-cert: ""
        oidc-login: true
"""
# The variables, and the folders of the program, of its helper and of the manual page that they make.
PLACES = [
    ((), "usr/local/bin", "usr/local/libexec", "usr/local/share/man"),
    (("PREFIX=/usr",), "usr/bin", "usr/libexec", "usr/share/man"),
    (("PREFIX=/usr", "LIBEXECDIR=/usr/lib"), "usr/bin", "usr/lib", "usr/share/man"),
    (("PREFIX=/usr", "DATADIR=/data"), "usr/bin", "usr/libexec", "data/man"),
    (("PREFIX=/home/alice/my tools", "MANDIR=/home/alice/man"), "home/alice/my tools/bin",
     "home/alice/my tools/libexec", "home/alice/man"),
    (("PREFIX=", "BINDIR=/plugin"), "plugin", "libexec", "share/man"),
]


class Install(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.stage = pathlib.Path(directory.name, "a stage")

    def make(self, target, *variables):
        done = make(target, self.stage, *variables)
        self.assertEqual(done.returncode, 0, done.stderr)

    def run_program(self, program, *words):
        """Without a session there is no bus, and so no keyring."""
        data = self.stage.parent / "juju"
        data.mkdir(exist_ok=True)
        (data / "controllers.yaml").write_text(STORE, encoding="utf-8")
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.stage.parent), "JUJU_DATA": str(data),
                       "TMPDIR": str(self.stage.parent), "XDG_RUNTIME_DIR": str(self.stage.parent)}
        environment |= {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}
        return subprocess.run([program, *words], env=environment, capture_output=True, text=True, timeout=60, check=False)

    def test_folders(self):
        for variables, program, helper, manual in PLACES:
            with self.subTest(variables=variables):
                self.make("install", *variables)
                modes = {name: (self.stage / name).stat().st_mode & 0o7777 for name in files(self.stage)}
                for name, mode in ((f"{program}/juju-jaas-migrate", 0o755),
                                   (f"{helper}/juju-jaas-migrate/keyring", 0o755),
                                   (f"{manual}/man1/juju-jaas-migrate.1", 0o644)):
                    self.assertEqual(modes.get(name), mode, name)
                self.assert_helper_is_found(self.stage / program / "juju-jaas-migrate",
                                            self.stage / helper / "juju-jaas-migrate" / "keyring")
                self.make("uninstall", *variables)
                self.assertEqual(files(self.stage), [])

    def test_nothing_of_ours_is_left(self):
        """Folders that others use too stay; what is named after the program goes."""
        self.make("install", "PREFIX=/usr")
        self.make("uninstall", "PREFIX=/usr")
        self.assertEqual([name for name in entries(self.stage) if "jaas" in name.replace("_", "-")], [])
        self.assertEqual(files(self.stage), [])
        self.make("uninstall", "PREFIX=/usr")

    def test_others_files_stay(self):
        other = self.stage / "usr/libexec/juju-jaas-migrate/other"
        other.parent.mkdir(parents=True)
        other.write_text("", encoding="utf-8")
        self.make("install", "PREFIX=/usr")
        self.make("uninstall", "PREFIX=/usr")
        self.assertEqual(files(self.stage), ["usr/libexec/juju-jaas-migrate/other"])

    def assert_helper_is_found(self, program, helper):
        done = self.run_program(program, "--forget")
        self.assertIn("cannot remove what the keyring may hold for jaas: there is no Secret Service", done.stderr)
        self.assertEqual((done.stdout, done.returncode), ("", 1))
        helper.unlink()
        self.assertIn("the keyring helper is missing", self.run_program(program, "--forget").stderr)

    def test_helper_out_of_reach(self):
        done = make("install", self.stage, "PREFIX=/usr", "LIBEXECDIR=/opt/libexec")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("set LIBEXECDIR", done.stderr)
        self.assertFalse(self.stage.exists())

    def test_program_in_path(self):
        self.make("install")
        path = self.stage / "usr/local/bin"
        done = subprocess.run(["juju-jaas-migrate", "--description"], env={"PATH": str(path)}, capture_output=True, text=True,
                              check=True)
        self.assertEqual((len(done.stdout.splitlines()), done.stderr), (1, ""))

    def test_manual_is_found(self):
        self.make("install")
        environment = {**os.environ, "MANPATH": str(self.stage / "usr/local/share/man"), "MANWIDTH": "80", "LC_ALL": "C.UTF-8"}
        done = subprocess.run(["man", "--warnings", "-E", "UTF-8", "juju-jaas-migrate"], env=environment, capture_output=True,
                              text=True, check=True)
        self.assertEqual(done.stderr, "")
        self.assertIn("JUJU-JAAS-MIGRATE(1)", done.stdout)


if __name__ == "__main__":
    unittest.main()
