# SPDX-License-Identifier: Apache-2.0
"""The program under test against a simulated JAAS over real sockets, with what a test has put in its way. BUILD names the build."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import types
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()
PROGRAM = BUILD / "test" / "juju-jaas-migrate"
MODEL, JAAS = "5f0c9a52-0d0e-4e55-8f0b-000000000001", "6acf4fd8-32d6-49ea-b4eb-dcb9d1590c11"
LIMIT = 120
TRUTH = "truth my-model active=my-controller importing=- jimm=my-controller mode=-"
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tests" / "cases"))
from runner import cases  # noqa: E402


class Scene(unittest.TestCase):
    """`directory` is the run's; juju, home, state and tmp are in it. `world` is running from start() on."""

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="hostile-"))
        self.addCleanup(shutil.rmtree, self.directory)
        self.world = None

    def start(self, world=None, server="", stores=None):
        """Starts a world that its JSON describes, with further words of the server; `stores` is {file of the store: its text}."""
        text = f"=== world\n{json.dumps(world or {})}\n=== server\n{server}\n"
        text += "".join(f"=== store {name}\n{content}\n" for name, content in (stores or {}).items())
        path = self.directory / "hostile.case"
        path.write_text(f"{text}=== arguments\n-\n", encoding="utf-8", errors="surrogateescape")
        options = types.SimpleNamespace(server=BUILD / "test" / "server", limit=LIMIT, valgrind=True)
        self.world = cases.World(cases.Case(path), options, self.directory)

    def environment(self, **variables):
        return {**cases.environment_of(self.world, ""), **variables}

    def run_program(self, *words, **variables):
        """Returns (status, stdout, stderr) as bytes."""
        done = subprocess.run([PROGRAM, *words], env=self.environment(**variables), stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=LIMIT, check=False)
        return done.returncode, done.stdout, done.stderr

    def end(self, *truths):
        """Ends the world, which is to be as `truths` say."""
        report, wire, faults = self.world.end()
        self.assertEqual(faults, [])
        for truth in truths:
            self.assertIsNone(cases.check_saw(truth, report, wire))
        return report, wire
