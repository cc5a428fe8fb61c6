# SPDX-License-Identifier: Apache-2.0
"""Plays one cell: a server, a store, one login; and tells what was said, written and sent."""

import base64
import difflib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()
LIMIT = 60


class Outcome:
    """`said` is the last line for people, `shown` all that was printed; `wrote` and `sent` are lists of short texts.

    `again` is what a second run sends, with nobody there, after a first one that has worked; `touched` are the files that
    it replaced."""

    def __init__(self):
        self.status, self.said, self.shown, self.wrote, self.sent, self.leaks = None, "", "", [], [], []
        self.again, self.touched = [], []

    def text(self):
        return "\n".join([f"status {self.status}", self.said, *self.wrote, *self.sent, *self.again, *self.touched,
                          *self.leaks])


def start(cell, base):
    (base / "world").write_text(json.dumps(cell.world()), encoding="utf-8")
    command = [BUILD / "test" / "server", "--script", base / "world", "--directory", base / "juju", "--wire",
               base / "wire", "--clock", base / "clock", "--lifetime", str(LIMIT), *cell.server_words()]
    server = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              text=True)
    lines = [server.stdout.readline() for _ in range(1 if cell.jimm else 2)]
    return server, dict(re.fullmatch(r"(\S+) on 127\.0\.0\.1:(\d+)\n", line).groups() for line in lines)


def edit_entry(path, entry, indent, change):
    """Rewrites the lines below an entry of a store file."""
    text = path.read_text(encoding="utf-8")
    found = re.search(rf"^ {{{indent}}}{entry}:\n((?: {{{2 * indent}}}.*\n)+)", text, re.MULTILINE)
    path.write_text(text[:found.start(1)] + change(found[1]) + text[found.end(1):], encoding="utf-8")


def prepare(cell, juju):
    account = cell.account()
    if account is not None:
        edit_entry(juju / "accounts.yaml", cell.entry, 2, lambda _: f"    {account}\n")
    flag = "        oidc-login: true\n"
    edit_entry(juju / "controllers.yaml", cell.entry, 4,
               lambda lines: lines.replace(flag, "") + (flag if cell.is_jaas() else ""))


def files_of(juju):
    return {str(path.relative_to(juju)): path.read_bytes() for path in sorted(juju.rglob("*")) if path.is_file()}


def marks_of(juju):
    """What changes when a file is written, even with what it held before."""
    return {str(path.relative_to(juju)): (path.stat().st_ino, path.stat().st_mtime_ns) for path in juju.rglob("*")
            if path.is_file()}


def jar(data):
    """Cookies of a jar as {name: (domain, expires, number of macaroons)}."""
    found = {}
    for one in json.loads(data or b"[]"):
        macaroons = json.loads(base64.b64decode(one["Value"]) or b"[]")
        found[one["Name"]] = one["Domain"], re.sub(r"\.\d+", "", one["Expires"]), len(macaroons)
    return found


def changes(before, after, normal):
    """Every line of the YAML files, and every cookie, that is new or gone."""
    found = []
    for name in sorted(before.keys() | after.keys()):
        if name.endswith(".json"):
            old, new = jar(before.get(name)), jar(after.get(name))
            found += [f"{name} +{value[2]} macaroons for {value[0]} until {value[1]}"
                      for key, value in new.items() if old.get(key) != value]
            continue
        lines = [data.get(name, b"").decode().splitlines() for data in (before, after)]
        diff = [line for line in difflib.ndiff(*lines) if line[0] in "+-"]
        found += [f"{name} {line[0]}{normal(line[2:].strip())}" for line in diff]
    return found


