# SPDX-License-Identifier: Apache-2.0
"""The simulated JAAS as a program, and a peer that dials its doors with nothing but Python's own TLS."""

import base64
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import ssl
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()


class Server:
    """A server in a directory of its own; `ports` maps the names of its doors, JIMM's is "jaas"."""

    def __init__(self, world, *words):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="sim-"))
        (self.directory / "world").write_text(json.dumps(world), encoding="utf-8")
        command = [BUILD / "test" / "server", "--script", self.directory / "world", "--directory",
                   self.directory / "juju", "--wire", self.directory / "wire", "--ca", self.directory / "ca", *words]
        self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, text=True)
        lines = 1 + sum(1 for one in world.get("controllers", ()) if one.get("direct"))
        found = [re.fullmatch(r"(\S+) on 127\.0\.0\.1:(\d+)\n", self.process.stdout.readline()) for _ in range(lines)]
        self.ports = {one[1].replace("listening", "jaas"): int(one[2]) for one in found}

    def authority(self, name):
        """Returns the CA that the store has for a controller."""
        text = (self.directory / "juju" / "controllers.yaml").read_text(encoding="utf-8")
        entry = re.search(rf"^    {re.escape(name)}:\n((?:        .*\n)+)", text, re.MULTILINE)[1]
        return re.search(r"-----BEGIN.*?END CERTIFICATE-----", entry, re.DOTALL)[0].replace(" " * 12, "")

    def wire(self):
        return (self.directory / "wire").read_text(encoding="utf-8")

    def end(self):
        """Ends it and returns its exit status."""
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=20)
        self.process.stdout.close()
        return status


def trust(authority):
    context = ssl.create_default_context(cadata=authority)
    context.set_alpn_protocols(["http/1.1"])
    return context


def connect(port, authority, name="juju-apiserver"):
    """Returns a TLS socket; `name` is both sent and verified, None does neither."""
    context = trust(authority)
    context.check_hostname = name is not None
    return context.wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=20), server_hostname=name)


class WebSocket:
    """Whole text messages of JSON, with masks as a client has to use them."""

    def __init__(self, port, authority, path="/api", name="juju-apiserver"):
        self.socket = connect(port, authority, name)
        self.number = 0
        self.socket.sendall((f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
                             "Connection: Upgrade\r\nSec-WebSocket-Key: q83vASNFZ4mrze8BI0VniQ==\r\n"
                             "Sec-WebSocket-Version: 13\r\n\r\n").encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self._read(1)
        self.status = int(head.split()[1])

    def _read(self, count):
        data = b""
        while len(data) < count:
            piece = self.socket.recv(count - len(data))
            if not piece:
                raise EOFError
            data += piece
        return data

    def _message(self):
        data, final = b"", False
        while not final:
            first, second = self._read(2)
            length = second & 127
            if length > 125:
                length = int.from_bytes(self._read(2 if length == 126 else 8), "big")
            data, final = data + self._read(length), first & 0x80
        return data

    def ask(self, facade, version, method, params):
        self.number += 1
        text = json.dumps({"request-id": self.number, "type": facade, "version": version, "request": method,
                           "params": params}).encode()
        self.socket.sendall(b"\x81\xfe" + len(text).to_bytes(2, "big") + bytes(4) + text)
        return json.loads(self._message())

    def close(self):
        self.socket.close()


def https(port, authority):
    """Returns a connection for plain https on which several requests can be made."""
    connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=20)
    connection.sock = connect(port, authority)
    return connection


def post(connection, path, body, kind="application/x-www-form-urlencoded", bakery="3"):
    headers = {"Content-Type": kind, **({"Bakery-Protocol-Version": bakery} if bakery else {})}
    connection.request("POST", path, body, headers)
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def bind(primary, discharge):
    """Returns the discharge bound to its primary, both as JSON of version 2."""
    def hashed(value):
        return hmac.new(bytes(32), value, hashlib.sha256).digest()

    bound = hashed(hashed(decode(primary["s64"])) + hashed(decode(discharge["s64"])))
    return {**discharge, "s64": base64.urlsafe_b64encode(bound).decode().rstrip("=")}
