# SPDX-License-Identifier: Apache-2.0
"""Other people's tools. Each check takes the tree's top, its sources and the flags to compile with, and returns jobs:
functions that return what the tool has to say, "" when it is content."""

import os
import pathlib
import re
import shutil
import subprocess

BATCH = 4

# clang-tidy counts what it does not show.
NOISE = re.compile(r"^\d+ warnings? (and \d+ errors? )?generated\.\n", re.MULTILINE)

# What cppcheck calls style is left to clang-tidy: it does not know of locals that clean up after themselves.
CPPCHECK = ["cppcheck", "--quiet", "--std=c11", "--language=c", "--enable=warning,performance,portability",
            "--inline-suppr", "--error-exitcode=1", "-I.", "-D_GNU_SOURCE",
            f"--library={pathlib.Path(__file__).resolve().parent / 'json-c.cfg'}"]


def call(root, command, text=None):
    """Runs a tool; returns what it printed if it failed or warned."""
    if not shutil.which(command[0]):
        return f"{command[0]} is not installed; `make deps` installs it"
    done = subprocess.run(command, cwd=root, input=text, capture_output=True, text=True, check=False)
    said = NOISE.sub("", done.stdout + done.stderr).strip()
    return said or "it failed and said nothing" if done.returncode else ""


def later(root, command, text=None):
    return lambda: call(root, command, text)


def batches(paths):
    return (paths[i:i + BATCH] for i in range(0, len(paths), BATCH))


def c_paths(sources, *ends, below=("plugin/", "common/", "tests/")):
    return [source.path for source in sources if source.path.endswith(ends) and source.path.startswith(below)]


def formatting(root, sources, _flags):
    paths = c_paths(sources, ".c", ".h")
    return [later(root, ["clang-format", "--dry-run", "-Werror", *some]) for some in batches(paths)]


def tidy(root, sources, flags):
    paths = c_paths(sources, ".c", below=("plugin/", "common/"))
    return [later(root, ["clang-tidy", "--quiet", *some, "--", *flags]) for some in batches(paths)]


def cppcheck(root, sources, _flags):
    paths = c_paths(sources, ".c", below=("plugin/", "common/"))
    return [later(root, [*CPPCHECK, *some]) for some in batches(paths)]


def shell(root, sources, _flags):
    paths = [source.path for source in sources if source.is_shell]
    return [later(root, ["shellcheck", "--severity=style", *some]) for some in batches(paths)]


def python(root, sources, _flags):
    """Python's own compiler, which finds what does not parse."""
    def parse(source):
        try:
            compile(source.text, source.path, "exec")
        except SyntaxError as error:
            return f"{source.path}:{error.lineno}: {error.msg}"
        return ""
    return [lambda source=source: parse(source) for source in sources if source.is_python]


def gcc(root, sources, flags):
    return [later(root, ["gcc", *flags, "-O2", "-Werror", "-c", path, "-o", os.devnull])
            for path in c_paths(sources, ".c")]


def analyser(root, sources, flags):
    """gcc's search along paths. Not on tests: leaks and NULLs are what many of them are about."""
    return [later(root, ["gcc", *flags, "-O1", "-fanalyzer", "-Werror", "-c", path, "-o", os.devnull])
            for path in c_paths(sources, ".c", below=("plugin/", "common/"))]


def clang(root, sources, flags):
    return [later(root, ["clang", *flags, "-O2", "-Werror", "-fsyntax-only", path]) for path in c_paths(sources, ".c")]


def headers(root, sources, flags):
    """Each header alone, as the first thing that a file includes."""
    command = ["gcc", *flags, "-Werror", "-fsyntax-only", "-x", "c", "-"]
    return [later(root, command, f'#include "{path}"\n') for path in c_paths(sources, ".h")]


TOOLS = {
    "clang-format": formatting,
    "clang-tidy": tidy,
    "cppcheck": cppcheck,
    "shellcheck": shell,
    "python": python,
    "gcc": gcc,
    "gcc -fanalyzer": analyser,
    "clang": clang,
    "headers alone": headers,
}
