#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the program itself offers, from juju's store, from its catalogue and from a JIMM that is well or gone."""

import json
import os
import re
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
import stage  # noqa: E402
from stage import ALICE, BOB, ODD, UUID  # noqa: E402

MODELS = ["bob@canonical.com/", "my-model", "my-other", "web"]
CALLS = ["Admin.LoginWithSessionToken", "Controller.AllModels", "JIMM.ListModels", "JIMM.ListControllers"]


class Words(stage.Test):
    """Each line: what has been typed, and the values that are offered."""

    cases = [
        # Models: one's own and those that are alone with their names, owners, UUIDs from four characters on.
        ([], MODELS),
        ([""], MODELS),
        (["my"], ["my-model", "my-other"]),
        (["w"], ["web"]),
        (["bob"], ["bob@canonical.com/"]),
        (["alice"], ["alice@canonical.com/"]),
        (["bob@canonical.com/"], ["bob@canonical.com/my-model", "bob@canonical.com/web"]),
        (["bob@canonical.com/w"], ["bob@canonical.com/web"]),
        (["alice@canonical.com/my-o"], ["alice@canonical.com/my-other"]),
        (["nobody@canonical.com/"], []),
        (["5f0"], []),
        (["5f0c"], [UUID % number for number in (1, 2, 3, 4)]),
        ([UUID % 2], [UUID % 2]),
        (["ja"], ["jaas:"]),
        (["jaas:"], ["jaas:" + word for word in MODELS]),
        (["jaas:my-o"], ["jaas:my-other"]),
        (["jaas:bob@canonical.com/w"], ["jaas:bob@canonical.com/web"]),
        (["jaas:5f0c9a52-0d0e-4e55-8f0b-000000000003"], ["jaas:" + UUID % 3]),
        (["lab:"], []),
        (["-m", "my-o"], ["my-other"]),
        (["--model=jaas:w"], ["--model=jaas:web"]),
        (["-mw"], ["-mweb"]),
        (["--", "my-o"], ["my-other"]),
        # Targets: all but where the model is; behind one comes nothing.
        (["my-model", ""], ["ctl-east", "prod-b"]),
        (["my-other", ""], ["ctl-east", "prod-a"]),
        (["bob@canonical.com/my-model", ""], ["prod-a", "prod-b"]),
        ([UUID % 3, "prod"], ["prod-a"]),
        ([(UUID % 1)[:36], "p"], ["prod-b"]),
        (["jaas:my-model", ""], ["ctl-east", "prod-b"]),
        (["-m", "my-model", ""], ["ctl-east", "prod-b"]),
        (["unknown", ""], ["ctl-east", "prod-a", "prod-b"]),
        (["my-model", "prod-b", ""], []),
        (["my-model", "--timeout", "5m", "--dry-run", "prod"], ["prod-b"]),
        (["--format", "json", "my-model", "--", "c"], ["ctl-east"]),
        # Several models: the next one once it is begun, none of them twice.
        (["my-model", "my-other", ""], ["ctl-east", "prod-a", "prod-b"]),
        (["my-other", "web", ""], ["ctl-east", "prod-a"]),
        (["my-model", "my"], ["my-other"]),
        # Options: in no second place, by their long names, with "=" where they need a value.
        (["--f"], ["--forget", "--format="]),
        (["--format=json", "--f"], ["--forget"]),
        (["--fo", "--"], None),
        (["-c"], ["-c"]),
        (["-x"], []),
        (["--log-f"], []),
        (["--", "-"], []),
        (["my-model", "--dry"], ["--dry-run"]),
        # Their values.
        (["--format", ""], ["json", "tabular", "yaml"]),
        (["--format=j"], ["--format=json"]),
        (["--format="], ["--format=json", "--format=tabular", "--format=yaml"]),
        (["--dry-run="], ["--dry-run=false", "--dry-run=true"]),
        (["--timeout", "1"], ["10m", "1h"]),
        (["--logging-config", ""], []),
        (["-c", ""], ["jaas"]),
        (["-cj"], ["-cjaas"]),
        (["--controller=x"], []),
        (["-c", "jaas", "w"], ["web"]),
        (["-c", "jaas", "ja"], []),
        (["-c", "nowhere", ""], []),
        # Nothing is left to be said.
        (["--resume", ""], []),
        (["--forget", ""], []),
    ]

    def test_values(self):
        for words, expected in self.cases:
            with self.subTest(words=words):
                found = self.machine.values(*words)
                if expected is None:
                    self.assertIn("--dry-run", found)
                    self.assertNotIn("--log-file=", found)
                else:
                    self.assertEqual(found, expected)

    def test_descriptions(self):
        for words, expected in [
            (["w"], "web\tbob@canonical.com, on prod-b"),
            (["bob"], "bob@canonical.com/\t2 models"),
            (["my-o"], "my-other\ton prod-b"),
            ([UUID % 3], UUID % 3 + "\tbob@canonical.com/web, on prod-b"),
            (["my-other", "c"], "ctl-east\tmaas/default, 3.6.12, unavailable"),
            (["my-model", "p"], "prod-b\tmaas/north, 3.6.14"),
            (["-c", ""], "jaas\tJAAS, alice@canonical.com"),
            (["--dr"], "--dry-run\tLog in, find the model, check and show what would be done; start nothing"),
        ]:
            with self.subTest(words=words):
                self.assertEqual(self.machine.ask(*words), [expected])

    def test_one_look_for_all(self):
        self.machine.ask("")
        self.machine.ask("my-model", "")
        self.assertEqual(self.machine.methods(), CALLS)

    def test_hidden(self):
        shown = subprocess.run([self.machine.program, "--help"], capture_output=True, text=True, check=True).stdout
        self.assertNotIn("__complete", shown)
        self.assertNotIn("__complete", "".join(self.machine.values("--")) + "".join(self.machine.values("_")))

    def test_files(self):
        work = self.machine.work
        for name in ("plain", "pl ace", ".hidden", "-dash", "new\nline", "bell\a"):
            (work / name).write_text("", encoding="utf-8")
        (work / "place").mkdir()
        (work / "place" / "inner").write_text("", encoding="utf-8")
        (self.machine.home / "at-home").write_text("", encoding="utf-8")
        for words, expected in [
            (["-o", ""], ["-dash", "pl ace", "place/", "plain"]), (["-o", "pla"], ["place/", "plain"]),
            (["-o", "."], [".hidden"]), (["-o", "place/"], ["place/inner"]), (["--output=pl x"], []),
            (["--output=pl a"], ["--output=pl ace"]), (["-opla"], ["-oplace/", "-oplain"]), (["-o", "~/at"], ["~/at-home"]),
            (["-o", "./pla"], ["./place/", "./plain"]), (["-o", f"{work}/plai"], [f"{work}/plain"]),
            (["-o", "nowhere/"], []), (["--log-file", "plai"], ["plain"]), (["-o", "../nothing"], [])]:
            with self.subTest(words=words):
                self.assertEqual(self.machine.values(*words), expected)

    def test_options_are_those_of_the_table(self):
        self.assertGreaterEqual(len(stage.table()), 20)
        self.assertEqual(sorted(self.machine.values("-")), sorted(stage.table()))
        for name, letter in stage.table().items():
            with self.subTest(option=name):
                self.assertIn(name, self.machine.values(name.rstrip("=")))
                self.assertEqual(self.machine.values(f"-{letter}") if letter else [], [f"-{letter}"] if letter else [])

    def test_options_are_those_of_the_help(self):
        text = subprocess.run([self.machine.program, "--help"], capture_output=True, text=True, check=True).stdout
        self.assertEqual(text.splitlines()[0], "Usage: juju jaas-migrate [options] <model-name> [<model-name> ...] "
                                               "<target-controller-name>")
        offered = {value.rstrip("=") for value in self.machine.values("-")}
        listed = set(re.findall(r"^(?:-\w, )?(--[a-z-]+)  ?\(=", text, re.MULTILINE))
        self.assertEqual(offered, listed)
        # juju's own completion offers all that looks like an option.
        self.assertLessEqual(set(re.findall(r"(?:^|-)-[a-z-]+", text, re.MULTILINE)), listed | {"-c", "-h", "-m", "-o", "-y"})


