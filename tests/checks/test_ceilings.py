#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The README's table of ceilings says what the sources say."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
UNITS = {"": 1, " KiB": 1 << 10, " MiB": 1 << 20}
ROW = re.compile(r"^\| `(\w+_MAX)` \| (\d+)( KiB| MiB|) \| \S.* \|$", re.MULTILINE)


def value_of(text):
    """The number that a definition stands for."""
    digits = re.sub(r"\(size_t\)|(?<=\d)[UL]+\b", "", text)
    assert re.fullmatch(r"[\d\s()*<]+", digits), text
    return eval(digits, {"__builtins__": {}})  # nothing but digits and operators


class Ceilings(unittest.TestCase):
    def test_table(self):
        defined = {}
        for path in (*ROOT.glob("common/*/*.[ch]"), *ROOT.glob("plugin/*.[ch]")):
            defined |= dict(re.findall(r"^#define (\w+_MAX) (\S.*)$", path.read_text(encoding="utf-8"), re.MULTILINE))
        rows = ROW.findall((ROOT / "README.md").read_text(encoding="utf-8"))
        self.assertGreater(len(rows), 20)
        for name, number, unit in rows:
            with self.subTest(name=name):
                self.assertEqual(int(number) * UNITS[unit], value_of(defined[name]))


if __name__ == "__main__":
    unittest.main()
