#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The table of logins: every server x every way x what becomes of it, over real sockets and in simulated time.

Each cell compares the exit status, the words, what was written to the store and what went over the wire with its rule
(rules.py), runs once more with nobody there when it has worked, and looks for every secret in whatever was printed,
logged or left on disk. The table is printed.
"""

import concurrent.futures
import sys

sys.dont_write_bytecode = True
import stage  # noqa: E402
import ways  # noqa: E402
from rules import RULES, rule_of  # noqa: E402

MARKS = {True: "ok", False: "FAILED"}


def judge(cell):
    """Returns the faults of a cell as lines."""
    rule = rule_of(cell)
    if rule is None:
        return ["no rule"]
    outcome = stage.play(cell, ways.SECRETS)
    found = (outcome.status, outcome.said, outcome.wrote, outcome.sent, outcome.again, outcome.touched)
    names = ("status", "said", "wrote", "sent", "again", "touched")
    faults = [f"{name}: {got!r}\n    wanted {want!r}" for name, got, want in zip(names, found, rule.expected(cell))
              if got != want]
    return faults + outcome.leaks


def show(cells, faults):
    print(f"{'':24}" + "".join(f"{fate:12}" for fate in ways.FATES))
    for server in ways.SERVERS:
        for way in ways.WAYS:
            marks = [MARKS[not faults[cell.name]] for cell in cells if (cell.server, cell.way) == (server, way)]
            print(f"{server + ', ' + way:24}" + "".join(f"{mark:12}" for mark in marks))


def main():
    cells = ways.cells()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        faults = dict(zip((cell.name for cell in cells), pool.map(judge, cells)))
    show(cells, faults)
    for name, lines in faults.items():
        for line in lines:
            print(f"{name}: {line}")
    idle = [rule for rule in RULES if not any(rule_of(cell) is rule for cell in cells)]
    for rule in idle:
        print(f"a rule fits no cell: {rule.where}")
    failed = sum(1 for lines in faults.values() if lines) + len(idle)
    print(f"{len(cells) + len(RULES) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
