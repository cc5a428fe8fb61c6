#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Secrets in the program's memory, in what it says, and in what the system may keep of it. BUILD names the build."""

import base64
import fcntl
import json
import os
import pathlib
import re
import resource
import signal
import struct
import subprocess
import tempfile
import termios
import threading
import time
import unittest
import urllib.parse

from scene import BUILD, LIMIT, PROGRAM, ROOT, TRUTH, Scene, cases

MOVE = ("my-model", "my-controller")
PASSWORD = "Sesame/Open+your=doors 4711"
CLIENT = "s3cret-of-ci/with+more=bytes"
PR_SET_DUMPABLE = 4
# An instrumented program's runtime locks nothing.
MAY_LOCK = resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] != 0 and not BUILD.name.startswith("sanitize-")
# Larger mappings are an instrumented program's own.
MAPPING_MAX = 1 << 30
SANITIZED = BUILD.name.startswith("sanitize-")
# The runtime of an instrumented program keeps the environment as it was.
KEPT = {"client": {(CLIENT, "raw"): 1}} if SANITIZED else {}
# Copies in use while it runs: what the store says, what logs in again after a cut, and what is written back.
COPIES = 3
WORLDS = {
    "token": ({}, {}, None),
    "client": ({"service-accounts": [{"client-id": "ci-bot", "client-secret": CLIENT, "admin": True}]},
               {"JUJU_CLIENT_ID": "ci-bot", "JUJU_CLIENT_SECRET": CLIENT}, {"accounts.yaml": "{ABSENT}"}),
    "device": ({"users": [{"name": "alice@canonical.com", "admin": True, "expires": "0s"}]}, {}, None),
    "password": ({"controllers": [{"name": "prod-a"}, {"name": "my-controller", "direct": True,
                                                       "accounts": [{"name": "admin", "password": PASSWORD, "access": "superuser"}]}]}, {}, None),
    "typed": ({"controllers": [{"name": "prod-a"}, {"name": "my-controller", "direct": True, "store": {"keeps": "nothing"},
                                                    "accounts": [{"name": "admin", "password": PASSWORD, "access": "superuser"}]}]}, {}, None),
    "cookie": ({"controllers": [{"name": "prod-a"}, {"name": "my-controller", "direct": True, "store": {"keeps": "cookie"}}]}, {}, None),
}
TYPED = {"device": "", "typed": f"please enter password for admin on my-controller: => {PASSWORD}"}


