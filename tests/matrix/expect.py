# SPDX-License-Identifier: Apache-2.0
"""What is expected of every cell, as a file for people: the words, each once and under a short name; tables of these names,
by outcome and role; how a model is found, by build and role. Roles, and builds that follow one another, that have the same
share a table or a line."""

import itertools

import axes

NAMES = {"migrated": "M", "already-there": "A", "failed": "F", "undecided": "U", "not-recorded": "N",
         "contradiction": "C", "running": "R"}
BUILD_NAMES = [build.name for build in axes.BUILDS]
ROLE_NAMES = [role.name for role in axes.ROLES]
ROUTE_NAMES = [axes.show_route(route) for route in axes.ROUTES]
NOTHING = "-"


class Expectations:
    """`words`: name -> text; `cells`: key of a cell -> name; `found`: (build, role) -> text and most flights."""

    def __init__(self):
        self.words, self.cells, self.found = {}, {}, {}

    def wrong(self, cell, sight):
        """Yields how what was seen differs from what is expected."""
        expected = self.words.get(self.cells.get(cell.key()))
        if expected is None:
            yield "nothing is expected of it"
        elif expected != sight.words:
            yield f"expected {self.cells[cell.key()]}:\n{expected}\nfound:\n{sight.words}"
        text, most = self.found.get(cell.key()[:2], (None, 0))
        if sight.found is not None and sight.found != text:
            yield f"the model was to be found under {text}, not under {sight.found}"
        if sight.flights is not None and sight.flights > most:
            yield f"MigrateModel came after {sight.flights} flights, not {most}"

    def add(self, cell, sight):
        names = {text: name for name, text in self.words.items()}
        if sight.words not in names:
            result = sight.words.split("\nresult ")[1].split("\n")[0]
            number = next(n for n in itertools.count(1) if f"{NAMES[result]}{n}" not in self.words)
            self.words[f"{NAMES[result]}{number}"] = sight.words
            names[sight.words] = f"{NAMES[result]}{number}"
        self.cells[cell.key()] = names[sight.words]
        text, most = self.found.get(cell.key()[:2], (None, 0))
        self.found[cell.key()[:2]] = (sight.found or text, max(sight.flights or 0, most))


def ranges(values):
    """Returns (first, last, value) of each run of builds with the same value; `values`: one for each build."""
    start = 0
    for value, run in itertools.groupby(values):
        length = len(list(run))
        yield BUILD_NAMES[start], BUILD_NAMES[start + length - 1], value
        start += length


def show_range(first, last):
    return first if first == last else f"{first} .. {last}"


def read_range(text):
    first, _, last = text.strip().partition(" .. ")
    return BUILD_NAMES[BUILD_NAMES.index(first):BUILD_NAMES.index(last or first) + 1]


def tables(expectations):
    """Yields (outcome, roles, rows), a row for each build."""
    for outcome in axes.OUTCOMES:
        groups = {}
        for role in ROLE_NAMES:
            rows = tuple(tuple(expectations.cells.get((build, role, route, outcome.name), NOTHING)
                               for route in ROUTE_NAMES) for build in BUILD_NAMES)
            if any(name != NOTHING for row in rows for name in row):
                groups.setdefault(rows, []).append(role)
        for rows, roles in groups.items():
            yield outcome.name, roles, rows


def line(head, values):
    return head.ljust(38) + "".join(value.ljust(9) for value in values).rstrip()


def table_lines(expectations):
    for outcome, roles, rows in tables(expectations):
        yield f"=== {outcome}: {'; '.join(roles)}"
        yield line("", ROUTE_NAMES)
        for first, last, row in ranges(rows):
            if any(name != NOTHING for name in row):
                yield line(show_range(first, last), row)


def found_lines(expectations):
    yield "=== found"
    for role in ROLE_NAMES:
        for first, last, (text, most) in ranges([expectations.found.get((build, role), (None, 0))
                                                 for build in BUILD_NAMES]):
            if text is not None:
                yield f"{role}: {show_range(first, last)}: {text}: {most} flights"


