# SPDX-License-Identifier: Apache-2.0
"""Runs one cell and says what was seen: the words, made comparable between cells, and what is wrong with the run by itself."""

import json
import re
import shutil

import axes
import play
import truth

# Of the result document: what every cell has by its own names; and what stderr repeats.
PLAIN = ("model", "model-uuid", "to", "from", "migration-id", "started", "ended")
TEXTS = ("message", "state", "reason", "remedy")
INFO, STATUS, LOGIN = "ModelManager.ModelInfo", "ModelStatus", "login"
JUJUS_WORDS = re.compile(r"(starting|performing |quiescing|exporting |importing |uploading |processing relations$|"
                         r"validating|checking machines|activating |successful|transferring |aborted, |"
                         r"removing exported )")
# A migration's own name, by the first number of the juju that it leaves.
IDS = {"2": r"5f0c9a52-0d0e-4e55-8f0b-000000000001:0\b", "3": r"5f0c9a52-0d0e-4e55-8f0b-000000000001:0\b",
       "4": r"\b5f0c9a52-0d0e-4e55-8f0b-f00000000000\b(?!:)"}
FOUND = re.compile(r"on (\S+) \(juju ([^)]*)\), to go to \S+; found by (.*)$")


class Sight:
    """What was seen of a cell. `words` are compared with what is expected of the cell; how the model was `found`, and after
    how many `flights` of requests MigrateModel came, with what is expected of build and role; `wrong`: the rules broken."""

    def __init__(self, words, found, wrong, took, flights):
        self.words, self.found, self.wrong, self.took, self.flights = words, found, wrong, took, flights


def normal(cell, text):
    """Takes out what differs between cells by their names alone."""
    owner = axes.ME if cell.role.owns() else axes.OWNER
    text = text.replace(f"{owner}/my-model", "{MODEL}")
    text = re.sub(r"jaas-migrate my-model\b", "jaas-migrate {MODEL}", text)
    text = re.sub(r"1c9f0000-0000-4000-8000-000000000001", "{UUID:prod-a}", text)
    text = re.sub(r"1c9f0000-0000-4000-8000-000000000002", "{UUID:my-controller}", text)
    text = re.sub(r"127\.0\.0\.1:\d+", "{JAAS}", text)
    text = re.sub(rf"\bjuju {re.escape(cell.route[0])} of", "juju {VERSION} of", text)
    text = re.sub(IDS[cell.route[0][0]], "{ID}", text)
    return re.sub(r"5f0c9a52-0d0e-4e55-8f0b-000000000001", "{UUID}", text)


def news(cell, stderr):
    """Returns what was said, without times and without juju's own words, and how the model was found."""
    said, found = [], None
    for line in normal(cell, stderr).splitlines():
        text = re.sub(r"^\d\d:\d\d:\d\d (?=\{MODEL\}: )", "", line)
        match = FOUND.match(text.removeprefix("{MODEL}: "))
        if match:
            found = f"{'its UUID' if match[1].startswith('{UUID:') else 'its name'}, by {match[3]}"
            text = "{MODEL}: on {PLACE} (juju {VERSION}), to go to my-controller; found by {CALL}"
            if match[2] != cell.route[cell.outcome.there]:
                text = text.replace("{VERSION}", match[2])
        elif JUJUS_WORDS.match(text.removeprefix("{MODEL}: ")) and text.startswith("{MODEL}: "):
            continue
        # A JIMM that panics over and over is lost over and over.
        if text not in said or not text.endswith("; trying again"):
            said.append(text)
    return said, found


def place(text):
    """The source's name, or its UUID for who is not told the name: which of them is expected of build and role."""
    return text.replace("{UUID:prod-a}", "prod-a")


def words_of(cell, ending):
    said, found = news(cell, ending.stderr)
    record = ending.record or {}
    lines = [f"status {ending.status}"]
    for key, value in record.items():
        if key not in PLAIN:
            lines.append(f"{key} {normal(cell, value if isinstance(value, str) else json.dumps(value))}")
    lines.append(f"has {' '.join(key for key in PLAIN[4:] if key in record)}".rstrip())
    lines += [f"error {normal(cell, text)}" for text in (ending.document or {}).get("errors", [])]
    known = {normal(cell, record[key]): f"{{{key}}}" for key in TEXTS if record.get(key)}
    for line in said:
        for text, key in known.items():
            line = line.replace(text, key)
        lines.append(f"stderr {line}")
    return place("\n".join(lines)), found


