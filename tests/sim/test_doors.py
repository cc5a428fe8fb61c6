#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The doors of simulated controllers over real sockets, dialled by a peer that shares no code with them."""

import base64
import json
import shutil
import socket
import ssl
import sys
import unittest
import urllib.parse

sys.dont_write_bytecode = True
from peer import Server, WebSocket, bind, connect, decode, https, post  # noqa: E402

ACCOUNTS = [{"name": "admin", "password": "admin-secret", "access": "superuser"},
            {"name": "bob", "password": "bob-secret"}, {"name": "carol@example.com"}]
WORLD = {"controllers": [
    {"name": "prod-a", "agent-version": "3.6.14", "direct": True, "accounts": ACCOUNTS},
    {"name": "my-controller", "agent-version": "4.0.14", "direct": True, "accounts": ACCOUNTS,
     "store": {"user": "carol@example.com", "keeps": "cookie"}},
    {"name": "dead", "direct": True, "reach": "down"},
    {"name": "mute", "direct": True, "dead": "silent-tls", "store": {"keeps": "no-entry"}}]}
SECRETS = ["admin-secret", "bob-secret", "bob-wrong"]


def login(tag, credentials="", macaroons=None):
    return {"auth-tag": tag, "credentials": credentials, "nonce": "", "macaroons": macaroons, "bakery-version": 3,
            "cli-args": "juju jaas-migrate", "user-data": "", "client-version": "3.6.14"}


