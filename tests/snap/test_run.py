#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The packed snap does the main job where the machine's libraries cannot be seen: as a command, and as a plugin in the folder that
juju's snap is lent. BUILD names the build."""

import os
import re
import shutil
import subprocess
import unittest

from stage import HOME, Machine, Packed

STORE = [f"{HOME[1:]}/.local/share/juju/{name}.yaml" for name in ("accounts", "controllers", "models")]
CONNECT = "sudo snap connect juju-jaas-migrate:"


def setUpModule():
    global packed
    packed = Packed()


def tearDownModule():
    packed.end()


class Inside(unittest.TestCase):
    def setUp(self):
        self.machine = Machine(packed.tree)
        self.addCleanup(self.machine.end)

    def assert_moves(self, run):
        self.machine.start()
        done = run("my-model", "my-controller")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("my-model: moved to my-controller, and JIMM points there\n", done.stdout)
        again = run("my-model", "my-controller")
        self.assertEqual((again.returncode, again.stderr), (0, ""))
        self.assertIn("my-model: already on my-controller", again.stdout)
        self.assert_only_where_allowed()
        (model,) = [one for one in self.machine.stop()["models"] if one["name"] == "my-model"]
        self.assertEqual((model["active-on"], model["recorded"]), (["my-controller"], "my-controller"))

    def assert_only_where_allowed(self):
        """Both snaps may write to juju's data directory and to their own /tmp, and to no other hidden file."""
        juju = f"{HOME[1:]}/.local/share/juju"
        rest = [name for name in self.machine.written() if name not in STORE]
        self.assertEqual([name for name in rest if not re.match(rf"{juju}/|tmp/juju-store-lock-[0-9a-f]{{16}}$", name)], [])

    def test_command(self):
        self.assert_moves(self.machine.app)

    def test_plugin_of_juju(self):
        self.assert_moves(self.machine.plugin)

    def test_plugin_answers_juju(self):
        for word in ("--version", "--description", "--help"):
            command, plugin = self.machine.app(word), self.machine.plugin(word)
            self.assertEqual((plugin.returncode, plugin.stderr), (0, ""))
            self.assertEqual(plugin.stdout, command.stdout)

    def test_machines_libraries_are_hidden(self):
        """The same without what it brings along: the test would be none if the machine's copies could be found."""
        bare = self.machine.base / "bare"
        bare.mkdir()
        shutil.copy(packed.tree / "plugin" / "juju-jaas-migrate", bare)
        done = self.machine.plugin("--version", lent=bare)
        self.assertEqual(done.returncode, 127)
        self.assertIn("error while loading shared libraries", done.stderr)

    def test_move_begun_in_one_is_seen_by_the_other(self):
        self.machine.start()
        done = self.machine.app("--timeout", "1s", "my-model", "my-controller")
        self.assertEqual(done.returncode, 3, done.stderr)
        journal = self.machine.juju / "jaas-migrate"
        self.assertEqual(len([path for path in journal.glob("*.json")]), 1)
        done = self.machine.plugin("--resume")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("moved to my-controller", done.stdout)
        self.assertEqual(list(journal.glob("*.json")), [])

    def test_no_keyring(self):
        """Nothing is said of a keyring that nobody asked for; who does is told what is in the way."""
        self.machine.start()
        for run, why in ((self.machine.app, f"{CONNECT}password-manager-service\n"),
                         (self.machine.plugin, "juju's snap has no way to the keyring; run juju-jaas-migrate as a command of its own")):
            done = run("--dry-run", "my-model", "my-controller")
            self.assertEqual((done.returncode, "keyring" in done.stderr), (0, False), done.stderr)
            done = run("--forget")
            self.assertEqual(done.returncode, 1)
            self.assertIn(why, done.stderr)

    def test_lock_is_private(self):
        self.machine.start()
        for run, said in ((self.machine.app, True), (self.machine.plugin, False)):
            done = run("--debug", "--dry-run", "my-model", "my-controller")
            self.assertEqual("this snap has a /tmp of its own" in done.stderr, said, done.stderr)


class NotConnected(unittest.TestCase):
    """A folder that may be entered but not read stands for a plug that is not connected; root may read everything."""

    def setUp(self):
        self.machine = Machine(packed.tree)
        self.addCleanup(self.machine.end)

    def assert_refused(self, said, **variables):
        environment = {**self.machine.environment("juju-jaas-migrate", "/usr/bin:/bin"), "SNAP_REAL_HOME": str(self.machine.home)}
        environment |= variables
        command = [packed.tree / "plugin" / "juju-jaas-migrate", "my-model", "my-controller"]
        who = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False, **who)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (2, "", said))

    def test_data_directory(self):
        self.machine.juju.chmod(0o311)
        self.addCleanup(self.machine.juju.chmod, 0o755)
        self.assert_refused(f"ERROR cannot use juju's data directory {self.machine.juju}: Permission denied; this snap is not connected "
                            f"to it yet: {CONNECT}dot-local-share-juju\n")

    def test_other_data_directory(self):
        other = self.machine.base / "other"
        other.mkdir(mode=0o311)
        self.addCleanup(other.chmod, 0o755)
        self.assert_refused(f"ERROR cannot use juju's data directory {other}: Permission denied; of hidden and system folders this snap "
                            "may use ~/.local/share/juju only: unset JUJU_DATA\n", JUJU_DATA=str(other))


if __name__ == "__main__":
    unittest.main()
