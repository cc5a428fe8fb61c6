#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The client store with two programs writing to it, ours and a stand-in for juju, and with killed writers. BUILD names the build."""

import copy
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()
STORE = BUILD / "test" / "store"
JUJU = [sys.executable, "-B", ROOT / "tests" / "store" / "juju.py"]
SLOW = "sanitize" in BUILD.name
# Both writers replace two files at each step.
STEPS = 500 if SLOW else 2500
COOKIES = 200 if SLOW else 500
KILLS = 50
LIMIT = 250
UUID = "0f3b1f6e-6f0a-4c1e-8c55-2a3f0c9d7e11"

CONTROLLERS = f"""controllers:
    lab:
        uuid: 6acf4fd8-32d6-49ea-b4eb-dcb9d1590c11
        api-endpoints: ['10.1.2.3:17070', '[fd00::3]:17070']
        ca-cert: |
            -----BEGIN CERTIFICATE-----
            AAAA
            -----END CERTIFICATE-----
        cloud: localhost
        agent-version: 3.6.14
        controller-machine-count: 0
        active-controller-machine-count: 0
    ours:
        uuid: {UUID}
        api-endpoints: ['10.1.2.3:17070']
        ca-cert: ""
        later-key: {{list: [1, '1', true, ~], "text": "a\\tb"}}
current-controller: lab
has-controller-changed-on-previous-switch: false
"""
ACCOUNTS = """controllers:
  lab:
    user: admin
    password: 0
    last-known-access: superuser
  ours:
    user: alice@canonical.com
    access-token: b2xk
    later-key: 4.0
"""


def memory():
    """A directory where fsync costs nothing, when there is one."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def load(text):
    return yaml.safe_load(text)


class Store(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory(dir=memory())
        self.addCleanup(place.cleanup)
        self.directory = pathlib.Path(place.name, "juju")
        self.temporary = pathlib.Path(place.name, "tmp")
        self.environment = {"PATH": os.environ["PATH"], "TMPDIR": str(self.temporary)}
        self.environment.update({name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")})
        self.directory.mkdir(mode=0o700)
        self.temporary.mkdir()
        self.write("controllers.yaml", CONTROLLERS)
        self.write("accounts.yaml", ACCOUNTS)

    def write(self, name, text):
        path = self.directory / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)

    def read(self, name):
        return (self.directory / name).read_text(encoding="utf-8")

    def start(self, *command):
        process = subprocess.Popen([str(word) for word in command], env=self.environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def finish(self, process):
        said = process.communicate(timeout=LIMIT)[0]
        self.assertEqual((process.returncode, said), (0, ""))

    def assert_whole(self, name):
        """The file at this moment begins and ends as one of its versions, and is YAML."""
        text = self.read(name)
        found = load(text)
        self.assertEqual(found["controllers"]["ours"].get("later-key"),
                         load({"controllers.yaml": CONTROLLERS, "accounts.yaml": ACCOUNTS}[name])
                         ["controllers"]["ours"]["later-key"])
        return found


class Update(Store):
    def test_named_changes_and_nothing_else(self):
        self.finish(self.start(STORE, "update", self.directory, "ours", UUID, "agent-version=4.0", "endpoint=10.1.2.4:17070",
                               "endpoint=[fd00::3]:17070", "public-hostname=null", "last-known-access=yes",
                               "access-token=123"))
        controllers, accounts = load(CONTROLLERS), load(ACCOUNTS)
        controllers["controllers"]["ours"].update({"agent-version": "4.0", "public-hostname": "null",
                                                   "api-endpoints": ["10.1.2.4:17070", "[fd00::3]:17070"]})
        accounts["controllers"]["ours"].update({"last-known-access": "yes", "access-token": "123"})
        self.assertEqual(load(self.read("controllers.yaml")), controllers)
        self.assertEqual(load(self.read("accounts.yaml")), accounts)
        self.assertEqual(sorted(os.listdir(self.directory)), ["accounts.yaml", "controllers.yaml"])


class Together(Store):
    """Ours and juju's stand-in at the same files at the same time."""

    def look_on(self, processes):
        while any(process.poll() is None for process in processes):
            self.assert_whole("controllers.yaml")
            self.assert_whole("accounts.yaml")
        for process in processes:
            self.finish(process)

    def test_no_key_is_lost(self):
        self.look_on([self.start(STORE, "hammer", self.directory, "ours", UUID, 1, STEPS),
                      self.start(*JUJU, "hammer", self.directory, STEPS)])
        controllers, accounts = copy.deepcopy(load(CONTROLLERS)), copy.deepcopy(load(ACCOUNTS))
        controllers["controllers"]["lab"]["controller-machine-count"] = STEPS
        controllers["controllers"]["ours"].update({"agent-version": f"1.0.{STEPS}",
                                                   "api-endpoints": [f"10.1.2.3:{STEPS}"]})
        accounts["controllers"]["lab"]["password"] = STEPS
        accounts["controllers"]["ours"]["access-token"] = f"1.0.{STEPS}"
        for number in range(100, STEPS + 1, 100):
            controllers["controllers"][f"extra-{number}"] = {"uuid": f"u-{number}"}
            accounts["controllers"][f"extra-{number}"] = {"user": "bob"}
        self.assertEqual(load(self.read("controllers.yaml")), controllers)
        self.assertEqual(load(self.read("accounts.yaml")), accounts)
        self.assertEqual(sorted(os.listdir(self.directory)), ["accounts.yaml", "controllers.yaml"])
        self.assertEqual(len(os.listdir(self.temporary)), 1)

    def test_no_cookie_is_lost(self):
        (self.directory / "cookies").mkdir(mode=0o700)
        for process in [self.start(STORE, "cookies", self.directory, "ours", COOKIES),
                        self.start(*JUJU, "cookies", self.directory, "ours", COOKIES)]:
            self.finish(process)
        names = [cookie["Name"] for cookie in json.loads(self.read("cookies/ours.json"))]
        wanted = [f"other-{number}" for number in range(1, COOKIES + 1)]
        wanted += [f"macaroon-{number:064x}" for number in range(1, COOKIES + 1)]
        self.assertEqual(sorted(names), sorted(wanted))
        self.assertEqual(os.listdir(self.directory / "cookies"), ["ours.json"])