SHORT_ROLES = (("administrator of JIMM", ("JIMM admin, owner", "JIMM admin")),
               ("owner", ("owner", "owner, adds no models")), ("administrator of the model", ("administrator",)),
               ("writer, reader", ("writer", "reader")), ("stranger", ("stranger",)))
CALLERS = (("administrator of JIMM", SHORT_ROLES[0][1]), ("of the model only", SHORT_ROLES[1][1] + SHORT_ROLES[2][1]))
SHORT_ROUTES = (("2.9, 3.x to 3.x", ROUTE_NAMES[:3]), ("3.6 to 4.0", ROUTE_NAMES[3:4]),
                ("3.6 to 4.1", ROUTE_NAMES[4:5]), ("4.x to 4.1", ROUTE_NAMES[5:]))


def statuses(expectations, builds, roles, routes, outcomes):
    """Returns the exit statuses of these cells, as text."""
    found = {expectations.words[name].split("\n")[0].split()[1] for key, name in expectations.cells.items()
             if key[0] in builds and key[1] in roles and key[2] in routes and key[3] in outcomes}
    return " or ".join(sorted(found)) or NOTHING


def short_lines(expectations):
    """Two tables of exit statuses: of moves that succeed from juju 2.9 and 3, and of all outcomes."""
    moved = [outcome.name for outcome in axes.OUTCOMES if outcome.listed is not None or outcome.name == "moved"]
    yield "| JIMM | " + " | ".join(head for head, _ in SHORT_ROLES) + " |"
    yield "| --- |" + " --- |" * len(SHORT_ROLES)
    rows = [tuple(statuses(expectations, [build], roles, ROUTE_NAMES[:5], moved) for _, roles in SHORT_ROLES)
            for build in BUILD_NAMES]
    for first, last, row in ranges(rows):
        yield f"| {show_range(first, last)} | " + " | ".join(row) + " |"
    yield ""
    yield "| outcome | caller | " + " | ".join(head for head, _ in SHORT_ROUTES) + " |"
    yield "| --- | --- |" + " --- |" * len(SHORT_ROUTES)
    for outcome in axes.OUTCOMES:
        callers = {head: tuple(statuses(expectations, BUILD_NAMES, roles, routes, [outcome.name])
                               for _, routes in SHORT_ROUTES) for head, roles in CALLERS}
        if len(set(callers.values())) == 1:
            callers = {"either": next(iter(callers.values()))}
        for head, row in callers.items():
            yield f"| {outcome.name} | {head} | " + " | ".join(row) + " |"


def write(expectations, path):
    used = set(expectations.cells.values())
    parts = []
    for name in sorted(used, key=lambda name: (name[0], int(name[1:]))):
        parts.append(f"=== words {name}\n{expectations.words[name]}\n")
    parts += [text + "\n" for text in table_lines(expectations)]
    parts += [text + "\n" for text in found_lines(expectations)]
    path.write_text("".join(parts), encoding="utf-8")


def read_table(expectations, outcome, roles, lines):
    for text in lines[1:]:
        for build in read_range(text[:38]):
            for role, (route, name) in itertools.product(roles.split("; "), zip(ROUTE_NAMES, text[38:].split())):
                if name != NOTHING:
                    expectations.cells[(build, role, route, outcome)] = name


def read(path):
    expectations = Expectations()
    if not path.exists():
        return expectations
    for section in path.read_text(encoding="utf-8").split("=== ")[1:]:
        head, *lines = section.rstrip("\n").split("\n")
        if head.startswith("words "):
            expectations.words[head[6:]] = "\n".join(lines)
        elif head == "found":
            for role, builds, text, most in (text.split(": ") for text in lines):
                for build in read_range(builds):
                    expectations.found[(build, role)] = (text, int(most.split()[0]))
        else:
            read_table(expectations, *head.split(": "), lines)
    return expectations
