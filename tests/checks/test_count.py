#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A suite that breaks must never be counted as one that passed."""

import unittest

from count import judge

CASES = [
    ("\t1..2\nok 1 - a\nok 2 - b\n", 0, "2 passed, 0 failed, 0 skipped"),
    ("TAP version 13\n1..2\nok 1 - a\nnot ok 2 - b\n# why\n", 1, "1 passed, 1 failed, 0 skipped"),
    ("1..2\nok 1 - a\nok 2 - b # SKIP\n", 0, "1 passed, 0 failed, 1 skipped"),
    ("1..2\nok 1 - a\nnot ok 2 # SKIP b\n", 0, "1 passed, 0 failed, 1 skipped"),
    ("1..3\nok 1 - a\nSegmentation fault\n", -11, "1 passed, 2 failed, 0 skipped"),
    ("1..1\nok 1 - a\nERROR: leak\n", 98, "1 passed, 1 failed, 0 skipped"),
    ("1..1\nok 1 - a\n", None, "1 passed, 1 failed, 0 skipped"),
    ("1..1\nok 1 - a\n1..1\nok 1 - b\n", 0, "2 passed, 0 failed, 0 skipped"),
    ("", 0, "0 passed, 1 failed, 0 skipped"),
    ("", 127, "0 passed, 1 failed, 0 skipped"),
    ("okay, nothing was tested\n", 0, "0 passed, 1 failed, 0 skipped"),
    ("..\n---\nRan 2 tests in 0.1s\n\nOK\n", 0, "2 passed, 0 failed, 0 skipped"),
    ("FE\nRan 5 tests in 0.1s\n\nFAILED (failures=1, errors=1, skipped=1)\n", 1, "2 passed, 2 failed, 1 skipped"),
    ("\nRan 0 tests in 0.0s\n\nOK\n", 0, "0 passed, 1 failed, 0 skipped"),
    ("FAILED x\n7 passed, 1 failed, 2 skipped\n", 1, "7 passed, 1 failed, 2 skipped"),
    ("7 passed, 0 failed, 0 skipped\n", 1, "7 passed, 1 failed, 0 skipped"),
    ("7 passed, 0 failed, 0 skipped\nthen it broke\n", 0, "0 passed, 1 failed, 0 skipped"),
]


class Counting(unittest.TestCase):
    def test_cases(self):
        for text, status, expected in CASES:
            with self.subTest(text=text, status=status):
                self.assertEqual(str(judge(text, status)), expected)


if __name__ == "__main__":
    unittest.main()
