# SPDX-License-Identifier: Apache-2.0
"""What `snap pack` lets pass and must not be: each check takes the staged tree and what snapd will be told, and yields faults."""

import os
import stat

from elf import GLIBC, MACHINES, Elf, is_elf, version_of

BASE, BASE_GLIBC = "core24", "2.39"
KEYS = {"name", "version", "summary", "description", "license", "base", "confinement", "grade", "apps", "plugs", "slots",
        "architectures"}
APP_KEYS = {"command", "completer", "environment", "plugs"}


def entries(tree):
    return sorted(tree.rglob("*"))


def elf_files(tree):
    return [path for path in entries(tree) if path.is_file() and not path.is_symlink() and is_elf(path)]


def words(_tree, told):
    for where, keys, known in [("snap.yaml", told, KEYS), *((f"app {name}", app, APP_KEYS) for name, app in told["apps"].items())]:
        yield from (f"{where}: unknown key {key}" for key in sorted(set(keys) - known))
    yield from (f"snap.yaml: {key} is missing" for key in sorted(KEYS - set(told)))
    if told.get("base") != BASE:
        yield f"the base is not {BASE}"
    if told.get("grade") not in ("stable", "devel") or told.get("confinement") != "strict":
        yield "grade or confinement is unknown"
    if len(told["architectures"]) != 1 or told["architectures"][0] not in MACHINES:
        yield f"architectures: {told['architectures']}"
    if len(told["summary"]) > 78:
        yield "the summary is longer than 78 characters"


def modes(tree, _told):
    for path in [tree, *entries(tree)]:
        mode, name = path.lstat().st_mode, path.relative_to(tree)
        if stat.S_ISLNK(mode):
            yield f"{name}: a link"
        elif stat.S_ISDIR(mode):
            if stat.S_IMODE(mode) != 0o755:
                yield f"{name}: a folder of mode {stat.S_IMODE(mode):o}"
        elif not stat.S_ISREG(mode) or stat.S_IMODE(mode) not in (0o644, 0o755):
            yield f"{name}: mode {stat.S_IMODE(mode):o}"


def slot(tree, told):
    """juju mounts one folder, and only its top level is on juju's PATH."""
    read = told["slots"]["jaas-plugin"].get("read")
    if not isinstance(read, list) or len(read) != 1 or not read[0].startswith("$SNAP/"):
        yield f"the slot must lend exactly one folder: {read}"
        return
    folder = read[0].removeprefix("$SNAP/")
    if not (tree / folder).is_dir():
        yield f"the slot lends {folder}, which is not there"
    for name, app in told["apps"].items():
        if os.path.dirname(app["command"]) != folder:
            yield f"the command of {name} is not in the lent folder"
    programs = [path.name for path in (tree / folder).glob("*") if path.is_file()]
    if programs != [os.path.basename(app["command"]) for app in told["apps"].values()]:
        yield f"in {folder}, on juju's PATH: {programs}"


def elves(tree, told):
    machine, loader = MACHINES[told["architectures"][0]]
    for path in elf_files(tree):
        elf, name = Elf(path), path.relative_to(tree)
        library = path.parent.name == "lib"
        beside = path.parent if library else path.parent / "lib"
        if elf.machine != machine:
            yield f"{name}: made for {elf.machine}"
        if not library and (elf.loader != loader or elf.paths != ["$ORIGIN/lib"]):
            yield f"{name}: loader {elf.loader}, paths {elf.paths}"
        if library and elf.paths not in ([], ["$ORIGIN"]):
            yield f"{name}: paths {elf.paths}"
        missing = [one for one in elf.needed if one not in GLIBC | {os.path.basename(loader)} and not (beside / one).exists()]
        if missing:
            yield f"{name}: not brought along: {', '.join(missing)}"
        if elf.floor and version_of(elf.floor) > version_of(BASE_GLIBC):
            yield f"{name}: needs glibc {elf.floor}, {BASE} has {BASE_GLIBC}; build on an older system"


CHECKS = (words, modes, slot, elves)


def faults(tree, told):
    return [fault for check in CHECKS for fault in check(tree, told)]


def describe(tree):
    """Returns lines: what each program brings along and what it asks of the base."""
    lines = []
    for program in (path for path in elf_files(tree) if path.parent.name != "lib"):
        brought = sorted((program.parent / "lib").glob("*"))
        asked = [Elf(path) for path in [program, *brought]]
        floor = max((elf.floor for elf in asked if elf.floor), key=version_of)
        base = sorted({one for elf in asked for one in elf.needed if one in GLIBC})
        lines += [f"{program.relative_to(tree)}: needs glibc {floor} or later ({BASE} has {BASE_GLIBC})",
                  f"    brings {' '.join(path.name for path in brought)}", f"    takes from the base {' '.join(base)}"]
    return lines
