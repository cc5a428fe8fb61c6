#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the table of builds of JIMM, roles, versions and outcomes: each cell is one whole run over real sockets.

Of each cell it looks at the words in full, the exit status and the result document (tests/matrix/expected), at what went
over the wire, and at whether what was said is so in the simulated JAAS. Without --all it runs few cells, but every two
values of two axes together at least once.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import axes  # noqa: E402
import expect  # noqa: E402
import look  # noqa: E402
import play  # noqa: E402

EXPECTED = pathlib.Path(__file__).resolve().parent / "expected"


def read_options():
    build = os.environ.get("BUILD", play.ROOT / "build")
    parser = argparse.ArgumentParser(description="Runs the table of builds, roles, versions and outcomes.")
    parser.add_argument("--program", default=f"{build}/test/juju-jaas-migrate", help="the program under test")
    parser.add_argument("--server", default=f"{build}/test/server", help="the simulated JAAS")
    parser.add_argument("--all", action="store_true", help="every cell, then print the table")
    parser.add_argument("--cell", default="", metavar="REGEX", help="only cells of such names, as failures show them")
    parser.add_argument("--show", action="store_true", help="print what is seen of each cell")
    parser.add_argument("--update", action="store_true", help="write what is seen into the expectations")
    parser.add_argument("--short", action="store_true", help="run nothing, print the short form of what is expected")
    parser.add_argument("--jobs", type=int, default=3)
    parser.add_argument("--limit", type=float, default=60, metavar="SECONDS", help="real time for a run (60)")
    options = parser.parse_args()
    options.program, options.server = os.path.abspath(options.program), os.path.abspath(options.server)
    options.words = []
    options.for_world = argparse.Namespace(server=options.server, limit=2 * options.limit, valgrind=False)
    return options


def choose(options):
    every = axes.cells()
    chosen = every if options.all or options.cell else axes.some(every)
    return [cell for cell in chosen if re.search(options.cell, cell.show())]


def report(cell, sight, wrong, options):
    if options.show:
        print(f"--- {cell.show()}\n{sight.words}\nfound under {sight.found}, after {sight.flights} flights, "
              f"{sight.took:.1f} s simulated", flush=True)
    if wrong:
        print(f"FAILED {cell.show()}\n" + "\n".join(wrong) + f"\n    tests/matrix/test_matrix.py --show --cell "
              f"'^{re.escape(cell.show())}$'", flush=True)


def main():
    options = read_options()
    expectations, chosen, failed = expect.read(EXPECTED), choose(options), 0
    if options.short:
        print("\n".join(expect.short_lines(expectations)))
        return 0
    directory = pathlib.Path(tempfile.mkdtemp(prefix="matrix."))
    try:
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            sights = pool.map(lambda one: look.look(one[1], options, directory / str(one[0])), enumerate(chosen))
            for cell, sight in zip(chosen, sights):
                if options.update:
                    expectations.add(cell, sight)
                wrong = [*sight.wrong, *expectations.wrong(cell, sight)]
                failed += bool(wrong)
                report(cell, sight, wrong, options)
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    if options.update:
        expect.write(expectations, EXPECTED)
    if options.all:
        print("\n".join(expect.table_lines(expectations)))
    print(f"{len(chosen) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
