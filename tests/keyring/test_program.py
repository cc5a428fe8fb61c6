#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the program keeps in the keyring, finds there and removes, against a real gnome-keyring-daemon and the simulated
JAAS. BUILD names the build."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import unittest

from session import Session, seen_of

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()
CLIENT, SECRET = "ci-bot", "kr-s3cret-of-ci"
WORLD = {"service-accounts": [{"client-id": CLIENT, "client-secret": SECRET, "admin": True}]}
CREDENTIALS = {"JUJU_CLIENT_ID": CLIENT, "JUJU_CLIENT_SECRET": SECRET}
MOVE = ("my-model", "my-controller", "--dry-run")
KEPT = f"the client secret of {CLIENT} on jaas is kept in the keyring\n"
ABSENT = "going on without the keyring: "
LOGGED_OUT = 'ERROR cannot log in to "jaas": no session token is stored, log in first with: juju login -c jaas\n'
PROGRESS = re.compile(r"^\d\d:\d\d:\d\d alice@canonical\.com/my-model: .*\n", re.MULTILINE)
SANITIZERS = {name: value for name, value in os.environ.items() if name in ("ASAN_OPTIONS", "UBSAN_OPTIONS")}


class Test(unittest.TestCase):
    bus = keyring = True
    world = WORLD
    logged_in = False

    def setUp(self):
        self.session = Session(self.bus, self.keyring)
        self.addCleanup(self.session.end)
        self.juju = self.session.directory / "juju"
        self.juju.mkdir()
        script = self.session.directory / "world"
        script.write_text(json.dumps(self.world), encoding="utf-8")
        self.server = subprocess.Popen([BUILD / "test" / "server", "--script", script, "--directory", self.juju],
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(self.end_server)
        self.assertIn("listening on", self.server.stdout.readline())
        if not self.logged_in:
            (self.juju / "accounts.yaml").unlink()
        self.program = BUILD / "juju-jaas-migrate"
        self.seen = b""

    def end_server(self):
        self.server.terminate()
        self.server.communicate()

    def start(self, *words, stdin=subprocess.DEVNULL, **variables):
        environment = {**self.session.environment, **SANITIZERS, "JUJU_DATA": str(self.juju), **variables}
        return subprocess.Popen([self.program, *words], env=environment, stdin=stdin,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def run_program(self, *words, **variables):
        """Returns (status, stdout, stderr without the lines on how it goes)."""
        program = self.start(*words, **variables)
        out, said = program.communicate()
        for text in (out, said):
            self.assertNotIn(SECRET, text)
        return program.returncode, out, PROGRESS.sub("", said)

    def assert_moves(self, said, *words, **variables):
        """The run has logged in, and has said this beside what every run says."""
        status, out, err = self.run_program(*MOVE, *words, **variables)
        self.assertEqual((status, err), (0, said))
        self.assertIn("planned", out)

    def assert_logged_out(self, said="", **variables):
        self.assertEqual(self.run_program(*MOVE, **variables), (1, "", said + LOGGED_OUT))

    def assert_forgets(self, said, *words):
        self.assertEqual(self.run_program("--forget", *words), (0, "", said))

    def uuids(self):
        text = (self.juju / "controllers.yaml").read_text(encoding="utf-8")
        return [line.split()[1].strip('"') for line in text.splitlines() if line.strip().startswith("uuid:")]

    def add_controller(self, name, uuid):
        """A controller that is no JAAS."""
        path = self.juju / "controllers.yaml"
        entry = f"{name}: {{uuid: {uuid}, api-endpoints: ['127.0.0.1:1']}}"
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"^controllers:\n( +)", rf"\g<0>{entry}\n\1", text), encoding="utf-8")


def watch(program):
    """Returns {pid: command line and environment} of the children, looked for until there is one or it has ended."""
    children = pathlib.Path(f"/proc/{program.pid}/task/{program.pid}/children")
    helpers = {}
    while not helpers and program.poll() is None:
        for pid in children.read_text().split():
            seen = seen_of(pid)
            if seen[0].startswith(b"keyring\0"):
                helpers[pid] = seen
    return helpers


