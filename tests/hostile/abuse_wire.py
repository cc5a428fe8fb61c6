# SPDX-License-Identifier: Apache-2.0
"""What a peer can do wrong before and at the first message: HTTP, websockets, JSON. Each row is a script for the peer."""

import itertools

from abuse import MIB, Wire
from peer import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, Gone, closing, frame

MESSAGE_MAX = 16 * MIB


def answers(*data):
    """A peer that grants the websocket and answers the first message with these bytes."""
    def script(connection):
        connection.upgrade()
        connection.message()
        for piece in data:
            connection.send(piece() if callable(piece) else piece)
        connection.drain()
    return script


def says(*data):
    """A peer that answers the request for a websocket with these bytes."""
    def script(connection):
        connection.head()
        for piece in data:
            connection.send(piece)
        connection.drain()
    return script


def text(body):
    """The same with one message: a text, or a function that makes it, so that not all that is large is there at once."""
    def make():
        whole = body() if callable(body) else body
        return frame(whole.encode() if isinstance(whole, str) else whole)
    return answers(make)


def reply(rest):
    return text(lambda: '{"request-id":1,' + (rest() if callable(rest) else rest) + "}")


def nested(depth):
    return '{"request-id":1,"response":{"x":' + "[" * depth + "]" * depth + "}}"


def many(one, count):
    return '{"request-id":1,"response":{"x":[' + ",".join([one] * count) + "]}}"


def members(count):
    return '{"request-id":1' + "".join(f',"{i}":1' for i in range(count)) + "}"


def endless(piece):
    while True:
        yield piece


class Drip:
    """A peer that sends one of `pieces` each simulated second, after `first`."""

    def __init__(self, first, pieces):
        self.first, self.pieces, self.connection = first, pieces, None

    def __call__(self, connection):
        self.first(connection)
        self.connection = connection
        connection.drain()

    def step(self):
        if self.connection is None:
            return True
        piece = next(self.pieces, None)
        if piece is not None:
            try:
                self.connection.send(piece)
            except Gone:
                pass
        return True


def granted(connection):
    connection.upgrade()
    connection.message()


def dripped(data):
    return (data[i:i + 1] for i in range(len(data)))


