#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every rule of ours finds what breaks it, and nothing in what does not."""

import unittest

from rules import BODY_MAX, LINES_MAX, RULES
from source import Source

C = "/* SPDX-" "License-Identifier: Apache-2.0 */\n"
SH = "#!/bin/sh\n# SPDX-" "License-Identifier: Apache-2.0\n"


def function(lines):
    return C + "int f(void)\n{\n" + "\tstep();\n" * lines + "}\n"


# (rule, path, text, lines of the findings)
CASES = [
    ("layers", "common/base/x.c", '#include "common/store/file.h"\n', [1]),
    ("layers", "common/base/x.c", '#include "common/base/text.h"\n#include <stdio.h>\n', []),
    ("layers", "common/store/x.h", '#include "common/wire/loop.h"\n', [1]),
    ("layers", "common/wire/x.c", '\n#include "common/juju/names.h"\n', [2]),
    ("layers", "common/juju/x.c", '#include "common/wire/rpc.h"\n#include "common/wire/dial.h"\n', [2]),
    ("layers", "common/login/x.c", '#include "common/wire/dial.h"\n#include "common/migration/port.h"\n', [2]),
    ("layers", "common/migration/x.c", '#include "common/wire/loop.h"\n#include "common/wire/rpc.h"\n', [2]),
    ("layers", "common/migration/x.c", '#include "plugin/words.h"\n', [1]),
    ("layers", "common/migration/x.c", '/* #include "plugin/words.h" */\n', []),
    ("layers", "plugin/x.c", '#include "common/juju/jimm.h"\n#include "tests/sim/world.h"\n', [2]),
    ("layers", "plugin/x.c", '#include "words.h"\n', [1]),
    ("layers", "plugin/keyring/x.c", '#include "plugin/keyring_protocol.h"\n#include "common/base/text.h"\n', []),
    ("layers", "plugin/keyring/x.c", '#include "plugin/words.h"\n#include "common/store/store.h"\n', [1, 2]),
    ("layers", "tests/unit/x.c", '#include "plugin/words.h"\n#include "tests/sim/world.h"\n', []),
    ("doors", "common/wire/rpc.c", "#include <libwebsockets.h>\n", [1]),
    ("doors", "common/wire/rpc.c", "int f(void) { return lws_service(0, 0); }\n", [1]),
    ("doors", "common/wire/loop.c", "#include <libwebsockets.h>\n", []),
    ("doors", "common/store/accounts.c", "#include <yaml.h>\n", [1]),
    ("doors", "common/store/yaml.c", "#include <yaml.h>\n", []),
    ("doors", "plugin/prompt.c", "#include <libsecret/secret.h>\n", [1]),
    ("doors", "plugin/keyring_client.c", "int x = secret_service_lock(0);\n", [1]),
    ("doors", "plugin/keyring_client.c", "#include <gio/gio.h>\n", [1]),
    ("doors", "plugin/keyring_client.c", "int f(void) { g_free(0); }\n", [1]),
    ("doors", "plugin/keyring/x.c", "#include <libsecret/secret.h>\nint f(void) { g_free(0); }\n", []),
    ("doors", "common/migration/x.c", "#include <json-c/json.h>\n", [1]),
    ("doors", "common/login/session.c", "struct json_object *json_object_get_it(void);\n", [1]),
    ("doors", "common/migration/x.c", 'char *s = "json_object_get";\n', []),
    ("doors", "common/juju/x.c", "#include <json-c/json.h>\n", []),
    ("doors", "plugin/x.c", "#include <openssl/ssl.h>\n", [1]),
    ("doors", "common/wire/trust.c", "#include <openssl/ssl.h>\n", []),
    ("silent library", "common/base/x.c", 'void f(void)\n{\n\tprintf("x");\n}\n', [3]),
    ("silent library", "common/base/x.c", 'fprintf(stderr, "x");\n', [1]),
    ("silent library", "common/base/x.c", "exit(1);\n", [1]),
    ("silent library", "common/base/x.c", 'perror("x");\n', [1]),
    ("silent library", "common/base/x.c", 'puts("x");\n', [1]),
    ("silent library", "common/base/x.c", '/* printf() */ f("exit(1)"); snprintf(a, b, c); on_exit_(1);\n', []),
    ("silent library", "plugin/x.c", 'puts("x");\n', []),
    ("no process state", "common/base/x.c", "static int count;\n", [1]),
    ("no process state", "plugin/x.c", "void f(void)\n{\n\tstatic char *last = NULL;\n}\n", [3]),
    ("no process state", "plugin/x.c", "static const char *const names[] = {0};\nstatic int f(void)\n{\n}\n", []),
    ("structs by name", "common/base/x.h", "typedef struct x x_t;\n", [1]),
    ("structs by name", "common/base/x.h", "typedef int (*step)(void);\n/* typedef struct */\n", []),
    ("comments", "plugin/x.c", "int x; // how many\n", [1]),
    ("comments", "plugin/x.c", '/* see // */ char *s = "https://x";\n', []),
    ("function sizes", "plugin/x.c", function(BODY_MAX), []),
    ("function sizes", "plugin/x.c", function(BODY_MAX + 1), [3]),
    ("file sizes", "plugin/x.c", "\n" * LINES_MAX, []),
    ("file sizes", "plugin/x.c", "\n" * (LINES_MAX + 1), [LINES_MAX + 1]),
    ("file sizes", "tests/x.py", "\n" * (LINES_MAX + 1), [LINES_MAX + 1]),
    ("license lines", "plugin/x.c", "int x;\n", [1]),
    ("license lines", "plugin/x.c", C + C, [1]),
    ("license lines", "plugin/x.c", C + "int x;\n", []),
    ("license lines", "tests/x", "#!/bin/sh\necho\n", [1]),
    ("license lines", "tests/x", SH + "echo\n", []),
    ("include guards", "plugin/x.h", C + "#ifndef X_H\n#define X_H\n#endif\n", [1]),
    ("include guards", "plugin/x.h", C + "#ifndef PLUGIN_X_H\n#define PLUGIN_X_H\n#endif\n", []),
    ("nothing left open", "plugin/x.c", "\n/* TO" "DO: later */\n", [2]),
    ("nothing left open", "plugin/x.c", "/* FIX" "ME */\n/* XX" "X */\n/* HA" "CK */\n", [1, 2, 3]),
    ("nothing left open", "tests/x", SH + "# a st" "ub\n", [3]),
    ("nothing left open", "plugin/x.c", 'char path[] = "/tmp/x.XX" "XXXX";\n', []),
    ("words", "README.md", "see ../" "shared/x\n", [1]),
    ("words", "README.md", "in Par" "t B\n", [1]),
    ("words", "plugin/x.c", "/* issue" " 12 */\n", [1]),
    ("words", "plugin/x.c", "/* the next" " session does it */\n", [1]),
    ("words", "tests/x", "a sub" "agent\na language" " model\n", [1, 2]),
    ("words", "README.md", "a session, an issue, a part, a model\n", []),
    ("words", ".ci/run", "issue" " 12\n", []),
]


class Rules(unittest.TestCase):
    def test_cases(self):
        for rule, path, text, expected in CASES:
            with self.subTest(rule=rule, path=path, text=text):
                self.assertEqual([line for line, _ in RULES[rule](Source(path, text))], expected)

    def test_every_rule_can_fail(self):
        self.assertEqual({rule for rule, _, _, lines in CASES if lines}, set(RULES))
        self.assertEqual({rule for rule, _, _, lines in CASES if not lines}, set(RULES))


if __name__ == "__main__":
    unittest.main()