class Password(Test):
    """The password of the target, which juju's store does not hold: asked for, kept and found."""

    logged_in = True
    world = {"controllers": [{"name": "prod-a"}, {
        "name": "my-controller", "direct": True, "store": {"keeps": "nothing"},
        "accounts": [{"name": "admin", "password": SECRET, "access": "superuser"}]}]}

    def asked(self, *words):
        """Returns (what is said, whether the target was asked)."""
        status, _, said = self.run_program(*MOVE, "--debug", *words)
        self.assertEqual(status, 0)
        return said, re.search(r"rpc my-controller: \d+ ModelManager\.ListModels", said) is not None

    def test_interrupted_while_the_keyring_is_asked(self):
        self.session.keyring.send_signal(signal.SIGSTOP)
        program = self.start(*MOVE)
        self.assertNotEqual(watch(program), {})
        program.send_signal(signal.SIGINT)
        said = program.communicate()[1]
        self.assertEqual(program.returncode, 130)
        self.assertNotIn("keyring", said)

    def test_remember_find_forget(self):
        self.assertFalse(self.asked()[1])
        program = self.start(*MOVE, "--remember", stdin=subprocess.PIPE)
        _, said = program.communicate(SECRET + "\n")
        self.assertEqual(program.returncode, 0)
        self.assertIn("please enter password for admin on my-controller: ", said)
        self.assertIn("the password of admin on my-controller is kept in the keyring\n", said)
        self.assertNotIn(SECRET, said)
        self.assertEqual([item[0] for item in self.session.items()], ["Juju password of admin on my-controller"])
        for cookie in (self.juju / "cookies").glob("my-controller.json*"):
            cookie.unlink()
        said, was = self.asked()
        self.assertTrue(was)
        self.assertNotIn("please enter", said)
        self.assert_forgets("my-controller: removed 1 secret from the keyring\n")


class WithKeyring(Test):
    def test_remember_find_forget(self):
        self.assert_logged_out()
        self.assert_moves("", **CREDENTIALS)
        self.assertEqual(self.session.items(), [])
        self.assert_moves(KEPT, "--remember", **CREDENTIALS)
        self.assertEqual(self.session.items(), [(f"JAAS client secret of {CLIENT} on jaas", (
            ("application", "juju-jaas-migrate"), ("controller-uuid", self.uuids()[0]), ("kind", "client-secret"),
            ("user", CLIENT), ("xdg:schema", "io.juju.JaasMigrate")))])
        self.assert_moves("")
        self.assert_moves("", JUJU_CLIENT_ID=CLIENT)
        half = LOGGED_OUT.replace("ERROR ", "ERROR JUJU_CLIENT_ID is set, JUJU_CLIENT_SECRET is not: ")
        self.assertEqual(self.run_program(*MOVE, JUJU_CLIENT_ID="another"), (1, "", half))
        self.assertNotIn(SECRET.encode(), self.session.files().replace(json.dumps(WORLD).encode(), b""))
        self.assert_forgets("jaas: removed 1 secret from the keyring\n")
        self.assertEqual(self.session.items(), [])
        self.assert_forgets("jaas: the keyring holds nothing to remove\n")
        self.assert_logged_out()

    def test_remember_replaces(self):
        self.assert_moves(KEPT, "--remember", **CREDENTIALS)
        self.assert_moves(KEPT, "--remember", **CREDENTIALS)
        self.assertEqual(len(self.session.items()), 1)

    def test_a_wrong_secret_is_not_kept(self):
        status, _, said = self.run_program(*MOVE, "--remember", **{**CREDENTIALS, "JUJU_CLIENT_SECRET": "wrong"})
        self.assertEqual(status, 1)
        self.assertIn("cannot log in", said)
        self.assertEqual(self.session.items(), [])

    def test_nothing_new_to_keep(self):
        self.assert_moves(KEPT, "--remember", **CREDENTIALS)
        self.assert_moves("nothing new to keep in the keyring for jaas: this run has logged in with what is stored already\n",
                          "--remember")

    def test_quiet(self):
        self.assert_moves("", "--remember", "-q", **CREDENTIALS)
        self.assert_forgets("", "-q")
        self.assertEqual(self.session.items(), [])

    def test_forgets_for_plain_controllers_too(self):
        self.add_controller("prod-x", "5f0c9a52-0d0e-4e55-8f0b-00000000abcd")
        self.assert_moves(KEPT, "--remember", **CREDENTIALS)
        path = self.session.paths()[0]
        self.session.call(path, "org.freedesktop.DBus.Properties.Set", "org.freedesktop.Secret.Item", "Attributes",
                          "<{'application': 'juju-jaas-migrate', 'user': 'alice', 'kind': 'password', "
                          "'controller-uuid': '5f0c9a52-0d0e-4e55-8f0b-00000000abcd', "
                          "'xdg:schema': 'io.juju.JaasMigrate'}>")
        self.assert_moves(KEPT, "--remember", **CREDENTIALS)
        self.assertEqual(len(self.session.items()), 2)
        self.assert_forgets("jaas: removed 1 secret from the keyring\nprod-x: removed 1 secret from the keyring\n",
                            "-c", "jaas")
        self.assertEqual(self.session.items(), [])

    def test_locked(self):
        self.assert_moves(KEPT, "--remember", **CREDENTIALS)
        self.session.lock()
        self.assert_logged_out(f"{ABSENT}the keyring is locked\n")
        self.assert_moves(f"WARNING the client secret of {CLIENT} on jaas is not kept in the keyring: "
                          "the keyring is locked\n", "--remember", **CREDENTIALS)
        self.assertEqual(self.run_program("--forget"), (1, "", "ERROR cannot remove what the keyring may hold for jaas: "
                                                        "the keyring is locked\n"))
        self.assert_moves("", **CREDENTIALS)

    def test_debug_tells_of_the_keyring_but_no_secret(self):
        self.assertIn("keyring", self.run_program(*MOVE, "--remember", "--debug", **CREDENTIALS)[2])
        self.assertIn("keyring", self.run_program(*MOVE, "--debug")[2])

    def test_the_secret_is_seen_nowhere(self):
        """The command lines and environments of all helpers, while the keyring lets them wait."""
        self.session.keyring.send_signal(signal.SIGSTOP)
        program = self.start(*MOVE, "--remember", **CREDENTIALS)
        helpers = watch(program)
        self.session.keyring.send_signal(signal.SIGCONT)
        out, said = program.communicate()
        self.assertEqual((program.returncode, PROGRESS.sub("", said)), (0, KEPT))
        self.assertIn("planned", out)
        self.assertNotEqual(helpers, {})
        for command, environment in helpers.values():
            self.assertEqual(command, b"keyring\0")
            self.assertNotIn(SECRET.encode(), environment)
            self.assertNotIn(b"JUJU_", environment)
        for pid in helpers:
            self.assertFalse(pathlib.Path(f"/proc/{pid}").exists())

    def test_the_result_does_not_wait_for_the_keyring(self):
        """With the result out, waiting for the keyring can be interrupted as anything else."""
        self.session.keyring.send_signal(signal.SIGSTOP)
        program = self.start(*MOVE, "--remember", **CREDENTIALS)
        while "planned" not in program.stdout.readline():
            self.assertIsNone(program.poll())
        program.send_signal(signal.SIGINT)
        said = program.communicate()[1]
        self.assertEqual((program.returncode, PROGRESS.sub("", said)), (-signal.SIGINT, ""))


