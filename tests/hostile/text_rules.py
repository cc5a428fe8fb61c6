# SPDX-License-Identifier: Apache-2.0
"""What foreign text must not do to what the program says, and a text that tries all of it at once."""

import json
import pathlib
import re
import subprocess

import yaml

# Moves the cursor, paints, asks the terminal to answer, sets its title; with the bytes of one and of two characters.
DRIVES = ("\x1b[31;41;5m", "\x1b[6n", "\x1b]0;taken over\x07", "\x1bP1$r\x1b\\", "\u009b6n", "\u009d0;taken over\u009c", "\x08\x08", "\x7f", "\x0e")
HIDES = ("\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\u2060", "\u00ad", "\U000e0041", "\u2028", "\u2029", "\u0085", "\v", "\f")
FORGES = "\nERROR forged\nmigrated forged\r\nforged: juju forged\n---\nforged: {a: [b\n\"},\"forged\":\"x\n- forged: y\n"
RUNS = "$(touch taken)`touch taken`;touch taken|touch taken&touch taken >taken 'touch taken' \"$(touch taken)\" \\"
COCKTAIL = "x" + "".join(DRIVES) + "".join(HIDES) + FORGES + RUNS + "e" + "\u0301" * 200
# No line of a file ends in the middle of it, and no field of one of ours.
ONE_LINE = "x" + RUNS.replace("/", "") + "e" + "\u0301" * 200 + "\u202e\u200b\u009b6n\x1b[6n"
LONG = "L" * 20000
NOT_SHOWN = re.compile("[\0-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e0fff]|\u0301{5}")
FORGED = re.compile(r"^(ERROR forged|migrated forged|forged|---|\"\}|- forged)", re.MULTILINE)
RECORD = {"model", "model-uuid", "from", "to", "migration-id", "result", "message", "state", "reason", "reason-part", "remedy", "started", "ended",
          "jimm-updated", "log", "source-log", "cloud", "region", "from-version", "to-version", "model-version", "located-by", "checks"}
COMMAND = re.compile(r"\b(?:juju|jimmctl) (?=[a-z-])")
SIZE_MAX = 200000
# What the program itself says to a terminal: where to go, what to erase, and colours.
OURS = re.compile(r"\x1b\[(K|J|\d+A|0m|3[1-3]m|91m|1;39m)|\r\n?")


def commands(text):
    """The commands that `text` tells a person to type: each up to where prose goes on, outside quotes."""
    for found in COMMAND.finditer(text):
        inside, at = False, found.end()
        while at < len(text) and (inside or text[at] not in ";)\"\n" and text[at:at + 2] != ", "):
            if not inside and text[at] == "\\":
                at += 1
            elif text[at] == "'":
                inside = not inside
            at += 1
        yield text[found.start():at]


def typed(command, folder, shell="sh"):
    """What becomes of a command in a shell: its words as the program gets them, and the files that it leaves."""
    folder = pathlib.Path(folder)
    tools = folder / "bin"
    if not tools.exists():
        tools.mkdir()
        for name in ("juju", "jimmctl"):
            (tools / name).write_text("#!/bin/sh\nprintf '%s\\0' \"$@\"\n", encoding="utf-8")
            (tools / name).chmod(0o755)
    place = folder / "typed"
    for made in (place, folder / "home"):
        made.mkdir(exist_ok=True)
    done = subprocess.run([shell, "-c", command], cwd=place, env={"PATH": f"{tools}:/usr/bin:/bin", "HOME": str(folder / "home")}, stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=60, check=False)
    return done.stdout.decode().split("\0")[:-1], [path.name for path in place.iterdir()]


def faults(stdout, stderr, words, folder, terminal=False, models=1):
    """Returns what is wrong with what a run with these `words` has said; `folder` is for commands that are tried. `terminal` tells that
    stderr was one."""
    texts = []
    for name, said in (("stdout", stdout), ("stderr", stderr)):
        try:
            texts.append(said.decode())
        except UnicodeDecodeError as error:
            return [f"{name}: {error}"]
    if terminal:
        texts[1] = OURS.sub(lambda found: "\n" if found[0][0] == "\r" else "", texts[1])
    found = []
    for name, text in zip(("stdout", "stderr"), texts):
        found += [f"{name} has {match[0]!r}" for match in NOT_SHOWN.finditer(text)][:3]
        found += [f"{name} has a line that begins with {match[0]!r}" for match in FORGED.finditer(text)]
        found += [f"{name} has {len(text)} characters"] if len(text) > SIZE_MAX else []
    out = texts[0]
    form = words[words.index("--format") + 1] if "--format" in words else "tabular"
    remedies = texts[1]
    if form != "tabular" and out:
        try:
            document = json.loads(out) if form == "json" else yaml.safe_load(out)
        except (ValueError, yaml.YAMLError) as error:
            return [*found, f"{form}: {error}"]
        found += document_faults(document)
        found += [f"json in {out.count(chr(10))} lines"] if form == "json" and out.count("\n") != 1 else []
        remedies += "\n".join(str(record.get("remedy", "")) for record in document.get("migrations") or [])
    elif out and "\n\n" in out:
        table = out.split("\n\n")[0].splitlines()
        found += [f"a table of {len(table)} lines"] if len(table) != models + 1 else []
        found += [f"a row of other cells: {row!r}" for row in table if len(re.split(r" {2,}", row.strip())) > 4]
    for command in set(commands(remedies)):
        left = typed(command, folder)[1]
        found += [f"typed, {command!r} leaves {left}"] if left else []
    return found


def document_faults(document):
    if not isinstance(document, dict) or set(document) != {"migrations", "errors"}:
        return [f"another document: {document!r}"[:200]]
    found = [f"a record with {sorted(set(record) - RECORD)}" for record in document["migrations"] if set(record) - RECORD]
    for record in document["migrations"]:
        for value in walk(record):
            found += [f"a value with {NOT_SHOWN.search(value)[0]!r}"] if NOT_SHOWN.search(value) else []
    return found


def walk(value):
    """Yields all texts in a value."""
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list):
        for one in value:
            yield from walk(one)
    elif isinstance(value, str):
        yield value
