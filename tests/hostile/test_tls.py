#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""TLS by the book: whom the program trusts and whom it refuses, over real sockets, with what it says; and that a peer that
it refuses has not been sent a byte of what is secret. The last line counts the rows; -v prints the table.

The peer keeps every byte that it gets. A row is right only if the message, the exit status, the number of connections and
what was sent are: a peer that is trusted gets the session token, one that is not gets nothing but an alert.
"""

import argparse
import os
import pathlib
import shutil
import ssl
import sys
import tempfile
import warnings

sys.dont_write_bytecode = True
from peer import Peer, closing  # noqa: E402
from pki import CA, LEAF, Certificate, Pki, names  # noqa: E402
import stage  # noqa: E402

JUJU = names("DNS:juju-apiserver", "DNS:anything")
PUBLIC = names("DNS:jimm.example.com")
HERE = names("DNS:localhost", "IP:127.0.0.1")
TRUSTED = ("ERROR connection to jaas lost: {ENDPOINT} closed the connection (1000: seen)")
UNKNOWN_PINNED = (
    "ERROR cannot trust {ENDPOINT}: certificate signed by unknown authority, not by the store's CA; if it is a new one, \"juju unregister\" it and add it again")
UNKNOWN = ("ERROR cannot trust {ENDPOINT}: certificate signed by unknown authority; add the authority to this system's "
           "certificates, or name its file in SSL_CERT_FILE")
WRONG_NAME = ("ERROR cannot trust {ENDPOINT}: certificate is not valid for the name \"{NAME}\"; check that the address "
              "belongs to this controller")
EXPIRED = ("ERROR cannot trust {ENDPOINT}: certificate has expired; check this machine's clock, or have the server's "
           "certificate renewed")
NOT_YET = "ERROR cannot trust {ENDPOINT}: certificate is not valid yet; check this machine's clock"


def refused(why):
    return "ERROR cannot trust {ENDPOINT}: certificate refused: " + why


def weak(why):
    return f"ERROR cannot trust {{ENDPOINT}}: certificate is too weak ({why}); have it renewed with a longer key and SHA-256"


def no_tls(why):
    return "ERROR cannot set up TLS with {ENDPOINT}: " + why


class World:
    """Authorities, and what they have signed."""

    def __init__(self, folder):
        self.pki = pki = Pki(folder)
        self.ours = pki.make("our authority", CA)
        self.other = pki.make("another authority", CA)
        self.system = pki.make("public authority", CA)
        self.middle = pki.make("middle", CA, self.ours)
        self.old_middle = pki.make("old middle", CA, self.ours, end="20210101")
        self.no_authority = pki.make("no authority", "basicConstraints=critical,CA:FALSE\n")
        self.signs_nothing = pki.make("signs nothing", "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,cRLSign\n")
        self.limited = pki.make("limited", CA + "nameConstraints=critical,permitted;DNS:example.org\n", self.ours)
        self.no_middle = pki.make("no middle", CA.replace("CA:TRUE", "CA:TRUE,pathlen:0"), self.ours)
        self.below = pki.make("below", CA, self.no_middle)
        self.weak_middle = pki.make("weak middle", CA, self.ours, key="rsa1024")
        self.rsa = pki.make("RSA authority", CA, key="rsa2048")
        self.nothing = Certificate("no certificate\n", None)
        self.many = Certificate(self.ours.pem * 10000, None)
        self.good = self.leaf()
        self.public = self.leaf(self.system, PUBLIC)

    def leaf(self, issuer=None, more=JUJU, extensions=LEAF, **how):
        return self.pki.make("a server", extensions + more, issuer or self.ours, **how)


class Row:
    """`shows` is the chain that the peer has; `ca`, `public` and `system` are what the client is told to trust."""

    def __init__(self, name, shows, says=TRUSTED, *, ca="ours", public="", system=None, host="127.0.0.1", wanted="",
                 versions=None, ciphers="ALL", tries=1, tls=True):
        self.name, self.shows, self.says = name, shows, says.replace("{NAME}", wanted)
        self.ca, self.public, self.system, self.host = ca, public, system, host
        self.asked = []  # the name that each connection asks for
        self.versions, self.ciphers, self.tries, self.tls = versions, ciphers, tries, tls

    def names(self):
        """The name that each connection has to ask for; an address is not asked for."""
        public = self.public.split(":")[0]
        name = public or (self.host if not self.host[0].isdigit() else None)
        return ((["juju-apiserver"] if self.ca else [name]) + [public] * (self.tries - 1))[:self.tries]

    def is_trusted(self):
        return self.says == TRUSTED


def rows(world):
    """The whole table."""
    leaf, make = world.leaf, world.pki.make
    system = world.system
    to_system = {"ca": "", "system": system}
    old, newer, new = ((version, version) for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1,
                                                         ssl.TLSVersion.TLSv1_2))
    self_signed = make("itself", LEAF + JUJU)
    return [
        # Those that are right: with them it is seen that the others are refused for what is wrong with them.
        Row("good, TLS 1.3", [world.good]),
        Row("good, TLS 1.2", [world.good], versions=new),
        Row("good, through an intermediate", [leaf(world.middle), world.middle]),
        Row("good, RSA 2048", [leaf(key="rsa2048")]),
        Row("the store pins an intermediate", [leaf(world.middle), world.middle], ca="middle"),
        Row("pinned, the address is a name", [world.good], host="localhost"),
        Row("system, name of the address", [leaf(system, HERE)], host="localhost", **to_system),
        Row("system, address in the certificate", [leaf(system, HERE)], **to_system),
        Row("system, public name", [world.public], public="jimm.example.com", **to_system),
        Row("system, public name with a port", [world.public], public="jimm.example.com:443", **to_system),
        Row("system, one level of a wildcard", [leaf(system, names("DNS:*.example.com"))], public="jimm.example.com",
            **to_system),
        Row("pinned CA fails, public name does", [world.public], public="jimm.example.com", system=system, tries=2),
        # Time.
        Row("expired", [leaf(end="20210101")], EXPIRED),
        Row("not yet valid", [leaf(start="20480101")], NOT_YET),
        Row("expired intermediate", [leaf(world.old_middle), world.old_middle], EXPIRED),
        # Names.
        Row("wrong name", [leaf(more=names("DNS:other.example"))], WRONG_NAME, wanted="juju-apiserver"),
        Row("name only in the subject", [make("juju-apiserver", LEAF, world.ours)], WRONG_NAME, wanted="juju-apiserver"),
        Row("pinned, only its address is certified", [leaf(more=HERE)], WRONG_NAME, wanted="juju-apiserver"),
        Row("pinned, only its public name is certified", [leaf(more=PUBLIC)], WRONG_NAME, public="jimm.example.com",
            system=system, wanted="juju-apiserver", tries=2),
        Row("system, wrong name", [world.public], WRONG_NAME, host="localhost", wanted="localhost", **to_system),
        Row("system, wrong address", [leaf(system, names("IP:127.0.0.2", "DNS:localhost"))], WRONG_NAME,
            wanted="127.0.0.1", **to_system),
        Row("system, another public name", [world.public], WRONG_NAME, public="jaas.example.com",
            wanted="jaas.example.com", **to_system),
        Row("system, a part of a wildcard", [leaf(system, names("DNS:j*.example.com"))], WRONG_NAME,
            public="jimm.example.com", wanted="jimm.example.com", **to_system),
        Row("system, two levels of a wildcard", [leaf(system, names("DNS:*.com"))], WRONG_NAME,
            public="jimm.example.com", wanted="jimm.example.com", **to_system),
        Row("outside the authority's names", [leaf(world.limited), world.limited], refused("permitted subtree violation")),
        # Authorities.
        Row("unknown authority", [leaf(world.other)], UNKNOWN_PINNED),
        Row("unknown authority that is sent along", [leaf(world.other), world.other], UNKNOWN_PINNED),
        Row("authority of the same name", [leaf(make("our authority", CA, key="rsa2048")), ], UNKNOWN_PINNED),
        Row("self-signed", [self_signed], UNKNOWN_PINNED),
        Row("missing intermediate", [leaf(world.middle)], UNKNOWN_PINNED),
        Row("pinned authority without the CA flag", [leaf(world.no_authority)], refused("invalid CA certificate"),
            ca="no_authority"),
        Row("pinned authority that may not sign", [leaf(world.signs_nothing)],
            refused("invalid CA certificate"), ca="signs_nothing"),
        Row("a server's certificate as authority", [leaf(world.good), world.good], UNKNOWN_PINNED),
        Row("too long a path", [leaf(world.below), world.below, world.no_middle], refused("path length constraint exceeded")),
        Row("for clients only", [leaf(extensions=LEAF.replace("serverAuth", "clientAuth"))],
            refused("unsuitable certificate purpose")),
        # Strength.
        Row("RSA 1024", [leaf(key="rsa1024")], weak("EE certificate key too weak")),
        Row("authority with RSA 1024", [leaf(world.weak_middle), world.weak_middle], weak("CA certificate key too weak")),
        Row("SHA-1", [leaf(digest="sha1")], weak("CA signature digest algorithm too weak")),
        Row("MD5", [leaf(world.rsa, digest="md5")], weak("CA signature digest algorithm too weak"), ca="rsa"),
        Row("TLS 1.0 only", [world.good], no_tls("it does not speak TLS 1.2 or newer"), versions=old),
        Row("TLS 1.1 only", [world.good], no_tls("it does not speak TLS 1.2 or newer"), versions=newer),
        Row("no certificate at all", [world.good], no_tls("sslv3 alert handshake failure"), ciphers="aNULL", versions=new),
        Row("no encryption", [world.good], no_tls("sslv3 alert handshake failure"), ciphers="eNULL", versions=new),
        # The system, where the store has its own authority, and the other way round.
        Row("system's, the store pins, no public name", [leaf(system)], UNKNOWN_PINNED, system=system),
        Row("system's with a public name, no public name", [world.public], UNKNOWN_PINNED, system=system),
        Row("system's, another public name", [world.public], UNKNOWN_PINNED, public="jaas.example.com", system=system,
            tries=2),
        Row("system's is expired, public name", [leaf(system, PUBLIC, end="20210101")], UNKNOWN_PINNED,
            public="jimm.example.com", system=system, tries=2),
        Row("pinned is expired, public name", [leaf(end="20210101")], EXPIRED, public="jimm.example.com", system=system,
            tries=2),
        Row("the store's, the system is asked", [leaf(more=HERE)], UNKNOWN, ca="", system=system),
        Row("the system has no authorities", [leaf(system, HERE)], UNKNOWN, ca="", system=False),
        Row("the system's file has 64 GiB", [leaf(system, HERE)], UNKNOWN, ca="", system=64 << 30),
        Row("the store has no certificate", [world.good], "ERROR cannot use the CA certificate of the client store: there is no "
            "certificate in it", ca="nothing", tries=0),
        Row("the store has 10,000 certificates", [leaf(world.other)], UNKNOWN_PINNED, ca="many"),
        # No TLS at all.
        Row("no TLS, a web site", [], no_tls("what answers there does not speak TLS"), tls=b"HTTP/1.1 400 Bad Request\r\n\r\n"),
        Row("no TLS, an alert", [], no_tls("sslv3 alert handshake failure"), tls=b"\x15\x03\x03\x00\x02\x02\x28"),
        Row("no TLS, garbage", [], no_tls("what answers there does not speak TLS"), tls=bytes(range(128, 256))),
    ]


def context_of(world, row):
    """The peer shows all that it is told to, however weak."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers(row.ciphers + ":@SECLEVEL=0")
    if row.versions:
        with warnings.catch_warnings():  # that one does not want them
            warnings.simplefilter("ignore")
            context.minimum_version, context.maximum_version = row.versions
    context.load_cert_chain(world.pki.served(*row.shows), row.shows[0].key)
    context.sni_callback = lambda _connection, name, _context: row.asked.append(name)
    return context


