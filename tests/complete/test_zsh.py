#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tab in zsh, pressed in a terminal."""

import re
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
import stage  # noqa: E402
from stage import ALICE, ODD  # noqa: E402

START = """
PS1='ready>' RPS1= LISTMAX=10000 HISTFILE=
unsetopt beep bracketed_paste 2>/dev/null
zstyle ':completion:*' list-prompt ''
{more}
fpath=({functions} $fpath)
autoload -Uz compinit
compinit -u -d $HOME/dump
{after}
show() {{ zle -I; print -rn -- "<<$BUFFER>>"; BUFFER=; }}
zle -N show
bindkey -e
bindkey '^T' show
"""


class Zsh(stage.Terminal):
    def __init__(self, machine, more="", after="", **environment):
        functions = machine.stage / "usr/share/zsh/vendor-completions"
        (machine.home / ".zshrc").write_text(START.format(functions=functions, more=more, after=after), encoding="utf-8")
        variables = machine.environment(ZDOTDIR=str(machine.home), **environment)
        super().__init__(["zsh", "-d", "-i"], variables, machine.work)
        self.wait(b"ready>")


class Keys(stage.Test):
    """Typed and Tab, and the line that comes of it."""

    lines = [
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
        ("{} -o ~/nothing", "{} -o ~/nothing"),
        ("{} 'my-o", "{} 'my-other' "),
        ("{} nothing", "{} nothing"),
        ("{} $(touch canary) my-o", "{} $(touch canary) my-other "),
        ("{} `touch canary` -o fi", "{} `touch canary` -o file\\ with\\ blanks "),
        ('{} "$(touch canary)" pr', '{} "$(touch canary)" prod-'),
    ]
    of_juju = [("juju ja", "juju jaas-migrate "), ("juju --debug jaas-migrate my-o", "juju --debug jaas-migrate my-other ")]
    more = after = ""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        work = cls.machine.work
        (work / "folder").mkdir()
        for path in (work / "file with blanks", work / "folder" / "inner", cls.machine.home / "at home"):
            path.write_text("", encoding="utf-8")
        cls.machine.ask("")
        cls.shell = Zsh(cls.machine, cls.more, cls.after)

    @classmethod
    def tearDownClass(cls):
        cls.shell.end()
        super().tearDownClass()

    def check(self, typed, expected):
        with self.subTest(typed=typed):
            self.assertEqual(self.shell.line(typed + "\t")[1], expected)
            self.assertFalse((self.machine.work / "canary").exists())

    def test_lines(self):
        for typed, expected in self.lines:
            for command in ("juju-jaas-migrate", "juju jaas-migrate"):
                self.check(typed.format(command), expected.format(command))

    def test_of_juju(self):
        for typed, expected in self.of_juju:
            self.check(typed, expected)

    def test_lists_with_descriptions(self):
        for command in ("juju-jaas-migrate", "juju jaas-migrate"):
            for typed, lines in [
                    (" unknown ", ["ctl-east  -- maas/default, 3.6.12, unavailable", "prod-b    -- maas/north, 3.6.14"]),
                    (" ", ["web                 -- bob@canonical.com, on prod-b", "bob@canonical.com/  -- 2 models"]),
                    (" --d", ["--dry-run      -- Log in, find the model, check and show what would be done; start nothing"])]:
                with self.subTest(typed=command + typed):
                    shown = self.shell.line(command + typed + "\t\t")[0]
                    for line in lines:
                        self.assertIn(line, shown)

    def test_options_are_those_of_the_table(self):
        for command in ("juju-jaas-migrate", "juju jaas-migrate"):
            with self.subTest(command=command):
                shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.shell.line(f"{command} --\t\t")[0])
                self.assertEqual(set(re.findall(r"^(--[a-z-]+=?) +-- ", shown, re.MULTILINE)), set(stage.table()))

    def test_only_ours_behind_it(self):
        shown = self.shell.line("juju jaas-migrate \t\t")[0]
        self.assertNotIn("status", shown)
        self.assertNotIn("folder", shown)