class OddNames(stage.Test):
    def test_names_pass_as_they_are(self):
        self.machine.fill_cache([*ODD, "plain"], [(ALICE, "my-model"), ("x;y@z", "m"), (ALICE, "$(touch canary)"), (ALICE, "A")])
        dashed = [name for name in ODD if name.startswith("-")]
        self.assertEqual(self.machine.values("my-model", ""), sorted({*ODD, "plain"} - {*dashed}, key=str.encode))
        self.assertEqual(self.machine.values("my-model", "--", "-"), sorted(dashed))
        self.assertEqual(self.machine.values("my-model", "o:"), ["o:colon"])
        # What is no name of a model or an owner cannot be meant.
        self.assertEqual(self.machine.values(""), ["my-model"])
        self.assertEqual(self.machine.values("A"), [])

    def test_control_characters_never_pass(self):
        bad = ["o\x1b[2J", "o\x07", "o\x00x", "o\u202egnp", "o\u200bx", "o\x85", "o\r"]
        self.machine.fill_cache([name for name in bad if "\0" not in name] + ["other"], [(ALICE, "my-model")])
        path = self.machine.cache()
        path.write_bytes(path.read_bytes().replace(b"other\t", b"o\xff\xfe\t", 1) + b"")
        self.assertEqual(self.machine.values("my-model", "o"), [])
        out = "\n".join(self.machine.ask("my-model", ""))
        self.assertNotRegex(out, r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

    def test_names_from_jimm(self):
        names = [name for name in ODD if "\t" not in name]
        machine = stage.Machine({"controllers": [{"name": name} for name in ["prod-a", *names, "bell\a", "esc\x1b[2J"]],
                                 "models": [{"name": "my-model", "owner": ALICE, "controller": "prod-a"}]})
        self.addCleanup(machine.end)
        out = machine.ask("my-model", "o")
        self.assertEqual({line.split("\t")[0] for line in out}, {name for name in names if name[0] == "o"})
        self.assertNotRegex("\n".join(machine.ask("my-model", "")), r"[\x00-\x08\x0b-\x1f\x7f]")

    def test_names_of_the_store(self):
        """What stands in juju's files is no more to be trusted."""
        machine = stage.Machine(stage.WORLD)
        self.addCleanup(machine.end)
        more = "".join(f"    {json.dumps(name)}:\n        uuid: 6acf4fd8-32d6-49ea-b4eb-{i:012x}\n        oidc-login: true\n"
                       f"        api-endpoints: ['127.0.0.1:1']\n" for i, name in enumerate([*ODD, "bell\a", "..", "a/b"]))
        machine.write("controllers.yaml", machine.read("controllers.yaml").replace("controllers:\n", "controllers:\n" + more, 1))
        self.assertEqual(machine.values("-c", ""), sorted({"jaas", *ODD} - {"o/slash"}, key=str.encode))


class Cache(unittest.TestCase):
    """With and without one, and with one that cannot be used."""

    def setUp(self):
        self.machine = stage.Machine(stage.WORLD)
        self.addCleanup(self.machine.end)

    def test_kept_for_us_alone(self):
        self.machine.ask("")
        path = self.machine.cache()
        self.assertEqual(path.stat().st_mode & 0o7777, 0o600)
        self.assertEqual(path.parent.stat().st_mode & 0o7777, 0o700)
        self.assertNotIn("token", path.read_text(encoding="utf-8"))

    def test_without_jimm_it_serves_at_any_age(self):
        self.machine.ask("")
        self.machine.age_cache(60 * 24 * 30)
        self.machine.stop()
        self.assertEqual(self.machine.values(""), MODELS)

    def test_old_is_asked_again(self):
        self.machine.ask("")
        self.machine.age_cache(9)
        self.machine.ask("")
        self.assertEqual(self.machine.methods(), CALLS)
        self.machine.age_cache(11)
        self.machine.ask("")
        self.assertEqual(self.machine.methods(), CALLS * 2)

    def test_of_a_time_to_come_is_none(self):
        self.machine.ask("")
        self.machine.age_cache(-60)
        self.assertEqual(self.machine.values(""), MODELS)
        self.assertEqual(self.machine.methods(), CALLS * 2)
        self.assertEqual(self.machine.values(""), MODELS)
        self.assertEqual(self.machine.methods(), CALLS * 2)

    def test_xdg_cache_home(self):
        folder = self.machine.base / "elsewhere"
        self.machine.ask("", XDG_CACHE_HOME=str(folder))
        self.assertEqual(len([path for path in (folder / "juju-jaas-migrate").iterdir() if not path.suffix]), 1)
        self.assertIsNone(self.machine.cache())

    def test_nowhere_to_keep_it(self):
        """A folder that cannot be written to costs a look each time, and nothing else."""
        blocked = self.machine.base / "blocked"
        blocked.write_text("", encoding="utf-8")
        for _ in range(2):
            self.assertEqual(self.machine.values("", XDG_CACHE_HOME=str(blocked)), MODELS)
        self.assertEqual(self.machine.methods(), CALLS * 2)

    def test_damaged(self):
        self.machine.ask("")
        whole = self.machine.cache().read_bytes()
        huge = whole.replace(b"\nend\n", b"\n" + b"x\n" * (5 << 20) + b"end\n")
        for count, data in enumerate([b"", b"\0" * 100, whole[:-5], whole[:len(whole) // 2], whole + b"more\n", whole + b"\0",
                                      b"#" + whole, whole.replace(b"user\t", b"uset\t"), huge], 2):
            with self.subTest(data=data[-40:]):
                self.machine.cache().write_bytes(data)
                self.assertEqual(self.machine.values(""), MODELS)
                self.assertEqual(self.machine.methods(), CALLS * count)
                self.assertEqual(re.sub(rb"\d", b"", self.machine.cache().read_bytes()), re.sub(rb"\d", b"", whole))

    def test_a_link_or_a_pipe_in_its_place(self):
        self.machine.ask("")
        path = self.machine.cache()
        path.unlink()
        os.mkfifo(path)
        self.assertEqual(self.machine.values(""), MODELS)
        self.assertTrue(path.is_file())

    def test_of_another_user(self):
        self.machine.fill_cache(["secret-controller"], [(BOB, "secret-model")], user=BOB)
        self.assertEqual(self.machine.values(""), MODELS)

    def test_a_run_refreshes_it(self):
        done = subprocess.run([self.machine.program, "my-model", "prod-b", "--dry-run"], env=self.machine.environment(),
                              capture_output=True, text=True, check=True)
        self.assertIn("planned", done.stdout)
        asked = self.machine.methods()
        self.assertEqual(self.machine.ask("my-o"), ["my-other\tmaas/north, on prod-b"])
        self.assertEqual(self.machine.ask("my-other", ""), ["ctl-east\tmaas/default, 3.6.12, unavailable",
                                                           "prod-a\tmaas/default, 3.6.12"])
        self.assertEqual(self.machine.methods(), asked)

    def test_a_run_leaves_no_trace_of_it_on_the_screen(self):
        blocked = self.machine.base / "blocked"
        blocked.write_text("", encoding="utf-8")
        words = [self.machine.program, "my-model", "prod-b", "--dry-run", "-q"]
        for more in ({}, {"XDG_CACHE_HOME": str(blocked)}):
            done = subprocess.run(words, env=self.machine.environment(**more), capture_output=True, text=True, check=True)
            self.assertEqual(done.stderr, "")

    def test_what_juju_has_learned_since(self):
        """A model that juju has just made is offered without asking anybody."""
        self.machine.ask("")
        text = f"      {ALICE}/my-newest:\n        uuid: {UUID % 9}\n        type: iaas\n"
        self.machine.write("models.yaml", f"controllers:\n  jaas:\n    models:\n{text}", minutes=-5)
        self.assertEqual(self.machine.values("my"), ["my-model", "my-newest", "my-other"])
        # What it wrote before we were told says nothing new.
        self.machine.write("models.yaml", f"controllers:\n  jaas:\n    models:\n{text}", minutes=5)
        self.assertEqual(self.machine.values("my"), ["my-model", "my-other"])
        self.assertEqual(self.machine.methods(), CALLS)


class Moves(unittest.TestCase):
    def test_after_a_move_the_old_host_is_a_target_again(self):
        world = {"controllers": [{"name": "prod-a"}, {"name": "prod-b"}],
                 "models": [{"name": "my-model", "owner": ALICE, "controller": "prod-a"}], "migration": {"each": "5ms"}}
        machine = stage.Machine(world)
        self.addCleanup(machine.end)
        self.assertEqual(machine.values("my-model", ""), ["prod-b"])
        subprocess.run([machine.program, "my-model", "prod-b"], env=machine.environment(), capture_output=True, check=True)
        asked = machine.methods()
        self.assertEqual(machine.values("my-model", ""), ["prod-a"])
        self.assertEqual(machine.methods(), asked)


class Login(unittest.TestCase):
    """No way in: what juju's store knows is offered, and JIMM is not asked on every key."""

    def machine_of(self, world=None, words=()):
        machine = stage.Machine(stage.WORLD if world is None else world, words)
        self.addCleanup(machine.end)
        machine.write("models.yaml", f"controllers:\n  jaas:\n    models:\n      {ALICE}/from-store:\n"
                      f"        uuid: {UUID % 8}\n        type: iaas\n    current-model: {ALICE}/from-store\n")
        return machine

    def test_expired_token(self):
        world = {**stage.WORLD, "users": [{"name": ALICE, "admin": True, "expires": "0s"}]}
        machine = self.machine_of(world)
        for _ in range(3):
            self.assertEqual(machine.values(""), ["from-store"])
        self.assertEqual(machine.methods(), CALLS[:1])

    def test_a_new_login_is_tried_at_once(self):
        machine = self.machine_of()
        good = machine.read("accounts.yaml")
        machine.write("accounts.yaml", re.sub("access-token: .*", "access-token: d3Jvbmc=", good))
        for _ in range(2):
            self.assertEqual(machine.values(""), ["from-store"])
        self.assertEqual(machine.methods(), CALLS[:1])
        machine.write("accounts.yaml", good, minutes=-1)
        self.assertIn("my-model", machine.values(""))

    def test_logged_out(self):
        machine = self.machine_of()
        (machine.base / "juju" / "accounts.yaml").unlink()
        self.assertEqual(machine.values("f"), ["from-store"])
        self.assertEqual(machine.connections(), 0)

    def test_somebody_at_the_terminal_is_not_asked(self):
        """No device login is begun, whatever stands around."""
        world = {**stage.WORLD, "users": [{"name": ALICE, "expires": "0s"}], "device": {"user": ALICE, "after": "1ms"}}
        machine = self.machine_of(world)
        line = f"{machine.program} __complete f; printf '<<%s>>' $?; read x"
        terminal = stage.Terminal(["sh", "-c", line], machine.environment(), machine.work)
        self.addCleanup(terminal.end)
        shown, found = terminal.wait(rb"<<(\d+)>>")
        self.assertEqual((shown, found[1]), ("from-store\r\n", b"0"))
        self.assertEqual(machine.methods(), CALLS[:1])

    def test_jimm_down(self):
        machine = self.machine_of()
        machine.stop()
        self.assertEqual(machine.values(""), ["from-store"])
        self.assertEqual(machine.values("from-store", ""), [])

    def test_service_account(self):
        world = {**stage.WORLD, "service-accounts": [{"client-id": "ci", "client-secret": "s3", "admin": True}]}
        machine = self.machine_of(world)
        (machine.base / "juju" / "accounts.yaml").unlink()
        more = {"JUJU_CLIENT_ID": "ci", "JUJU_CLIENT_SECRET": "s3"}
        self.assertIn("web", machine.values("", **more))
        self.assertEqual(machine.methods()[0], "Admin.LoginWithClientCredentials")
        self.assertIn("web", machine.values("", **more))
        self.assertEqual(len(machine.methods()), 4)

    def test_damaged_store(self):
        machine = self.machine_of()
        machine.write("controllers.yaml", "controllers: [")
        self.assertEqual(machine.values(""), [])
        self.assertEqual(machine.values("--dry"), ["--dry-run"])

    def test_no_store_no_home(self):
        machine = stage.Machine()
        self.addCleanup(machine.end)
        self.assertEqual(machine.values(""), [])
        done = subprocess.run([machine.program, "__complete", ""], env={}, capture_output=True, check=True)
        self.assertEqual((done.stdout, done.stderr), (b"", b""))

    def test_juju_store_is_left_alone(self):
        machine = self.machine_of()
        files = {path: path.read_bytes() for path in (machine.base / "juju").rglob("*") if path.is_file()}
        machine.ask("")
        self.assertEqual({path: path.read_bytes() for path in (machine.base / "juju").rglob("*") if path.is_file()}, files)


class Eras(unittest.TestCase):
    def test_old_and_new(self):
        """A JIMM that does not tell where models are; one that does not tell others of its controllers."""
        for era in ("E0", "E1", "E2", "E3", "E3+"):
            with self.subTest(era=era):
                machine = stage.Machine({**stage.WORLD, "era": era})
                self.addCleanup(machine.end)
                self.assertEqual(machine.values("my"), ["my-model", "my-other"])
                expected = ["ctl-east", "prod-b"] if era in ("E3", "E3+") else ["ctl-east", "prod-a", "prod-b"]
                self.assertEqual(machine.values("my-model", ""), expected)
                self.assertEqual(machine.methods(), CALLS)

    def test_who_may_not_know_the_controllers(self):
        for era in ("E0", "E3"):
            with self.subTest(era=era):
                machine = stage.Machine({**stage.WORLD, "era": era, "users": [{"name": ALICE}]})
                self.addCleanup(machine.end)
                self.assertEqual(machine.values("my-model", ""), [])
                self.assertEqual(machine.values("my"), ["my-model", "my-other"])
                self.assertEqual(machine.methods(), CALLS)


if __name__ == "__main__":
    unittest.main()