class Killed(Store):
    """A writer that is ended at any moment leaves whole files behind, and nobody locked out."""

    def kill_some(self, path, command):
        """Starts what `command` returns for a number, and ends it at some moment after it has first written to `path`."""
        chance = random.Random(17)
        for number in range(KILLS):
            before = path.stat().st_mtime_ns
            process = self.start(*command(number))
            while process.poll() is None and path.stat().st_mtime_ns == before:
                time.sleep(0.0005)
            time.sleep(chance.random() / 100)
            process.send_signal(signal.SIGKILL)
            self.assertEqual((process.wait(), process.stdout.read()), (-signal.SIGKILL, ""))
            yield

    def test_yaml_files(self):
        def command(number):
            return STORE, "hammer", self.directory, "ours", UUID, number * 1000000 + 1, (number + 1) * 1000000

        seen = set()
        for _ in self.kill_some(self.directory / "controllers.yaml", command):
            seen.add(self.assert_whole("controllers.yaml")["controllers"]["ours"]["agent-version"])
            self.assert_whole("accounts.yaml")
        self.assertEqual(len(seen), KILLS)
        for path in self.directory.iterdir():
            self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        self.finish(self.start(*JUJU, "hammer", self.directory, 1))

    def test_cookies(self):
        jar = self.directory / "cookies" / "ours.json"
        jar.parent.mkdir(mode=0o700)
        jar.write_text("null\n", encoding="utf-8")
        for _ in self.kill_some(jar, lambda _: (STORE, "cookies", self.directory, "ours", 1000000)):
            self.assertIsInstance(json.loads(jar.read_text(encoding="utf-8")), list)
            jar.write_text("null\n", encoding="utf-8")
        self.finish(self.start(STORE, "cookies", self.directory, "ours", 3))
        names = [cookie["Name"] for cookie in json.loads(jar.read_text(encoding="utf-8"))]
        self.assertIn(f"macaroon-{3:064x}", names)


if __name__ == "__main__":
    unittest.main()
