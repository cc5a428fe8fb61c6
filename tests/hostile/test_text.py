#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every text that JIMM and the controllers behind it send, each in turn with all in it that drives terminals, forges lines and runs in
shells, in every form in which it is shown. BUILD names the build."""

import concurrent.futures
import json
import subprocess
import sys
import types
import unittest

import yaml

sys.dont_write_bytecode = True
from peer import frame  # noqa: E402
from relay import Between, Relay, World  # noqa: E402
from scene import cases  # noqa: E402
import stage  # noqa: E402
from text_rules import COCKTAIL, LONG, faults  # noqa: E402

MODEL = "5f0c9a52-0d0e-4e55-8f0b-000000000001"
TARGET = "1c9f0000-0000-4000-8000-000000000002"
ALL = "--all" in sys.argv
JOBS = 2
# Where stderr leads to, and words.
FORMS = (["pipe"], ["pipe", "--format", "yaml"], ["pipe", "--format", "json", "--debug"], ["terminal", "-v"])
LOG = [{"at": "20s", "tag": "unit-ubuntu-0", "sev": "ERROR", "mod": "juju.worker.migrationminion", "msg": "cannot stop"}]
SOURCE_LOG = [{"at": "3s", "tag": "machine-0", "sev": "ERROR", "mod": "juju.worker.migrationmaster.5f0c9a", "msg": "the cause"}]
QUICK = {"each": "1s"}
PEOPLE = [{"name": "alice@canonical.com"}]
SCENARIOS = {
    "move": ({"migration": QUICK}, ["-v", MODEL, TARGET]),
    "dry run": ({"migration": QUICK}, ["--dry-run", "my-model", "my-controller"]),
    "aborted": ({"migration": {**QUICK, "abort": {"phase": "QUIESCE", "reason": "quiescing, some agents reported failure"}},
                 "models": [{"name": "my-model", "log": LOG}]}, ["my-model", TARGET]),
    "refused": ({"migration": {**QUICK, "refuse": "unit ubuntu/0 is dying", "refuse-code": "x"}}, [MODEL, "my-controller"]),
    "not recorded": ({"era": "E0", "migration": QUICK, "users": PEOPLE}, [MODEL, "my-controller"]),
    "no login": ({"users": [{"name": "alice@canonical.com", "expires": "0s"}]}, ["my-model", "my-controller"]),
    "device": ({"users": [{"name": "alice@canonical.com", "expires": "0s"}], "device": {"fails": True}}, ["my-model", "my-controller"]),
    "direct": ({"controllers": [{"name": "prod-a", "direct": True, "log": SOURCE_LOG}, {"name": "my-controller", "direct": True}],
                "migration": {**QUICK, "abort": {"phase": "QUIESCE", "reason": "quiescing, some agents reported failure"}}},
               ["my-model", "my-controller"]),
    "direct move": ({"controllers": [{"name": "prod-a", "direct": True}, {"name": "my-controller", "direct": True}], "migration": QUICK},
                    ["my-model", "my-controller"]),
    "several": ({"models": [{"name": "shop"}, {"name": "wiki"}, {"name": "blog", "owner": "bob@canonical.com"}], "migration": QUICK},
                ["--all-from", "prod-a", "my-controller", "-y"]),
    "no model": ({}, ["my-mode", "my-controller"]),
    "no target": ({}, ["my-model", "my-controler"]),
}

STATUS = {"move": 0, "dry run": 0, "aborted": 1, "refused": 1, "not recorded": 4, "no login": 1, "device": 1, "direct": 1, "direct move": 0, "several": 0,
          "no model": 1, "no target": 1}
AT_TERMINAL = {"device"}
MODELS = {"several": 3}


def run(words, environment, where):
    """Runs the program; returns what subprocess.run does."""
    command = [stage.BUILD / "test" / "juju-jaas-migrate", *words]
    if where == "terminal":
        return cases.run_at_terminal(command, "", types.SimpleNamespace(limit=stage.LIMIT), env=environment)[0]
    return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=stage.LIMIT, check=False)


def leaves(value, path=()):
    """Yields the path of each text in a value; "*" stands for any entry of a list."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from leaves(one, (*path, key))
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one, (*path, "*"))
    elif isinstance(value, str):
        yield path


