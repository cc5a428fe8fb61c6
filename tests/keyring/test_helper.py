#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The keyring helper against a real gnome-keyring-daemon on a bus of its own, and where there is none. BUILD names the
build."""

import os
import pathlib
import re
import signal
import struct
import subprocess
import sys
import time
import unittest

from session import Session, seen_of

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HELPER = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve() / "keyring"
FIND, STORE, ERASE = 1, 2, 3
FOUND, STORED, ERASED, NOTHING, NO_SERVICE, LOCKED, REFUSED, FAILED = range(1, 9)
MAY_PROMPT = 1
CEILING = 15  # seconds after which a helper that may not prompt has ended by itself
UUID = "5f0c9a52-0d0e-4e55-8f0b-000000000001"
OTHER = "5f0c9a52-0d0e-4e55-8f0b-000000000002"
SECRET = "kr-t0p-s3cret-\u00e9"
SANITIZERS = {name: value for name, value in os.environ.items() if name in ("ASAN_OPTIONS", "UBSAN_OPTIONS")}


def frame(code, fields, flags=0):
    body = b"".join(struct.pack(">H", len(field)) + field for field in (text.encode() for text in fields))
    return struct.pack(">cBBBH", b"K", 1, code, flags, len(body)) + body


def take_apart(answer):
    """Returns (word, [user, secret, text])."""
    mark, version, word, flags, length = struct.unpack(">cBBBH", answer[:6])
    assert (mark, version, flags, length) == (b"K", 1, 0, len(answer) - 6), answer
    fields, at = [], 6
    while at < len(answer):
        size = struct.unpack(">H", answer[at:at + 2])[0]
        fields.append(answer[at + 2:at + 2 + size].decode())
        at += 2 + size
    return word, fields


class Test(unittest.TestCase):
    bus = keyring = True

    def setUp(self):
        self.session = Session(self.bus, self.keyring)
        self.addCleanup(self.session.end)

    def start(self):
        helper = subprocess.Popen([HELPER], env={**self.session.environment, **SANITIZERS}, stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(self.end, helper)
        return helper

    def end(self, helper):
        helper.kill()
        helper.wait()
        for stream in (helper.stdin, helper.stdout, helper.stderr):
            try:
                stream.close()
            except BrokenPipeError:
                pass

    def send(self, verb, *fields, flags=0):
        """Starts a helper and asks it; its stdin stays open."""
        helper = self.start()
        helper.stdin.write(frame(verb, (*fields, *[""] * (5 - len(fields))), flags))
        helper.stdin.flush()
        return helper

    def ask(self, verb, *fields, flags=0):
        helper = self.send(verb, *fields, flags=flags)
        answer, said = helper.stdout.read(), helper.stderr.read()
        self.assertEqual((helper.wait(), said), (0, b""))
        return take_apart(answer)

    def expect(self, word, verb, *fields, user="", secret="", text="", flags=0):
        self.assertEqual(self.ask(verb, *fields, flags=flags), (word, [user, secret, text]))

    def store(self, user="alice", secret=SECRET, controller=UUID, kind="password"):
        self.expect(STORED, STORE, controller, kind, user, f"{kind} of {user} on jaas", secret)


class WithKeyring(Test):
    def test_store_and_find(self):
        self.expect(NOTHING, FIND, UUID, "password", "alice")
        self.store()
        self.expect(FOUND, FIND, UUID, "password", "alice", user="alice", secret=SECRET)
        for elsewhere in ((OTHER, "password", "alice"), (UUID, "client-secret", "alice"), (UUID, "password", "bob")):
            self.expect(NOTHING, FIND, *elsewhere)

    def test_find_of_any_user_takes_the_latest(self):
        self.store("my-client", "older", kind="client-secret")
        self.store("alice", "other kind")
        time.sleep(1.1)  # the daemon's dates are whole seconds
        self.store("client-2", "newer", kind="client-secret")
        self.expect(FOUND, FIND, UUID, "client-secret", user="client-2", secret="newer")
        self.expect(FOUND, FIND, UUID, "client-secret", "my-client", user="my-client", secret="older")

    def test_replace(self):
        self.store(secret="first")
        self.store(secret="second")
        self.expect(FOUND, FIND, UUID, "password", "alice", user="alice", secret="second")
        self.assertEqual(len(self.session.items(UUID)), 1)

    def test_erase(self):
        self.store()
        self.store("bob")
        self.store("my-client", kind="client-secret")
        self.store(controller=OTHER)
        self.expect(ERASED, ERASE, UUID, "password", "bob", text="1")
        self.expect(NOTHING, ERASE, UUID, "password", "bob", text="0")
        self.expect(ERASED, ERASE, UUID, text="2")
        self.expect(NOTHING, FIND, UUID, "password", "alice")
        self.expect(FOUND, FIND, OTHER, "password", "alice", user="alice", secret=SECRET)

    def test_what_is_kept_tells_no_secret(self):
        self.store()
        self.assertEqual(self.session.items(UUID), [("password of alice on jaas", (
            ("application", "juju-jaas-migrate"), ("controller-uuid", UUID), ("kind", "password"), ("user", "alice"),
            ("xdg:schema", "io.juju.JaasMigrate")))])
        self.assertEqual(len(self.session.items()), 1)
        kept = self.session.files()
        self.assertIn(b"password of alice", kept + b"".join(
            label.encode() for label, _ in self.session.items()))
        self.assertNotIn(SECRET.encode(), kept)

    def test_items_of_others_are_left_alone(self):
        """An item with the same attributes but another schema is another program's."""
        self.store()
        theirs = (f"<{{'application': 'juju-jaas-migrate', 'controller-uuid': '{UUID}', 'kind': 'password', "
                  "'user': 'alice', 'xdg:schema': 'org.example.Theirs'}>")
        self.session.call(self.session.paths(UUID)[0], "org.freedesktop.DBus.Properties.Set",
                          "org.freedesktop.Secret.Item", "Attributes", theirs)
        self.expect(NOTHING, FIND, UUID, "password", "alice")
        self.expect(NOTHING, ERASE, UUID, text="0")
        self.assertEqual(len(self.session.items(UUID)), 1)

    def test_locked_and_nobody_to_ask(self):
        """Without a program that asks for the keyring's password, asking comes to nothing, at once."""
        self.store()
        self.session.lock()
        for flags, word in ((0, LOCKED), (MAY_PROMPT, REFUSED)):
            self.expect(word, FIND, UUID, "password", "alice", flags=flags)
            self.expect(word, STORE, UUID, "password", "alice", "label", SECRET, flags=flags)
            self.expect(word, ERASE, UUID, flags=flags)
        self.expect(NOTHING, FIND, OTHER, "password", "alice")

    def test_the_longest_secret(self):
        self.store(secret="x" * 4096)
        self.expect(FOUND, FIND, UUID, "password", "alice", user="alice", secret="x" * 4096)

    def test_requests_without_sense(self):
        for verb, fields in ((0, [UUID]), (4, [UUID]), (FIND, [""])):
            self.expect(FAILED, verb, *fields, text="the request makes no sense")
        for request in (frame(FIND, [UUID]), frame(FIND, [UUID] * 6), frame(FIND, [UUID, "a\0b", "", "", ""]),
                        frame(FIND, [UUID, "a", "", "", ""]).replace(b"a", b"\xff", 1)):
            with self.subTest(request=request):
                helper = self.start()
                answer = helper.communicate(request)[0]
                # The end of its stdin may end it before it has answered.
                self.assertIn(answer, (b"", frame(FAILED, ["", "", "the request makes no sense"])))
        self.assertEqual(self.session.items(), [])

    def test_no_request_no_answer(self):
        for request in (b"", b"hello, world\n", b"K", b"K\2\1\0\0\0", frame(STORE, [UUID, "", "", "", "x"])[:-1],
                        b"K\1\1\0\xff\xff" + b"x" * 70000):
            with self.subTest(request=request[:20]):
                helper = self.start()
                try:
                    answer, said = helper.communicate(request)
                except BrokenPipeError:
                    answer, said = helper.stdout.read(), helper.stderr.read()
                self.assertEqual((helper.returncode, answer, said), (1, b"", b""))

    def test_a_keyring_that_hangs(self):
        """The helper waits, shows nothing, and is gone as soon as nobody waits for it."""
        self.session.keyring.send_signal(signal.SIGSTOP)
        helper = self.send(STORE, UUID, "password", "alice", "label", SECRET)
        self.wait_until(lambda: self.is_hardened(helper.pid))
        command, environment = seen_of(helper.pid)
        self.assertEqual(command, os.fsencode(HELPER) + b"\0")
        self.assertNotIn(SECRET.encode(), environment)
        # To all but root it is closed.
        self.assertEqual(b"DBUS_SESSION_BUS_ADDRESS" in environment, os.geteuid() == 0)
        self.assertIsNone(helper.poll())
        helper.stdin.close()
        self.assertEqual(helper.wait(timeout=CEILING - 5), 1)
        self.assertEqual(helper.stdout.read(), b"")

    def is_hardened(self, pid):
        limits = pathlib.Path(f"/proc/{pid}/limits").read_text(encoding="ascii")
        return re.search(r"^Max core file size +0 +0 ", limits, re.MULTILINE)

    def wait_until(self, holds):
        deadline = time.monotonic() + CEILING - 5
        while not holds():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)

    def test_it_ends_with_its_parent(self):
        """Even where somebody else holds the other end of its stdin."""
        self.session.keyring.send_signal(signal.SIGSTOP)
        ours, theirs = os.pipe()
        script = ("import subprocess, sys\n"
                  "helper = subprocess.Popen([sys.argv[1]], stdin=int(sys.argv[2]), stdout=subprocess.DEVNULL)\n"
                  "print(helper.pid, flush=True)\n"
                  "helper.wait()\n")
        parent = subprocess.Popen([sys.executable, "-c", script, HELPER, str(ours)], pass_fds=[ours],
                                  env={**self.session.environment, **SANITIZERS}, stdout=subprocess.PIPE, text=True)
        pid = int(parent.stdout.readline())
        os.write(theirs, frame(FIND, [UUID, "password", "alice", "", ""]))
        self.wait_until(lambda: self.is_hardened(pid))
        parent.kill()
        parent.communicate()
        self.wait_until(lambda: not self.is_alive(pid))
        os.close(ours)
        os.close(theirs)

    def is_alive(self, pid):
        try:
            return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
        except (FileNotFoundError, ProcessLookupError):
            return False


