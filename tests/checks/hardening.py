# SPDX-License-Identifier: Apache-2.0
"""What a program was built with against mistakes that we do not know of yet, as the built file itself shows it."""

import re
import subprocess

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
# Where a jump may land: the instruction that says so, by machine. A program has it at the start of each function.
LANDING = {"Advanced Micro Devices X86-64": bytes.fromhex("f30f1efa"), "AArch64": bytes.fromhex("3f2303d5")}
# What the compiler itself notes down of how it was called, by machine.
NOTED = {"Advanced Micro Devices X86-64": ["-fstack-clash-protection", "-fcf-protection=full"],
         "AArch64": ["-fstack-clash-protection", "-mbranch-protection=standard"]}
EVERYWHERE = ["-fstack-protector-strong", "-fPIE"]
# Fewer are in what the C library adds to each program.
LANDINGS = 30


def ask(*words):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=True, env=ENVIRONMENT).stdout


def segments(said):
    """[(type, flags)] of the program headers."""
    return re.findall(r"^  (\w+) +0x\w+ 0x\w+ 0x\w+ 0x\w+ 0x\w+ ([R ][W ][E ])", said, re.MULTILINE)


def linked(said):
    """What the linker has left out."""
    loads = [flags for kind, flags in segments(said) if kind == "LOAD"]
    stacks = [flags for kind, flags in segments(said) if kind == "GNU_STACK"]
    if not re.search(r"Type:\s+DYN", said) or not re.search(r"\(FLAGS_1\).*\bPIE\b", said):
        yield "not position independent"
    if not re.search(r"\(FLAGS_1\).*\bNOW\b", said) or "GNU_RELRO" not in said:
        yield "what the loader fills in stays writable"
    if stacks != ["RW "]:
        yield "code may run on the stack"
    if any("W" in flags and "E" in flags for flags in loads):
        yield "a segment can be written and run"
    if [flags for flags in loads if "E" in flags] != ["R E"] or loads[0] != "R  ":
        yield "code and data share a segment"
    if "(TEXTREL)" in said:
        yield "the loader writes into code"


def compiled(path, machine, fortified):
    """What the compiler has left out; a stripped program shows it, too."""
    asked = ask("readelf", "--wide", "--dyn-syms", path)
    if "__stack_chk_fail" not in asked:
        yield "no guard on the stack"
    if fortified and not re.search(r"__\w+printf_chk\b", asked):
        yield "the C library does not look at sizes"
    if machine in LANDING and path.read_bytes().count(LANDING[machine]) < LANDINGS:
        yield "a jump may land anywhere"


def kind_of(flag):
    """Of two such flags the last one counts."""
    return flag.removesuffix("-strong") if flag.endswith("-strong") else ""


def noted(path, machine):
    """Flags that one of our sources at least was compiled without. No flag is missing where the compiler notes none down."""
    said = ask("readelf", "--wide", "--debug-dump=info", "--dwarf-depth=1", path)
    calls = [call.split() for call in re.findall(r"DW_AT_producer .*: (GNU C\d.* -.*)", said)]
    for flag in [*EVERYWHERE, *NOTED.get(machine, [])]:
        if any(flag not in call or kind_of(flag) in call[call.index(flag):] for call in calls):
            yield f"compiled without {flag}"


def faults(path, fortified=True):
    """Returns what is missing in a program; `fortified` is False for an instrumented one, which looks at sizes by itself."""
    said = ask("readelf", "--wide", "--file-header", "--program-headers", "--dynamic", path)
    machine = re.search(r"Machine:\s+(.*)", said)[1]
    return [*linked(said), *compiled(path, machine, fortified), *noted(path, machine)]
