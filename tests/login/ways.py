# SPDX-License-Identifier: Apache-2.0
"""The cells of the table of logins: how world and store are made for each, and what has to come of it.

A cell is a server, a way to log in, and what becomes of it. Its rule says, in this order: exit status, the line with
which the program ends (without it: it says who it is), what was written to the store, and what went over the wire.
"""

SERVERS = {"jimm 2024": "2024", "jimm 2026": "2026", "juju 2.9": "2.9.49", "juju 3.6": "3.6.14", "juju 4.0": "4.0.14"}
WAYS = ("client", "token", "device", "password", "macaroon", "discharge", "external")
FATES = ("works", "wrong", "expired", "unsupported", "cut")

ALICE, BOT, CAROL = "alice@canonical.com", "ci-bot@serviceaccount", "carol@example.com"

# Everything secret that a cell may hold: none of it may be seen anywhere but in accounts.yaml and the cookie jars.
CLIENT_SECRET, BOB_SECRET = "s3cret-of-ci-bot", "s3cret-of-bob"
ROOT_SECRET, WRONG_SECRET = "s3cret-of-root", "s3cret-wrong"
TOKEN, OLD_TOKEN, FOREIGN_TOKEN = "dG9rZW4tb2YtYWxpY2U=", "b2xkLXRva2VuLWFsaWNl", "Zm9yZWlnbi10b2tlbnM="
SECRETS = (CLIENT_SECRET, BOB_SECRET, ROOT_SECRET, WRONG_SECRET, TOKEN, OLD_TOKEN, FOREIGN_TOKEN)


class Cell:
    """One login: `entry` is the store's entry that is logged in to."""

    def __init__(self, server, way, fate):
        self.server, self.way, self.fate = server, way, fate
        self.version = SERVERS[server]
        self.jimm = server.startswith("jimm")
        self.entry = "jaas" if self.jimm else "prod-a"
        self.name = f"{server}, {way}, {fate}"

    def world(self):
        users = [{"name": ALICE, "admin": True, "token": TOKEN},
                 {"name": "bob@canonical.com", "token": OLD_TOKEN, "expires": 0}]
        service = [{"client-id": "ci-bot", "client-secret": CLIENT_SECRET}]
        device = {"after": "200s", "user": ALICE, "fails": self.fate == "wrong"}
        if self.fate == "expired":
            device |= {"after": "20m", "code-life": "5m"}
        if self.fate == "unsupported":
            device |= {"unavailable": True}
        world = {"users": users, "service-accounts": service, "device": device}
        if self.jimm:
            return world | {"era": self.version}
        return world | {"controllers": [self.controller(), {"name": "my-controller"}]}

    def controller(self):
        """A plain controller; "unsupported" is that it lets the user in no more, or has no such user."""
        lost = self.fate == "unsupported"
        bob = {"name": "bob", "password": BOB_SECRET, "access": "" if lost and self.way != "discharge" else "login"}
        gone = (self.way, self.fate) in (("password", "expired"), ("discharge", "unsupported"))
        root = {"name": "root", "password": ROOT_SECRET, "access": "superuser"}
        accounts = [{"name": CAROL}, root, *([] if gone else [bob])]
        cookie = {"wrong": "foreign-cookie", "expired": "old-cookie"}
        keep = {"password": "wrong-password" if self.fate == "wrong" else "password",
                "macaroon": cookie.get(self.fate, "cookie"), "external": cookie.get(self.fate, "cookie")}
        if self.way == "external" and lost:
            keep = {}
        return {"name": "prod-a", "agent-version": self.version, "direct": True, "accounts": accounts,
                "public-dns-name": "prod.example.com", "also-at": ["127.0.0.9:9"],
                "external-identity": self.way == "external" and not lost,
                "macaroon-life": "1ms" if (self.way, self.fate) == ("discharge", "expired") else "24h",
                "store": {"user": CAROL if self.way == "external" else "bob", "keeps": keep.get(self.way, "nothing")}}

    def server_words(self):
        """The first message of this kind is the one to cut: of the way itself, not of what leads to it."""
        if self.fate == "cut":
            first = {"device": 2, "discharge": 2}.get(self.way, 1)
            return ["--misbehave", f"break:{first if self.jimm == self.is_jaas() else 1}"]
        if self.jimm and self.fate == "unsupported" and self.way in ("client", "token"):
            return ["--misbehave", "plain-controller"]
        return []

    def words(self):
        """A person is there only for what needs one."""
        return [] if self.way in ("device", "discharge") else ["--nobody"]

    def environment(self):
        if self.way != "client":
            return {}
        secret = {"wrong": WRONG_SECRET}.get(self.fate, CLIENT_SECRET)
        return {"JUJU_CLIENT_ID": "ex-bot" if self.fate == "expired" else "ci-bot", "JUJU_CLIENT_SECRET": secret}

    def stdin(self):
        if self.way != "discharge":
            return ""
        return (WRONG_SECRET + "\n") * 3 if self.fate == "wrong" else BOB_SECRET + "\n"

    def account(self):
        """Lines for accounts.yaml in place of the server's own; None: those stay."""
        token = {"wrong": FOREIGN_TOKEN, "expired": OLD_TOKEN}.get(self.fate, TOKEN)
        if self.way == "client":
            return f"user: {BOT}"
        if self.way == "token":
            return f"user: {ALICE}\n    access-token: {token}"
        if self.way == "device":
            return f"user: {ALICE}"
        if self.way == "password" and (self.jimm or self.fate == "expired"):
            return f"user: bob\n    password: {BOB_SECRET}"
        if self.jimm:
            return f"user: {CAROL if self.way == 'external' else 'bob'}"
        return None

    def is_jaas(self):
        """What the store says of the entry."""
        return self.way in ("client", "token", "device")


def cells():
    return [Cell(server, way, fate) for server in SERVERS for way in WAYS for fate in FATES]
