# SPDX-License-Identifier: Apache-2.0
"""The axes of the table: builds of JIMM, roles of the caller, versions of the two controllers, outcomes of the move."""

import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "faults"))
import play  # noqa: E402

ME, OWNER, ROOT_ADMIN = "alice@canonical.com", "bob@canonical.com", "root@canonical.com"
SOURCE, TARGET = "prod-a", "my-controller"

# ---- builds: what each adds to, or takes from, the one before ----

E2_OFF = {"controllers-by-right": False, "controller-info": False, "model-migrating": False, "fatal-login": False,
          "login-cause": False}
E3_OFF = {"refusal-code": False, "controller-info-for-all": False, "list-models": False, "show-controller": False,
          "external-admin": False}
DELETES = {"model-info-deletes": True, "model-status-deletes": True}


def without(changes, *names):
    return {name: value for name, value in changes.items() if name not in names}


class Build:
    """A JIMM: its name, its era in the simulation and how it differs from that; `facades` in place of the era's."""

    def __init__(self, name, era, changes=None, facades=None):
        self.name, self.era, self.changes, self.facades = name, era, changes or {}, facades

    def completes(self):
        """True when it finds out by itself that a model has moved."""
        return self.era in ("E2", "E3", "E3+") and self.changes.get("completes", True)

    def told_admin(self):
        """The user that JIMM grants on the models that it makes has another name than in earlier days."""
        return self.era in ("E3", "E3+") and self.changes.get("external-admin", True)


BUILDS = (
    Build("E0 v3.1.12", "E0"),
    Build("E1 v3.2.9", "E1"),
    Build("E1d v3.3.1", "E1d"),
    Build("E1d 2025-07-31", "E1d", DELETES),
    Build("E1d 2025-08-07", "E1d", {**DELETES, "list-targets": True}),
    Build("E2 2025-08-11", "E2", {**E2_OFF, "alias": False, "completes": False, "start-gap-panics": False}),
    Build("E2 2025-08-26", "E2", E2_OFF),
    Build("E2 2025-09-01", "E2", without(E2_OFF, "model-migrating")),
    Build("E2 2025-12-11", "E2", without(E2_OFF, "model-migrating", "controllers-by-right", "login-cause")),
    Build("E2 2026-01-26", "E2", facades={"ModelManager": "10", "Controller": "12"}),
    Build("E2 2026-02-17", "E2", {"start-gap-panics": False}),
    Build("E3 2026-03-24", "E3", E3_OFF),
    Build("E3 2026-03-31", "E3", without(E3_OFF, "refusal-code")),
    Build("E3 2026-04-20", "E3", without(E3_OFF, "refusal-code", "external-admin")),
    Build("E3 2026-06-03", "E3", {"controller-info-for-all": False}),
    Build("E3 2026-07-01", "E3"),
    Build("E3+ 2026-07-06", "E3+", {"version-gate": False}),
    Build("E3+ juju-4 line", "E3+", facades={"ModelManager": "11", "Controller": "14"}),
)


def since(build, name):
    """True for the named build and later ones."""
    names = [one.name for one in BUILDS]
    return names.index(build.name) >= names.index(name)


# ---- roles ----


class Role:
    """Who calls: an administrator of JIMM or not, the model's owner or what the owner has granted."""

    def __init__(self, name, admin=False, grant=None, adds=False):
        self.name, self.admin, self.grant, self.adds = name, admin, grant, adds

    def owns(self):
        return self.grant == "owner"

    def sees(self):
        return self.admin or self.grant is not None

    def may(self):
        """May start the migration."""
        return self.admin or self.grant in ("owner", "administrator")

    def user(self):
        return {"name": ME, "admin": self.admin, "add-model": [SOURCE, TARGET] if self.adds else []}


ROLES = (
    Role("JIMM admin, owner", admin=True, grant="owner"),
    Role("JIMM admin", admin=True),
    Role("owner", grant="owner", adds=True),
    Role("owner, adds no models", grant="owner"),
    Role("administrator", grant="administrator", adds=True),
    Role("writer", grant="writer", adds=True),
    Role("reader", grant="reader"),
    Role("stranger"),
)

# ---- versions of source and target ----

ROUTES = (("2.9.52", "3.1.10"), ("3.1.10", "3.6.12"), ("3.6.12", "3.6.12"), ("3.6.12", "4.0.15"), ("3.6.12", "4.1.0"),
          ("4.0.15", "4.1.0"), ("4.1.0", "4.1.0"))


def major(version):
    return int(version.split(".")[0])


def show_route(route):
    return ">".join(".".join(version.split(".")[:2]) for version in route)


# ---- outcomes ----


class Outcome:
    """How it goes in Juju: the plan of the migration, and whether it ends on the target. `listed`: who is on the model's
    own list of users beside its owner, by which JIMM is let know or not; None: as JIMM makes it. `neighbour`: the target
    has another model of the caller's already, so that JIMM's lists ask it, too."""

    def __init__(self, name, plan=None, moves=False, listed=None, there=False, neighbour=False):
        self.name, self.plan, self.moves, self.listed = name, plan or {}, moves, listed
        self.there, self.neighbour = there, neighbour


def aborts(phase, reason, copy="removed"):
    return {"abort": {"phase": phase, "reason": reason, "copy": copy}}