def forms(secret):
    """{form: bytes} that a secret may be found in; base64 as part of something longer, too."""
    raw = secret.encode()
    found = {"raw": raw, "hex": raw.hex().encode(), "HEX": raw.hex().upper().encode(), "url": urllib.parse.quote(secret, "").encode(),
             "url+": urllib.parse.quote_plus(secret).encode(), "json": json.dumps(secret)[1:-1].replace("/", "\\/").encode()}
    for before in range(3):
        text = base64.b64encode(b"\0" * before + raw)
        middle = text[4 if before else 0:(before + len(raw)) // 3 * 4]
        found[f"base64 at {before}"] = middle
        found[f"base64url at {before}"] = middle.replace(b"+", b"-").replace(b"/", b"_")
    return {form: text for form, text in found.items() if form == "raw" or text != raw}


def macaroons(path):
    """What is secret in a cookie file: the cookies' values, what they stand for, and the signatures in it."""
    for cookie in json.loads(path.read_text(encoding="utf-8")):
        text = base64.b64decode(cookie["Value"]).decode()
        yield cookie["Value"]
        yield text
        yield from re.findall(r'"(?:signature|s64)":"([^"]+)"', text)


def memory_of(process):
    """Yields (where, bytes) of all that can be read."""
    with open(f"/proc/{process.pid}/maps", encoding="utf-8") as maps, \
            open(f"/proc/{process.pid}/mem", "rb", 0) as memory:
        for line in maps:
            words = line.split()
            begin, end = (int(word, 16) for word in words[0].split("-"))
            if "r" not in words[1] or words[5:] in (["[vvar]"], ["[vsyscall]"]) or end - begin > MAPPING_MAX:
                continue
            try:
                memory.seek(begin)
                yield words[5] if len(words) > 5 else "memory", memory.read(end - begin)
            except OSError:
                continue


def find(process, secrets):
    """{(secret, form): number of times} in a process that stands still."""
    wanted = {(secret, form): text for secret in secrets for form, text in forms(secret).items()}
    found = {}
    for _, content in memory_of(process):
        for key, text in wanted.items():
            times = content.count(text)
            if times:
                found[key] = found.get(key, 0) + times
    return found


def state_of(pid):
    text = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    return text.rsplit(")", 1)[1].split()[0]


def locked(pid):
    """How many KiB of a process are locked out of the swap."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(re.search(r"VmLck:\s+(\d+) kB", status)[1])


def wait_until(true, what):
    end = time.monotonic() + LIMIT
    while not true():
        if time.monotonic() > end:
            raise AssertionError(what)
        time.sleep(0.02)


def waiting(descriptor):
    """How much nobody has read of what is in a pipe."""
    return struct.unpack("i", fcntl.ioctl(descriptor, termios.FIONREAD, b"\0" * 4))[0]


def setUpModule():
    global folder, hold
    folder = tempfile.TemporaryDirectory()
    hold = pathlib.Path(folder.name, "hold.so")
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", ROOT / "tests" / "hostile" / "hold.c", "-o", hold], check=True)


def tearDownModule():
    folder.cleanup()


class Secrets(Scene):
    """`secrets` is filled by secrets_of(): what must not be found."""

    def held(self, **variables):
        options = os.environ.get("ASAN_OPTIONS", "")
        return self.environment(LD_PRELOAD=str(hold), HOLD="1", ASAN_OPTIONS=f"{options}:verify_asan_link_order=0", **variables)

    def begin(self, name):
        """Returns the environment of a case; its world is running."""
        world, variables, stores = WORLDS[name]
        self.start(world, stores=stores)
        return self.held(**variables)

    def secrets_of(self, name):
        accounts = self.directory / "juju" / "accounts.yaml"
        text = accounts.read_text(encoding="utf-8") if accounts.exists() else ""
        secrets = {self.world.token} if name != "client" else set()
        secrets |= set(re.findall(r"access-token: (\S+)", text))
        secrets |= {CLIENT} if name == "client" else set()
        secrets |= {PASSWORD} if name in ("password", "typed") else set()
        for path in (self.directory / "juju" / "cookies").glob("*.json"):
            secrets |= set(macaroons(path))
        self.assertTrue(secrets)
        return secrets


class AtTheEnd(Secrets):
    def look(self, name):
        words = [str(PROGRAM), "--debug", "--log-file", str(self.directory / "log"), *(["--remember"] if name == "typed" else []), *MOVE]
        environment = self.begin(name)
        terminal = cases.Terminal(TYPED[name]) if name in TYPED else None
        streams = {"stdin": terminal.slave, "stderr": terminal.slave, "preexec_fn": terminal.own} if terminal else {
            "stdin": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
        process = subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, **streams)
        try:
            said = self.attend(process, terminal)
        finally:
            if terminal:
                terminal.close()
        log = (self.directory / "log").read_bytes()
        self.assertGreater(len(log), 5000)
        for secret in self.secrets_of(name):
            for form, text in forms(secret).items():
                self.assertEqual((form, (said + log).count(text)), (form, 0), f"{name}: said")
        self.end(TRUTH)

    def attend(self, process, terminal):
        """Types, waits until the program has done all, looks at its memory, lets it end; returns what it said."""
        said = []
        reader = threading.Thread(target=lambda: said.append(process.stdout.read()))
        reader.start()

        def stopped():
            if terminal:
                terminal._look()
                terminal._type()
            return state_of(process.pid) in "TZ"

        try:
            wait_until(stopped, "it does not end")
            self.assertEqual(state_of(process.pid), "T")
            found = find(process, self.secrets_of(self.name))
            process.send_signal(signal.SIGCONT)
            process.wait(timeout=LIMIT)
        finally:
            process.kill()
            process.wait()
            reader.join()
            process.stdout.close()
        self.assertEqual((process.returncode, found), (0, KEPT.get(self.name, {})), said)
        return said[0] + (terminal.shown if terminal else b"")

    def test_each(self):
        for name in WORLDS:
            with self.subTest(login=name):
                self.setUp()
                self.name = name
                self.look(name)


class Midway(Secrets):
    """Held up by whoever does not read what it says."""

    def held_up(self, words, environment):
        """Returns the process when it has logged in and watches; end_early() ends it."""
        reading, writing = os.pipe()
        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
        process = subprocess.Popen(words, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=writing)
        self.mine = (process, reading, writing)

        def full():
            before = waiting(reading)
            time.sleep(0.2)
            return before > 3500 and waiting(reading) == before and state_of(process.pid) == "S"

        wait_until(full, "it does not say enough")
        return process

    def test_copies(self):
        for name in ("token", "client", "password", "cookie"):
            with self.subTest(login=name):
                self.setUp()
                process = self.held_up([PROGRAM, "--debug", *MOVE], self.begin(name))
                found = find(process, self.secrets_of(name))
                self.assertGreater(len(found), 0)
                self.assertEqual({key: times for key, times in found.items() if key[1] != "raw" or times > COPIES}, {})
                if name == "client":
                    self.assertEqual(found, {(CLIENT, "raw"): 2 if SANITIZED else 1})
                self.end_early()

    def test_swap_and_dumps(self):
        process = self.held_up([PROGRAM, "--debug", *MOVE], self.begin("token"))
        limits = pathlib.Path(f"/proc/{process.pid}/limits").read_text(encoding="utf-8")
        self.assertRegex(limits, r"Max core file size +0 +0 ")
        self.assertEqual(locked(process.pid) > 0, MAY_LOCK)
        self.end_early()

    def test_swap_of_the_copy(self):
        """JIMM has not answered when the run is stopped: a copy of it waits for the answer."""
        self.start({"migration": {"steps": {"prechecks": "1000000s"}}})
        process = subprocess.Popen([PROGRAM, "-q", "--timeout", "10s", *MOVE], env=self.held(), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.assertEqual(process.wait(timeout=LIMIT), 3)
        copies = []

        def stopped():
            copies[:] = self.others(process)
            return [state_of(pid) for pid in copies] == ["T"]

        try:
            wait_until(stopped, "the copy does not end")
            self.assertEqual(locked(copies[0]) > 0, MAY_LOCK)
        finally:
            for pid in copies:
                os.kill(pid, signal.SIGKILL)
        self.world.end()

    def others(self, process):
        """Yields the processes of this run but for the one that was started."""
        for path in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if path.name != str(process.pid) and os.readlink(path / "exe") == str(PROGRAM) and \
                        str(self.directory).encode() in (path / "environ").read_bytes():
                    yield int(path.name)
            except OSError:
                continue

    def end_early(self):
        """The world must not wait for a process that says no more."""
        process, *ends = self.mine
        process.kill()
        process.wait()
        for end in ends:
            os.close(end)
        self.world.end()


class Outside(Secrets):
    def test_cannot_be_dumped(self):
        self.start()
        report = self.directory / "said to the kernel"
        status, _, err = self.run_program("--dry-run", *MOVE, LD_PRELOAD=str(hold), HOLD_REPORT=str(report),
                                          ASAN_OPTIONS=self.held()["ASAN_OPTIONS"])
        self.assertEqual(status, 0, err)
        self.assertIn(f"{PR_SET_DUMPABLE} 0", report.read_text(encoding="utf-8").splitlines())
        self.end()

    def test_nothing_may_be_locked(self):
        """Root's right to lock as much as it likes is taken away, too."""
        self.start()
        without = ["setpriv", "--bounding-set=-ipc_lock"] if os.geteuid() == 0 else []
        done = subprocess.run(["prlimit", "--memlock=0:0", *without, PROGRAM, "-q", *MOVE], env=self.environment(),
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.end(TRUTH)


if __name__ == "__main__":
    unittest.main()
