#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Storms a build for a while, and shows that a seed replays exactly. A build under sanitizers or valgrind gets fewer seeds."""

import os
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build"))
MODELS = "200" if "sanitize" in BUILD.name else "1000"
SEEDS = "2000" if "sanitize" in BUILD.name else "20000"


def storm(*words):
    return subprocess.run([BUILD / "test" / "storm", *words], capture_output=True, text=True, timeout=600, check=False)


class Storm(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.done = storm("--brief", SEEDS, "1")

    def test_nothing_that_must_hold_breaks(self):
        self.assertEqual(self.done.returncode, 0, self.done.stdout[-4000:] + self.done.stderr)

    def test_every_row_of_the_table_is_come_to(self):
        if SEEDS == "20000":
            self.assertIn("\nevery row was come to\n", self.done.stdout)

    def test_jimm_knows_soon_after_the_commitment(self):
        found = re.search(r"pushed median (\d+) ms \((\d+) moves\) ; asked median (\d+) ms \((\d+) moves\)", self.done.stdout)
        pushed, moves, asked, others = map(int, found.groups())
        self.assertGreater(min(moves, others), 20)
        self.assertLessEqual(pushed, 500)
        self.assertLessEqual(asked, 2000)

    def test_rare_seeds_that_once_went_wrong(self):
        for seed in ("9741", "122781", "270934", "513478", "527258", "555573", "556239", "582229", "621264", "765338"):
            done = storm("--seed", seed)
            self.assertEqual((done.returncode, done.stdout), (0, f"seed {seed}: nothing\n"))

    def test_a_seed_replays_step_for_step(self):
        for seed in ("7", "1209", "4242"):
            first, second = storm("--seed", seed, "--trace"), storm("--seed", seed, "--trace")
            self.assertGreater(len(first.stdout.splitlines()), 20)
            self.assertEqual(first.stdout, second.stdout)


class Crowd(unittest.TestCase):
    """A thousand models of one controller, one in ten of them ten times as large as the others."""

    def crowd(self, *words):
        done = storm(*words)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        found = re.search(r"at most: (\d+) in flight, (\d+) connections to models, (\d+) requests to watch in 10 s, "
                          r"an end seen after ([0-9.]+) s", done.stdout)
        return done.stdout, [float(number) for number in found.groups()]

    def test_all_arrive_while_things_go_wrong(self):
        text, (flying, connections, _, _) = self.crowd("--faults", "--crowd", MODELS, "100")
        self.assertRegex(text, rf"{MODELS} on the target and in JIMM after [2-9] runs\n")
        self.assertEqual(flying, 100)
        self.assertLessEqual(connections, 16)

    def test_jimm_is_asked_twice_a_second_and_each_end_is_seen_in_ten(self):
        for parallel in ("16", "50", "100"):
            text, (flying, connections, asked, length) = self.crowd("--crowd", MODELS, parallel)
            self.assertIn(f"{MODELS} on the target and in JIMM after 1 run\n", text)
            self.assertEqual(flying, int(parallel))
            self.assertLessEqual(connections, 16)
            self.assertLessEqual(asked, 20, text)
            self.assertLessEqual(length, 10, text)


if __name__ == "__main__":
    unittest.main()
