#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every tool is content with a good sample and complains about a bad one, so that none is called in a way that finds
nothing."""

import pathlib
import shutil
import tempfile
import unittest

from source import read_tree
from tools import TOOLS

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FLAGS = ["-std=c11", "-D_GNU_SOURCE", "-I.", "-Wall", "-Wextra", "-Wshadow"]
GOOD = {
    "plugin/x.c": '#include "plugin/x.h"\n\nint next(int number)\n{\n\treturn number + 1;\n}\n',
    "plugin/x.h": "#ifndef PLUGIN_X_H\n#define PLUGIN_X_H\n\nint next(int number);\n\n#endif\n",
    "tests/x": '#!/bin/sh\necho "$1"\n',
    "tests/x.py": "print(1)\n",
}

# What breaks the good sample for each tool: (path, text).
BAD = {
    "clang-format": ("plugin/x.c", "int  next( int number ){ return number+1; }\n"),
    "clang-tidy": ("plugin/x.c", "int number(const char *text);\nint number(const char *text)\n{\n"
                                 "\treturn *text == 'a' ? sizeof(text) == sizeof(text + 1) : *(char *)0;\n}\n"),
    "cppcheck": ("plugin/x.c", "int x(void *o)\n{\n\tint *at = 0;\n\n"
                               "\tjson_object_object_foreach(o, key, value) {\n\t\treturn *at;\n\t}\n\treturn 0;\n}\n"),
    "shellcheck": ("tests/x", "#!/bin/sh\nrm $1\n"),
    "python": ("tests/x.py", "print(1\n"),
    "gcc": ("plugin/x.c", "int x(void)\n{\n\tint unused;\n\treturn 1;\n}\n"),
    "gcc -fanalyzer": ("plugin/x.c", "#include <stdlib.h>\n\nvoid x(int a)\n{\n\tint *at = malloc(sizeof(*at));\n"
                                    "\tif (at == NULL)\n\t\treturn;\n\tfree(at);\n\tif (a)\n\t\tfree(at);\n}\n"),
    "clang": ("plugin/x.c", "int x(int a)\n{\n\tint b = a;\n\tb = b;\n\treturn a;\n}\n"),
    "headers alone": ("plugin/x.h", "size_t next(size_t number);\n"),
}


class Tools(unittest.TestCase):
    def said(self, tool, files):
        with tempfile.TemporaryDirectory() as directory:
            for name in (".clang-format", ".clang-tidy"):
                shutil.copy(ROOT / name, directory)
            for name, text in files.items():
                path = pathlib.Path(directory, name)
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8")
            jobs = TOOLS[tool](directory, read_tree(directory), FLAGS)
            self.assertTrue(jobs, f"{tool} looks at nothing")
            return "".join(job() for job in jobs)

    def test_each_tool(self):
        self.assertEqual(set(BAD), set(TOOLS))
        for tool, (path, text) in BAD.items():
            with self.subTest(tool=tool):
                self.assertEqual(self.said(tool, GOOD), "")
                self.assertIn(pathlib.PurePath(path).name if tool != "headers alone" else "size_t",
                              self.said(tool, {**GOOD, path: text}))


if __name__ == "__main__":
    unittest.main()
