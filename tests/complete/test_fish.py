#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tab in fish: what it would offer, and pressed in a terminal."""

import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
import keys  # noqa: E402
import stage  # noqa: E402
from stage import ALICE  # noqa: E402


def offered(machine, line, **environment):
    """What fish offers for a line, as (value, description)."""
    share = f"{machine.stage}/usr/share:/usr/share"
    done = subprocess.run(["fish", "-c", "complete -C $LINE"], capture_output=True, text=True, cwd=machine.work, check=True,
                          stdin=subprocess.DEVNULL, env=machine.environment(LINE=line, XDG_DATA_DIRS=share, **environment))
    if done.stderr:
        raise AssertionError(done.stderr)
    return [tuple((one + "\t").split("\t")[:2]) for one in done.stdout.splitlines()]


class Offers(stage.Test):
    lines = [
        ("{} my", ["my-model", "my-other"]),
        ("{} ", ["bob@canonical.com/", "my-model", "my-other", "web"]),
        ("{} bob@canonical.com/w", ["bob@canonical.com/web"]),
        ("{} jaas:my-o", ["jaas:my-other"]),
        ("{} jaas:bob@canonical.com/w", ["jaas:bob@canonical.com/web"]),
        ("{} 5f0c9a52-0d0e-4e55-8f0b-000000000003", ["5f0c9a52-0d0e-4e55-8f0b-000000000003"]),
        ("{} my-model p", ["prod-b"]),
        ("{} my-model --dry-run --timeout 10m ctl", ["ctl-east"]),
        ("{} --dry", ["--dry-run"]),
        ("{} --format=t", ["--format=tabular"]),
        ("{} --format y", ["yaml"]),
        ("{} -c ", ["jaas"]),
        ("{} -o fi", ["file with blanks"]),
        ("{} -o 'fi", ["file with blanks"]),
        ("{} -o \"fi", ["file with blanks"]),
        ("{} -o file\\ w", ["file with blanks"]),
        ("{} --output=fold", ["--output=folder/"]),
        ("{} nothing", []),
        ("{} my-model prod-b ", []),
        ("{} (touch canary) 'a b' my-o", ["my-other"]),
    ]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        keys.fill(cls.machine)

    def test_lines(self):
        for typed, expected in self.lines:
            for command in ("juju-jaas-migrate", "juju jaas-migrate", "juju --debug jaas-migrate"):
                with self.subTest(typed=typed, command=command):
                    values = [value.replace("\\", "") for value, _ in offered(self.machine, typed.format(command))]
                    self.assertEqual(sorted(values), expected)
                    self.assertFalse((self.machine.work / "canary").exists())

    def test_descriptions(self):
        for line, expected in [("juju jaas-migrate w", [("web", "bob@canonical.com, on prod-b")]),
                               ("juju-jaas-migrate my-other ctl", [("ctl-east", "maas/default, 3.6.12, unavailable")]),
                               ("juju ja", [("jaas-migrate", "Move models inside a JAAS")])]:
            with self.subTest(line=line):
                self.assertEqual(offered(self.machine, line), expected)

    def test_options_are_those_of_the_table(self):
        for command in ("juju-jaas-migrate", "juju jaas-migrate"):
            with self.subTest(command=command):
                self.assertEqual(sorted(value for value, _ in offered(self.machine, f"{command} --")), sorted(stage.table()))

    def test_only_there(self):
        for line in ("juju status jaas-migrate --", "juju status ja", "juju --debug status my-"):
            with self.subTest(line=line):
                self.assertEqual(offered(self.machine, line), [])

    def test_beside_a_file_for_juju(self):
        machine = stage.Machine(stage.WORLD)
        self.addCleanup(machine.end)
        path = machine.stage / "usr/share/fish/vendor_completions.d/juju.fish"
        path.write_text("complete -c juju -n __fish_use_subcommand -f -a 'migrate status'\n"
                        "complete -c juju -n '__fish_seen_subcommand_from migrate' -f -l dry-run\n", encoding="utf-8")
        self.assertEqual([value for value, _ in offered(machine, "juju mig")], ["migrate"])
        self.assertEqual([value for value, _ in offered(machine, "juju ja")], ["jaas-migrate"])
        self.assertEqual([value for value, _ in offered(machine, "juju migrate --d")], ["--dry-run"])
        self.assertEqual([value for value, _ in offered(machine, "juju jaas-migrate my-o")], ["my-other"])

    def test_syntax(self):
        for path in (stage.ROOT / "completions").glob("*.fish"):
            subprocess.run(["fish", "-n", path], check=True)


class Situations(unittest.TestCase):
    def machine(self, world=stage.WORLD):
        machine = stage.Machine(world)
        self.addCleanup(machine.end)
        return machine

    def test_cold(self):
        self.assertEqual(offered(self.machine(), "juju jaas-migrate my-o"), [("my-other", "on prod-b")])

    def test_nobody_answers(self):
        machine = self.machine()
        machine.stop()
        self.assertEqual(offered(machine, "juju jaas-migrate my"), [])

    def test_expired(self):
        machine = self.machine({**stage.WORLD, "users": [{"name": ALICE, "expires": "0s"}]})
        self.assertEqual(offered(machine, "juju jaas-migrate my"), [])

    def test_the_program_only_by_way_of_juju(self):
        machine = self.machine()
        machine.leave_to_juju()
        self.assertEqual(offered(machine, "juju jaas-migrate my-o"), [("my-other", "on prod-b")])


class Fish(stage.Terminal):
    def __init__(self, machine):
        folder = machine.home / ".config" / "fish"
        folder.mkdir(parents=True)
        # Where this is missing fish reads all manual pages, behind our back and beyond the end of the test.
        (machine.home / ".local" / "share" / "fish" / "generated_completions").mkdir(parents=True)
        (folder / "config.fish").write_text("set -g fish_greeting\nset -g fish_autosuggestion_enabled 0\n"
                                            "function fish_prompt; echo -n 'ready>'; end\n"
                                            "function fish_user_key_bindings\n"
                                            "    bind \\ct 'printf \"<<%s>>\" (commandline | string collect); commandline \"\"'\n"
                                            "end\n", encoding="utf-8")
        variables = machine.environment(XDG_DATA_DIRS=f"{machine.stage}/usr/share:/usr/share")
        super().__init__(["fish", "-i"], variables, machine.work)
        self.wait(b"ready>")


class Odd(keys.Odd):
    plain, reader, juju = "/%=:^#", ["fish", "--no-config", "-c"], "function juju; printf '%s\\n' $argv; end\n"

    @classmethod
    def start(cls):
        return Fish(cls.machine)

    def inside_single_quotes(self, text):
        return text.replace("\\", "\\\\")


if __name__ == "__main__":
    unittest.main()
