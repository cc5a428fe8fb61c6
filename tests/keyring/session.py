# SPDX-License-Identifier: Apache-2.0
"""A desktop session to throw away: a bus, perhaps a gnome-keyring-daemon on it, and directories of their own."""

import os
import pathlib
import re
import select
import shutil
import signal
import subprocess
import tempfile

# Nothing can be started by asking for it: what answers on this bus was put there.
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir={directory}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>
"""
SERVICE = "org.freedesktop.secrets"
SECRETS = "/org/freedesktop/secrets"
COLLECTION = f"{SECRETS}/collection/login"
PASSWORD = b"the keyring's own password"


def seen_of(pid):
    """Returns what others can see of a process: its command line, and its environment unless that is closed to us."""
    command = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
    try:
        return command, pathlib.Path(f"/proc/{pid}/environ").read_bytes()
    except PermissionError:
        return command, b""


class Session:
    """`environment` is that of a program in the session; there is no display."""

    def __init__(self, bus=True, keyring=True):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="keyring-"))
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(self.directory / "home"), "TMPDIR": str(self.directory),
                            "LANG": "C.UTF-8"}
        for name in ("XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
            self.environment[name] = str(self.directory / name.lower())
        for name in ("HOME", "XDG_RUNTIME_DIR", "XDG_DATA_HOME"):
            os.mkdir(self.environment[name], 0o700)
        self.bus = self.keyring = self.daemon = None
        try:
            if bus:
                self.start_bus()
            if keyring:
                self.start_keyring()
        except BaseException:
            self.end()
            raise

    def start_bus(self):
        config = self.directory / "bus.conf"
        config.write_text(BUS.format(directory=self.directory), encoding="utf-8")
        line = 'echo "$DBUS_SESSION_BUS_ADDRESS"; exec cat'
        self.bus = subprocess.Popen(["dbus-run-session", f"--config-file={config}", "--", "sh", "-c", line],
                                    env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                    stderr=subprocess.DEVNULL, text=True)
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = self.bus.stdout.readline().strip()
        bus = "org.freedesktop.DBus"
        told = self.gdbus("call", "--dest", bus, "--object-path", "/org/freedesktop/DBus", "--method",
                          f"{bus}.GetConnectionUnixProcessID", bus)
        self.daemon = os.pidfd_open(int(re.search(r"\d+(?=,\))", told)[0]))

    def start_keyring(self):
        """Starts the daemon with the collection "login" open. It is a copy, without the capabilities of the installed
        file: where they cannot be had, such as in a container, that one does not even start."""
        program = shutil.copyfile(shutil.which("gnome-keyring-daemon"), self.directory / "gnome-keyring-daemon")
        os.chmod(program, 0o700)
        self.keyring = subprocess.Popen([program, "--foreground", "--components=secrets", "--unlock"],
                                        env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        self.keyring.stdin.write(PASSWORD)
        self.keyring.stdin.close()
        self.gdbus("wait", "--timeout", "60", SERVICE)
        assert COLLECTION in self.call(SECRETS, "org.freedesktop.Secret.Service.ReadAlias", "default")

    def gdbus(self, verb, *words):
        done = subprocess.run(["gdbus", verb, "--session", *words], env=self.environment, capture_output=True,
                              text=True, check=False)
        if done.returncode:
            raise AssertionError(done.stderr)
        return done.stdout

    def call(self, path, method, *words):
        return self.gdbus("call", "--dest", SERVICE, "--object-path", path, "--method", method, *words)

    def lock(self):
        self.call(SECRETS, "org.freedesktop.Secret.Service.Lock", f"['{COLLECTION}']")

    def paths(self, controller=""):
        wanted = f"{{'controller-uuid': '{controller}'}}" if controller else "@a{ss} {}"
        found = self.call(SECRETS, "org.freedesktop.Secret.Service.SearchItems", wanted)
        return re.findall(r"'(/\S+?)'", found)

    def items(self, controller=""):
        """Returns [(label, attributes)] of what is kept for a controller, or at all."""
        return sorted(self.item(path) for path in self.paths(controller))

    def item(self, path):
        label, attributes = (self.call(path, "org.freedesktop.DBus.Properties.Get", "org.freedesktop.Secret.Item",
                                       name) for name in ("Label", "Attributes"))
        return re.search(r"<'(.*)'>", label)[1], tuple(sorted(re.findall(r"'([^']*)': '([^']*)'", attributes)))

    def files(self):
        """Returns every byte that lies in the session's directories."""
        paths = (path for path in self.directory.rglob("*") if path.is_file() and not path.is_symlink())
        return b"".join(path.read_bytes() for path in paths if path.name != "gnome-keyring-daemon")

    def end(self):
        if self.keyring:
            self.keyring.send_signal(signal.SIGCONT)
            self.keyring.terminate()
            self.keyring.wait()
        if self.bus:
            self.bus.stdin.close()
            self.bus.wait()
            self.bus.stdout.close()
        if self.daemon is not None:
            # dbus-run-session does not wait for it, and its socket lies in our directory.
            select.select([self.daemon], [], [])
            os.close(self.daemon)
        shutil.rmtree(self.directory)
