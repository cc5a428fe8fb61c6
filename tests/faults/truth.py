# SPDX-License-Identifier: Apache-2.0
"""Judges what a run has said by what is so in the simulated JAAS."""

import datetime

START_WINDOW = 360  # seconds in which MigrateModel is not sent again when its answer was lost
MIGRATE, UPDATE = "JIMM.MigrateModel", "JIMM.UpdateMigratedModel"
COMMITTED = ("SUCCESS", "LOGTRANSFER", "REAP", "DONE", "REAPFAILED")
RESULTS = {0: ("migrated", "already-there"), 1: ("failed",), 3: ("undecided", "running"), 4: ("not-recorded",),
           5: ("contradiction",)}


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class Truth:
    """Where the model of a scenario is in truth."""

    def __init__(self, report):
        model = report["models"][0]
        self.active, self.importing = model["active-on"], model["importing-on"]
        self.recorded, self.attempts = model["recorded"], model["attempts"]
        self.mode = model["mode"]

    def phase(self):
        return self.attempts[-1]["phase"] if self.attempts else ""

    def moved(self, scenario):
        """Irrevocably on the target, where JIMM points."""
        there = scenario.target in self.active and self.recorded == scenario.target
        alone = self.active == [scenario.target] or self.phase() in COMMITTED
        return there and alone and (not self.attempts or self.phase() in COMMITTED)

    def unchanged(self, scenario):
        return self.active == [scenario.source] and self.recorded == scenario.source and \
            all(attempt["ended"] for attempt in self.attempts)

    def show(self):
        return (f"active on {','.join(self.active) or '-'}, importing on {','.join(self.importing) or '-'}, JIMM "
                f"points at {self.recorded}, {len(self.attempts)} attempts, the last {self.phase() or '-'}")


def wrong_words(ending):
    """The status, the result and the document contradict each other."""
    if ending.status not in RESULTS:
        yield f"status {ending.status}: {ending.stderr.strip()[-300:]}"
    elif ending.document is None:
        yield f"no document: {ending.stdout[:100]!r}"
    elif ending.record and ending.result() not in RESULTS[ending.status]:
        yield f"status {ending.status}, but the result is {ending.result()!r}"
    elif not ending.record and (ending.status != 1 or not ending.document.get("errors")):
        yield f"status {ending.status} without a record and without an error"


def untrue_claim(ending, truth, scenario):
    """What was claimed is not so."""
    if ending.status == 0 and not truth.moved(scenario):
        yield f"said {ending.result()}, in truth {truth.show()}"
    if ending.status == 1 and not truth.unchanged(scenario):
        yield f"said {ending.result() or 'that it could not begin'}, in truth {truth.show()}"
    if ending.status == 1 and not ending.record and ending.sent(MIGRATE):
        yield "said that it could not begin, but had sent MigrateModel"
    if ending.status == 4 and (scenario.target not in truth.active or truth.phase() not in COMMITTED):
        yield f"said not-recorded, in truth {truth.show()}"
    if ending.status == 5 and len(truth.active) == 1 and truth.recorded in truth.active:
        yield f"false alarm, in truth {truth.show()}"
    updated = ending.record.get("jimm-updated") if ending.record else None
    if updated is None and ending.status == 0 or updated is not None and updated != (truth.recorded == scenario.target):
        yield f"jimm-updated is {updated} beside {ending.result()}, in truth JIMM points at {truth.recorded}"


def wrong_journal(ending, sent):
    """A decided end leaves nothing behind, an undecided one the means to go on."""
    entries = [name for name in ending.journal if name.endswith(".json")]
    if ending.record and ending.status in (0, 1) and entries:
        yield f"the journal still has {' '.join(entries)} after {ending.result()}"
    if ending.status == 3 and sent and not entries:
        yield "the journal has no entry of a move whose end is open"
    if len(entries) < len(ending.journal):
        yield f"left behind: {' '.join(name for name in ending.journal if name not in entries)}"


def lost(number, fault):
    """Returns for how many seconds the fault kept reply `number` back: 0 when it had nothing to do with it."""
    kind, _, rest = fault.partition(":")
    which, _, late = rest.partition(":")
    if kind not in ("lose", "truncate", "break", "late") or int(which) != number:
        return 0
    return float(late) if kind == "late" else float("inf")


def answer_to(request, wire, fault):
    """Returns when the answer to a request came over (infinity: it never did) and whether it was a refusal."""
    replies = [line for line in wire if line.get("from") == "server"]
    for number, line in enumerate(replies, 1):
        if (line["connection"], line.get("id")) == (request["connection"], request.get("id")):
            return instant(line["at"]) + lost(number, fault), "error" in line
    return float("inf"), True


def sent_again(wire, fault):
    """MigrateModel sent once more in the window in which a start without an answer can still come about."""
    sends = [line for line in wire if line.get("from") == "client" and line["method"] == MIGRATE]
    for one, other in zip(sends, sends[1:]):
        answered, refused = answer_to(one, wire, fault)
        begun, again = instant(one["at"]), instant(other["at"])
        # A start that came about, told or not, shows: started_twice looks at those.
        if refused and answered > again and again - begun < START_WINDOW:
            yield f"MigrateModel sent again {again - begun:.3f} s after one without an answer"


def started_twice(report, scenario):
    """MigrateModel sent for a model that has moved or is about to."""
    starts = report["migrate-model"]
    accepted = [number for number, start in enumerate(starts) if "error" not in start]
    for start in starts[accepted[0] + 1:] if accepted else ():
        if scenario.moves():
            yield f"MigrateModel at {start['at']} for a model with an attempt: {start.get('error', 'accepted')}"
        elif "in progress" in start.get("error", "") or "lock" in start.get("error", ""):
            yield f"MigrateModel at {start['at']} beside an attempt: {start['error']}"


def harm(report, wire, fault, scenario):
    """What was done that must never be done, whatever was said of it."""
    yield from sent_again(wire, fault)
    yield from started_twice(report, scenario)
    for one in report["update-migrated-model"]:
        if one["early"]:
            yield f"UpdateMigratedModel to {one['target']} at {one['at']} in phase {one['phase']}: too early"
    for key in ("model-info", "model-status"):
        for one in report[key]:
            if one["could-delete"]:
                yield f"{key} at {one['at']} could have made JIMM forget the model"
    for one in report["deletions"]:
        yield f"JIMM has forgotten the model at {one['at']}"
