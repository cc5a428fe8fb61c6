# SPDX-License-Identifier: Apache-2.0
"""A juju data directory, and runs of the program in it that are measured."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()
UUID = "6acf4fd8-32d6-49ea-b4eb-dcb9d1590c11"
USER = "alice@canonical.com"
# What no peer may see before it has proved who it is.
TOKEN = "c2VjcmV0LXRva2VuLW9mLWFsaWNl"
LIMIT = 120
PROGRAM = BUILD / "test" / "juju-jaas-migrate"
# Instrumented programs take other amounts of memory.
PLAIN = "sanitize" not in BUILD.name


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def block(text):
    return "|\n" + "".join(f"            {line}\n" for line in text.splitlines())


class Run:
    """What a run has shown and taken: `peak` in MiB, `busy` in seconds of a processor, `real` by the clock on the wall."""

    def __init__(self, done, taken, real):
        self.stdout, self.stderr = (text.decode("utf-8", "backslashreplace") for text in (done.stdout, done.stderr))
        kib, milliseconds, self.status = (int(word) for word in taken.split())
        self.peak, self.busy, self.real = kib / 1024, milliseconds / 1000, real

    def said(self):
        """All that it says to a person, in one line."""
        return self.stderr.rstrip("\n").replace("\n", " | ")


class Stage:
    """A folder with a home, a data directory and a state folder."""

    def __init__(self):
        self.base = pathlib.Path(tempfile.mkdtemp(prefix="hostile-"))
        self.juju = self.base / "juju"
        for name in ("juju", "tmp", "state"):
            (self.base / name).mkdir(mode=0o700)

    def write(self, name, data):
        path = self.juju / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        path.chmod(0o600)
        return path

    def store(self, endpoint, authority="", public="", more=""):
        """Writes a store with one JAAS in it."""
        lines = ["controllers:", "    jaas:", f"        uuid: {UUID}", f"        api-endpoints: [{quoted(endpoint)}]"]
        lines += [f"        public-hostname: {public}"] if public else []
        lines += [f"        ca-cert: {block(authority) if authority else quoted('')}"]
        self.write("controllers.yaml", "\n".join(lines).rstrip("\n") +
                   f"\n        oidc-login: true\n{more}current-controller: jaas\n")
        self.write("accounts.yaml", f"controllers:\n  jaas:\n    user: {USER}\n    access-token: {TOKEN}\n")

    def environment(self, more):
        kept = {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}
        return {"PATH": os.environ["PATH"], "HOME": str(self.base), "TMPDIR": str(self.base / "tmp"),
                "JUJU_DATA": str(self.juju), "XDG_STATE_HOME": str(self.base / "state"), "LC_ALL": "C.UTF-8",
                "TZ": "UTC", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent", **kept, **more}

    def run(self, words=("-q", "my-model", "my-controller"), environment=None, program=PROGRAM, stdin=b""):
        taken = self.base / "taken"
        command = [BUILD / "test" / "measure", taken, program, *words]
        started = time.monotonic()
        try:
            done = subprocess.run([str(word) for word in command], input=stdin, capture_output=True,
                                  timeout=LIMIT, env=self.environment(environment or {}), cwd=self.base, check=False)
        except subprocess.TimeoutExpired as late:
            done = subprocess.CompletedProcess(command, None, late.stdout or b"", b"it does not end\n")
            taken.write_text("0 0 -9", encoding="ascii")
        return Run(done, taken.read_text(encoding="ascii"), time.monotonic() - started)

    def end(self):
        shutil.rmtree(self.base)