def trace(base):
    """The client's messages, each with the code of its answer."""
    lines = [json.loads(line) for line in open(base / "wire", encoding="utf-8")]
    codes = {(line["connection"], line.get("id")): line.get("error-code", "no code") for line in lines
             if line.get("from") == "server" and "error" in line}
    sent, web = [], None
    for line in lines:
        if "status" in line:
            sent[web] += f" {line['status']}"
        elif line.get("from") == "client" and "id" not in line:
            web = len(sent)
            sent.append(f"{line['method']} {line['path']}")
        elif line.get("from") == "client" and line["method"] != "Pinger.Ping":
            code = codes.get((line["connection"], line["id"]))
            sent.append(line["method"].split(".")[1] + (f": {code}" if code else ""))
        elif line.get("event") == "cut":
            sent.append("cut")
    return sent


def run(command, base, environment, stdin):
    inherited = {"PATH": os.environ["PATH"], "HOME": str(base), "TMPDIR": str(base / "tmp"), "LC_ALL": "C.UTF-8",
                 "JUJU_DATA": str(base / "juju"), "SIM_CLOCK": str(base / "clock")}
    inherited |= {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}
    return subprocess.run([str(word) for word in command], input=stdin, capture_output=True, text=True,
                          timeout=LIMIT, env=inherited | environment, check=False)


def guises(secret):
    """A secret as it is, and as it goes into a form, a header or a dump."""
    plain = secret.encode()
    return {plain, urllib.parse.quote_plus(secret).encode(), base64.b64encode(plain).rstrip(b"="),
            base64.b64encode(b":" + plain).rstrip(b"="), plain.hex().encode()}


def leaks(base, shown, secrets):
    """Where a secret is seen that should not be. The world's own description has to hold them."""
    found = {"what was printed": shown.encode()}
    for path in base.rglob("*"):
        kept = path.name == "accounts.yaml" or path.parent.name == "cookies" or path == base / "world"
        if path.is_file() and not kept:
            found[str(path.relative_to(base))] = path.read_bytes()
    return [f"LEAK of {secret} in {name}" for secret in sorted(secrets) for name, data in sorted(found.items())
            if any(guise in data for guise in guises(secret))]


def secrets_of(data):
    """What a store's files hold that nobody may see: tokens, and macaroons as they are and by their signatures."""
    found = set()
    for name, content in data.items():
        if name == "accounts.yaml":
            found |= set(re.findall(r"(?:access-token|password): (\S+)", content.decode()))
        if name.endswith(".json"):
            for cookie in json.loads(content):
                found.add(cookie["Value"])
                found |= {one["s64"] for one in json.loads(base64.b64decode(cookie["Value"] or "W10="))}
    return found - {""}


def play(cell, secrets):
    """Returns the outcome of a cell."""
    base = pathlib.Path(tempfile.mkdtemp(prefix="ways-"))
    (base / "tmp").mkdir()
    outcome = Outcome()
    server, ports = start(cell, base)
    try:
        prepare(cell, base / "juju")
        before = files_of(base / "juju")
        program = BUILD / "test" / "login"
        done = run([program, *cell.words(), cell.entry], base, cell.environment(), cell.stdin())
        after = files_of(base / "juju")
        outcome.sent = trace(base)
        if done.returncode == 0:
            marks = marks_of(base / "juju")
            more = run([program, "--nobody", cell.entry], base, cell.environment(), "")
            done.stderr += more.stderr
            outcome.again = [f"status {more.returncode}", *trace(base)[len(outcome.sent):]]
            outcome.touched = sorted(name for name, mark in marks_of(base / "juju").items() if marks.get(name) != mark)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=20)
        server.stdout.close()

    def normal(text):
        for port in ports.values():
            text = text.replace(f":{port}", ":PORT")
        return re.sub(r"access-token: \S+", "access-token: ...", text)

    people = [line for line in done.stderr.splitlines() if not line.startswith("DEBUG ")]
    outcome.status = done.returncode
    outcome.said = normal(people[-1] if done.returncode else done.stdout.replace("\n", ", ").rstrip(", "))
    outcome.shown = done.stdout + done.stderr
    outcome.wrote = changes(before, after, normal)
    outcome.leaks = leaks(base, outcome.shown, {*secrets, *secrets_of(before), *secrets_of(after)})
    shutil.rmtree(base)
    return outcome
