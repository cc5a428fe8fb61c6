#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""No secret is seen outside of accounts.yaml, the cookie jars and the keyring: not in what the program prints and logs,
not in the arguments and the environment of its children, not in what it leaves on disk.

The program runs with --debug and --log-file as it is shipped, but with a keyring helper beside it that keeps a record of
how it was called.
"""

import os
import pathlib
import pty
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
import stage  # noqa: E402
import ways  # noqa: E402

HELPER = """#!/bin/sh
{ tr '\\0' '\\n' </proc/$$/cmdline; tr '\\0' '\\n' </proc/$$/environ; } >>"$(dirname "$0")/children"
exec '%s'
"""
RUN = ["--debug", "--log-file", "log", "-c", "jaas", "my-model", "my-controller"]


def read_all(descriptor):
    """Reads a terminal until its other side is closed."""
    data = b""
    while True:
        try:
            piece = os.read(descriptor, 65536)
        except OSError:
            return data.decode("utf-8", "replace")
        data += piece


class Run:
    """One run of the program against JIMM, in the way of a cell of the table."""

    def __init__(self, cell, words=()):
        self.cell, self.words = cell, [*RUN, *words]
        self.base = pathlib.Path(tempfile.mkdtemp(prefix="secrets-"))
        for name in ("tmp", "bin-of-test", "state"):
            (self.base / name).mkdir()
        self.program = self.base / "bin-of-test" / "juju-jaas-migrate"
        shutil.copy2(stage.BUILD / "test" / "juju-jaas-migrate", self.program)
        helper = self.base / "bin-of-test" / "keyring"
        helper.write_text(HELPER % (stage.BUILD / "keyring"), encoding="utf-8")
        helper.chmod(0o755)
        self.server, _ = stage.start(cell, self.base)
        stage.prepare(cell, self.base / "juju")

    def environment(self):
        return {"PATH": os.environ["PATH"], "HOME": str(self.base), "TMPDIR": str(self.base / "tmp"),
                "LC_ALL": "C.UTF-8", "JUJU_DATA": str(self.base / "juju"), "SIM_CLOCK": str(self.base / "clock"),
                "XDG_STATE_HOME": str(self.base / "state"), "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
                **self.cell.environment()}

    def go(self, terminal=False):
        """Returns (status, what was shown)."""
        command = [str(self.program), *self.words]
        if not terminal:
            done = subprocess.run(command, input="", capture_output=True, text=True, timeout=60, env=self.environment(),
                                  cwd=self.base, check=False)
            return done.returncode, done.stdout + done.stderr
        ours, theirs = pty.openpty()
        process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=self.environment(),
                                   cwd=self.base)
        os.close(theirs)
        shown = read_all(ours)
        os.close(ours)
        return process.wait(timeout=60), shown

    def secrets(self):
        return {*ways.SECRETS, *stage.secrets_of(stage.files_of(self.base / "juju"))}

    def end(self):
        self.server.send_signal(signal.SIGTERM)
        self.server.wait(timeout=20)
        self.server.stdout.close()
        shutil.rmtree(self.base)


class Secrets(unittest.TestCase):
    def look(self, way, fate, status, *words, terminal=False, era="jimm 2026", children=False):
        run = Run(ways.Cell(era, way, fate), words)
        try:
            found, shown = run.go(terminal)
            self.assertEqual(found, status, shown)
            self.assertIn("Admin.Login", (run.base / "log").read_text(encoding="utf-8"))
            self.assertEqual(stage.leaks(run.base, shown, run.secrets()), [])
            self.assertEqual((run.program.parent / "children").exists(), children)
        finally:
            run.end()

    def test_a_whole_move_with_the_token(self):
        self.look("token", "works", 0)

    def test_tokens_that_do_not_do(self):
        for era in ("jimm 2024", "jimm 2026"):
            for fate in ("wrong", "expired", "cut"):
                with self.subTest(era=era, fate=fate):
                    self.look("token", fate, 1, era=era)

    def test_client_credentials(self):
        for fate in ("wrong", "expired", "cut"):
            with self.subTest(fate=fate):
                self.look("client", fate, 1)

    def test_client_credentials_that_are_to_be_remembered(self):
        self.look("client", "works", 1, "--remember", children=True)

    def test_a_device_login(self):
        self.look("device", "works", 0, terminal=True, children=True)

    def test_a_device_login_that_is_refused(self):
        self.look("device", "wrong", 1, terminal=True, children=True)

    def test_the_search_finds_every_guise(self):
        for guise in stage.guises(ways.BOB_SECRET):
            self.assertTrue(stage.leaks(pathlib.Path("/nonexistent"), guise.decode(), {ways.BOB_SECRET}), guise)


if __name__ == "__main__":
    unittest.main()
