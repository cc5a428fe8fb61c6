# SPDX-License-Identifier: Apache-2.0
"""Rows of the table of abuse: what is done to the program, and what may come of it."""

import re
import ssl


from peer import Peer
from pki import CA, LEAF, Pki, names
from relay import Relay, World
import stage
from tempo import Tempo

MIB = 1 << 20
# In MiB, of the whole process, whatever happens.
PEAK_MAX = 192
QUICK = {"migration": {"each": "1s"}}
REPEATED = re.compile(r"(.{1,3}?)\1{40,}")
# What a person is told, and how many macaroons there are.
SAID = re.compile(r"(?!DEBUG |please enter |once more, )|DEBUG login sets of macaroons in")


class Keys:
    """An authority, and a server that it vouches for."""

    def __init__(self, folder):
        pki = Pki(folder)
        self.authority = pki.make("our authority", CA)
        server = pki.make("a server", LEAF + names("DNS:juju-apiserver"), self.authority)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(pki.served(server), server.key)


class Outcome:
    """What came of a row; `said` is all that was printed, in one line, with long repetitions counted."""

    def __init__(self, run, seconds, faults, replaced):
        self.run, self.seconds, self.faults = run, seconds, list(faults)
        lines = [line for line in (run.stdout + run.stderr).splitlines() if SAID.match(line)]
        text = f"{run.status}: " + " | ".join(lines)
        for old, new in replaced.items():
            text = text.replace(old, new)
        self.said = REPEATED.sub(lambda found: f"({found[1]}){{{len(found[0]) // len(found[1])}}}", text).strip()

    def check(self, row, expected):
        if self.said not in expected:
            self.faults.append(f"it says: {self.said}\n    expected: {' or '.join(expected)}")
        if stage.PLAIN and self.run.peak > min(row.peak, PEAK_MAX):
            self.faults.append(f"it has taken {self.run.peak:.0f} MiB instead of {row.peak} at most")
        if self.seconds > row.seconds:
            self.faults.append(f"it has taken {self.seconds:.1f} simulated seconds instead of {row.seconds} at most")
        return self.faults

    def line(self, row):
        return (f"{row.name:44} {self.run.peak:6.1f} MiB {self.seconds:4.0f} s simulated {self.run.busy:5.2f} s busy {self.run.real:6.2f} s real  "
                f"{self.said}")


class Row:
    """`seconds` is the simulated time that it may take, `peak` the MiB of memory."""

    def __init__(self, name, *, seconds=1, peak=16):
        self.name, self.seconds, self.peak = name, seconds, peak


class Wire(Row):
    """A peer that goes by a script from the first byte on; if the script has a `step`, that is done each simulated second."""

    encrypted = True

    def __init__(self, name, script, **more):
        super().__init__(name, **more)
        self.script = script

    def program(self, place, peer, keys):
        """Prepares the data directory; returns how to run what in it."""
        place.store(f"127.0.0.1:{peer.port}", keys.authority.pem)
        return {}

    def play(self, keys):
        place = stage.Stage()
        peer = Peer(self.script, keys.context if self.encrypted else None)
        tempo = Tempo(place.base / "clock", peer, getattr(self.script, "step", None))
        try:
            how = self.program(place, peer, keys)
            environment = {"SIM_CLOCK": tempo.path, **how.pop("environment", {})}
            run = place.run(environment=environment, **how)
        finally:
            tempo.end()
            peer.end()
            place.end()
        return Outcome(run, tempo.passed(), peer.faults, {f"127.0.0.1:{peer.port}": "HOST", str(place.base): "{DIR}"})


class Calls(Row):
    """A simulated JAAS, some of whose answers are replaced: `alter` as for the relay."""

    def __init__(self, name, alter, *, world=None, words=("-q", "my-model", "my-controller"), prepare=None, **more):
        super().__init__(name, **{"seconds": 300, **more})
        self.alter, self.world, self.words, self.prepare = alter, world or QUICK, words, prepare

    def play(self, keys):
        place = stage.Stage()
        world = World(place.base, self.world)
        relay = Relay(world, self.alter, keys.context)
        try:
            place.store(f"127.0.0.1:{relay.port}", keys.authority.pem)
            place.write("accounts.yaml",
                        f"controllers:\n  jaas:\n    user: {stage.USER}\n    access-token: {world.token}\n")
            if self.prepare:
                self.prepare(place)
            run = place.run(self.words, {"SIM_CLOCK": str(world.clock)})
        finally:
            relay.end()
            world.end()
            seconds = world.seconds()
            place.end()
        return Outcome(run, seconds, relay.faults, {f"127.0.0.1:{relay.port}": "HOST"})


class Files(Row):
    """Nobody to talk to, but a data directory that `prepare(place)` has spoiled."""

    def __init__(self, name, prepare, *, words=("-q", "my-model", "my-controller"), **more):
        super().__init__(name, **more)
        self.prepare, self.words = prepare, words

    def program(self, place):
        """Prepares the data directory; returns how to run what in it."""
        place.store("127.0.0.1:1")
        return {"words": self.words}

    def play(self, keys):
        place = stage.Stage()
        try:
            how = self.program(place)
            self.prepare(place)
            run = place.run(**how)
        finally:
            place.end()
        return Outcome(run, 0, [], {str(place.base): "{DIR}"})
