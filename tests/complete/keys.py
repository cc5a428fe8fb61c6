# SPDX-License-Identifier: Apache-2.0
"""What bash, zsh and fish are all asked: lines that are typed before Tab, and controllers with names that would do harm."""

import subprocess

import stage
from stage import ALICE, ODD

# What is typed, and the line that comes of it in bash and in zsh: {} stands for either spelling of the command.
LINES = [
    ("{} my-o", "{} my-other "),
    ("{} m", "{} my-"),
    ("{} bob", "{} bob@canonical.com/"),
    ("{} bob@canonical.com/w", "{} bob@canonical.com/web "),
    ("{} ja", "{} jaas:"),
    ("{} jaas:my-o", "{} jaas:my-other "),
    ("{} jaas:bob@canonical.com/w", "{} jaas:bob@canonical.com/web "),
    ("{} 5f0c9a52-0d0e-4e55-8f0b-000000000003", "{} 5f0c9a52-0d0e-4e55-8f0b-000000000003 "),
    ("{} my-model pr", "{} my-model prod-b "),
    ("{} my-model ctl", "{} my-model ctl-east "),
    ("{} --dry", "{} --dry-run "),
    ("{} --form", "{} --format="),
    ("{} --format=j", "{} --format=json "),
    ("{} --format y", "{} --format yaml "),
    ("{} -c j", "{} -c jaas "),
    ("{} --model=jaas:w", "{} --model=jaas:web "),
    ("{} --timeout=10m my-model --dry-run pr", "{} --timeout=10m my-model --dry-run prod-b "),
    ("{} -o fi", "{} -o file\\ with\\ blanks "),
    ("{} -o 'fi", "{} -o 'file with blanks' "),
    ('{} -o "fi', '{} -o "file with blanks" '),
    ("{} --output=fold", "{} --output=folder/"),
    ("{} -o folder/i", "{} -o folder/inner "),
    ("{} -o ~/at", "{} -o ~/at\\ home "),
    ("{} 'my-o", "{} 'my-other' "),
    ("{} nothing", "{} nothing"),
    # What is typed is not run.
    ("{} $(touch canary) my-o", "{} $(touch canary) my-other "),
    ("{} `touch canary` -o fi", "{} `touch canary` -o file\\ with\\ blanks "),
    ('{} "$(touch canary)" pr', '{} "$(touch canary)" prod-'),
]


def fill(machine):
    """Makes the files that are completed, and the program's own cache."""
    (machine.work / "folder").mkdir()
    for path in (machine.work / "file with blanks", machine.work / "folder" / "inner", machine.home / "at home"):
        path.write_text("", encoding="utf-8")
    machine.ask("")


class Shell(stage.Test):
    """One shell for all tests of a class: `start()` of the class returns it, in the machine as `prepare()` has left it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prepare()
        cls.shell = cls.start()

    @classmethod
    def tearDownClass(cls):
        cls.shell.end()
        super().tearDownClass()

    def assert_nothing_run(self):
        self.assertFalse((self.machine.work / "canary").exists())


class Keys(Shell):
    """Typed and Tab, and the line that comes of it. Where several words remain, it is what they have in common."""

    lines, of_juju = LINES, []

    @classmethod
    def prepare(cls):
        fill(cls.machine)

    def check(self, typed, expected):
        with self.subTest(typed=typed):
            self.assertEqual(self.shell.line(typed + "\t")[1], expected)
            self.assert_nothing_run()

    def test_lines(self):
        for typed, expected in self.lines:
            for command in ("juju-jaas-migrate", "juju jaas-migrate"):
                self.check(typed.format(command), expected.format(command))

    def test_of_juju(self):
        for typed, expected in self.of_juju:
            self.check(typed, expected)


class Odd(Shell):
    """Whatever a controller is called: it ends up on the line as one word that means it, and nothing is run.

    `plain` are the characters besides letters and digits that are typed without a backslash, `reader` is a command of the shell that
    runs its last word, and `juju` is a function in its language that prints its arguments, one a line."""

    plain, reader, juju = "", [], ""

    @classmethod
    def prepare(cls):
        cls.machine.fill_cache([*ODD], [(ALICE, "my-model")])

    def one(self, name, typed):
        with self.subTest(name=name, typed=typed):
            line = self.shell.line(f"juju jaas-migrate my-model {typed}\t")[1]
            # The shell itself tells what its line means.
            meant = subprocess.run([*self.reader, self.juju + line], capture_output=True, text=True, cwd=self.machine.work, check=True)
            self.assertEqual(meant.stdout.split("\n"), ["jaas-migrate", "my-model", name, ""])
            self.assert_nothing_run()
            self.check_end(typed, line)

    def check_end(self, typed, line):
        """For more to be said of the line."""

    def test_without_quotes(self):
        for name in ODD:
            if not name.startswith("-"):
                self.one(name, "".join(char if char.isalnum() or char in self.plain else "\\" + char for char in name[:-1]))

    def test_in_single_quotes(self):
        for name in ODD:
            if not name.startswith("-") and "'" not in name[:-1]:
                self.one(name, "'" + self.inside_single_quotes(name[:-1]))

    def inside_single_quotes(self, text):
        return text

