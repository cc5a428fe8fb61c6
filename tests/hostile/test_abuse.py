#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Peers and files that abuse the program. Each row holds its exit status and all that it says ("expected" beside this file),
how much memory it takes at its peak, and how much simulated time passes before it gives up. The last line counts the rows;
-v prints the table, --update writes down what is said now."""

import argparse
import concurrent.futures
import pathlib
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
from abuse import Keys  # noqa: E402
import abuse_calls  # noqa: E402
import abuse_discharge  # noqa: E402
import abuse_files  # noqa: E402
import abuse_wire  # noqa: E402
import stage  # noqa: E402

EXPECTED = pathlib.Path(__file__).resolve().parent / "expected"
GROUPS = (abuse_wire, abuse_calls, abuse_discharge, abuse_files)


def read_expected():
    """Returns {name of a row: [what it says]}; a name stands alone on a line, what it says is indented below: one line, and one more
    for each version of a library with which it says something else."""
    expected = {}
    for line in EXPECTED.read_text(encoding="utf-8").splitlines() if EXPECTED.exists() else []:
        if line.startswith("    "):
            said.append(line.strip())
        else:
            said = expected[line] = []
    return expected


def write_expected(rows, expected):
    texts = (f"{row.name}\n" + "".join(f"    {said}".rstrip() + "\n" for said in expected.get(row.name, [""])) for row in rows)
    EXPECTED.write_text("".join(texts), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description="Holds the program against the table of abuse.")
    parser.add_argument("-v", "--verbose", action="store_true", help="print the table")
    parser.add_argument("--only", default="", metavar="TEXT", help="only rows with this in their name")
    parser.add_argument("--update", action="store_true", help="write down what is said")
    parser.add_argument("--jobs", type=int, default=4, help="rows at a time: most of them wait")
    options = parser.parse_args()
    folder, expected = pathlib.Path(tempfile.mkdtemp(prefix="hostile-pki-")), read_expected()
    # An instrumented program takes many times the memory and the time: it is spared what is large.
    rows = [row for group in GROUPS for row in group.rows() if stage.PLAIN or row.peak <= 64]
    passed = failed = 0
    pool = concurrent.futures.ThreadPoolExecutor(options.jobs)
    try:
        keys = Keys(folder)
        played = [row for row in rows if options.only in row.name]
        for row, outcome in zip(played, pool.map(lambda row: row.play(keys), played)):
            said = expected.get(row.name, [])
            if options.update and outcome.said not in said:
                expected[row.name] = said = [outcome.said, *said[1:]]
            faults = outcome.check(row, said)
            passed, failed = passed + (not faults), failed + bool(faults)
            if options.verbose:
                print(outcome.line(row), flush=True)
            for fault in faults:
                print(f"{row.name}: {fault}", flush=True)
    finally:
        pool.shutdown()
        shutil.rmtree(folder)
    if options.update:
        write_expected(rows, expected)
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
