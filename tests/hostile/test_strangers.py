#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Once it has turned out that the controller at an address is another one than the store names, that address gets nothing
secret any more. It is only a login that tells, so that one has been sent; no second one is."""

import json
import sys
import unittest

sys.dont_write_bytecode = True
from peer import Gone, frame  # noqa: E402
from relay import Between, Relay, World  # noqa: E402
import stage  # noqa: E402

ANOTHER = "1c9f0000-0000-4000-8000-0000000000aa"
MODEL = "5f0c9a52-0d0e-4e55-8f0b-000000000001"
MODELS = f"""controllers:
  jaas:
    models:
      alice@canonical.com/my-model:
        uuid: {MODEL}
        type: iaas
    current-model: alice@canonical.com/my-model
"""


def login_as(call, uuid):
    """The answer to a login, from a controller with another UUID (None: it does not tell)."""
    answer = json.loads(call.text)
    answer["response"].pop("controller-tag")
    if uuid:
        answer["response"]["controller-tag"] = f"controller-{uuid}"
    return frame(json.dumps(answer).encode())


def is_login(call):
    return call.path == "/api" and call.method.startswith("Admin.")


class Strangers(Between):
    def play(self, alter, *words, models="", world=None):
        """Returns (run, relay, simulated seconds)."""
        place = stage.Stage()
        world = World(place.base, world)
        relay = Relay(world, alter, self.context)
        try:
            place.store(f"127.0.0.1:{relay.port}", self.authority.pem)
            place.write("accounts.yaml",
                        f"controllers:\n  jaas:\n    user: {stage.USER}\n    access-token: {world.token}\n")
            if models:
                place.write("models.yaml", models)
            run = place.run([*words, "my-model", "my-controller"], {"SIM_CLOCK": str(world.clock)})
        finally:
            relay.end()
            world.end()
            seconds = world.seconds()
            place.end()
        self.assertEqual(relay.faults, [])
        return run, relay, seconds

    def logins(self, relay):
        return [path for path, method in relay.asked if method.startswith("Admin.")]

    def test_the_first_login(self):
        for uuid, told in ((ANOTHER, ANOTHER), (None, "not told")):
            with self.subTest(uuid=uuid):
                run, relay, _ = self.play(lambda call, uuid=uuid: login_as(call, uuid) if is_login(call) else None, "-q")
                self.assertEqual(run.said(), "ERROR cannot use \"jaas\": another controller answers there "
                                 f"(UUID {told}, the store says {stage.UUID})")
                self.assertEqual((run.status, run.stdout), (1, ""))
                self.assertEqual(relay.asked, [("/api", "Admin.LoginWithSessionToken")])

    def test_a_login_in_the_middle(self):
        """The connection is cut while the model moves, and whoever answers then is another one."""
        def alter(call):
            if call.method == "ModelManager.ListModelSummaries" and call.number == 4:
                raise Gone
            return login_as(call, ANOTHER) if is_login(call) and call.number > 2 else None

        run, relay, _ = self.play(alter, "-q")
        self.assertEqual(run.said(), "ERROR alice@canonical.com/my-model: the migration can no longer be watched |   state:  it can no "
                         "longer be undone; where JIMM points now is not known |   reason: cannot use \"jaas\": another "
                         f"controller answers there (UUID {ANOTHER}, the store says {stage.UUID}) |   to do:  once you can log in: juju jaas-migrate my-model my-controller")
        self.assertEqual(run.status, 3)
        self.assertEqual(self.logins(relay), ["/api", f"/model/{MODEL}/api", "/api"])

    def test_a_model_that_the_store_remembers(self):
        """Its connection is opened at the same time as the first one; what it has not sent by then it never does."""
        def alter(call):
            return login_as(call, ANOTHER) if is_login(call) else None

        run, relay, _ = self.play(alter, "-q", models=MODELS)
        self.assertEqual(run.status, 1)
        self.assertLessEqual(len(self.logins(relay)), 2)
        self.assertEqual(sorted(relay.asked)[:1], [("/api", "Admin.LoginWithSessionToken")])
        self.assertEqual([one for one in relay.asked if not one[1].startswith("Admin.")], [])

    def test_a_witness(self):
        """The target's entry leads to another controller: that gets the password once, however often the target is asked."""
        place = stage.Stage()
        world = World(place.base, {"controllers": [{"name": "prod-a", "direct": True},
                                                   {"name": "my-controller", "direct": True}],
                                   "migration": {"each": "1s"}})
        path = place.base / "world" / "controllers.yaml"
        try:
            text = path.read_text(encoding="utf-8")
            one, other = (f"uuid: 1c9f0000-0000-4000-8000-{number:012}" for number in (1, 2))
            path.write_text(text.replace(one, "swap").replace(other, one).replace("swap", other), encoding="utf-8")
            run = place.run(["-q", "my-model", "my-controller"],
                            {"SIM_CLOCK": str(world.clock), "JUJU_DATA": str(path.parent)})
        finally:
            world.end()
            lines = [json.loads(line) for line in world.wire.read_text(encoding="utf-8").splitlines()]
            place.end()
        self.assertEqual((run.status, run.stderr), (0, ""))
        asked = [line["method"] for line in lines if line.get("door") and line.get("from") == "client"]
        self.assertEqual(asked, ["Admin.Login"])


if __name__ == "__main__":
    unittest.main()