class Unusable(Test):
    """Where there is just no keyring, only those hear of it who have asked for one."""
    keyring = False
    why = "there is no Secret Service to be used here: "

    def test_without(self):
        self.assert_logged_out()
        self.assert_moves("", **CREDENTIALS)
        status, out, said = self.run_program(*MOVE, "--remember", **CREDENTIALS)
        self.assertEqual(status, 0)
        self.assertIn("planned", out)
        warning = f"WARNING the client secret of {CLIENT} on jaas is not kept in the keyring: {self.why}"
        self.assertEqual((said[:len(warning)], said.count("\n")), (warning, 1))
        status, out, said = self.run_program("--forget")
        error = f"ERROR cannot remove what the keyring may hold for jaas: {self.why}"
        self.assertEqual((status, out, said[:len(error)], said.count("\n")), (1, "", error, 1))


class NoBus(Unusable):
    bus = False
    why = "there is no Secret Service to be used here: there is no session bus"


class NoHelper(Unusable):
    """The program alone, as in the folder that a snap lends to juju."""
    why = "the keyring helper is missing"

    def setUp(self):
        super().setUp()
        directory = self.session.directory / "bin"
        directory.mkdir()
        self.program = pathlib.Path(shutil.copy(self.program, directory))


class Garbage(NoHelper):
    """What stands where the helper should be is something else."""
    why = "the keyring helper cannot be used: it does not fit this version of the program"

    def setUp(self):
        super().setUp()
        helper = self.session.directory / "libexec" / "juju-jaas-migrate" / "keyring"
        helper.parent.mkdir(parents=True)
        helper.write_text("#!/bin/sh\necho hello\n", encoding="utf-8")
        helper.chmod(0o755)

    def assert_logged_out(self, said="", **variables):
        super().assert_logged_out(f"{ABSENT}{self.why}\n", **variables)


class Installed(WithKeyring):
    """The same with what `make install` has put somewhere."""

    def setUp(self):
        super().setUp()
        for name, source in (("bin/juju-jaas-migrate", "juju-jaas-migrate"),
                             ("libexec/juju-jaas-migrate/keyring", "keyring")):
            path = self.session.directory / "usr" / name
            path.parent.mkdir(parents=True)
            shutil.copy(BUILD / source, path)
        self.program = self.session.directory / "usr" / "bin" / "juju-jaas-migrate"


if __name__ == "__main__":
    unittest.main()
