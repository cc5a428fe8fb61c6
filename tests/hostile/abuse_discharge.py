# SPDX-License-Identifier: Apache-2.0
"""What a controller can do when it is to be logged in to with a macaroon and a password, and what a cookie jar can hold. It is
one login to an entry of the store (tests/login/login.c)."""

import base64
import json
import os

from abuse import MIB, Wire
from peer import frame
import stage

GIB = 1 << 30
SIGNATURE = base64.urlsafe_b64encode(bytes(range(32))).decode().rstrip("=")
LONG = b"a" * MIB
LOGIN = stage.BUILD / "test" / "login"


def store(place, endpoint, authority):
    block = stage.block(authority) if authority else "''\n"
    place.write("controllers.yaml", f"controllers:\n    lab:\n        uuid: {stage.UUID}\n        api-endpoints: "
                f"['{endpoint}']\n        ca-cert: {block}")
    place.write("accounts.yaml", "controllers:\n  lab:\n    user: bob\n")


def caveat(place, n=0):
    name = base64.urlsafe_b64encode(b"\x03" + str(n).encode()).decode().rstrip("=")
    return {"i64": name, "v64": SIGNATURE, "l": place}


def macaroon(caveats=()):
    return {"m": {"c": list(caveats), "l": "juju", "i64": "AwoQ", "s64": SIGNATURE}, "v": 3, "cdata": {}, "ns": "std:"}


