#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What is shipped is hardened, and a flag that goes missing is found. BUILD names the build."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from hardening import NOTED, ask, faults

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()
SANITIZED = BUILD.name.startswith("sanitize-")
PROGRAMS = ("juju-jaas-migrate", "keyring", "bundle/juju-jaas-migrate", "bundle/keyring")
# Enough functions, one of them with a text on the stack whose end the compiler cannot see.
SAMPLE = """
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#ifdef ODD
__asm__(".section .odd,\\"awx\\"\\n.byte 0\\n.text");
#endif
#ifdef PATCHED
__asm__(".text\\n.balign 8\\n.quad show");
#endif
int show(char *to, size_t room, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	int length = vsnprintf(to, room, format, list);
	va_end(list);
	return length;
}
int main(int count, char **words)
{
	char text[64];
	show(text, sizeof(text), "%s", words[count - 1]);
	return (int)strlen(text);
}
""" + "".join(f"int f{i}(int (*more)(int), int n) {{ return more(n + {i}) + 1; }}\n" for i in range(60))
COMPILE = ["-O2", "-g", "-std=c11", "-fPIE", "-fstack-protector-strong", "-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=2"]
LINK = ["-pie", "-Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code"]
# Each is added to those above, where the last word wins.
MISSING = {
    "-no-pie": "not position independent",
    "-Wl,-z,lazy": "what the loader fills in stays writable",
    "-Wl,-z,norelro": "what the loader fills in stays writable",
    "-Wl,-z,execstack": "code may run on the stack",
    "-Wl,-z,noseparate-code": "code and data share a segment",
    "-DODD": "a segment can be written and run",
    "-DPATCHED -Wl,-z,notext": "the loader writes into code",
    "-fno-stack-protector": "no guard on the stack",
    "-fstack-protector": "compiled without -fstack-protector-strong",
    "-D_FORTIFY_SOURCE=0 -Wno-builtin-macro-redefined": "the C library does not look at sizes",
    "-fno-stack-clash-protection": "compiled without -fstack-clash-protection",
}
MISSING_HERE = {"Advanced Micro Devices X86-64": {"-fcf-protection=none": "a jump may land anywhere"},
                "AArch64": {"-mbranch-protection=none": "a jump may land anywhere"}}


def machine():
    return ask("readelf", "--file-header", BUILD / "juju-jaas-migrate").split("Machine:")[1].split("\n")[0].strip()


class Hardened(unittest.TestCase):
    def test_shipped(self):
        for name in PROGRAMS:
            with self.subTest(program=name):
                self.assertEqual(faults(BUILD / name, fortified=not SANITIZED), [])

    def test_erases_what_is_freed(self):
        """Its own free() and realloc() are what the libraries get, too; an instrumented program has those of its runtime."""
        for name in PROGRAMS:
            with self.subTest(program=name):
                said = ask("readelf", "--wide", "--dyn-syms", BUILD / name)
                own = set(re.findall(r" FUNC +GLOBAL +DEFAULT +\d+ (free|realloc)$", said, re.MULTILINE))
                self.assertEqual(own, set() if SANITIZED else {"free", "realloc"})


class Missing(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.source, self.program = (pathlib.Path(folder.name, name) for name in ("sample.c", "sample"))
        self.source.write_text(SAMPLE, encoding="utf-8")

    def found(self, *words):
        subprocess.run(["gcc", *COMPILE, *NOTED.get(machine(), []), *LINK, *words, self.source, "-o", self.program], check=True,
                       capture_output=True)
        return faults(self.program)

    def test_nothing(self):
        self.assertEqual(self.found(), [])

    def test_stripped(self):
        self.assertEqual(self.found("-s"), [])

    def test_each(self):
        for words, said in {**MISSING, **MISSING_HERE.get(machine(), {})}.items():
            with self.subTest(words=words):
                self.assertIn(said, self.found(*words.split()))


if __name__ == "__main__":
    unittest.main()