def alter(value, path, change):
    """Changes the texts at `path` in place; returns the value."""
    if not path:
        return change(value) if isinstance(value, str) else value
    if path[0] == "*" and isinstance(value, list):
        value[:] = [alter(one, path[1:], change) for one in value]
    elif isinstance(value, dict) and path[0] in value:
        value[path[0]] = alter(value[path[0]], path[1:], change)
    return value


class Text(Between):
    def stand_between(self, place, world, answer):
        """Writes the world's own store with another address and another CA for each controller; returns the relays there."""
        store = yaml.safe_load((world.base / "world" / "controllers.yaml").read_text(encoding="utf-8"))
        relays = []
        for name, controller in store["controllers"].items():
            there = types.SimpleNamespace(port=world.doors[name], authority=controller["ca-cert"])
            relays.append(Relay(there, answer, self.context))
            controller.update({"api-endpoints": [f"127.0.0.1:{relays[-1].port}"], "ca-cert": self.authority.pem})
        place.write("controllers.yaml", yaml.safe_dump(store))
        place.write("accounts.yaml", (world.base / "world" / "accounts.yaml").read_text(encoding="utf-8"))
        return relays

    def play(self, scenario, instead, words=()):
        """Returns (status, what it said on stderr, the faults in all that it said). `instead(method, answer)` changes an answer."""
        described, mine = SCENARIOS[scenario]
        place = stage.Stage()
        world = World(place.base, described)

        def answer(call):
            changed = instead(call.method, json.loads(call.text))
            return None if changed is None else frame(json.dumps(changed).encode())

        relays = self.stand_between(place, world, answer)
        try:
            done = run([*words[1:], *mine], place.environment({"SIM_CLOCK": str(world.clock)}), words[0])
            found = faults(done.stdout, done.stderr, [*words], place.base, terminal=words[0] == "terminal", models=MODELS.get(scenario, 1))
        finally:
            for relay in relays:
                relay.end()
            world.end()
            place.end()
        return done.returncode, done.stderr, [*found, *([] if 0 <= done.returncode <= 5 else ["it has crashed"]), *(fault for relay in relays for fault in relay.faults)]

    def fields(self, scenario):
        """All (method, path) of texts that are sent when nothing is changed."""
        found = set()

        def note(method, answer):
            found.update((method, path) for path in leaves(answer))

        status, said, wrong = self.play(scenario, note, FORMS[3 if scenario in AT_TERMINAL else 0])
        self.assertEqual((status, wrong), (STATUS[scenario], []), said)
        return sorted(found)

    def one(self, scenario, method, path, payload, form):
        def change(called, answer):
            return alter(answer, path, lambda text: text + payload) if called == method else None

        return self.play(scenario, change, form)[2]

    def test_each_field(self):
        """One of each name in one form; with --all each in all forms, and in each further scenario in one."""
        with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
            fields = {scenario: pool.submit(self.fields, scenario) for scenario in SCENARIOS}
            rows = [(scenario, *field) for scenario, future in fields.items() for field in future.result()]
            jobs, seen = {}, set()
            for scenario, method, path in rows:
                # What has the same name is read in the same way.
                field = (method, path) if ALL else (path[-1], method.split(".")[0])
                fresh = field not in seen
                seen.add(field)
                if not ALL and not fresh:
                    continue
                number = len(jobs)
                forms = FORMS if ALL and fresh else [FORMS[3 if scenario in AT_TERMINAL else number % len(FORMS)]]
                for form in forms:
                    payload = LONG + COCKTAIL if number % 7 == 0 else COCKTAIL
                    jobs[(scenario, method, path, *form)] = pool.submit(self.one, scenario, method, path, payload, form)
            wrong = {key: job.result() for key, job in jobs.items() if job.result()}
        if ALL:
            print(f"{len(rows)} texts, {len(jobs)} runs", file=sys.stderr)
        self.assertGreater(len(rows), 500)
        self.assertEqual(wrong, {})


if __name__ == "__main__":
    unittest.main(argv=[word for word in sys.argv if word != "--all"])
