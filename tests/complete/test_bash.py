#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tab in bash with bash-completion: pressed in a terminal, and called as readline would."""

import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
import keys  # noqa: E402
import stage  # noqa: E402
from stage import ALICE, ODD  # noqa: E402

# Keys: Ctrl-T shows the line; lists are never asked about, and never cut into pages.
START = """
PS1='ready>' HISTFILE=
bind 'set bell-style none'; bind 'set completion-query-items 0'; bind 'set page-completions off'
bind 'set enable-bracketed-paste off'; bind 'set show-all-if-ambiguous on'
bind -x '"\\C-t": printf "<<%s>>" "$READLINE_LINE"; READLINE_LINE='
. {completion}
{more}
"""


class Bash(stage.Terminal):
    def __init__(self, machine, more="", **environment):
        path = machine.base / "bashrc"
        path.write_text(START.format(completion=stage.BASH_COMPLETION, more=more), encoding="utf-8")
        super().__init__(["bash", "--noprofile", "--rcfile", str(path), "-i"], machine.environment(**environment), machine.work)
        self.wait(b"ready>")


class Keys(keys.Keys):
    lines = [
        *keys.LINES,
        ("{} --controller=j", "{} --controller=jaas "),
        ("{} -o file\\ w", "{} -o file\\ with\\ blanks "),
        ("{} -o ''fi", "{} -o ''fi"),
        ('{} "jaas:bob@canonical.com/w', '{} "jaas:bob@canonical.com/web" '),
        ("{} my-model prod-b x", "{} my-model prod-b x"),
        ("{} -o $(touch canary", "{} -o $(touch canary"),
    ]
    of_juju = [
        ("juju ja", "juju jaas-migrate "),
        ("juju mig", "juju migrate "),
        ("juju migrate --dr", "juju migrate --dry-run "),
        ("juju sta", "juju status "),
        ("juju switch -m lab:admin/o", "juju switch -m lab:admin/one "),
        ("juju status jaas-migrate --dr", "juju status jaas-migrate --dr"),
        ("juju --debug jaas-migrate my-o", "juju --debug jaas-migrate my-other "),
        ("juju --debug jaas-migrate my-model ctl", "juju --debug jaas-migrate my-model ctl-east "),
    ]
    more = ""

    @classmethod
    def start(cls):
        return Bash(cls.machine, cls.more)

    def test_path_of_the_program(self):
        self.check(f"{self.machine.program} my-o", f"{self.machine.program} my-other ")

    def test_lists(self):
        for typed, words in [("juju jaas-migrate ", "bob@canonical.com/ my-model my-other web"),
                             ("juju ", "jaas-migrate migrate models status"),
                             ("juju-jaas-migrate unknown ", "ctl-east prod-a prod-b"),
                             ("juju-jaas-migrate bob@canonical.com/", "bob@canonical.com/my-model bob@canonical.com/web")]:
            with self.subTest(typed=typed):
                shown = self.shell.line(typed + "\t")[0]
                # A list lacks what readline takes for the beginning of all of them.
                for word in words.split():
                    self.assertTrue(any(len(one) > 2 and word.endswith(one) for one in shown.split()), (word, shown))

    def test_options_are_those_of_the_table(self):
        for command in ("juju-jaas-migrate", "juju jaas-migrate"):
            with self.subTest(command=command):
                shown = self.shell.line(f"{command} --\t")[0]
                self.assertEqual(sorted(word for word in shown.split() if word.startswith("--") and len(word) > 2), sorted(stage.table()))

    def test_in_the_middle_of_a_line(self):
        """The cursor stands before the target: what comes after it is left alone."""
        typed = "juju jaas-migrate my-o prod-a" + "\x1b[D" * len(" prod-a") + "\t"
        self.assertEqual(self.shell.line(typed)[1], "juju jaas-migrate my-other prod-a")


class KeysWithHostnames(Keys):
    """A shell in which "@" parts words too."""
    more = "shopt -s hostcomplete"


class KeysWithoutColons(Keys):
    """A shell in which neither ":" nor "=" does."""
    more = "COMP_WORDBREAKS=${COMP_WORDBREAKS//[:=]}"


class Odd(keys.Odd):
    reader, juju = ["bash", "-c"], "juju() { printf '%s\\n' \"$@\"; }\n"

    @classmethod
    def start(cls):
        return Bash(cls.machine, "set +H")

    def check_end(self, typed, line):
        self.assertTrue(typed.startswith(("'", '"')) or line.endswith((" ", "=", ":", "/")), line)

    def test_in_double_quotes(self):
        for name in ODD:
            if not name.startswith("-") and "!" not in name:
                typed = "".join("\\" + char if char in "\"\\$`" else char for char in name[:-1])
                self.one(name, '"' + typed)

    def test_all_of_them(self):
        line = self.shell.line("juju jaas-migrate my-model \t\t\t")[1]
        self.assertEqual(line, "juju jaas-migrate my-model o")
        self.assert_nothing_run()

    def test_what_stands_before_is_not_run(self):
        line = self.shell.line("juju jaas-migrate $(touch canary) `touch canary` <(touch canary) o\t")[1]
        self.assertIn("$(touch canary)", line)
        self.assert_nothing_run()


