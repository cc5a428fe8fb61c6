#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every example of the help text does what stands above it, typed as it stands there, over real sockets and in simulated time. BUILD
names the build."""

import json
import os
import pathlib
import re
import shlex
import signal
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()
ALICE, LIMIT = "alice@canonical.com", 60
WORLD = {"controllers": [{"name": "old-controller"}, {"name": "my-controller"}],
         "models": [{"name": name, "owner": ALICE} for name in ("my-model", "shop", "blog", "wiki")]}


def examples():
    """Yields (the sentence, the words behind the program's name)."""
    text = subprocess.run([BUILD / "juju-jaas-migrate", "--help"], capture_output=True, text=True, check=True).stdout
    part = re.search(r"^Examples:\n(.*?)^See also:", text, re.MULTILINE | re.DOTALL)[1]
    for sentence, line in re.findall(r"^(\S.*)\n\n    juju jaas-migrate (.*)$", part, re.MULTILINE):
        yield sentence, shlex.split(line)


class Examples(unittest.TestCase):
    def play(self, words):
        """Returns (what has ended, where the models are in truth). The only JAAS of the store is called my-jaas."""
        with tempfile.TemporaryDirectory(prefix="example.") as name:
            base = pathlib.Path(name)
            (base / "world").write_text(json.dumps(WORLD), encoding="utf-8")
            server = subprocess.Popen([BUILD / "test" / "server", "--script", base / "world", "--directory", base / "juju", "--clock",
                                       base / "clock", "--report", base / "report", "--lifetime", str(LIMIT)],
                                      stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
            try:
                server.stdout.readline()
                for file in ("controllers.yaml", "accounts.yaml"):
                    path = base / "juju" / file
                    text = re.sub(r"^( +)jaas:$", r"\1my-jaas:", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
                    path.write_text(text.replace("current-controller: jaas", "current-controller: my-jaas"), encoding="utf-8")
                around = {"PATH": os.environ["PATH"], "HOME": name, "TMPDIR": name, "JUJU_DATA": f"{name}/juju",
                          "SIM_CLOCK": f"{name}/clock", "XDG_STATE_HOME": f"{name}/state", "LANG": "C.UTF-8", "TZ": "UTC"}
                around.update({key: value for key, value in os.environ.items() if key.endswith("SAN_OPTIONS")})
                done = subprocess.run([BUILD / "test" / "juju-jaas-migrate", *words], env=around, stdin=subprocess.DEVNULL,
                                      capture_output=True, text=True, timeout=LIMIT, check=False)
            finally:
                server.send_signal(signal.SIGTERM)
                server.wait()
                server.stdout.close()
            models = json.loads((base / "report").read_text(encoding="utf-8"))["models"]
            return done, {model["name"]: model["active-on"] for model in models}

    def test_every_example(self):
        found = list(examples())
        self.assertGreaterEqual(len(found), 5)
        for sentence, words in found:
            with self.subTest(example=words):
                done, places = self.play(words)
                self.assertEqual((done.returncode, "ERROR" in done.stderr), (0, False), done.stderr)
                target = ["my-controller"]
                if "--resume" in words:
                    self.assertEqual(done.stderr, "nothing is unfinished\n")
                elif sentence.startswith(("See first", "Start only")):
                    self.assertEqual(places["my-model"], ["old-controller"])
                elif sentence.startswith("Empty"):
                    self.assertEqual(list(places.values()), [target] * len(places))
                else:
                    named = [word.split("/")[-1] for word in words if word.split("/")[-1] in places]
                    self.assertGreaterEqual(len(named), 1)
                    self.assertEqual([places[name] for name in named], [target] * len(named))
                if "json" in words:
                    self.assertTrue(json.loads(done.stdout)["migrations"][0]["migration-id"])


if __name__ == "__main__":
    unittest.main()
