# SPDX-License-Identifier: Apache-2.0
"""Stands between the program and the simulated JAAS, ends TLS on both sides, and puts other answers in the place of some."""

import json
import pathlib
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import unittest

from peer import CLOSE, CONTINUATION, TEXT, Connection, Gone, Peer, frame
from pki import CA, LEAF, Pki, names
import stage

LIFETIME = 120
# Real seconds after which the world takes a message for lost: we are slower than it when we make one of 16 MiB.
GRACE = 4


class World:
    """A simulated JAAS on simulated time in a folder of its own; `port`, `authority` and `token` are for a store."""

    def __init__(self, base, world=None):
        self.base = pathlib.Path(base)
        self.clock, self.wire = self.base / "clock", self.base / "wire"
        command = [stage.BUILD / "test" / "server", "--directory", self.base / "world", "--ca", self.base / "ca",
                   "--clock", self.clock, "--wire", self.wire, "--report", self.base / "report", "--lifetime", LIFETIME,
                   "--grace", GRACE]
        if world:
            (self.base / "script").write_text(json.dumps(world), encoding="utf-8")
            command += ["--script", self.base / "script"]
        self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, text=True)
        self.doors = {}
        for _ in range(1 + sum(1 for one in (world or {}).get("controllers", ()) if one.get("direct"))):
            name, port = re.fullmatch(r"(\S+) on 127\.0\.0\.1:(\d+)\n", self.process.stdout.readline()).groups()
            self.doors[name.replace("listening", "jaas")] = int(port)
        self.port = self.doors["jaas"]
        self.authority = (self.base / "ca").read_text(encoding="ascii")
        accounts = (self.base / "world" / "accounts.yaml").read_text(encoding="utf-8")
        self.token = re.search(r"access-token: (\S+)", accounts)[1]

    def seconds(self):
        """Simulated time that has passed, once it has ended."""
        return json.loads((self.base / "report").read_text(encoding="utf-8"))["now"]

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=20)
        self.process.stdout.close()


class Between(unittest.TestCase):
    """Tests whose relays have a certificate of `authority`; `context` is for them."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="hostile-pki-"))
        pki = Pki(cls.folder)
        cls.authority = pki.make("our authority", CA)
        server = pki.make("a server", LEAF + names("DNS:juju-apiserver"), cls.authority)
        cls.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        cls.context.load_cert_chain(pki.served(server), server.key)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)


class Call:
    """An answer on its way: which one it is of all to this method, on which path, and what the world says."""

    def __init__(self, connection, path, method, number, text):
        self.connection, self.path, self.method, self.number, self.text = connection, path, method, number, text

    def id(self):
        return json.loads(self.text)["request-id"]

    def frames(self, response):
        """Returns a whole answer with this for its response, given as text."""
        return frame(b'{"request-id":%d,"response":%s}' % (self.id(), response))


class Relay(Peer):
    """`alter(call)` returns the bytes to send in the place of an answer, or None for the answer as it is; it may raise Gone,
    which cuts the connection. `asked` has all that the program has asked for, as (path, method)."""

    def __init__(self, world, alter, context):
        self.world, self.alter, self.asked, self.numbers = world, alter, [], {}
        self.lock = threading.Lock()
        super().__init__(self._relay, context)

    def _upstream(self, head):
        trust = ssl.create_default_context(cadata=self.world.authority)
        there = Connection(socket.create_connection(("127.0.0.1", self.world.port)), trust, "juju-apiserver")
        if not there.handshake():
            raise Gone
        there.send(head)
        return there

    def _relay(self, connection):
        head = connection.head()
        path = head.split()[1].decode()
        there = self._upstream(head)
        methods = {}
        back = threading.Thread(target=self._back, args=(connection, path, there, methods))
        back.start()
        try:
            while True:
                operation, data = connection.frame()
                if operation == TEXT:
                    connection.texts.append(data.decode())
                    asked = json.loads(data)
                    method = f"{asked['type']}.{asked['request']}"
                    methods[asked["request-id"]] = method
                    self.asked.append((path, method))
                there.send(frame(data, operation, mask=bytes(4)))
                if operation == CLOSE:
                    break
        except (Gone, OSError):
            pass
        finally:
            try:
                there.socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            back.join()
            there.socket.close()

    def _back(self, connection, path, there, methods):
        try:
            connection.send(there.head())
            while True:
                operation, data = read_message(there)
                connection.send(self._changed(connection, path, methods, data) if operation == TEXT
                                else frame(data, operation))
        except (Gone, OSError, ssl.SSLError, ValueError):
            pass
        finally:
            try:
                connection.socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _changed(self, connection, path, methods, data):
        method = methods.get(json.loads(data).get("request-id"), "")
        with self.lock:
            self.numbers[method] = self.numbers.get(method, 0) + 1
            number = self.numbers[method]
        instead = self.alter(Call(connection, path, method, number, data))
        return frame(data) if instead is None else instead


def read_message(there):
    """Returns (operation, data) of the next message or control frame of a server."""
    whole, kind = b"", None
    while True:
        head = there.take(2)
        length = head[1] & 127
        if length > 125:
            length = int.from_bytes(there.take(2 if length == 126 else 8), "big")
        data, operation = there.take(length), head[0] & 15
        if operation >= CLOSE:
            return operation, data
        kind = kind if operation == CONTINUATION else operation
        whole += data
        if head[0] & 0x80:
            return kind, whole
