#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tab in zsh, pressed in a terminal."""

import re
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
import keys  # noqa: E402
import stage  # noqa: E402

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


class Keys(keys.Keys):
    lines = [*keys.LINES, ("{} -o ~/nothing", "{} -o ~/nothing")]
    of_juju = [("juju ja", "juju jaas-migrate "), ("juju --debug jaas-migrate my-o", "juju --debug jaas-migrate my-other ")]
    more = after = ""

    @classmethod
    def start(cls):
        return Zsh(cls.machine, cls.more, cls.after)

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


class Odd(keys.Odd):
    reader, juju = ["zsh", "-f", "-c"], "juju() { print -rl -- \"$@\" }\n"

    @classmethod
    def start(cls):
        return Zsh(cls.machine)

    def test_all_of_them(self):
        line = self.shell.line("juju jaas-migrate my-model \t\t")[1]
        self.assertTrue(line.startswith("juju jaas-migrate my-model o"), line)
        self.assert_nothing_run()


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
        machine.leave_to_juju()
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
