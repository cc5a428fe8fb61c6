# SPDX-License-Identifier: Apache-2.0
"""The program under test in a real terminal (tmux), in front of the simulated JAAS, with time that passes only when it is let."""

import fcntl
import json
import os
import pathlib
import re
import select
import shlex
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
import types

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()
NEWS = struct.Struct("=Qqq")  # tests/clock/clock.h
WEIGHTS, USUAL_COLOURS = ("1", "2", "4"), ("39", "49")
PATIENCE = 120  # seconds of real time after which a screen will not come any more
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tests" / "cases"))
from runner import cases  # noqa: E402


class Gate:
    """Stands between the program and the clock of the simulated JAAS, and lets time pass up to an instant only.

    At the instant the program sleeps: all that it does before then is done, and written. Nor does time pass while the terminal
    (`screen`, a descriptor) has not taken in what was written there: the program would leave drawings out.
    """

    def __init__(self, path, clock):
        self.limit, self.begun = 0, None
        self.change = threading.Condition()
        self.waiting = self.ended = False
        self.screen = None
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.listener.bind(str(path))
        self.listener.listen(1)
        self.server = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.server.connect(str(clock))
        self.program = None
        self.threads = [threading.Thread(target=self._to_program), threading.Thread(target=self._to_server)]
        self.threads[0].start()

    def _to_program(self):
        try:
            self.program = self.listener.accept()[0]
        except OSError:
            return
        self.threads[1].start()
        while packet := self.server.recv(256):
            instant = NEWS.unpack(packet)[1]
            with self.change:
                self.begun = instant if self.begun is None else self.begun
                while instant - self.begun > self.limit and not self.ended:
                    self.waiting = True
                    self.change.notify_all()
                    self.change.wait()
                self.waiting = False
                if self.ended:
                    return
            if self.screen is not None:
                select.select([], [self.screen], [], PATIENCE)
            try:
                self.program.send(packet)
            except OSError:
                return

    def _to_server(self):
        try:
            while packet := self.program.recv(256):
                self.server.send(packet)
        except OSError:
            pass
        # The program has gone, and with it its share in the clock.
        self.close()

    def open(self, seconds):
        """Lets time pass up to `seconds` after the start, and returns once it has come to that."""
        with self.change:
            self.limit = int(seconds * 1e9)
            self.waiting = False
            self.change.notify_all()
            if not self.change.wait_for(lambda: self.waiting or self.ended, PATIENCE):
                raise AssertionError(f"time has not come to {seconds} s")

    def close(self):
        with self.change:
            self.ended = True
            self.change.notify_all()
        for end in (self.server, self.listener):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def end(self):
        self.close()
        if self.program:
            try:
                self.program.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        for thread in self.threads:
            if thread.ident is not None:
                thread.join()
        for end in (self.program, self.server, self.listener):
            if end:
                end.close()


def paint(shown):
    """Names the colours where they change, and ends them with the line: versions of tmux tell the same screen in different ways."""
    lines, now = [], []
    for line in shown.split("\n"):
        text, painted = "", []
        for piece in re.split(r"(\033\[[0-9;]*m)", line):
            if piece.startswith("\033"):
                for code in piece[2:-1].split(";"):
                    if code in ("", "0"):
                        now = []
                    elif code in WEIGHTS:
                        now = [code, *(old for old in now if old != code)]
                    else:
                        now = [old for old in now if old in WEIGHTS] + ([] if code in USUAL_COLOURS else [code])
            elif piece:
                if now != painted:
                    text += "\\e[" + ";".join(["0", *now]) + "m"
                text, painted = text + piece, now
        lines.append(text + ("\\e[0m" if painted else ""))
    return "\n".join(lines)


