#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The judge of what runs say must find each kind of lie, and none where there is none."""

import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import play  # noqa: E402
import truth  # noqa: E402

MOVE = play.Scenario("move", {})
ABORT = play.Scenario("abort", {}, (1,))
BEGIN = "2026-07-01T10:00:0"


def ending(status, result, updated=None, journal=()):
    record = {"result": result} | ({} if updated is None else {"jimm-updated": updated})
    one = play.Ending(status, "", "", [], list(journal))
    one.document, one.record = {"migrations": [record], "errors": []}, record
    return one


def place(active, recorded, phase="", ended=True):
    attempts = [{"phase": phase, "ended": ended}] if phase else []
    return truth.Truth({"models": [{"active-on": active, "importing-on": [], "recorded": recorded, "mode": "",
                                    "attempts": attempts}]})


def send(second, number):
    return {"at": f"{BEGIN}{second}Z", "connection": 1, "from": "client", "id": number, "method": truth.MIGRATE}


def reply(second, number, **more):
    return {"at": f"{BEGIN}{second}Z", "connection": 1, "from": "server", "id": number, "method": truth.MIGRATE, **more}


class Claims(unittest.TestCase):
    """Each line: status, result, jimm-updated, the truth, and whether that is a lie."""

    cases = (
        (0, "migrated", True, place(["my-controller"], "my-controller", "DONE"), False),
        (0, "migrated", True, place(["prod-a", "my-controller"], "my-controller", "REAPFAILED"), False),
        (0, "migrated", True, place(["prod-a", "my-controller"], "my-controller", "VALIDATION", False), True),
        (0, "migrated", True, place(["prod-a", "my-controller"], "my-controller", "ABORTDONE"), True),
        (0, "migrated", True, place(["my-controller"], "prod-a", "DONE"), True),
        (0, "migrated", False, place(["my-controller"], "my-controller", "DONE"), True),
        (0, "migrated", None, place(["my-controller"], "my-controller", "DONE"), True),
        (1, "failed", False, place(["prod-a"], "prod-a", "ABORTDONE"), False),
        (1, "failed", None, place(["prod-a"], "prod-a"), False),
        (1, "failed", False, place(["prod-a"], "prod-a", "IMPORT", False), True),
        (1, "failed", False, place(["prod-a", "my-controller"], "prod-a", "ABORTDONE"), True),
        (1, "failed", False, place(["my-controller"], "prod-a", "DONE"), True),
        (1, "failed", None, place(["prod-a"], None), True),
        (3, "undecided", None, place(["my-controller"], "my-controller", "DONE"), False),
        (3, "undecided", False, place(["my-controller"], "my-controller", "DONE"), True),
        (3, "undecided", True, place(["prod-a"], "prod-a"), True),
        (4, "not-recorded", False, place(["my-controller"], "prod-a", "DONE"), False),
        (4, "not-recorded", False, place(["prod-a"], "prod-a", "ABORTDONE"), True),
        (5, "contradiction", None, place(["prod-a", "my-controller"], "prod-a", "ABORTDONE"), False),
        (5, "contradiction", None, place(["prod-a"], "prod-a", "ABORTDONE"), True),
    )

    def test_claims(self):
        for status, result, updated, now, lie in self.cases:
            with self.subTest(status=status, result=result, updated=updated, now=now.show()):
                self.assertEqual(bool([*truth.untrue_claim(ending(status, result, updated), now, MOVE)]), lie)

    def test_words(self):
        for status, result, wrong in ((0, "migrated", 0), (0, "failed", 1), (3, "running", 0), (1, "undecided", 1),
                                      (130, "running", 1), (None, "", 1)):
            with self.subTest(status=status, result=result):
                self.assertEqual(len([*truth.wrong_words(ending(status, result))]), wrong)

    def test_journal(self):
        entry, lock = ["a.json"], ["a.lock"]
        for status, files, sent, wrong in ((0, [], 1, 0), (0, entry, 1, 1), (1, entry, 1, 1), (3, entry, 1, 0),
                                           (3, [], 1, 1), (3, [], 0, 0), (0, lock, 1, 1)):
            with self.subTest(status=status, files=files):
                self.assertEqual(len([*truth.wrong_journal(ending(status, "", None, files), sent)]), wrong)


class Harm(unittest.TestCase):
    def sent_again(self, wire, fault=""):
        return bool([*truth.sent_again(wire, fault)])

    def test_sent_again(self):
        refused = [send(1, 1), reply(2, 1, error="no"), send(3, 2)]
        self.assertFalse(self.sent_again(refused))
        self.assertFalse(self.sent_again(refused, "lose:2"))
        self.assertTrue(self.sent_again(refused, "lose:1"))
        self.assertTrue(self.sent_again(refused, "late:1:400"))
        self.assertFalse(self.sent_again(refused, "late:1:0.5"))
        self.assertTrue(self.sent_again([send(1, 1), send(3, 2)]))
        self.assertFalse(self.sent_again([send(1, 1), {**send(3, 2), "at": "2026-07-01T10:06:01Z"}]))

    def test_started_twice(self):
        good, bad = {"at": 1}, {"at": 2, "error": "already in progress"}
        for scenario, starts, wrong in ((MOVE, [bad, good], 0), (MOVE, [good, good], 1), (MOVE, [good, bad], 1),
                                        (ABORT, [good, good], 0), (ABORT, [good, bad], 1)):
            with self.subTest(scenario=scenario.name, starts=starts):
                found = [*truth.started_twice({"migrate-model": starts}, scenario)]
                self.assertEqual(len(found), wrong)

    def test_other_harm(self):
        report = {key: [] for key in ("migrate-model", "update-migrated-model", "model-info", "model-status",
                                      "deletions")}
        self.assertEqual([*truth.harm(report, [], "", MOVE)], [])
        early = {"at": 1, "target": "my-controller", "phase": "IMPORT", "early": True}
        for key, one in (("update-migrated-model", early), ("model-info", {"at": 1, "could-delete": True}),
                         ("model-status", {"at": 1, "could-delete": True}), ("deletions", {"at": 1})):
            with self.subTest(key=key):
                self.assertEqual(len([*truth.harm({**report, key: [one]}, [], "", MOVE)]), 1)


if __name__ == "__main__":
    unittest.main()
