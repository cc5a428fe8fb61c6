# SPDX-License-Identifier: Apache-2.0
"""The files of the tree, as the rules look at them."""

import pathlib
import re
import subprocess

TOKEN = re.compile(r"""/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.DOTALL)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
SHELL = re.compile(r"#!\s*/\S*(?:/|env )(?:sh|bash|dash)\b")


def blank(text):
    return re.sub(r"[^\n]", " ", text)


class Source:
    """One file: `path` from the top, as text; `text`; and for C `code`: without comments and what stands in quotes."""

    def __init__(self, path, text):
        self.path, self.text = path, text
        self.is_c = path.endswith((".c", ".h"))
        self.is_shell = SHELL.match(text) is not None or path.endswith(".bash")
        self.is_python = path.endswith(".py") or re.match(r"#!.*\bpython3?\b", text) is not None
        self.code = TOKEN.sub(lambda found: blank(found[0]), text) if self.is_c else text

    def line_of(self, offset):
        return self.text.count("\n", 0, offset) + 1

    def comments(self):
        """Yields (line, text) of each comment of C."""
        for found in TOKEN.finditer(self.text) if self.is_c else ():
            if found[0].startswith("/"):
                yield self.line_of(found.start()), found[0]

    def includes(self):
        """Yields (line, "<" or a quote, name) of each #include."""
        without_comments = TOKEN.sub(lambda found: blank(found[0]) if found[0][0] == "/" else found[0], self.text)
        for found in INCLUDE.finditer(without_comments):
            yield self.line_of(found.start()), found[1], found[2]

    def matches(self, pattern, text=None):
        """Yields (line, what was found) of each match of a compiled pattern, by default in the code."""
        for found in pattern.finditer(self.code if text is None else text):
            yield self.line_of(found.start()), found[0].strip()


def names(root):
    """Returns the paths of the tree's own files; of a tree without git all but build/."""
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, check=False)
    if listed.returncode == 0:
        return sorted({name for name in listed.stdout.decode().split("\0") if name})
    found = (path.relative_to(root) for path in pathlib.Path(root).rglob("*") if path.is_file())
    return sorted(str(path) for path in found if path.parts[0] not in ("build", ".git"))


def read_tree(root):
    """Returns the sources of a tree; what is no UTF-8 text is none."""
    sources = []
    for name in names(root):
        path = pathlib.Path(root, name)
        try:
            sources.append(Source(name, path.read_text(encoding="utf-8")))
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue
    return sources