class WithoutKeyring(Test):
    keyring = False

    def test_nobody_keeps_secrets(self):
        for verb in (FIND, STORE, ERASE):
            word, fields = self.ask(verb, UUID, "password", "alice", "label", SECRET if verb == STORE else "")
            self.assertEqual((word, fields[:2]), (NO_SERVICE, ["", ""]))
            self.assertIn("org.freedesktop.secrets", fields[2])

    def test_the_bus_is_gone(self):
        self.session.environment["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nowhere/bus"
        word, fields = self.ask(FIND, UUID, "password", "alice")
        self.assertEqual((word, fields[:2]), (NO_SERVICE, ["", ""]))
        self.assertIn("No such file or directory", fields[2])


class WithoutBus(Test):
    bus = keyring = False

    def test_no_bus(self):
        for address in (None, "", "autolaunch:", "autolaunch:scope=x"):
            if address is not None:
                self.session.environment["DBUS_SESSION_BUS_ADDRESS"] = address
            self.expect(NO_SERVICE, FIND, UUID, "password", "alice", text="there is no session bus")

    def test_no_runtime_directory(self):
        del self.session.environment["XDG_RUNTIME_DIR"]
        self.expect(NO_SERVICE, FIND, UUID, "password", "alice", text="there is no session bus")


if __name__ == "__main__":
    unittest.main()
