#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What README.md shows of a run is what a test has seen: each block behind the name of a case or a screen, line for line."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BLOCK = re.compile(r"`(tests/(?:cases|screens)/[\w.]+)`(?:(?!```).)*?\n```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Readme(unittest.TestCase):
    def test_blocks(self):
        blocks = BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
        self.assertGreaterEqual(len(blocks), 2)
        for path, block in blocks:
            seen = (ROOT / path).read_text(encoding="utf-8").splitlines()
            command, *shown = block.splitlines()
            words = command.removeprefix("$ juju jaas-migrate ")
            self.assertTrue(words in seen or command in seen, f"{path}: {command}")
            self.assertEqual([line for line in shown if line and line not in seen], [], path)


if __name__ == "__main__":
    unittest.main()