def http(status, body, more="", kind="application/json"):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return (f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n").encode() + body


def interact(url="/auth/form"):
    return http(401, {"Code": "interaction required", "Message": "cannot discharge", "Info": {"InteractionMethods": {
        "juju_userpass": {"url": url}}}}, "WWW-Authenticate: Macaroon\r\n")


TOKEN = http(200, {"token": {"kind": "juju_userpass", "value": base64.b64encode(b"0123456789abcdef01234567").decode()}})
DONE = http(200, {"Macaroon": macaroon([])})


class Controller:
    """A controller that demands a discharge; `discharge(place, number)`, `form(number)` and `demand(place)` give what it answers,
    as bytes or pieces of them."""

    def __init__(self, discharge=None, form=None, demand=None):
        self.discharge = discharge or (lambda place, number: interact() if number == 1 else DONE)
        self.form = form or (lambda number: TOKEN)
        self.demand = demand or (lambda place: {"bakery-discharge-required": macaroon([caveat(place)])})
        self.discharges = self.forms = 0

    def __call__(self, connection):
        place = f"https://127.0.0.1:{connection.socket.getsockname()[1]}/auth"
        if connection.peek().startswith(b"POST"):
            self._post(connection, place)
            return
        connection.upgrade()
        while True:
            number = json.loads(connection.message())["request-id"]
            answer = self.demand(place)
            connection.send(frame(answer if isinstance(answer, bytes) else
                                             json.dumps({"request-id": number, "response": answer}).encode()))

    def _post(self, connection, place):
        head = connection.head()
        if b"/discharge" in head.split(b"\r\n")[0]:
            self.discharges += 1
            answer = self.discharge(place, self.discharges)
        else:
            self.forms += 1
            answer = self.form(self.forms)
        for piece in [answer] if isinstance(answer, bytes) else answer:
            connection.send(piece)
        connection.drain()


class Discharge(Wire):
    """One login to a controller, with a password that is typed as often as it is asked for."""

    def program(self, place, peer, keys):
        store(place, f"127.0.0.1:{peer.port}", keys.authority.pem)
        return {"words": ["lab"], "program": LOGIN, "stdin": b"password\n" * 10}


def refuse(connection):
    """A controller that lets nobody in."""
    connection.upgrade()
    connection.message()
    connection.send(frame(b'{"request-id":1,"error":"invalid entity name or password","error-code":"unauthorized access"}'))
    connection.drain()


class Jar(Wire):
    """The same with a cookie jar that `prepare(place)` has spoiled."""

    def __init__(self, name, prepare, **more):
        super().__init__(name, refuse, **more)
        self.prepare = prepare

    def program(self, place, peer, keys):
        store(place, f"127.0.0.1:{peer.port}", keys.authority.pem)
        self.prepare(place)
        return {"words": ["--nobody", "lab"], "program": LOGIN}


def first(answer):
    return Controller(discharge=lambda place, number: answer)


def chunks(size, count):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    return [head] + [(b"%x\r\n" % size + b" " * size + b"\r\n") * count]


def nested(depth):
    return b'{"Macaroon":' + b"[" * depth + b"]" * depth + b"}"


def discharge_rows():
    return [
        Discharge("discharge: endless body", first([b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"] + [LONG] * 8)),
        Discharge("discharge: endless chunks", first(chunks(65536, 64))),
        Discharge("discharge: endless small chunks", first(chunks(1, 500000))),
        Discharge("discharge: a length of 5 GiB", first(http(200, b"{").replace(b"Length: 1", b"Length: 5368709120")), seconds=32),
        Discharge("discharge: a length below zero", first(http(200, b"{").replace(b"Length: 1", b"Length: -1")), seconds=32),
        Discharge("discharge: two lengths", first(http(200, b"{}", "Content-Length: 1\r\n"))),
        Discharge("discharge: endless headers", first([b"HTTP/1.1 200 OK\r\n"] + [b"X-More: " + b"a" * 1000 + b"\r\n"] * 2000)),
        Discharge("discharge: redirect to itself", first(http(302, b"", "Location: /auth/discharge\r\n"))),
        Discharge("discharge: redirect elsewhere", first(http(307, b"", "Location: https://example.com/\r\n"))),
        Discharge("discharge: always asks for a proof", first(interact())),
        Discharge("discharge: 401 without a word", first(http(401, b""))),
        Discharge("discharge: no HTTP", first(bytes(range(256)) * 10), seconds=32),
        Discharge("discharge: no JSON", first(http(200, b"<html>"))),
        Discharge("discharge: 100,000 levels", first(http(200, nested(100000)))),
        Discharge("discharge: control characters", first(http(400, {"Message": "\x1b[2J\r\nERROR forged \u202e"}))),
        Discharge("discharge: a message of 200 KiB", first(http(400, {"Message": "no " * 70000}))),
        Discharge("discharge: a discharge for ever", Controller(discharge=lambda place, number: http(
            200, {"Macaroon": macaroon([caveat(place, number)])}))),
        Discharge("discharge: 101 caveats", Controller(demand=lambda place: {"bakery-discharge-required": macaroon(
            [caveat(place, n) for n in range(101)])})),
        Discharge("discharge: 9 caveats", Controller(discharge=lambda place, number: DONE, demand=lambda place: {
            "bakery-discharge-required": macaroon([caveat(place, n) for n in range(9)])})),
        Discharge("discharge: somewhere else", Controller(demand=lambda place: {"bakery-discharge-required": macaroon(
            [caveat("https://example.com/auth")])})),
        Discharge("discharge: without TLS", Controller(demand=lambda place: {"bakery-discharge-required": macaroon(
            [caveat(place.replace("https", "http"))])})),
        Discharge("discharge: a macaroon of 15 MiB", Controller(demand=lambda place: {"bakery-discharge-required": {
            **macaroon(), "x": "a" * 15 * MIB}}), peak=160),
        Discharge("discharge: a caveat of 15 MiB", Controller(demand=lambda place: {"bakery-discharge-required": macaroon(
            [{"i": "a" * 15 * MIB}])}), peak=160),
        Discharge("discharge: demanded again", Controller()),
        Discharge("discharge: the password is never right", Controller(form=lambda number: http(500, {"Message": "no"}))),
        Discharge("discharge: the form is elsewhere", first(interact("https://a.b/form"))),
        Discharge("discharge: a token of 200 KiB", Controller(form=lambda number: http(200, {"token": {
            "kind": "juju_userpass", "value": "YWFh" * 50000}}))),
        Discharge("discharge: silence", first([]), seconds=32),
    ]


def with_jar(data):
    return lambda place: place.write("cookies/lab.json", data)


def cookie(n=0, value="W10="):
    when = "2026-08-22T09:00:00Z"
    return {"Name": f"macaroon-{n}", "Value": value, "Domain": stage.UUID, "Path": "/", "Persistent": True, "HostOnly": True,
            "Secure": False, "HttpOnly": False, "Expires": "2126-08-23T09:00:00Z", "Creation": when, "LastAccess": when,
            "Updated": when, "CanonicalHost": stage.UUID}


def cookie_rows():
    def cut(size, data=b"[]"):
        def prepare(place):
            os.truncate(with_jar(data)(place), size)
        return prepare

    def instead(make):
        def prepare(place):
            path = with_jar("")(place)
            path.unlink()
            make(path)
        return prepare

    return [
        Jar("cookies: 64 GiB", cut(64 * GIB)),
        Jar("cookies: a byte over 8 MiB", cut(8 * MIB + 1)),
        Jar("cookies: 8 MiB of zeros", cut(8 * MIB), peak=20),
        Jar("cookies: 8 MiB of spaces", with_jar(b"[" + b" " * (8 * MIB - 2) + b"]"), peak=20),
        Jar("cookies: 1,000,000 levels", with_jar(b"[" * 1000000)),
        Jar("cookies: 2,700,000 empty objects", with_jar(b"[" + b"{}," * 2700000 + b"{}]"), peak=192),
        Jar("cookies: 4,000,000 numbers", with_jar(b"[" + b"1," * 4000000 + b"1]"), peak=192),
        Jar("cookies: 4,097 cookies", with_jar(json.dumps([cookie(n) for n in range(4097)])), peak=32),
        Jar("cookies: 4,096 cookies", with_jar(json.dumps([cookie(n) for n in range(4096)])), peak=32),
        Jar("cookies: a value of 257 KiB", with_jar(json.dumps([cookie(0, "A" * 257 * 1024)]))),
        Jar("cookies: no base64", with_jar(json.dumps([cookie(0, "\u202e\x1b[2J")]))),
        Jar("cookies: a value that is a bomb", with_jar(json.dumps([cookie(0, base64.b64encode(
            b"[" * 150000).decode())]))),
        Jar("cookies: a map", with_jar(b'{"a":1}')),
        Jar("cookies: wrong types", with_jar(b'[1,null,"a",[],{"Name":1,"Value":{},"Domain":[]}]')),
        Jar("cookies: invalid UTF-8", with_jar(b'[{"Name":"\xff"}]')),
        Jar("cookies: a directory", instead(os.mkdir)),
        Jar("cookies: a pipe that nobody writes to", instead(os.mkfifo)),
        Jar("cookies: /dev/zero", instead(lambda path: os.symlink("/dev/zero", path))),
    ]


def rows():
    return [*discharge_rows(), *cookie_rows()]
