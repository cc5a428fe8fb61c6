# SPDX-License-Identifier: Apache-2.0
"""A peer that does what a script tells it, byte by byte, and keeps all that it was sent: as it came over the network, and
what it could make of it."""

import base64
import hashlib
import re
import socket
import ssl
import threading

WEBSOCKET = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
TEXT, BINARY, CLOSE, PING, PONG, CONTINUATION = 1, 2, 8, 9, 10, 0
LIMIT = 60


class Gone(Exception):
    """The other side has ended the connection."""


class Connection:
    """`raw` is what came, `clear` what was in it, `texts` the messages in that; `refusal` says why TLS did not come about. With
    `server` this end is the client, and that the name of the other."""

    def __init__(self, end, context, server=None):
        self.socket, self.raw, self.clear, self.refusal, self.encrypted = end, b"", b"", None, False
        self.texts = []
        self.waiting = False  # for what the other side sends, or over
        self.socket.settimeout(LIMIT)
        self.tls, self.lock = None, threading.Lock()  # one may send while another waits for what comes
        if context:
            self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
            self.tls = context.wrap_bio(self.incoming, self.outgoing, server_side=server is None, server_hostname=server)
        self.buffer = b""

    def _flush(self):
        data = self.outgoing.read()
        if data:
            self.socket.sendall(data)

    def _fetch(self):
        self.waiting = True
        data = self.socket.recv(65536)
        self.waiting = False
        self.raw += data
        if not data:
            raise Gone
        return data

    def _do(self, action):
        """Does something with TLS until it is done."""
        while True:
            with self.lock:
                try:
                    result = action()
                    self._flush()
                    return result
                except ssl.SSLWantReadError:
                    self._flush()
            data = self._fetch()
            with self.lock:
                self.incoming.write(data)

    def handshake(self):
        """False when the other side does not want to."""
        try:
            if self.tls:
                self._do(self.tls.do_handshake)
                self.encrypted = True
            return True
        except ssl.SSLError as error:
            self.refusal = (error.reason or str(error)).lower().replace("_", " ")
            self._flush()
        except (Gone, OSError):
            self.refusal = "the connection was cut"
        return False

    def more(self):
        """Waits for bytes."""
        try:
            piece = self._do(lambda: self.tls.read(65536)) if self.tls else self._fetch()
        except (ssl.SSLError, OSError) as error:
            raise Gone from error
        if not piece:
            raise Gone
        self.clear += piece
        self.buffer += piece

    def take(self, count):
        while len(self.buffer) < count:
            self.more()
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def send(self, data):
        try:
            view = memoryview(data)
            while view:
                piece, view = view[:1 << 20], view[1 << 20:]
                if self.tls:
                    with self.lock:
                        self.tls.write(piece)
                        self._flush()
                else:
                    self.socket.sendall(piece)
        except (ssl.SSLError, OSError) as error:
            raise Gone from error

    def peek(self):
        """Returns the beginning of what comes next."""
        while not self.buffer:
            self.more()
        return self.buffer

    def head(self):
        """Returns the head of a request."""
        while b"\r\n\r\n" not in self.buffer:
            self.more()
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        return head + b"\r\n\r\n"

    def upgrade(self):
        """Takes the request for a websocket and grants it."""
        head = self.head()
        key = re.search(rb"(?i)sec-websocket-key: *(\S+)", head)[1]
        accept = base64.b64encode(hashlib.sha1(key + WEBSOCKET).digest())
        self.send(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
        return head

    def frame(self):
        """Returns (operation, what it carries) of one frame of the other side."""
        first, second = self.take(2)
        length = second & 127
        if length > 125:
            length = int.from_bytes(self.take(2 if length == 126 else 8), "big")
        mask = self.take(4)
        data = self.take(length)
        return first & 15, bytes(byte ^ mask[i % 4] for i, byte in enumerate(data))

    def message(self):
        """Returns the next text of the other side."""
        while True:
            operation, data = self.frame()
            if operation == TEXT:
                self.texts.append(data.decode())
                return self.texts[-1]
            if operation == CLOSE:
                raise Gone

    def finish(self):
        """Says that TLS is over, and leaves the connection open."""
        with self.lock:
            try:
                self.tls.unwrap()
            except ssl.SSLWantReadError:
                pass
            self._flush()

    def drain(self):
        """Takes what comes until the other side goes."""
        try:
            while True:
                self.more()
        except Gone:
            pass


def frame(data, operation=TEXT, first=0x80, mask=None):
    """One frame of a server: as it should be, unless told otherwise."""
    size = len(data)
    length = bytes([size]) if size < 126 else b"\x7e" + size.to_bytes(2, "big") if size < 65536 else \
        b"\x7f" + size.to_bytes(8, "big")
    if mask is None:
        return bytes([first | operation]) + length + data
    length = bytes([length[0] | 0x80]) + length[1:]
    return bytes([first | operation]) + length + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(data))


def closing(code, words=b""):
    return frame(code.to_bytes(2, "big") + words, CLOSE)


class Peer:
    """Listens on a port of 127.0.0.1; `script(connection)` is what it does on each connection once TLS stands."""

    def __init__(self, script, context=None):
        self.script, self.context, self.connections, self.faults = script, context, [], []
        self.threads = []
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._listen)
        self.thread.start()

    def _listen(self):
        while True:
            try:
                end, _ = self.listener.accept()
            except OSError:
                return
            connection = Connection(end, self.context)
            self.connections.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection,))
            self.threads.append(thread)
            thread.start()

    def _serve(self, connection):
        try:
            if connection.handshake():
                self.script(connection)
        except Gone:
            pass
        except Exception as error:  # pylint: disable=broad-except
            self.faults.append(repr(error))
        finally:
            connection.socket.close()
            connection.waiting = True

    def rests(self):
        """True when every connection waits for the other side."""
        return all(one.waiting for one in list(self.connections))

    def end(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()
        for connection in self.connections:
            try:
                connection.socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        for thread in self.threads:
            thread.join()
