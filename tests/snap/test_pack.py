#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What is in the packed snap, what it asks of its base, and what must not be packed. BUILD names the build."""

import copy
import importlib.machinery
import importlib.util
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

import yaml

from stage import BUILD, ROOT, Packed, libraries_of, outer, pack

sys.dont_write_bytecode = True
sys.path[:0] = [str(ROOT / "snap" / "local"), str(ROOT / "tests" / "checks")]
import checks  # noqa: E402
import hardening  # noqa: E402
import metadata  # noqa: E402
from elf import GLIBC, Elf  # noqa: E402

PROGRAM, HELPER = "plugin/juju-jaas-migrate", "libexec/juju-jaas-migrate/keyring"
COMPLETER = "/usr/lib/snapd/etelpmoc.sh"
ARCHITECTURE = {"x86_64": "amd64", "aarch64": "arm64"}[os.uname().machine]


def setUpModule():
    global packed, told
    packed = Packed()
    told = yaml.safe_load((packed.tree / "meta" / "snap.yaml").read_text(encoding="utf-8"))


def tearDownModule():
    packed.end()


def load_pack():
    loader = importlib.machinery.SourceFileLoader("pack", str(ROOT / "snap" / "local" / "pack"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("pack", loader))
    loader.exec_module(module)
    return module


def installed():
    """What `make install` itself says that it puts where, with the words of snapcraft.yaml."""
    words = metadata.make_parameters(metadata.read(ROOT / "snap" / "snapcraft.yaml"))
    said = subprocess.run(["make", "-n", "-C", ROOT, "--no-print-directory", "install", "DESTDIR=", *words], capture_output=True, text=True,
                          check=True, env=outer()).stdout
    return re.findall(r"^install -D .* '/(\S+)'$", said, re.MULTILINE)


class Content(unittest.TestCase):
    def test_exactly_what_is_installed(self):
        names = {str(path.relative_to(packed.tree)) for path in packed.tree.rglob("*") if path.is_file()}
        libraries = {name for name in names if "/lib/" in name}
        self.assertGreaterEqual(len(installed()), 10)
        self.assertEqual(names - libraries, {*installed(), "meta/snap.yaml"})

    def test_snap_yaml(self):
        project = metadata.read(ROOT / "snap" / "snapcraft.yaml")
        for key in metadata.TOLD:
            self.assertEqual(told[key], project[key], key)
        self.assertEqual(told["architectures"], [ARCHITECTURE])
        self.assertEqual(set(project["platforms"]), {"amd64", "arm64"})
        self.assertEqual(told["slots"], {"jaas-plugin": {"interface": "content", "content": "jaas-plugin", "read": ["$SNAP/plugin"]}})
        self.assertEqual(packed.file.name, f"juju-jaas-migrate_{told['version']}_{ARCHITECTURE}.snap")

    def test_version(self):
        done = subprocess.run([packed.tree / PROGRAM, "--version"], capture_output=True, text=True, check=True)
        self.assertEqual(done.stdout.strip(), told["version"])

    def test_hardened(self):
        for name in (PROGRAM, HELPER):
            self.assertEqual(hardening.faults(packed.tree / name, fortified="sanitize-" not in str(BUILD)), [])

    def test_brings_every_library(self):
        """As the machine's loader sees it, nothing but the C library comes from outside."""
        for name in (PROGRAM, HELPER):
            program = packed.tree / name
            outside = [library for library, path in libraries_of(program).items() if not path.startswith(str(program.parent))]
            self.assertEqual([library for library in outside if library not in GLIBC | {""}], [])
        brought = {path.name for path in (packed.tree / "plugin" / "lib").iterdir()}
        for name in ("libwebsockets", "libjson-c", "libyaml", "libssl", "libcrypto"):
            self.assertRegex(" ".join(brought), rf"\b{name}")
        self.assertNotRegex(" ".join(brought), r"libc\.so|ld-linux|libsecret|libglib")

    def test_says_floor_and_libraries(self):
        """Counted once more, by another way than the one that printed them."""
        for name in (PROGRAM, HELPER):
            folder = (packed.tree / name).parent
            files = [packed.tree / name, *(folder / "lib").iterdir()]
            marks = {mark for path in files for mark in re.findall(rb"\bGLIBC_(\d+)\.(\d+)(?:\.\d+)?\0", path.read_bytes())}
            major, minor = max((int(one), int(other)) for one, other in marks)
            self.assertLessEqual((major, minor), (2, 39))
            self.assertIn(f"{name}: needs glibc {major}.{minor} or later (core24 has 2.39)\n    brings "
                          f"{' '.join(sorted(path.name for path in files[1:]))}\n", packed.said)

    def test_same_bytes_from_another_staging(self):
        again = packed.base / "again"
        done = pack(again)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual((again / packed.file.name).read_bytes(), packed.file.read_bytes())

    def test_completer(self):
        """As snapd calls it: type, key, point, index of the word, break characters, line, words."""
        line = "juju-jaas-migrate --form"
        environment = {"PATH": f"{packed.tree / 'plugin'}:/usr/bin:/bin", "HOME": str(packed.base), "JUJU_DATA": str(packed.base)}
        done = subprocess.run(["bash", COMPLETER, packed.tree / told["apps"]["juju-jaas-migrate"]["completer"], "9", "9", str(len(line)),
                               "1", " \t\n\"'><=;|&(:", line, *line.split()],
                              env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60, check=False)
        self.assertEqual(done.stdout.split(), ["nospace", "--format="], done.stderr)


class Faults(unittest.TestCase):
    """Each is planted in a copy of a tree that has none."""

    def setUp(self):
        self.tree = packed.base / "faulty"
        shutil.copytree(packed.tree, self.tree)
        self.addCleanup(shutil.rmtree, self.tree)
        self.told = copy.deepcopy(told)

    def assert_found(self, *found):
        self.assertEqual(checks.faults(self.tree, self.told), list(found))

    def test_none(self):
        self.assert_found()

    def test_modes(self):
        (self.tree / "plugin" / "lib").chmod(0o700)
        (self.tree / HELPER).chmod(0o4755)
        (self.tree / "meta" / "link").symlink_to("snap.yaml")
        self.assert_found(f"{HELPER}: mode 4755", "meta/link: a link", "plugin/lib: a folder of mode 700")

    def test_library_missing(self):
        path = next((self.tree / "plugin" / "lib").glob("libyaml*"))
        path.unlink()
        self.assert_found(f"{PROGRAM}: not brought along: {path.name}")

    def test_not_made_for_it(self):
        shutil.copy(pathlib.Path("/bin/sh").resolve(), self.tree / PROGRAM)
        (fault,) = checks.faults(self.tree, self.told)
        self.assertRegex(fault, rf"^{PROGRAM}: loader \S+, paths \[\]$")

    def test_too_new(self):
        self.addCleanup(setattr, checks, "BASE_GLIBC", checks.BASE_GLIBC)
        checks.BASE_GLIBC = "2.9"
        self.assertIn(f"{PROGRAM}: needs glibc {Elf(self.tree / PROGRAM).floor}, core24 has 2.9; build on an older system",
                      checks.faults(self.tree, self.told))

    def test_other_architecture(self):
        self.told["architectures"] = [{"amd64": "arm64", "arm64": "amd64"}[ARCHITECTURE]]
        self.assertGreater(len(checks.faults(self.tree, self.told)), 10)

    def test_slot(self):
        slot = self.told["slots"]["jaas-plugin"]
        slot["read"] = "$SNAP/plugin"
        self.assert_found("the slot must lend exactly one folder: $SNAP/plugin")
        slot["read"] = ["$SNAP/libexec"]
        self.assertIn("the command of juju-jaas-migrate is not in the lent folder", checks.faults(self.tree, self.told))
        slot["read"] = ["$SNAP/plugin"]
        shutil.move(self.tree / "libexec/juju-jaas-migrate/keyring", self.tree / "plugin/keyring")
        self.assertRegex("\n".join(checks.faults(self.tree, self.told)), "in plugin, on juju's PATH: .*keyring")

    def test_words(self):
        self.told["apps"]["juju-jaas-migrate"]["completter"] = "x"
        self.told["summary"] = "x" * 79
        del self.told["grade"]
        self.assert_found("app juju-jaas-migrate: unknown key completter", "snap.yaml: grade is missing",
                          "grade or confinement is unknown", "the summary is longer than 78 characters")

    def test_what_snap_only_mentions(self):
        """An unknown interface is a line on stderr and status 0."""
        module = load_pack()
        self.told["plugs"]["dot-local-share-juju"]["write"] = ["~/.local/share/juju"]
        (self.tree / "meta" / "snap.yaml").write_text(metadata.dump(self.told), encoding="utf-8")
        with self.assertRaisesRegex(module.Unfit, "bad plugs or slots: dot-local-share-juju"):
            module.check(self.tree, self.told)

    def test_project_with_more(self):
        project = metadata.read(ROOT / "snap" / "snapcraft.yaml")
        self.assertRaisesRegex(ValueError, "unknown: hooks", metadata.snap_yaml, {**project, "hooks": {}}, ARCHITECTURE)
        self.assertRaisesRegex(ValueError, "platform riscv64", metadata.snap_yaml, project, "riscv64")


if __name__ == "__main__":
    unittest.main()
