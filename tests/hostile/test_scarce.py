#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The machine has no more of what the program asks for: each time it says so and ends. BUILD names the build."""

import os
import pathlib
import re
import resource
import subprocess
import tempfile
import unittest

from scene import BUILD, LIMIT, PROGRAM, ROOT, TRUTH, Scene

MOVE = ("-q", "my-model", "my-controller")
# Runs that each miss another piece of memory.
SAMPLES = 24
# An instrumented program has an allocator of its own, which no library of ours comes before.
SANITIZED = BUILD.name.startswith("sanitize-")


def setUpModule():
    global folder, scarce
    folder = tempfile.TemporaryDirectory()
    scarce = pathlib.Path(folder.name, "scarce.so")
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-D_GNU_SOURCE", ROOT / "tests" / "hostile" / "scarce.c", "-o", scarce], check=True)


def tearDownModule():
    folder.cleanup()


class Memory(Scene):
    def run_scarce(self, **variables):
        """Returns (status, stdout, stderr) of a move in a world of its own."""
        self.setUp()
        self.start({"migration": {"each": "1s"}})
        options = os.environ.get("ASAN_OPTIONS", "")
        try:
            return self.run_program(*MOVE, LD_PRELOAD=str(scarce), ASAN_OPTIONS=f"{options}:verify_asan_link_order=0", **variables)
        finally:
            self.world.end()

    def test_each_piece(self):
        """What a library could not have must not be left out of what is sent: {"target-controller":null}."""
        count = pathlib.Path(folder.name, "count")
        self.assertEqual(self.run_scarce(SCARCE_COUNT=str(count))[0], 0)
        asked = int(count.read_text(encoding="ascii"))
        self.assertEqual(asked > 10000, not SANITIZED)
        for sample in range(SAMPLES):
            at = 1 + (asked - 1) * sample // SAMPLES
            with self.subTest(at=at, of=asked):
                status, out, err = self.run_scarce(SCARCE_AT=str(at))
                if SANITIZED:
                    self.assertEqual(status, 0, err)
                else:
                    self.assertEqual((status, out, err.splitlines()[-1:]), (-6, b"", [b"ERROR out of memory"]))


class Descriptors(Scene):
    def test_few(self):
        """Nothing is begun with so few: what is said names the reason."""
        for few in range(4, 10):
            with self.subTest(descriptors=few):
                self.setUp()
                self.start()
                done = subprocess.run([PROGRAM, *MOVE], env=self.environment(), stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT,
                                      check=False, preexec_fn=lambda few=few: resource.setrlimit(resource.RLIMIT_NOFILE, (few, few)))
                self.assertEqual((done.returncode, done.stdout), (1, b""))
                self.assertRegex(done.stderr, re.compile(rb"\A(WARNING .*\n)*ERROR .*: too many open files\n\Z", re.IGNORECASE))
                report, _, _ = self.world.end()
                self.assertEqual(report["migrate-model"], [])

    def test_enough(self):
        """Those that are wanted for one model, and no more are kept open."""
        self.start()
        done = subprocess.run([PROGRAM, *MOVE], env=self.environment(), stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT,
                              check=False, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16)))
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.end(TRUTH)


if __name__ == "__main__":
    unittest.main()