class KeysBesideJuju(Keys):
    """juju's own file by way of bashcompinit. Its reader of words is bash-completion's, which zsh does not have."""

    after = """
autoload -Uz bashcompinit; bashcompinit
_get_comp_words_by_ref() { cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words=("${COMP_WORDS[@]}") cword=$COMP_CWORD; }
__ltrim_colon_completions() { : }
source ${XDG_DATA_DIRS%%:*}/bash-completion/completions/juju
"""
    of_juju = [*Keys.of_juju, ("juju mig", "juju migrate "), ("juju migrate --dr", "juju migrate --dry-run "), ("juju sta", "juju status ")]


class KeysBesideOthers(Keys):
    """Somebody's own function completes juju."""

    after = "_mine() { compadd migrate status; }; compdef _mine juju"
    of_juju = [*Keys.of_juju, ("juju mig", "juju migrate "), ("juju status mig", "juju status migrate ")]


class Odd(stage.Test):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.machine.fill_cache([*ODD], [(ALICE, "my-model")])
        cls.shell = Zsh(cls.machine)

    @classmethod
    def tearDownClass(cls):
        cls.shell.end()
        super().tearDownClass()

    def one(self, name, typed):
        with self.subTest(name=name, typed=typed):
            line = self.shell.line(f"juju jaas-migrate my-model {typed}\t")[1]
            meant = subprocess.run(["zsh", "-f", "-c", "juju() { print -rl -- \"$@\" }\n" + line], capture_output=True, text=True,
                                   cwd=self.machine.work, check=True)
            self.assertEqual(meant.stdout.split("\n"), ["jaas-migrate", "my-model", name, ""])
            self.assertFalse((self.machine.work / "canary").exists())

    def test_without_quotes(self):
        for name in ODD:
            if not name.startswith("-"):
                self.one(name, "".join(char if char.isalnum() else "\\" + char for char in name[:-1]))

    def test_in_single_quotes(self):
        for name in ODD:
            if not name.startswith("-") and "'" not in name[:-1]:
                self.one(name, "'" + name[:-1])

    def test_all_of_them(self):
        line = self.shell.line("juju jaas-migrate my-model \t\t")[1]
        self.assertTrue(line.startswith("juju jaas-migrate my-model o"), line)
        self.assertFalse((self.machine.work / "canary").exists())


class Situations(unittest.TestCase):
    def machine(self):
        machine = stage.Machine(stage.WORLD)
        self.addCleanup(machine.end)
        return machine

    def check(self, machine, typed, expected):
        shell = Zsh(machine)
        self.addCleanup(shell.end)
        shown, line = shell.line(typed + "\t")
        self.assertEqual(line, expected)
        return shown

    def test_cold(self):
        self.check(self.machine(), "juju jaas-migrate my-o", "juju jaas-migrate my-other ")

    def test_the_program_only_by_way_of_juju(self):
        machine = self.machine()
        aside = machine.base / "aside"
        aside.mkdir()
        machine.program.rename(aside / "juju-jaas-migrate")
        juju = machine.bin / "juju"
        juju.write_text(juju.read_text(encoding="utf-8").replace("#!/bin/sh\n", f"#!/bin/sh\nPATH={aside}:$PATH\n"), encoding="utf-8")
        self.check(machine, "juju jaas-migrate my-o", "juju jaas-migrate my-other ")

    def test_nobody_answers(self):
        machine = self.machine()
        machine.stop()
        shown = self.check(machine, "juju jaas-migrate my", "juju jaas-migrate my")
        self.assertNotIn("ERROR", shown)

    def test_registered(self):
        machine = self.machine()
        functions = machine.stage / "usr/share/zsh/vendor-completions"
        (machine.home / ".zshrc").write_text(START.format(functions=functions, more="", after=""), encoding="utf-8")
        done = subprocess.run(["zsh", "-d", "-i", "-c", "print ${_comps[juju-jaas-migrate]} ${_patcomps[juju]}"], text=True,
                              env=machine.environment(ZDOTDIR=str(machine.home)), stdin=subprocess.DEVNULL, capture_output=True,
                              check=True)
        self.assertEqual(done.stdout, "_juju-jaas-migrate _juju_jaas_migrate_hook\n")

    def test_syntax(self):
        for name in ("_juju-jaas-migrate", "_juju_jaas_migrate_hook"):
            subprocess.run(["zsh", "-n", stage.ROOT / "completions" / name], check=True)


if __name__ == "__main__":
    unittest.main()
