#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The option table, the help text and the manual page tell the same, and the page is well formed. BUILD names the build."""

import os
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve() / "juju-jaas-migrate"
PAGE = ROOT / "plugin" / "juju-jaas-migrate.1"


def say(*words):
    return subprocess.run([PROGRAM, *words], capture_output=True, text=True, check=True).stdout


def plain(line):
    """A line of the page without its macro and its fonts."""
    macro = re.match(r"\.(\w+) ", line)
    if macro and len(macro[1]) == 2:  # the words behind it in alternating fonts, without blanks between them
        line = "".join(one or other for one, other in re.findall(r'"([^"]*)"|(\S+)', line[4:]))
    elif macro:
        line = line[len(macro[0]):]
    return re.sub(r"\\f.", "", line).replace("\\-", "-").replace("\\(dq", '"')


def section(name):
    """The lines of a section of the page."""
    found = re.search(rf"^\.SH {name}\n(.*?)(?=^\.SH |\Z)", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return found[1].splitlines()


def heads(name):
    """What stands beside the paragraphs of a section."""
    lines = section(name)
    return [plain(line) for before, line in zip(lines, lines[1:]) if before == ".TP"]


def table():
    """The options of the program's own table: (letter or "", name, is it listed)."""
    source = (ROOT / "plugin" / "option_table.c").read_text(encoding="utf-8")
    rows = re.findall(r'ROW\("([a-z-]+)", (?:\'(\w)\'|0), \w+, (\w+),', source)
    return [(letter, name, listing) for name, letter, listing in rows]


def words_of(lines):
    return " ".join(" ".join(plain(line) for line in lines).split())


class Manual(unittest.TestCase):
    def test_no_warnings(self):
        environment = {**os.environ, "MANWIDTH": "80", "LC_ALL": "C.UTF-8"}
        done = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", PAGE], env=environment, capture_output=True,
                              text=True, check=True)
        self.assertEqual(done.stderr, "")
        self.assertIn("JUJU-JAAS-MIGRATE(1)", done.stdout)

    def test_every_option(self):
        wanted = [(f"-{letter}, " if letter else "") + f"--{name}" for letter, name, _ in table()]
        self.assertGreaterEqual(len(wanted), 20)
        self.assertEqual([re.sub(r"(--[a-z-]+).*", r"\1", head) for head in heads("OPTIONS")], wanted)

    def test_values_of_options(self):
        for head in heads("OPTIONS"):
            name = re.search(r"--([a-z-]+)", head)[1]
            row = re.search(rf'ROW\("{name}", [^,]+, OPTION_(\w+)', (ROOT / "plugin" / "option_table.c").read_text())
            self.assertEqual(" " in head.split("--", 1)[1], row[1] != "BOOLEAN", head)

    def test_help_lists_the_same_options(self):
        listed = set(re.findall(r"^(?:-\w, )?--([a-z-]+) ", say("--help"), re.MULTILINE))
        self.assertEqual(listed, {name for _, name, listing in table() if listing != "NOT_LISTED"})

    def test_exit_statuses(self):
        wanted = re.findall(r"^    (\d+)  ", say("--help"), re.MULTILINE)
        self.assertEqual(len(wanted), 7)
        self.assertEqual(heads("EXIT STATUS"), wanted)

    def test_statuses_mean_the_same(self):
        told = re.findall(r"^    \d+ +(.*(?:\n {9}.*)*)", say("--help"), re.MULTILINE)
        lines = section("EXIT STATUS")
        starts = [i for i, line in enumerate(lines) if line == ".TP"] + [lines.index(".PP")]
        for text, start, end in zip(told, starts, starts[1:]):
            page = words_of(lines[start + 2:end]).rstrip(".").lower()
            self.assertEqual(page, " ".join(text.split()).rstrip(".").lower())

    def test_examples(self):
        command = re.compile(r"^(?:    )?(juju jaas-migrate .*)$", re.MULTILINE)
        wanted = command.findall(say("--help").split("\nExamples:\n")[1])
        self.assertGreaterEqual(len(wanted), 5)
        self.assertEqual(command.findall("\n".join(map(plain, section("EXAMPLES")))), wanted)

    def test_variables(self):
        text = "\n".join(path.read_text(encoding="utf-8") for part in ("common", "plugin")
                         for path in (ROOT / part).rglob("*.c"))
        used = set(re.findall(r'"((?:JUJU|SSL|NO)_[A-Z_]+|HTTPS_PROXY|XDG_(?:DATA|STATE)_HOME|SNAP_REAL_HOME|TERM)"', text))
        self.assertGreaterEqual(len(used), 10)
        page = words_of(section("ENVIRONMENT"))
        self.assertEqual([name for name in sorted(used) if not re.search(rf"\b{name}\b", page)], [])

    def test_keys_of_the_result(self):
        text = "\n".join((ROOT / "plugin" / name).read_text(encoding="utf-8")
                         for name in ("report_document.c", "report_plan.c", "log_lines.c"))
        keys = re.findall(r'\{"([a-z-]+)", (?:record|plan|line|report_result|instant)', text)
        keys += re.findall(r'^#define [A-Z_]+ "([a-z-]+)"$', text, re.MULTILINE)
        self.assertGreaterEqual(len(keys), 25)
        page = words_of(section("RESULT"))
        self.assertEqual([key for key in keys if not re.search(rf"(?<![\w-]){key}(?![\w-])", page)], [])

    def test_words_of_the_result(self):
        source = (ROOT / "plugin" / "report.c").read_text(encoding="utf-8")
        words = re.findall(r'^\t\[RESULT_\w+\] = \{"([a-z-]+)", \d\}', source, re.MULTILINE)
        self.assertEqual(len(words), 8)
        page = words_of(section("RESULT"))
        self.assertEqual([word for word in words if not re.search(rf"(?<![\w-]){word}(?![\w-])", page)], [])

    def test_files(self):
        page = " ".join(heads("FILES"))
        for name in ("controllers.yaml", "accounts.yaml", "models.yaml", "cookies/", "juju-jaas-migrate/"):
            self.assertIn(name, page)

    def test_version(self):
        self.assertIn(f'"juju-jaas-migrate {say("--version").strip()}"', PAGE.read_text(encoding="utf-8").splitlines()[1])

    def test_says_how_it_decides(self):
        self.assertGreaterEqual(len(heads("HOW IT DECIDES")), 8)


if __name__ == "__main__":
    unittest.main()