IMPORT_FAILED = "model data transfer failed, failed to import model into target controller: connection is shut down"
OUTCOMES = (
    Outcome("moved", moves=True),
    Outcome("moved, model of 2025", moves=True, listed=["admin"]),
    Outcome("moved, only owner listed", moves=True, listed=[]),
    Outcome("refused", {"refuse": "source prechecks failed: machine 0 agent not functioning at this time (down)"}),
    Outcome("aborted in IMPORT", aborts("IMPORT", IMPORT_FAILED)),
    Outcome("aborted before VALIDATION", aborts("PROCESSRELATIONS", "processing relations failed, no such relation")),
    Outcome("aborted in VALIDATION", aborts("VALIDATION", "validating, some agents reported failure")),
    Outcome("aborted at activation", aborts("VALIDATION", "model activation failed, connection is shut down")),
    Outcome("active on both", aborts("VALIDATION", "model activation failed, connection is shut down", "active")),
    Outcome("active on both, listed", aborts("VALIDATION", "model activation failed, connection is shut down", "active"),
            neighbour=True),
    Outcome("moved, not cleaned up", {"reap-failed": "cannot remove document"}, moves=True),
    Outcome("already there", there=True),
)

# ---- one cell ----


class Cell(play.Scenario):
    """One run: a build, a role, a route, an outcome."""

    def __init__(self, build, role, route, outcome):
        self.build, self.role, self.route, self.outcome = build, role, route, outcome
        word = "my-model" if role.owns() else f"{OWNER}/my-model"
        super().__init__(self.show(), self._world(), target=TARGET)
        self.words = ["--format", "json", word, TARGET]
        if outcome.there:
            self.source = TARGET

    def show(self):
        return f"{self.build.name} / {self.role.name} / {show_route(self.route)} / {self.outcome.name}"

    def key(self):
        return self.build.name, self.role.name, show_route(self.route), self.outcome.name

    def moves(self):
        return self.outcome.moves

    def told(self):
        """JIMM tells the caller, by name or by UUID, both where the model is and which controller the target is."""
        rows = since(self.build, "E3 2026-06-03")
        return self.role.admin or rows or (self.role.adds and since(self.build, "E2 2025-12-11"))

    def _model(self):
        owner = ME if self.role.owns() else OWNER
        model = {"name": "my-model", "owner": owner}
        if self.role.grant and not self.role.owns():
            model["users"] = {ME: self.role.grant}
        if self.outcome.listed is not None:
            model["juju-users"] = [owner, *self.outcome.listed]
        if self.outcome.there:
            model["controller"] = TARGET
        return model

    def _world(self):
        controllers = [{"name": name, "agent-version": version} for name, version in zip((SOURCE, TARGET), self.route)]
        models = [self._model()]
        if self.outcome.neighbour:
            models.append({"name": "neighbour", "owner": OWNER, "controller": TARGET, "users": {ME: "reader"}})
        world = {"era": self.build.era, "capabilities": self.build.changes, "controllers": controllers,
                 "users": [self.role.user(), {"name": ROOT_ADMIN, "admin": True}], "models": models,
                 "migration": {"each": "1s", **self.outcome.plan}}
        if self.build.facades:
            world["jimm"] = {"facades": self.build.facades}
        return world


def is_cell(build, role, route, outcome):
    """False for what cannot be, or is the same as another cell by the way it is made."""
    blind, to_41 = major(route[0]) >= 4, route[1].startswith("4.1")
    # Whom JIMM does not show the model, and whom it does not let move it, no outcome of a move can concern.
    if not role.may() and not outcome.there and outcome.name != "moved":
        return False
    # Where JIMM asks as "admin" in any case, the models of earlier days are like those of today.
    if outcome.listed == ["admin"] and not build.told_admin():
        return False
    # Nobody but JIMM's own completion, or its poller that forgets models, asks as a user of that list.
    if outcome.listed == [] and not build.completes() and build.era != "E1d":
        return False
    # juju 4 has no such phase; a target of juju 4.1 becomes active only after the source cannot abort any more.
    if outcome.plan.get("abort", {}).get("phase") == "PROCESSRELATIONS" and blind:
        return False
    return not (outcome.plan.get("abort", {}).get("copy") == "active" and to_41)


def cells():
    """Returns every cell."""
    return [Cell(build, role, route, outcome) for outcome in OUTCOMES for role in ROLES for build in BUILDS
            for route in ROUTES if is_cell(build, role, route, outcome)]


def some(every):
    """Returns few of the cells that have every pair of values of two axes that the whole table has."""
    def pairs(cell):
        key = cell.key()
        return {(i, key[i], j, key[j]) for i in range(len(key)) for j in range(i)}

    wanted = set().union(*(pairs(cell) for cell in every))
    groups = {}
    for cell in every:
        groups.setdefault((cell.key()[0], cell.key()[3]), []).append(cell)
    chosen = []
    for group in groups.values():
        best = max(group, key=lambda cell: len(pairs(cell) & wanted))
        chosen.append(best)
        wanted -= pairs(best)
    for cell in every:
        if pairs(cell) & wanted:
            chosen.append(cell)
            wanted -= pairs(cell)
    return chosen