class Terminal:
    """A tmux of its own with one window, in which `script` runs."""

    def __init__(self, directory, script, columns, rows, environment):
        self.socket = str(directory / "tmux")
        self.tty = None
        self.history = True  # what a terminal that becomes too small moves there is not for us to undo
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(directory), "LC_ALL": "C.UTF-8"}
        path = directory / "script"
        path.write_text(script, encoding="utf-8")
        words = ["env", "-i", *(f"{name}={value}" for name, value in environment.items()), "sh", str(path)]
        settings = directory / "tmux.conf"
        settings.write_text("set -g status off\n", encoding="utf-8")
        self.tmux("-f", str(settings), "new-session", "-d", "-x", str(columns), "-y", str(rows), shlex.join(words))
        self.tty = os.open(self.tmux("display-message", "-p", "#{pane_tty}").strip(), os.O_RDWR | os.O_NOCTTY)

    def tmux(self, *words):
        done = subprocess.run(["tmux", "-u", "-S", self.socket, *words], env=self.environment, capture_output=True,
                              stdin=subprocess.DEVNULL, check=False)
        if done.returncode:
            raise AssertionError(f"tmux: {done.stderr.decode()}")
        return done.stdout.decode("utf-8")

    def resize(self, columns, rows):
        self.tmux("resize-window", "-x", str(columns), "-y", str(rows))
        # tmux tells the programs a moment later.
        while struct.unpack("HHHH", fcntl.ioctl(self.tty, termios.TIOCGWINSZ, bytes(8)))[:2] != (rows, columns):
            time.sleep(0.02)

    def type(self, *keys):
        self.tmux("send-keys", *keys)

    def look(self, colours=False):
        """Returns what has been shown, also what has left the screen at its top, without empty lines at the end."""
        shown = self.tmux("capture-pane", "-p", *(["-S", "-"] if self.history else []), *(["-e"] if colours else []))
        return (paint(shown) if colours else shown).rstrip("\n") + "\n"

    def end(self):
        subprocess.run(["tmux", "-S", self.socket, "kill-server"], env=self.environment, capture_output=True,
                       check=False)
        if self.tty is not None:
            os.close(self.tty)


class Scene:
    """A world, the program in a terminal before it, and the time."""

    def __init__(self, world, words="my-model my-controller", columns=80, rows=24, script="", **variables):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="screen-"))
        self.world = self.gate = self.terminal = None
        case = self.directory / "screen.case"
        case.write_text(f"=== world\n{json.dumps(world)}\n=== arguments\n{words}\n", encoding="utf-8")
        options = types.SimpleNamespace(server=BUILD / "test" / "server", limit=600, valgrind=True)
        try:
            self.world = cases.World(cases.Case(case), options, self.directory)
            self.gate = Gate(self.directory / "gate", self.directory / "clock")
            environment = cases.environment_of(self.world, "")
            environment.update({"SIM_CLOCK": str(self.directory / "gate"), "TERM": "tmux-256color", **variables})
            environment = {name: value for name, value in environment.items() if value is not None}
            # Where it was built is none of the screen's business.
            (self.directory / "juju-jaas-migrate").symlink_to(BUILD / "test" / "juju-jaas-migrate")
            environment["PATH"] = f"{self.directory}:{environment['PATH']}"
            command = f"juju-jaas-migrate {words}"
            script = script or "echo '$ juju jaas-migrate {words}'\n{command}\necho \"status $?\"\n"
            script = script.replace("{words}", words).replace("{command}", command)
            frame = "trap : INT TERM\nstty -g >before\n" + script + "stty -g >after\necho '$'\nexec sleep 900\n"
            os.chdir(self.directory)
            self.terminal = Terminal(self.directory, frame, columns, rows, environment)
            self.gate.screen = self.terminal.tty
        except BaseException:
            self.end()
            raise

    def wait_for(self, expected, colours=False):
        """Looks until the screen is as expected. Returns what it was at last."""
        end = time.monotonic() + PATIENCE
        while True:
            shown = self.world.normal(self.terminal.look(colours))
            if shown == expected or time.monotonic() > end:
                return shown
            time.sleep(0.02)

    def settled(self, colours=False):
        """Returns what is shown once it has not changed for a while: for writing down what is expected."""
        shown, since = None, time.monotonic()
        while time.monotonic() - since < 1.5:
            now = self.world.normal(self.terminal.look(colours))
            if now != shown:
                shown, since = now, time.monotonic()
            time.sleep(0.05)
        return shown

    def modes(self):
        return [(self.directory / name).read_text(encoding="utf-8") for name in ("before", "after")]

    def end(self):
        os.chdir(ROOT)
        if self.gate:
            self.gate.end()
        if self.terminal:
            self.terminal.end()
        if self.world and self.world.process and self.world.process.poll() is None:
            self.world.process.kill()
            self.world.process.wait()
            self.world.process.stdout.close()
            self.world.errors.close()
        shutil.rmtree(self.directory, ignore_errors=True)