def name_faults(cell, ending, found):
    """The source in the document is the true one; it is there, by name, just to whom the name is told."""
    name = (ending.record or {}).get("from")
    if name is not None and name != (axes.TARGET if cell.outcome.there else axes.SOURCE):
        yield f"it is not on {name}"
    if found is not None and found.startswith("its name") != (name is not None):
        yield f"found under {found}, and yet the document has it on {name}"


def migrate_models(report):
    """The requests that were more than the question which form of a model's name this JIMM takes."""
    return [one for one in report["migrate-model"] if "is not a valid" not in one.get("error", "")]


def wire_faults(cell, ending, report):
    """Rules of what must, may and may not go over the wire, whatever is said."""
    started, updates = migrate_models(report), report["update-migrated-model"]
    wanted = {0} if not cell.role.sees() or (cell.outcome.there and cell.told()) else {1}
    if len(started) not in wanted:
        yield f"{len(started)} times MigrateModel"
    if len(report["migrate-model"]) > len(started) + (cell.build.era == "E0"):
        yield "MigrateModel in a form that this JIMM cannot take"
    # A source of juju 4 that could not remove its copy shows neither a commitment nor a departure.
    unseen = axes.major(cell.route[0]) >= 4 and "reap-failed" in cell.outcome.plan
    wanted = cell.role.admin and cell.outcome.moves and not unseen
    if bool(updates) != wanted:
        yield f"{len(updates)} times UpdateMigratedModel by {'an' if cell.role.admin else 'no'} administrator"
    if len([one for one in updates if "error" not in one]) > 2:
        yield f"{len(updates)} times UpdateMigratedModel"
    if [line for line in ending.wire if line.get("from") == "client" and line["method"].endswith(STATUS)
            and line["method"] != "Client.FullStatus"]:
        yield "ModelStatus"


def deletion_faults(cell, report):
    """JIMM's own poller may forget a model that has moved: in one stretch of builds, which have no lock, and only until an
    administrator has told it where the model is."""
    told = cell.role.admin and axes.major(cell.route[0]) < 4
    for one in report["deletions"]:
        if one["by"] != "poller" or cell.build.era != "E1d" or not cell.outcome.moves or told:
            yield f"JIMM has forgotten the model at {one['at']}, by {one['by']}"


def info_faults(cell, ending):
    """ModelInfo through JIMM: where summaries do not tell of a migration, and by an owner who is no administrator once a
    login has proved JIMM's lock."""
    wire = ending.wire
    locked = [n for n, line in enumerate(wire) if line.get("error-code") == "model migrating"]
    for n, line in enumerate(wire):
        if line.get("from") != "client" or line["method"] != INFO or line["path"] != "/api":
            continue
        proved = cell.role.owns() and not cell.role.admin and locked and locked[0] < n
        if cell.build.era not in ("E0", "E1", "E1d") and not proved:
            yield f"ModelInfo at {line['at']}"
            return


def time_faults(cell, ending, took):
    """Nobody waits for longer than can bring anything, and for JIMM's own completion for as long as it may take. The move
    itself takes less than half a minute."""
    blind = axes.major(cell.route[0]) >= 4
    finds_out = axes.since(cell.build, "E1d 2025-08-07")
    bounds = {0: (0, 130), 1: (0, 60), 3: (0, 4200 if blind else 250), 4: (150, 250) if finds_out else (0, 130), 5: (0, 250)}
    least, most = bounds.get(ending.status, (0, 0))
    if not least <= took <= most:
        yield f"status {ending.status} after {took:.0f} s, not {least} to {most}"


def look(cell, options, directory):
    """Plays the cell and returns a Sight."""
    endings, report, wire, faults = play.play(cell, "", 1, options, directory)
    ending = endings[0]
    shutil.rmtree(directory, ignore_errors=True)
    if ending.status is None:
        return Sight("hung", None, [f"hung: {ending.stderr[-500:]}"], 0, None)
    now = truth.Truth(report)
    words, found = words_of(cell, ending)
    wrong = [*faults, *truth.wrong_words(ending), *truth.untrue_claim(ending, now, cell)]
    if cell.role.sees():
        wrong += [text for text in truth.harm(report, wire, "", cell) if "has forgotten" not in text]
        wrong += deletion_faults(cell, report)
        begun = [one for one in report["migrate-model"] if "error" not in one]
        wrong += truth.wrong_journal(ending, begun)
    wrong += time_faults(cell, ending, report["now"])
    wrong += name_faults(cell, ending, found)
    wrong += [*wire_faults(cell, ending, report), *info_faults(cell, ending)]
    flights = play.cases.flights(wire, "", LOGIN, "MigrateModel")
    return Sight(words, found, wrong, report["now"], flights)
