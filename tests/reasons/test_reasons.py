#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every text with which juju or JIMM refuse or abort a move: what is said of it, over real sockets and in simulated time.

The file "texts" beside this one says what is to be said. No line of ours may be longer than two lines of a terminal of 80
columns, and no row of the program's table may be without a text that needs it. With --update what was said is written
into "texts".
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()
MODEL = "alice@canonical.com/my-model"
UUID = "5f0c9a52-0d0e-4e55-8f0b-000000000001"
COLUMNS = 2 * 80
KEYS = ("said", "state", "to do", "status")
LIMIT = 60


class Text:
    """One block of the file: `how` is "refused" or the phase of the abort, `wanted` what is to be said."""

    def __init__(self, block):
        lines = [line.split(":", 1) for line in block.splitlines() if not line.startswith("#")]
        self.how, text = lines[0][0], lines[0][1].removeprefix(" ")
        self.line, self.words = text, text.replace("\\n", "\n").replace("{UUID}", UUID)
        self.wanted = {key: value.strip() for key, value in lines[1:]}

    def world(self):
        refused = {"each": "1s", "refuse": self.words}
        aborted = {"each": "1s", "abort": {"phase": self.how, "reason": self.words}}
        return {"migration": refused if self.how == "refused" else aborted}

    def block(self, found):
        told = [f"{key}: {found[key]}" for key in KEYS if key in found]
        return "\n".join([f"{self.how}: {self.line}", *told]) + "\n"


def play(text):
    """Returns what was said as {key: text}, and what was found wrong."""
    with tempfile.TemporaryDirectory(prefix="reason.") as name:
        base = pathlib.Path(name)
        (base / "world").write_text(json.dumps(text.world()), encoding="utf-8")
        server = subprocess.Popen([BUILD / "test" / "server", "--script", base / "world", "--directory", base / "juju",
                                   "--clock", base / "clock", "--lifetime", str(LIMIT)],
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        try:
            server.stdout.readline()
            around = {"PATH": os.environ["PATH"], "HOME": name, "TMPDIR": name, "JUJU_DATA": f"{name}/juju", "SIM_CLOCK": f"{name}/clock",
                      "XDG_STATE_HOME": f"{name}/state", "LANG": "C.UTF-8", "TZ": "UTC"}
            around.update({key: value for key, value in os.environ.items() if key.endswith("SAN_OPTIONS")})
            done = subprocess.run([BUILD / "test" / "juju-jaas-migrate", "-q", "my-model", "my-controller"], env=around,
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT, check=False)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()
            server.stdout.close()
    return read(done)


def read(done):
    found, faults = {"status": str(done.returncode)}, []
    for line in done.stderr.splitlines():
        said = re.fullmatch(rf"ERROR {MODEL}: (.*)|  (state|reason|to do): +(.*)", line)
        if not said:
            faults.append(f"unexpected: {line}")
            continue
        key = said[2] or "said"
        if key != "reason" and len(line) > COLUMNS:
            faults.append(f"{len(line)} columns: {line}")
        found[key] = said[1] or said[3]
    return found, faults


def judge(text):
    found, faults = play(text)
    for key in KEYS:
        if found.get(key) != text.wanted.get(key):
            faults.append(f"{key}: {found.get(key)!r}, wanted {text.wanted.get(key)!r}")
    own = " ".join(text.words.replace("\n", " ").split())
    if " ".join(found.get("reason", "").split()) != own:
        faults.append(f"reason: {found.get('reason')!r}, wanted {own!r}")
    return found, faults


def rows():
    """Yields the explanation of each row of the program's table."""
    source = (ROOT / "plugin" / "reason_table.c").read_text(encoding="utf-8")
    string = r'"(?:[^"\\]|\\.)*"'
    field = rf"(?:{string}|\w+)(?:\s+{string})*"
    for row in re.finditer(rf"\{{\s*({field}(?:,\s*{field})+)\s*\}}", source):
        fields = re.findall(rf"{field}(?=\s*,|\s*$)", row[1])
        if len(fields) >= 4:
            yield "".join(part[1:-1] for part in re.findall(string, fields[-2])).replace('\\"', '"')


def idle_rows(texts):
    """Returns the explanations that are never said."""
    said = [text.wanted.get("said", "") for text in texts]
    patterns = {row: re.sub(r"\\\{\w+\\\}", ".+", re.escape(row)) for row in rows()}
    return [row for row, pattern in patterns.items()
            if not any(re.fullmatch(f"(not started|not moved|aborted): {pattern}", one) for one in said)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--update", action="store_true", help="write what was said into the file")
    options = parser.parse_args()
    content = (HERE / "texts").read_text(encoding="utf-8")
    head, *blocks = [block for block in content.split("\n\n") if block.strip()]
    texts = [Text(block) for block in blocks]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = list(pool.map(judge, texts))
    if options.update:
        told = [text.block(found) for text, (found, _) in zip(texts, results)]
        (HERE / "texts").write_text("\n".join([head + "\n", *told]), encoding="utf-8")
        return 0
    for text, (_, faults) in zip(texts, results):
        for fault in faults:
            print(f"{text.how}: {text.line}\n    {fault}")
    idle, known = idle_rows(texts), len([*rows()])
    for row in idle:
        print(f"never said: {row}")
    failed = sum(1 for _, faults in results if faults) + len(idle) + (known < 70)
    print(f"{len(texts) + known - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
