#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every text in the files that the program reads, each in turn with all in it that drives terminals, forges lines and runs in shells;
and commands to type, typed in every shell. BUILD names the build."""

import json
import re
import subprocess
import tempfile
import unittest

from scene import JAAS, LIMIT, MODEL, PROGRAM, Scene
from text_rules import COCKTAIL, ONE_LINE, commands, faults, typed

MOVE = ["my-model", "my-controller"]
FORMS = ([], ["--format", "yaml"], ["--format", "json", "--debug"])
SHELLS = ("sh", "bash", "zsh", "fish")
# What may stand in the name of a controller, and is to reach juju as it is.
NAMES = ("my lab", "it's", 'a"b', "back\\", "back\\'slash", "$HOME", "$(touch taken)", "`touch taken`", "a;touch taken", "a|b", "a&b", "a>taken", "*", "a?b",
         "[ab]", "{a,b}", "~", "~root", "#a", "a#b", "!a", "!!", "=ls", "%self", "^a", "a=b", "-rf", "--force", "\u00fc\u4e16", "ERROR x", "a:b", "(a)", "a,b", "")


def quoted(text):
    """A text in YAML, of ASCII alone."""
    escaped = "".join(letter if " " <= letter <= "~" and letter not in "\"\\" else f"\\U{ord(letter):08x}" for letter in text)
    return f'"{escaped}"'


# File, what is replaced in it as the server has written it (a pattern, and what comes in its place with {} for the text).
STORE_ROWS = (
    ("controllers.yaml", r"^    jaas:", "    {}:"),
    ("controllers.yaml", r"^    jaas:", "    jaas:\n        {}: x"),
    ("controllers.yaml", r"^    jaas:", "    {0}: {{uuid: x}}\n    {0}: {{uuid: x}}\n    jaas:"),
    ("controllers.yaml", r"^    jaas:", "    {}: {{uuid: x, oidc-login: true}}\n    jaas:"),
    ("controllers.yaml", r"uuid: \S+", "uuid: {}"),
    ("controllers.yaml", r"api-endpoints: .*", "api-endpoints: [{}]"),
    ("controllers.yaml", r"api-endpoints: .*", "api-endpoints: []\n        proxy-config: {{type: {}, config: {{}}}}"),
    ("controllers.yaml", r"agent-version: .*", "agent-version: {}"),
    ("controllers.yaml", r"agent-version: .*", "public-hostname: {}"),
    ("controllers.yaml", r"cloud: \"\"", "cloud: {}"),
    ("controllers.yaml", r"oidc-login: true", "oidc-login: {}"),
    ("controllers.yaml", r"oidc-login: true", "oidc-login: &a {}"),
    ("controllers.yaml", r"current-controller: .*", "current-controller: {}"),
    ("controllers.yaml", r"ca-cert: \|(\n {12}.*)*", "ca-cert: {}"),
    ("accounts.yaml", r"^  jaas:", "  {}:"),
    ("accounts.yaml", r"user: .*", "user: {}"),
    ("accounts.yaml", r"user: .*", "user: alice@canonical.com\n    type: {}"),
    ("accounts.yaml", r"user: .*", "user: alice@canonical.com\n    last-known-access: {}"),
    ("accounts.yaml", r"access-token: .*", "access-token: {}"),
    ("models.yaml", r"^", "controllers: {{jaas: {{models: {{{}: {{uuid: 5f0c9a52-0d0e-4e55-8f0b-000000000001, type: iaas}}}}}}}}\n"),
    ("models.yaml", r"^", "controllers: {{jaas: {{models: {{a/b: {{uuid: {0}, type: iaas}}}}, current-model: {0}}}}}\n"),
    ("models.yaml", r"^", "controllers: {{{0}: {{models: {{}}}}, {0}: 1}}\n"),
)
JOURNAL_KEYS = ("model", "jaas", "jaas-uuid", "source-uuid", "source", "target-uuid", "target", "migration-id", "start", "unknown")


class Files(Scene):
    def assert_clean(self, words, *more, **variables):
        with tempfile.TemporaryDirectory() as folder:
            status, out, err = self.run_program(*words, *more, **variables)
            self.assertEqual((faults(out, err, words, folder), status in range(6)), ([], True), err)
        return status, out, err

    def test_store(self):
        for number, (name, pattern, instead) in enumerate(STORE_ROWS):
            with self.subTest(name=name, instead=instead):
                self.setUp()
                self.start()
                path = self.directory / "juju" / name
                text = path.read_text(encoding="utf-8") if path.exists() else ""
                changed = re.sub(pattern, lambda _, instead=instead: instead.format(quoted(COCKTAIL.replace("/", ""))), text, count=1, flags=re.MULTILINE)
                self.assertNotEqual(changed, text)
                path.write_text(changed, encoding="utf-8")
                self.assert_clean(FORMS[number % 3], *MOVE)
                self.assert_clean(["-v"], "-c", "jaas", "alice@canonical.com/my-mode", "nowhere")
                self.assert_clean([], "my-model")
                self.world.end()

    def test_name_that_works(self):
        """A whole move on a JAAS with such a name: it is in the lines, the commands and the completion."""
        for name in NAMES[:-1]:
            with self.subTest(name=name):
                self.setUp()
                self.start({"migration": {"each": "1s", "abort": {"phase": "QUIESCE", "reason": "quiescing, some agents reported failure"}}})
                for file in ("controllers.yaml", "accounts.yaml"):
                    path = self.directory / "juju" / file
                    path.write_text(re.sub(r"^( +)jaas:", lambda found, name=name: f"{found[1]}{quoted(name)}:", path.read_text(encoding="utf-8"),
                                           flags=re.MULTILINE).replace("current-controller: jaas", ""), encoding="utf-8")
                status, out, _ = self.assert_clean(["--format", "json"], *MOVE)
                (record,) = json.loads(out)["migrations"]
                self.assertEqual((status, record["result"]), (1, "failed"))
                (command,) = commands(record["remedy"])
                with tempfile.TemporaryDirectory() as folder:
                    self.assertEqual(typed(command, folder), (["status", "-m", f"{name}:alice@canonical.com/my-model"], []))
                self.world.end()

    def test_journal(self):
        for number, key in enumerate(JOURNAL_KEYS):
            with self.subTest(key=key):
                self.setUp()
                self.start({"migration": {"each": "1s"}})
                folder = self.directory / "state" / "juju-jaas-migrate"
                folder.mkdir(mode=0o700)
                entry = {"format": 1, "model-uuid": MODEL, "model": "alice@canonical.com/my-model", "jaas": "jaas", "jaas-uuid": JAAS,
                         "source": "prod-a", "target": "my-controller", "sent": "2026-07-01T09:59:00Z", "seen": [COCKTAIL]}
                (folder / f"{MODEL}.json").write_text(json.dumps({**entry, key: str(entry.get(key, "")) + COCKTAIL}), encoding="utf-8")
                self.assert_clean(FORMS[number % 3], "--resume")
                self.assert_clean(["--dry-run", *FORMS[(number + 1) % 3]], *MOVE)
                self.world.end()

    def test_cookies(self):
        for key in ("Name", "Value", "Domain", "Path", "Expires", "CanonicalHost", "Unknown"):
            with self.subTest(key=key):
                self.setUp()
                self.start({"controllers": [{"name": "prod-a"}, {"name": "my-controller", "direct": True, "store": {"keeps": "cookie"}}],
                            "migration": {"each": "1s"}})
                (path,) = (self.directory / "juju" / "cookies").glob("*.json")
                (cookie,) = json.loads(path.read_text(encoding="utf-8"))
                cookie[key] = cookie.get(key, "") + COCKTAIL
                path.write_text(json.dumps([cookie]), encoding="utf-8")
                self.assert_clean(["--format", "json", "--debug"], *MOVE)
                self.world.end()

    def test_environment(self):
        for name in ("JUJU_MODEL", "JUJU_CONTROLLER", "JUJU_CLIENT_ID", "JUJU_LOGGING_CONFIG", "TERM", "LANG", "https_proxy", "TZ", "SSL_CERT_FILE"):
            with self.subTest(name=name):
                self.setUp()
                self.start({"migration": {"each": "1s"}})
                self.assert_clean(["--format", "yaml"], *MOVE, **{name: ONE_LINE, "JUJU_CLIENT_SECRET": "s"})
                self.world.end()


class Commands(Scene):
    def test_typed(self):
        """What a person is told to type reaches juju as the words that it was made of, in each shell."""
        with tempfile.TemporaryDirectory() as folder:
            self.start()
            path = self.directory / "juju" / "controllers.yaml"
            for name in NAMES[:-1]:
                path.write_text(f"controllers:\n  {quoted(name)}: {{uuid: {JAAS}, api-endpoints: [], oidc-login: true}}\n", encoding="utf-8")
                accounts = self.directory / "juju" / "accounts.yaml"
                accounts.write_text(f"controllers:\n  {quoted(name)}: {{user: alice@canonical.com, access-token: x}}\n", encoding="utf-8")
                done = subprocess.run([PROGRAM, *MOVE], env=self.environment(), capture_output=True, timeout=LIMIT, check=False)
                (command,) = commands(done.stderr.decode())
                words = ["unregister", "--", name] if name.startswith("-") else ["unregister", name]
                for shell in SHELLS:
                    with self.subTest(name=name, shell=shell):
                        self.assertEqual(typed(command, folder, shell), (words, []), command)
            self.world.end()


if __name__ == "__main__":
    unittest.main()
