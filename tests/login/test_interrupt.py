#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Ctrl-C while a person is waited for: the shipped program leaves at once, and leaves the terminal as it was."""

import fcntl
import os
import pathlib
import pty
import re
import select
import subprocess
import tempfile
import termios
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build"))
WORLD = '{"users": [{"name": "alice@canonical.com", "admin": true, "expires": "0s"}], "device": {"after": "5m"}}'
PATIENCE = 60


class Interrupt(unittest.TestCase):
    def start_server(self, directory):
        (directory / "world").write_text(WORLD, encoding="utf-8")
        server = subprocess.Popen([BUILD / "test" / "server", "--script", directory / "world", "--directory",
                                   directory / "juju", "--lifetime", str(PATIENCE)], stdout=subprocess.PIPE, text=True)
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        self.assertRegex(server.stdout.readline(), "listening on")

    def read_until(self, master, words):
        shown, end = b"", time.monotonic() + PATIENCE
        while words not in shown:
            self.assertLess(time.monotonic(), end, shown)
            if select.select([master], [], [], 0.1)[0]:
                shown += os.read(master, 65536)
        return shown

    def test_leaves_at_once(self):
        directory = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(subprocess.run, ["rm", "-rf", directory], check=True)
        (directory / "juju").mkdir()
        self.start_server(directory)
        master, slave = pty.openpty()
        self.addCleanup(os.close, master)
        self.addCleanup(os.close, slave)
        modes = termios.tcgetattr(slave)
        environment = {"PATH": os.environ["PATH"], "HOME": str(directory), "JUJU_DATA": str(directory / "juju"),
                       "TMPDIR": str(directory), "XDG_STATE_HOME": str(directory / "state"), "TERM": "dumb"}
        environment.update({name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")})

        def own():
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        program = subprocess.Popen([BUILD / "juju-jaas-migrate", "my-model", "my-controller"], stdin=slave, stdout=slave,
                                   stderr=slave, env=environment, preexec_fn=own)
        self.read_until(master, b"to log in.")
        os.write(master, b"\x03")
        self.assertEqual(program.wait(PATIENCE), 130)
        said = self.read_until(master, b"started").decode()
        self.assertTrue(re.search(r"stopped before anything was started", said), said)
        self.assertEqual(termios.tcgetattr(slave), modes)


if __name__ == "__main__":
    unittest.main()
