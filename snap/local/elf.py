# SPDX-License-Identifier: Apache-2.0
"""What a program or a library asks of the machine that it runs on, as binutils tell it."""

import re
import subprocess

# What comes with the loader, in every base.
GLIBC = {"libc.so.6", "libdl.so.2", "libm.so.6", "libpthread.so.0", "libresolv.so.2", "librt.so.1", "libutil.so.1"}
# Architecture, as snaps call it: the machine, as readelf calls it, and the loader.
MACHINES = {
    "amd64": ("Advanced Micro Devices X86-64", "/lib64/ld-linux-x86-64.so.2"),
    "arm64": ("AArch64", "/lib/ld-linux-aarch64.so.1"),
}


def is_elf(path):
    with open(path, "rb") as file:
        return file.read(4) == b"\x7fELF"


def version_of(text):
    return tuple(int(part) for part in text.split("."))


class Elf:
    """`paths` is what RPATH and RUNPATH name; `floor` the least version of glibc, "" when none is asked for."""

    def __init__(self, path):
        said = subprocess.run(["readelf", "--wide", "--file-header", "--program-headers", "--dynamic", path], check=True,
                              capture_output=True, text=True, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"}).stdout
        symbols = subprocess.run(["objdump", "--dynamic-syms", path], check=True, capture_output=True, text=True).stdout
        self.machine = re.search(r"Machine:\s+(.*)", said)[1]
        loader = re.search(r"\[Requesting program interpreter: (\S+)\]", said)
        self.loader = loader[1] if loader else ""
        self.needed = re.findall(r"\(NEEDED\)\s+Shared library: \[(.*)\]", said)
        self.paths = re.findall(r"\((?:RPATH|RUNPATH)\)\s+Library (?:rpath|runpath): \[(.*)\]", said)
        floors = re.findall(r"\bGLIBC_([0-9.]+)", symbols)
        self.floor = max(floors, key=version_of, default="")

    def architecture(self):
        return next((name for name, (machine, _) in MACHINES.items() if machine == self.machine), self.machine)
