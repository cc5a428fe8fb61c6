#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The demonstration shows what it promises and leaves nothing behind, interrupted or not. BUILD names the build."""

import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()


def start(directory):
    return subprocess.Popen([ROOT / "tests" / "demo", BUILD], env={**os.environ, "TMPDIR": directory},
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            start_new_session=True)


class Demo(unittest.TestCase):
    def assert_nothing_left(self, directory, group):
        self.assertEqual(os.listdir(directory), [])
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                os.killpg(group, 0)
            except ProcessLookupError:
                return
            time.sleep(0.05)
        os.killpg(group, signal.SIGKILL)
        self.fail("a process was left")

    def test_moves_the_model_and_has_jimm_say_so(self):
        with tempfile.TemporaryDirectory() as directory:
            demo = start(directory)
            output = demo.communicate(timeout=120)[0]
            self.assertEqual(demo.returncode, 0, output)
            self.assertIn("juju-jaas-migrate my-model my-controller\n", output)
            self.assertIn("moved to my-controller, and JIMM points there\n", output)
            self.assertIn("ERROR alice@canonical.com/shop: not moved: ", output)
            self.assertIn("my-model: already on my-controller", output.splitlines()[-1])
            self.assert_nothing_left(directory, demo.pid)

    def test_interrupted(self):
        with tempfile.TemporaryDirectory() as directory:
            demo = start(directory)
            for line in demo.stdout:
                if "migration started" in line:
                    break
            os.killpg(demo.pid, signal.SIGINT)
            demo.communicate(timeout=60)
            self.assertNotEqual(demo.returncode, 0)
            self.assert_nothing_left(directory, demo.pid)


if __name__ == "__main__":
    unittest.main()