def listen(connection):
    """A JAAS that takes the login and goes."""
    connection.upgrade()
    connection.message()
    connection.send(closing(1000, b"seen"))
    connection.drain()


def answer_in_clear(data):
    def script(connection):
        connection.more()
        connection.send(data)
        connection.drain()
    return script


def play(world, row, folder):
    """Returns (run, connections of the peer, faults)."""
    peer = Peer(listen) if row.tls is True else Peer(answer_in_clear(row.tls))
    peer.context = context_of(world, row) if row.tls is True else None
    place, system = stage.Stage(), folder / "system.pem"
    system.write_text(row.system.pem if isinstance(row.system, Certificate) else "", encoding="ascii")
    if isinstance(row.system, int):
        os.truncate(system, row.system)
    environment = {} if row.system is None else {"SSL_CERT_FILE": str(system)}
    environment["SSL_CERT_DIR"] = str(folder / "nothing")
    endpoint = f"{row.host}:{peer.port}"
    try:
        place.store(endpoint, getattr(world, row.ca).pem if row.ca else "", row.public)
        run = place.run(environment=environment)
    finally:
        peer.end()
        place.end()
    return run, peer, endpoint


def faults_of(row, run, peer, endpoint):
    said, secret = row.says.replace("{ENDPOINT}", endpoint), stage.TOKEN.encode()
    faults = list(peer.faults)
    if run.said() != said:
        faults.append(f"it says: {run.said()}\n    expected: {said}")
    if run.status != 1 or run.stdout:
        faults.append(f"status {run.status}, stdout {run.stdout!r}")
    if len(peer.connections) != row.tries:
        faults.append(f"{len(peer.connections)} connections instead of {row.tries}")
    if "cannot set up TLS" not in row.says and row.asked != row.names():
        faults.append(f"it asks for {row.asked} instead of {row.names()}")
    for number, one in enumerate(peer.connections, 1):
        last = number == len(peer.connections) and row.is_trusted()
        if last and not any(stage.TOKEN in text for text in one.texts):
            faults.append("the one that is trusted was not sent the token")
        if not last and (row.tls is True and (one.clear or one.encrypted) or secret in one.raw):
            faults.append(f"one that is refused was sent {one.clear or one.raw!r}")
    if stage.PLAIN and run.peak > 64:
        faults.append(f"it has taken {run.peak:.0f} MiB")
    return faults


def line(row, run, peer, endpoint):
    first = peer.connections[0] if peer.connections else None
    answer = "token" if row.is_trusted() else (first.refusal if first and first.refusal else "nothing")
    sent = sum(len(one.clear) for one in peer.connections) if row.tls is True else 0
    return (f"{row.name:42} {run.status} {sent:5} B {run.peak:5.1f} MiB {run.busy * 1000:4.0f} ms  {answer:28} "
            f"{run.said().replace(endpoint, 'HOST:PORT')}")


def main():
    parser = argparse.ArgumentParser(description="Holds the program against the table of TLS.")
    parser.add_argument("-v", "--verbose", action="store_true", help="print the table")
    parser.add_argument("--only", default="", metavar="TEXT", help="only rows with this in their name")
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="hostile-pki-"))
    passed = failed = 0
    try:
        world = World(folder)
        for row in rows(world):
            if options.only not in row.name:
                continue
            run, peer, endpoint = play(world, row, folder)
            faults = faults_of(row, run, peer, endpoint)
            passed, failed = passed + (not faults), failed + bool(faults)
            if options.verbose:
                print(line(row, run, peer, endpoint))
            for fault in faults:
                print(f"{row.name}: {fault}")
    finally:
        shutil.rmtree(folder)
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