class Doors(unittest.TestCase):
    def setUp(self):
        self.server = Server(WORLD)
        self.secrets = list(SECRETS)
        self.addCleanup(shutil.rmtree, self.server.directory)
        self.addCleanup(self.end)

    def end(self):
        self.assertEqual(self.server.end(), 0)
        wire = self.server.wire()
        for secret in self.secrets:
            self.assertNotIn(secret, wire)

    def dial(self, name, path="/api"):
        connection = WebSocket(self.server.ports[name], self.server.authority(name), path)
        self.addCleanup(connection.close)
        return connection

    def test_certificates_of_a_controller(self):
        port, authority = self.server.ports["prod-a"], self.server.authority("prod-a")
        for name in ("juju-apiserver", "localhost", "juju-mongodb", "anything"):
            connect(port, authority, name).close()
        for name in ("jimm.example.com", "prod-a"):
            with self.assertRaises(ssl.SSLCertVerificationError):
                connect(port, authority, name)
        unnamed = connect(port, authority, None)
        self.assertEqual(unnamed.getpeercert()["subjectAltName"], (("IP Address", "127.0.0.1"),))
        unnamed.close()
        for other in ("my-controller", "jaas"):
            with self.assertRaises(ssl.SSLCertVerificationError):
                connect(port, self.server.authority(other))

    def test_password(self):
        connection = self.dial("prod-a")
        refused = connection.ask("Admin", 3, "Login", login("user-bob", "bob-wrong"))
        self.assertEqual(refused["error"], "invalid entity name or password")
        answer = connection.ask("Admin", 3, "Login", login("user-bob", "bob-secret"))["response"]
        self.assertEqual(answer["user-info"]["identity"], "user-bob")
        self.assertEqual(answer["servers"][0][0]["port"], self.server.ports["prod-a"])
        models = connection.ask("ModelManager", 10, "ListModels", {"tag": "user-bob"})
        self.assertEqual(models["response"], {"user-models": None})

    def discharge(self, connection, demand, password):
        """Returns the set of macaroons, or what was answered to the password."""
        payload = demand["cdata"]["AwA"]
        form = {"id64": "AwA", "caveat64": payload}
        status, answer = post(connection, "/auth/discharge", urllib.parse.urlencode(form), bakery=None)
        self.assertEqual(status, 407)
        status, answer = post(connection, "/auth/discharge", urllib.parse.urlencode(form))
        self.assertEqual((status, answer["Code"]), (401, "interaction required"))
        url = answer["Info"]["InteractionMethods"]["juju_userpass"]["url"]
        body = json.dumps({"form": {"user": "bob", "password": password}})
        status, answer = post(connection, url, body, "application/json")
        if status != 200:
            return status, answer
        token = base64.b64decode(answer["token"]["value"]).decode()
        form |= {"token": token, "token-kind": "juju_userpass"}
        status, answer = post(connection, "/auth/discharge", urllib.parse.urlencode(form))
        self.assertEqual(status, 200)
        self.assertEqual(post(connection, "/auth/discharge", urllib.parse.urlencode(form))[0], 500)
        bound = bind(demand["m"], answer["Macaroon"]["m"])
        self.secrets += [token, answer["Macaroon"]["m"]["s64"], bound["s64"], demand["m"]["s64"], payload]
        return [demand["m"], bound]

    def test_discharge(self):
        port = self.server.ports["prod-a"]
        connection = self.dial("prod-a")
        demand = connection.ask("Admin", 3, "Login", login("user-bob"))["response"]["bakery-discharge-required"]
        self.assertEqual(demand["m"]["c"][1]["l"], f"https://127.0.0.1:{port}/auth")
        web = https(port, self.server.authority("prod-a"))
        self.addCleanup(web.close)
        refused = (500, {"Message": "invalid entity name or password"})
        self.assertEqual(self.discharge(web, demand, "bob-wrong"), refused)
        proved = self.discharge(web, demand, "bob-secret")
        answer = connection.ask("Admin", 3, "Login", login("user-bob", "", [proved]))
        self.assertEqual(answer["response"]["user-info"]["identity"], "user-bob")
        self.assertEqual(len(decode(proved[1]["s64"])), 32)

    def test_cookie_of_the_store(self):
        directory = self.server.directory / "juju" / "cookies"
        self.assertEqual([path.name for path in directory.iterdir()], ["my-controller.json"])
        (cookie,) = json.loads((directory / "my-controller.json").read_text(encoding="utf-8"))
        proved = json.loads(base64.b64decode(cookie["Value"]))
        self.assertEqual(cookie["Name"], "macaroon-" + decode(proved[0]["s64"]).hex())
        self.secrets += [proved[0]["s64"], proved[1]["s64"], cookie["Value"]]
        connection = self.dial("my-controller")
        answer = connection.ask("Admin", 3, "Login", login("", "", [proved]))["response"]
        self.assertEqual(answer["user-info"]["identity"], "user-carol@example.com")
        other = self.dial("prod-a").ask("Admin", 3, "Login", login("", "", [proved]))
        self.assertEqual(other["error-code"], "unauthorized access")

    def test_health_and_strange_pages(self):
        for path, status, body in (("/health", 200, b"running\n"), ("/nothing", 404, None)):
            web = https(self.server.ports["prod-a"], self.server.authority("prod-a"))
            web.request("GET", path, headers={"Connection": "close"})
            answer = web.getresponse()
            self.assertEqual(answer.status, status)
            self.assertIn(body, (answer.read(), None))
            web.close()

    def test_one_that_is_down_and_one_that_is_mute(self):
        with self.assertRaises(OSError):
            connect(self.server.ports["dead"], self.server.authority("dead"))
        mute = socket.create_connection(("127.0.0.1", self.server.ports["mute"]))
        mute.sendall(b"\x16\x03\x01")
        mute.settimeout(0.2)
        with self.assertRaises(TimeoutError):
            mute.recv(1)
        mute.close()

    def test_the_store_names_all_that_can_be_dialled(self):
        text = (self.server.directory / "juju" / "accounts.yaml").read_text(encoding="utf-8")
        admin = "  prod-a:\n    user: admin\n    password: admin-secret\n    last-known-access: superuser\n"
        self.assertIn(admin, text)
        self.assertIn("  my-controller:\n    user: carol@example.com\n    last-known-access: login\n", text)
        self.assertNotIn("mute", text)


if __name__ == "__main__":
    unittest.main()
