#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Files of the client store that we have written, as another YAML parser reads them. BUILD names the build."""

import os
import pathlib
import random
import subprocess
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
STORE = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve() / "test" / "store"


class Rewrite(unittest.TestCase):
    """Whatever a file holds, another parser reads the same before and after."""

    def rewritten(self, texts, indent):
        joined = "".join(text + "\0" for text in texts).encode()
        done = subprocess.run([STORE, "rewrite", str(indent)], input=joined, capture_output=True, check=False)
        afters = done.stdout.decode().split("\0")
        self.assertEqual((len(afters), afters.pop(), done.stderr), (len(texts) + 1, "", b""))
        return afters

    def assert_same(self, texts):
        """Half of them get the one indent, half the other; once written, they do not change any more."""
        for indent, some in ((2, texts[::2]), (4, texts[1::2])):
            afters = self.rewritten(some, indent)
            for text, after in zip(some, afters):
                with self.subTest(before=text, after=after):
                    self.assertEqual(repr(yaml.safe_load(after)), repr(yaml.safe_load(text)))
            self.assertEqual(self.rewritten(afters, indent), afters)

    def test_texts_that_look_like_something_else(self):
        words = ["", "~", "null", "yes", "No", "on", "y", "true", "123", "0x1f", "0o7", "017", "1e5", "1.5", "4.0",
                 ".inf", "-.inf", ".nan", "1_000", "12:30", "12:30:45", "190:20:30.15", "2001-12-14",
                 "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43", "=", "<", "-", "- a", "?", "? a", ":", ": a", "a: b",
                 "a #b", "#", "&a", "*a", "!a", "|", ">", "'", '"', "%", "@", "`", "[", "]", "{", "}", ",", "a,b",
                 " a", "a ", "\ta", "a\n", "\na", "a\n\nb\n\n", "  a\n b", "---", "...", "--- a", "\x85", "\u2028", "\ufeff",
                 "\u00e4", "\U0001f600", "\x07", "\x1b[1m", "10.1.2.3:17070", "[fd00::3]:17070", "x" * 3000, "x y " * 900]
        trees = [{"a": {"b": word, "c": [word, {word or "empty": word}]}, word or "empty": "end"} for word in words]
        self.assert_same([yaml.safe_dump(tree, default_style=style, default_flow_style=flow, allow_unicode=True)
                          for style in (None, "'", '"', "|", ">") for flow in (False, True) for tree in trees])

    def test_plain_values(self):
        values = ["~", "null", "yes", "123", "0x1f", "017", "1e5", "1.5", ".inf", "12:30:45", "190:20:30.15", "2001-12-14",
                  "2001-12-14t21:59:43.10-05:00", "a:b", "10.1.2.3:17070", "a#b", "a b", "-1", "+1", "!!str 12",
                  "!!int '12'", "!!float 1", "! 12", "''", "[]", "{}", ""]
        self.assert_same([f"a: {value}\nb:\n- {value}\n- c: {value}\n" for value in values])
        self.assert_same([f"a: {{b: {value}, c: [1, {value} ]}}\n" for value in values[:-1]] +
                         ["a: {b: , c: [1, {d: }]}\n"])

    def test_random_trees(self):
        chance = random.Random(20240822)
        letters = "ab1. -:#'\"\n\t,[]{}&*!|>%@\u00e4\u2028\U0001f600"

        def word():
            return "".join(chance.choice(letters) for _ in range(chance.randrange(8)))

        def tree(depth, leaves):
            kind = chance.randrange(6 if depth < 4 else 3)
            if kind < 3:
                return chance.choice([word(), word(), *leaves])
            if kind == 3:
                return [tree(depth + 1, leaves) for _ in range(chance.randrange(4))]
            return {word(): tree(depth + 1, leaves) for _ in range(chance.randrange(4))}

        texts = []
        for _ in range(400):
            style = chance.choice([None, None, "'", '"', "|", ">"])
            # In quotes nothing gets a tag that we refuse.
            leaves = [12, 1.5, True] + [None] * (style is None)
            texts.append(yaml.safe_dump({"top": tree(0, leaves), "next": tree(0, leaves)}, width=40,
                                        allow_unicode=chance.random() < 0.5, indent=chance.choice([2, 3, 4]),
                                        default_flow_style=chance.choice([None, True, False]), default_style=style))
        self.assert_same(texts)


if __name__ == "__main__":
    unittest.main()
