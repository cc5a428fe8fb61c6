#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Files of others in the places of the program's own and of juju's. BUILD names the build."""

import os
import unittest

from scene import JAAS, MODEL, TRUTH, Scene

MOVE = ("my-model", "my-controller")
SOMEBODY = 1234 if os.geteuid() == 0 else os.geteuid()
STORE_LOCK = "juju-store-lock-*"


class Traps(Scene):
    """A pipe that nobody ever writes to: the program must neither wait for it nor fail to move the model."""

    def assert_moves(self, *said):
        status, out, err = self.run_program(*MOVE)
        self.assertEqual((status, out.split()[7:8]), (0, [b"migrated"]), err)
        for words in said:
            self.assertEqual(err.count(words.encode()), 1, err)
        self.end(TRUTH)

    def trap(self, *names):
        path = self.directory.joinpath(*names)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.mkfifo(path)
        return path

    def test_journal(self):
        self.start()
        for end in (".json", ".json.new", ".lock"):
            self.trap("state", "juju-jaas-migrate", MODEL + end)
        self.assert_moves(f"WARNING cannot lock {self.directory}/state/juju-jaas-migrate/{MODEL}.lock: it is no file made for this; remove it",
                          f"WARNING cannot read {self.directory}/state/juju-jaas-migrate/{MODEL}.json: it is no file; remove it")

    def test_cache(self):
        self.start()
        for end in ("", ".new", ".lock", ".tried"):
            self.trap("home", ".cache", "juju-jaas-migrate", JAAS + end)
        self.assert_moves()

    def test_cookies(self):
        self.start()
        self.trap("juju", "cookies", "jaas.json")
        self.trap("juju", "cookies", "jaas.json.lock")
        self.assert_moves()

    def test_store(self):
        for name in ("controllers.yaml", "accounts.yaml", "models.yaml"):
            with self.subTest(name=name):
                self.setUp()
                self.start()
                (self.directory / "juju" / name).unlink(missing_ok=True)
                self.trap("juju", name)
                self.assertEqual(self.run_program(*MOVE), (1, b"", f"ERROR cannot read {self.directory}/juju/{name}: it is a pipe or a "
                                                           "device, not a regular file; move it away\n".encode()))
                self.end("MigrateModel 0")

    def test_lock_of_the_store(self):
        """Where the program lays it is seen first."""
        self.start()
        self.run_program("--dry-run", *MOVE)
        (lock,) = (self.directory / "tmp").glob(STORE_LOCK)
        lock.unlink()
        accounts = (self.directory / "juju" / "controllers.yaml").read_text(encoding="utf-8")
        (self.directory / "juju" / "controllers.yaml").write_text(accounts.replace("agent-version: ", "agent-version: 0"), encoding="utf-8")
        os.mkfifo(lock)
        self.assert_moves(f"cannot lock juju's client store: {lock}: it is no file made for this; remove it")


class Folders(Scene):
    def test_journal_of_others(self):
        """What stands in a folder that others write to is not believed: a lie in it would have JIMM told of a move that never was."""
        for mode, owner, why in ((0o777, None, "others can write to it; have them not: chmod go-w"),
                                 (0o755, SOMEBODY, "it belongs to somebody else")):
            if owner == os.geteuid():
                mode, why = 0o775, "others can write to it; have them not: chmod go-w"
            with self.subTest(why=why):
                self.setUp()
                self.start()
                folder = self.directory / "state" / "juju-jaas-migrate"
                folder.mkdir()
                lie = folder / f"{MODEL}.json"
                lie.write_text(f'{{"format": 1, "model-uuid": "{MODEL}", "model": "alice@canonical.com/my-model", "jaas-uuid": "{JAAS}", '
                               '"target": "elsewhere", "sent": "2026-07-01T09:59:00Z", "seen": ["committed"]}', encoding="utf-8")
                folder.chmod(mode)
                if owner is not None:
                    os.chown(folder, owner, -1)
                status, _, err = self.run_program(*MOVE)
                self.assertEqual(status, 0, err)
                self.assertIn(f"WARNING cannot keep a journal: cannot use {folder}: {why}\n".encode(), err)
                self.assertEqual(err.count(b"WARNING"), 1, err)
                self.assertEqual(os.listdir(folder), [lie.name])
                self.end(TRUTH, "early UpdateMigratedModel 0")

    def test_lists_of_others(self):
        """Names in a cache that others write to are not offered."""
        self.start()
        self.run_program("--dry-run", *MOVE)
        folder = self.directory / "home" / ".cache" / "juju-jaas-migrate"
        words = ("__complete", "my-model", "")
        lists = folder / JAAS
        lists.write_text(lists.read_text(encoding="utf-8").replace("my-controller", "evil-controller"), encoding="utf-8")
        self.assertIn(b"evil-controller", self.run_program(*words)[1])
        folder.chmod(0o777)
        self.assertNotIn(b"evil-controller", self.run_program(*words)[1])
        self.end()


class Exposed(Scene):
    def test_said_once(self):
        self.start()
        self.directory.chmod(0o755)
        store = self.directory / "juju"
        store.chmod(0o755)
        (store / "accounts.yaml").chmod(0o644)
        line = (f"WARNING other users of this machine can get at your secrets in {store} (accounts.yaml); close it to them: "
                f"chmod go= {store}\n")
        status, _, err = self.run_program("-q", *MOVE)
        self.assertEqual((status, err.decode()), (0, line))
        store.chmod(0o700)
        self.assertNotIn(b"WARNING", self.run_program("-q", *MOVE)[2])
        self.end(TRUTH)


class Root(Scene):
    def test_what_it_leaves(self):
        """Whoever runs it with sudo finds all files his own; who is not root anyway has nothing else."""
        self.start()
        below = [self.directory / name for name in ("home", "juju", "state", "tmp")]
        for folder in below:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, SOMEBODY, -1)
        group = str(os.getegid())
        for words in (("--dry-run", *MOVE), ("--no-wait", *MOVE), MOVE):
            status, _, err = self.run_program(*words, SUDO_UID=str(SOMEBODY), SUDO_GID=group, SUDO_COMMAND="juju-jaas-migrate")
            self.assertEqual(status, 0, err)
            self.assertNotIn(b"WARNING", err)
            found = {path: path.stat().st_uid for folder in below for path in folder.rglob("*")}
            self.assertEqual({path: owner for path, owner in found.items() if owner != SOMEBODY}, {})
            if words[0] == "--no-wait":
                self.assertIn(self.directory / "state" / "juju-jaas-migrate" / f"{MODEL}.json", found)
                self.assertIn(self.directory / "home" / ".cache" / "juju-jaas-migrate" / JAAS, found)
        self.end(TRUTH)


if __name__ == "__main__":
    unittest.main()
