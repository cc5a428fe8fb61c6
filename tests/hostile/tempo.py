# SPDX-License-Identifier: Apache-2.0
"""Simulated time for programs whose peer never comes to rest (tests/clock/clock.h has the rules of the talk).

Time moves by a step at most, and only when program and peer both wait and have taken in all that was sent to them: so it does
not matter how fast the machine is. Before each step the peer may do something: a byte a second is a byte a step.
"""

import fcntl
import os
import pathlib
import select
import socket
import struct
import termios
import threading

SECOND = 1_000_000_000
START, START_WALL = 3600 * SECOND, 1_782_900_000 * SECOND
NEWS, NOTICE = struct.Struct("=Qqq"), struct.Struct("=Qq5Q")
PATIENCE, BUSY_STEPS = 8, 5
CREDENTIALS = struct.Struct("=3i")


def sleeps(process):
    """True when a process waits for something."""
    try:
        text = pathlib.Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except OSError:
        return False
    return text.rpartition(")")[2].split()[0] == "S"


def nothing_is_under_way(port):
    """True when all that a peer on `port` and the other side have sent has been taken in."""
    mark = f":{port:04X} "
    for line in pathlib.Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]:
        if mark not in line:
            continue
        words = line.split()
        ours, theirs = (int(words[i].split(":")[1], 16) for i in (1, 2))
        sending, waiting = (int(word, 16) for word in words[4].split(":"))
        if words[3] != "0A" and port in (ours, theirs) and (sending or waiting):
            return False
    return True


def has_read(end):
    """True when nothing that was sent to `end` waits there."""
    return not struct.unpack("=i", fcntl.ioctl(end, termios.TIOCOUTQ, bytes(4)))[0]


class Tempo:
    """A clock at `path` for one program. `step()` is called before time moves; it returns False to let it stand still."""

    def __init__(self, path, peer, step=None, seconds=1.0):
        self.path, self.peer, self.step, self.seconds = str(path), peer, step or (lambda: True), int(seconds * SECOND)
        self.now, self.number, self.stopped = START, 0, False
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.listener.bind(self.path)
        self.listener.listen()
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def passed(self):
        """Simulated seconds so far."""
        return (self.now - START) / SECOND

    def _tell(self, end):
        self.number += 1
        end.send(NEWS.pack(self.number, self.now, START_WALL + self.now - START))

    def _latest(self, end, wait):
        """Returns until when the program wants to sleep, or None when it is not known to; raises at its end."""
        until = None
        while select.select([end], [], [], wait)[0]:
            data = end.recv(NOTICE.size)
            if not data:
                raise EOFError
            seen, until = NOTICE.unpack(data)[:2]
            until = until if seen == self.number else None
            wait = 0
        return until

    def _rests(self, process, end):
        """True when it is the same twice, a moment apart: it sleeps and there is nothing for it to do."""
        for wait in (0.001, 0):
            if not (self.peer.rests() and sleeps(process) and nothing_is_under_way(self.peer.port)):
                return False
            if select.select([end], [], [], wait)[0]:
                return False
        return True

    def _drive(self, end, process):
        until, quiet = None, 0
        while not self.stopped:
            told = self._latest(end, 0.002)
            until = told if told is not None else until
            if not self._rests(process, end):
                quiet = 0
                continue
            quiet += 1
            # One that waits for something besides websockets and timers does not tell that it waits.
            patient = until is None and quiet > PATIENCE and has_read(end)
            if (until is None and not patient) or not self.step():
                continue
            until = until if until is not None else self.now + BUSY_STEPS * self.seconds
            self.now = min(until, self.now + self.seconds * (BUSY_STEPS if patient else 1))
            until, quiet = None, 0
            self._tell(end)

    def _serve(self):
        try:
            end, _ = self.listener.accept()
            with end:
                process = CREDENTIALS.unpack(end.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, CREDENTIALS.size))[0]
                self._tell(end)
                self._drive(end, process)
        except (EOFError, OSError):
            pass

    def end(self):
        self.stopped = True
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.thread.join()
        self.listener.close()
        os.unlink(self.path)