class Situations(unittest.TestCase):
    """Who else completes juju, and what is there at all."""

    def machine(self, juju=True, world=stage.WORLD):
        machine = stage.Machine(world, juju=juju)
        self.addCleanup(machine.end)
        return machine

    def shell(self, machine, more="", **environment):
        shell = Bash(machine, more, **environment)
        self.addCleanup(shell.end)
        return shell

    def check(self, shell, *pairs):
        for typed, expected in pairs:
            with self.subTest(typed=typed):
                self.assertEqual(shell.line(typed + "\t")[1], expected)

    ours = [("juju jaas-migrate my-o", "juju jaas-migrate my-other "), ("juju-jaas-migrate my-o", "juju-jaas-migrate my-other ")]
    both = [*ours, ("juju ja", "juju jaas-migrate "), ("juju mig", "juju migrate "), ("juju migrate --dr", "juju migrate --dry-run ")]

    def test_juju_first(self):
        """Whatever is completed first in a shell loads what it needs."""
        for first in self.both:
            self.check(self.shell(self.machine()), first, *self.both)

    def test_juju_in_the_same_folder(self):
        machine = self.machine()
        path = machine.stage / "usr/share/bash-completion/completions/juju"
        path.rename(machine.stage / "etc/bash_completion.d/juju")
        self.check(self.shell(machine), *self.both)

    def test_no_juju_completion(self):
        machine = self.machine()
        (machine.stage / "usr/share/bash-completion/completions/juju").unlink()
        (machine.work / "a-file").write_text("", encoding="utf-8")
        self.check(self.shell(machine), *self.ours, ("juju ja", "juju jaas-migrate "), ("juju status a-f", "juju status a-file "))

    def test_options_of_the_rule_stay(self):
        machine = self.machine()
        path = machine.stage / "usr/share/bash-completion/completions/juju"
        path.rename(machine.stage / "etc/bash_completion.d/juju")
        path = machine.stage / "etc/bash_completion.d/juju"
        path.write_text(path.read_text(encoding="utf-8").replace("complete -F", "complete -o nospace -F"), encoding="utf-8")
        self.check(self.shell(machine), ("juju mig", "juju migrate"), *self.ours[1:])

    def test_the_hook_alone(self):
        """Somebody else's file has the program's own name, as a snap's would."""
        machine = self.machine()
        path = machine.stage / "usr/share/bash-completion/completions/juju-jaas-migrate"
        path.write_text("_theirs() { COMPREPLY=(\"$1:$2:$3:${COMP_WORDS[*]}:$COMP_CWORD:$COMP_LINE:$COMP_POINT\"); }\n"
                        "complete -F _theirs juju-jaas-migrate\n", encoding="utf-8")
        line = self.shell(machine).line("juju -v jaas-migrate a b\t")[1]
        self.assertEqual(line, "juju -v jaas-migrate a juju-jaas-migrate:b:a:juju-jaas-migrate a b:2:juju-jaas-migrate a b:21 ")

    def test_only_the_files_of_bash(self):
        """Without the hook juju's own completion works as it always has, from the help text."""
        machine = self.machine()
        (machine.stage / "etc/bash_completion.d/zz-juju-jaas-migrate").unlink()
        self.check(self.shell(machine), ("juju jaas-migrate --dry", "juju jaas-migrate --dry-run "), ("juju ja", "juju ja"),
                   self.both[1])

    def test_the_program_only_by_way_of_juju(self):
        machine = self.machine()
        machine.leave_to_juju()
        self.check(self.shell(machine), *self.ours)

    def test_no_program_at_all(self):
        machine = self.machine()
        machine.program.unlink()
        (machine.bin / "juju").unlink()
        shell = self.shell(machine)
        shown, line = shell.line("juju-jaas-migrate my-o\t")
        self.assertEqual(line, "juju-jaas-migrate my-o")
        self.assertNotIn("not found", shown)

    def test_nobody_answers(self):
        """JIMM is gone, the token is old, the store is damaged: the line stays as it is, and nothing is said."""
        gone, old, damaged = (self.machine(world=world) for world in (
            stage.WORLD, {**stage.WORLD, "users": [{"name": ALICE, "expires": "0s"}]}, stage.WORLD))
        gone.stop()
        damaged.write("controllers.yaml", "[")
        for machine in (gone, old, damaged):
            shown, line = self.shell(machine).line("juju jaas-migrate my\t")
            self.assertEqual(line, "juju jaas-migrate my")
            self.assertRegex(shown, r"\A\s*juju jaas-migrate my(\s|\x1b\[K)*\Z")

    def test_cold(self):
        machine = self.machine()
        self.assertIsNone(machine.cache())
        self.check(self.shell(machine), self.ours[0])
        self.assertIsNotNone(machine.cache())

    def test_strict_shells(self):
        self.check(self.shell(self.machine(), "set -u; shopt -s extglob nullglob failglob"), *self.ours)

    def test_syntax(self):
        for name in ("juju-jaas-migrate.bash", "juju-hook.bash"):
            subprocess.run(["bash", "-n", stage.ROOT / "completions" / name], check=True)


if __name__ == "__main__":
    unittest.main()