def http_rows():
    ok = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    return [
        Wire("HTTP: endless headers", says(*[b"X-More: " + b"a" * 1000 + b"\r\n"] * 2000)),
        Wire("HTTP: one endless header", says(b"HTTP/1.1 101 Switching Protocols\r\nX: ", *[b"a" * MIB] * 8)),
        Wire("HTTP: a million small headers", says(b"HTTP/1.1 101 Switching Protocols\r\n", b"A: b\r\n" * 1000000)),
        Wire("HTTP: wrong accept", says(ok.encode() + b"Sec-WebSocket-Accept: bm90aGluZw==\r\n\r\n")),
        Wire("HTTP: no accept", says(ok.encode() + b"\r\n")),
        Wire("HTTP: no upgrade", says(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")),
        Wire("HTTP: redirect to itself", says(b"HTTP/1.1 302 Found\r\nLocation: /api\r\nContent-Length: 0\r\n\r\n")),
        Wire("HTTP: redirect elsewhere", says(b"HTTP/1.1 307 No\r\nLocation: https://example.com/\r\nContent-Length: 0\r\n\r\n")),
        Wire("HTTP: 401 again and again", says(b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\n"
                                              b"Content-Length: 0\r\n\r\n")),
        Wire("HTTP: 200 with an endless body", says(b"HTTP/1.1 200 OK\r\n\r\n", *[b"a" * MIB] * 64)),
        Wire("HTTP: 500 with a huge chunk", says(b"HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
                                                b"a" * MIB)),
        Wire("HTTP: continue for ever", says(b"HTTP/1.1 100 Continue\r\n\r\n" * 100000)),
        Wire("HTTP: garbage", says(bytes(range(256)) * 64)),
        Wire("HTTP: nothing but line ends", says(b"\r\n" * 1000000)),
        Wire("HTTP: control characters", says(b"HTTP/1.1 200 \x1b[31m\x07OK\r\n\r\n")),
        Wire("HTTP: a byte a second", Drip(lambda connection: connection.head(), dripped(ok.encode() * 3)), seconds=11),
        Wire("HTTP: silence", Drip(lambda connection: connection.head(), iter(())), seconds=11),
    ]


def websocket_rows():
    part = frame(b"a" * 65000, TEXT, first=0)
    more = frame(b"a" * 65000, CONTINUATION, first=0)
    return [
        Wire("frame: endless fragments", answers(part, *[more] * 400), peak=96),
        Wire("frame: endless empty fragments", answers(frame(b"", TEXT, first=0), *[frame(b"", CONTINUATION, first=0) * 1000] * 200), seconds=31),
        Wire("frame: a fragment a second", Drip(granted, itertools.chain([part], endless(more))), seconds=31),
        Wire("frame: a byte a second", Drip(granted, dripped(frame(b'{"request-id":1,"response":{' + b" " * 500))),
            seconds=31),
        Wire("frame: length of a message over 16 MiB", answers(b"\x81\x7f" + (17 * MIB).to_bytes(8, "big"), *[b" " * MIB] * 17), peak=96),
        Wire("frame: length of 2^63", answers(b"\x81\x7f" + (1 << 63).to_bytes(8, "big") + b"{}")),
        Wire("frame: length of 2^62", answers(b"\x81\x7f" + (1 << 62).to_bytes(8, "big"), *[b" " * MIB] * 17), peak=96),
        Wire("frame: binary", answers(frame(b"{}", BINARY))),
        Wire("frame: unknown operation 3", answers(frame(b"{}", 3))),
        Wire("frame: unknown control 11", answers(frame(b"{}", 11))),
        # Newer versions of libwebsockets drop such a frame.
        Wire("frame: masked by the server", answers(frame(b'{"request-id":1}', mask=b"mask")), seconds=31),
        Wire("frame: masked with zeros", answers(frame(b'{"request-id":1,"error":"masked"}', mask=bytes(4))), seconds=31),
        Wire("frame: RSV1", answers(frame(b"{}", first=0xc0))),
        Wire("frame: RSV2 and RSV3", answers(frame(b"{}", first=0xb0))),
        Wire("frame: continuation first", answers(frame(b"{}", CONTINUATION))),
        Wire("frame: text inside of a text", answers(part, frame(b"{}"))),
        Wire("frame: fragmented ping", answers(frame(b"a", PING, first=0), frame(b"b", CONTINUATION))),
        Wire("frame: ping of 126 bytes", answers(frame(b"a" * 126, PING))),
        Wire("frame: ping of 16 MiB", answers(frame(b"a" * MESSAGE_MAX, PING))),
        Wire("frame: close without a code", answers(frame(b"", CLOSE))),
        Wire("frame: close with half a code", answers(frame(b"\x03", CLOSE))),
        Wire("frame: close with code 0", answers(closing(0))),
        Wire("frame: close with control characters", answers(closing(1000, b"\x1b[2J\r\nERROR forged\xff"))),
        Wire("frame: close with 10,000 bytes", answers(closing(1000, b"a" * 10000))),
        Wire("frame: text after the close", answers(closing(1000, b"bye") + frame(b'{"request-id":1,"response":{}}'))),
        Wire("frame: cut off in the middle", lambda connection: (granted(connection), connection.send(frame(b"{" * 500)[:200]))),
        Wire("frame: TLS is ended in the middle", lambda connection: (granted(connection), connection.finish(), connection.drain())),
        Wire("frame: pings for ever", Drip(granted, endless(frame(b"ping", PING) * 2000)), seconds=31),
        Wire("frame: pongs for ever", Drip(granted, endless(frame(b"pong", PONG) * 2000)), seconds=31),
        Wire("frame: messages for ever", Drip(granted, endless(frame(b"{}") * 10000)), seconds=31),
        Wire("frame: messages of 1 MiB for ever", Drip(granted, endless(frame(b'{"a":"' + b"a" * MIB + b'"}'))),
            seconds=31, peak=96),
        Wire("frame: silence", Drip(granted, iter(())), seconds=31),
    ]


def json_rows():
    return [
        Wire("JSON: 100,000 levels", text(lambda: nested(100000))),
        Wire("JSON: 65 levels", text(lambda: nested(63))),
        Wire("JSON: 64 levels", text(lambda: nested(61))),
        Wire("JSON: 112,000 empty objects", text(lambda: many("{}", 112000)), peak=160),
        Wire("JSON: 113,000 empty objects", text(lambda: many("{}", 113000))),
        Wire("JSON: 315,000 empty lists", text(lambda: many("[]", 315000)), peak=160),
        Wire("JSON: 320,000 empty lists", text(lambda: many("[]", 320000))),
        Wire("JSON: 1,020,000 numbers", text(lambda: many("1", 1020000)), peak=160),
        Wire("JSON: 1,040,000 numbers", text(lambda: many("1", 1040000))),
        Wire("JSON: 1,000,000 short texts", text(lambda: many('""', 1000000)), peak=160),
        Wire("JSON: 90,000 objects of two texts", text(lambda: many('{"a":"bbbbbbbbbbbbbbbbbbbb","c":""}', 90000)), peak=160),
        Wire("JSON: 390,000 members", text(lambda: members(390000)), peak=160),
        Wire("JSON: 400,000 members", text(lambda: members(400000)), peak=32),
        Wire("JSON: 16 MiB of brackets", text(lambda: "[" * MESSAGE_MAX), peak=96),
        Wire("JSON: 16 MiB of spaces", text(lambda: " " * MESSAGE_MAX), peak=96),
        Wire("JSON: 16 MiB of an error", reply(lambda: '"error":"' + "a" * (MESSAGE_MAX - 100) + '"'), peak=128),
        Wire("JSON: 16 MiB of a key", reply(lambda: '"' + "a" * (MESSAGE_MAX - 100) + '":1'), peak=128),
        Wire("JSON: 16 MiB of a number", reply(lambda: '"response":' + "9" * (MESSAGE_MAX - 100)), peak=128),
        Wire("JSON: 16 MiB of escapes", reply(lambda: '"error":"' + "\\u0041" * ((MESSAGE_MAX - 100) // 6) + '"'), peak=128),
        Wire("JSON: one byte over 16 MiB", text(lambda: " " * (MESSAGE_MAX + 1)), peak=96),
        Wire("JSON: the same key 500,000 times", text(lambda: '{"request-id":1' + ',"a":1' * 499000 + "}"), peak=128),
        Wire("JSON: numbers out of range", reply(lambda: '"response":{"a":1e999999,"b":-1e-999999,"c":' + "9" * 400 + "}")),
        Wire("JSON: request-id out of range", text('{"request-id":99999999999999999999,"response":{}}'), seconds=31),
        Wire("JSON: request-id as text", text('{"request-id":"1","response":{}}'), seconds=31),
        Wire("JSON: error and response, twice", reply('"error":"first","response":{},"error":"second"')),
        Wire("JSON: invalid UTF-8", text(b'{"request-id":1,"error":"\xff\xfe"}')),
        Wire("JSON: overlong UTF-8", text(b'{"request-id":1,"error":"\xc0\xae"}')),
        Wire("JSON: half a surrogate", reply('"error":"\\ud800"')),
        Wire("JSON: NUL in a text", reply('"error":"a\\u0000b"')),
        Wire("JSON: control characters", reply('"error":"\\u001b[2J\\r\\nERROR forged \\u202e","error-code":"\\u0007"')),
        Wire("JSON: NaN and Infinity", reply('"response":{"a":NaN,"b":Infinity}')),
        Wire("JSON: comments and single quotes", text("{'request-id':1,/* */'response':{}}")),
        Wire("JSON: two values", reply('"response":{}}{"request-id":1')),
        Wire("JSON: empty", text("")),
        Wire("JSON: null", text("null")),
        Wire("JSON: a list", text("[1,2]")),
        Wire("JSON: response is a list", reply('"response":[]')),
        Wire("JSON: response is a number", reply('"response":7')),
        Wire("JSON: nothing but an id", reply('"x":1')),
        Wire("JSON: wrong types in the login", reply('"response":{"controller-tag":1,"facades":"x","user-info":[],"servers":{}}')),
        Wire("JSON: facades with wrong types", reply('"response":{"facades":[1,null,{"name":[],"versions":{}}]}')),
        Wire("JSON: 100,000 facades", reply(lambda: '"response":{"facades":[' + '{"name":"a","versions":[1]},' * 99999 +
                                           '{"name":"JIMM","versions":[4]}]}'), peak=128),
        Wire("JSON: a tag of 1 MiB", reply(lambda: '"response":{"controller-tag":"controller-' + "a" * MIB +
                                          '","facades":[{"name":"JIMM","versions":[4]}]}')),
    ]


class Proxied(Wire):
    """The peer is a proxy on the way to a controller that there is not."""

    encrypted = False

    def program(self, place, peer, keys):
        place.store("192.0.2.1:17070", keys.authority.pem)
        return {"environment": {"https_proxy": f"http://user:secret@127.0.0.1:{peer.port}"}}


def proxy_rows():
    ok = b"HTTP/1.1 200 Connection established\r\n\r\n"
    return [
        Proxied("proxy: endless headers", says(b"HTTP/1.1 200 OK\r\n", *[b"X-More: " + b"a" * 1000 + b"\r\n"] * 2000)),
        Proxied("proxy: one endless header", says(b"HTTP/1.1 200 OK\r\nX: ", *[b"a" * MIB] * 64)),
        Proxied("proxy: an endless first line", says(b"HTTP/1.1 2", *[b"0" * MIB] * 64)),
        Proxied("proxy: an endless body", says(b"HTTP/1.1 502 No\r\n\r\n", *[b"a" * MIB] * 64)),
        Proxied("proxy: continue for ever", says(b"HTTP/1.1 100 Continue\r\n\r\n" * 100000)),
        Proxied("proxy: control characters", says(b"HTTP/1.1 403 \x1b[31m\x07No\r\n\r\n")),
        Proxied("proxy: a header a second, for ever",
                Drip(lambda connection: (connection.head(), connection.send(b"HTTP/1.1 200 OK\r\n")), endless(b"X-More: a\r\n"))),
        Proxied("proxy: 407", says(b"HTTP/1.1 407 Who\r\nContent-Length: 0\r\n\r\n")),
        Proxied("proxy: 302", says(b"HTTP/1.1 302 There\r\nLocation: http://example.com/\r\n\r\n")),
        Proxied("proxy: garbage", says(bytes(range(256)) * 64)),
        Proxied("proxy: no TLS behind it", says(ok + b"SSH-2.0-OpenSSH_9.2\r\n" * 1000)),
        Proxied("proxy: silence", Drip(lambda connection: connection.head(), iter(())), seconds=11),
        Proxied("proxy: a byte a second", Drip(lambda connection: connection.head(), dripped(ok)), seconds=11),
        Proxied("proxy: silence behind it", Drip(lambda connection: (connection.head(), connection.send(ok)), iter(())),
                seconds=11),
    ]


def rows():
    return [*http_rows(), *proxy_rows(), *websocket_rows(), *json_rows()]
