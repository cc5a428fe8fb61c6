# SPDX-License-Identifier: Apache-2.0
"""Our own rules. Each takes a source and yields (line, message) of what breaks it."""

import re

LINES_MAX = 600
BODY_MAX = 60
LICENSE = "SPDX-" "License-Identifier: Apache-2.0"

# What a layer may include of ours: directories, or single headers. The longest name of a file's directory counts.
LAYERS = {
    "common/base": ("common/base/",),
    "common/store": ("common/store/", "common/base/"),
    "common/wire": ("common/wire/", "common/base/"),
    "common/juju": ("common/juju/", "common/wire/rpc.h", "common/base/"),
    "common/login": ("common/login/", "common/juju/", "common/wire/", "common/store/", "common/base/"),
    "common/migration": ("common/migration/", "common/juju/", "common/login/", "common/wire/loop.h", "common/base/"),
    "plugin": ("plugin/", "common/"),
    "plugin/keyring": ("plugin/keyring/", "plugin/keyring_protocol.h", "common/base/"),
    "tests": ("tests/", "plugin/", "common/"),
}

# A foreign library: its headers, its names, and the files that may know it. Tests may know all.
DOORS = {
    "libwebsockets": (r"libwebsockets\b", r"\blws_\w+", r"common/wire/(loop|transport)(_\w+)?\.[ch]"),
    "libyaml": (r"yaml\.h", r"\byaml_(parser|event|token|document|node|emitter)_\w+",
                r"common/store/yaml(_write)?\.c"),
    "libsecret": (r"libsecret\b", r"\bsecret_(password|service|item|schema)_\w+", r"plugin/keyring/.*"),
    "GLib": (r"(glib|gio|gmodule|gobject)\b", r"\bg_(list|free|error|object|hash_table|dbus|variant|strdup|malloc|getenv)\w*",
             r"plugin/keyring/.*"),
    "json-c": (r"(json-c/)?json\w*\.h", r"\bjson_(object|tokener|util|type)_\w+",
               r"common/juju/.*|common/wire/(rpc|envelope)\.[ch]|common/migration/journal\.c"
               r"|common/store/cookie\w*\.[ch]"),
    "OpenSSL": (r"openssl/", r"\b(SSL|SSL_CTX|X509|EVP|BIO|PEM|ERR|RAND|HMAC)_[a-z]\w*",
                r"common/wire/(trust|transport|authorities|proxy)\.[ch]|common/juju/macaroon_bind\.c|common/store/lock\.c"),
}

PRINTS = re.compile(r"\b(v?printf|puts|putchar|fputs|fputc|putc|perror|exit|_exit|quick_exit)\s*\(|\b(stdout|stderr)\b")
STATE = re.compile(r"^[ \t]*(?:static|_Thread_local)\s+(?!.*\bconst\b)(?!inline\b)[^;={(]*[;=]", re.MULTILINE)
LEFT_OPEN = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b|not implemented " r"yet|\bst" r"ub")
FOREIGN_WORDS = re.compile(r"\.\./shared|\bPart [A-J]\b|issue [0-9]+|\b(?:this|last|next)[ ]session\b|sub" r"agent"
                           r"|language[ ]model|\bdesign\.[m]d\b|\bhouse-style\b", re.IGNORECASE)


def layer_of(path):
    found = [layer for layer in LAYERS if path.startswith(layer + "/")]
    return max(found, key=len) if found else None


def layers(source):
    layer = layer_of(source.path) if source.is_c else None
    for line, kind, name in source.includes() if layer else ():
        if kind == '"' and not name.startswith(LAYERS[layer]):
            yield line, f"{layer} must not include {name}"


def doors(source):
    if not source.is_c or source.path.startswith("tests/"):
        return
    for library, (header, names, inside) in DOORS.items():
        if re.fullmatch(inside, source.path):
            continue
        for line, _, name in source.includes():
            if re.match(header, name):
                yield line, f"{name}: {library} has its own door"
        once = {name: line for line, name in reversed([*source.matches(re.compile(names))])}
        for name, line in sorted(once.items(), key=lambda item: item[1]):
            yield line, f"{name}: {library} has its own door"


def silence(source):
    if source.is_c and source.path.startswith("common/"):
        for line, what in source.matches(PRINTS):
            yield line, f"{what}: the library neither prints nor exits"


def state(source):
    if source.is_c and source.path.startswith(("common/", "plugin/")):
        for line, what in source.matches(STATE):
            yield line, f"{what}: no state of the whole process"


def structs(source):
    for line, what in source.matches(re.compile(r"\btypedef\s+(struct|union|enum)\b")) if source.is_c else ():
        yield line, f"{what}: write the struct's name instead"


def comments(source):
    for line, text in source.comments():
        if text.startswith("//"):
            yield line, "comments are /* */"


def bodies(source):
    """Braces in the first column belong to functions: the format sees to that."""
    begun = 0
    for number, line in enumerate(source.text.splitlines() if source.is_c else (), 1):
        if line.startswith("{"):
            begun = number
        elif line.startswith("}") and begun:
            if number - begun - 1 > BODY_MAX:
                yield begun, f"a function of {number - begun - 1} lines, more than {BODY_MAX}"
            begun = 0


def sizes(source):
    lines = source.text.count("\n")
    if (source.is_c or source.is_python or source.is_shell) and lines > LINES_MAX:
        yield lines, f"{lines} lines, more than {LINES_MAX}"


def license_line(source):
    if source.is_c:
        good = source.text.startswith(f"/* {LICENSE} */\n")
    elif source.is_python or source.is_shell or source.path == "Makefile":
        good = f"# {LICENSE}" in source.text.splitlines()[:2]
    else:
        return
    if not good or source.text.count("SPDX-" "License-Identifier: ") != 1:
        yield 1, f"one line \"{LICENSE}\" is due at the top"


def guards(source):
    if source.path.endswith(".h"):
        name = re.sub(r"\W", "_", source.path).upper()
        if f"#ifndef {name}\n#define {name}\n" not in source.text:
            yield 1, f"the include guard is {name}"


def left_open(source):
    if source.is_c or source.is_python or source.is_shell or source.path == "Makefile":
        for line, what in source.matches(LEFT_OPEN, source.text):
            yield line, f"{what}: left open"


def words(source):
    if source.path.startswith(".ci/"):
        return
    for line, what in source.matches(FOREIGN_WORDS, source.text):
        yield line, f"{what}: speaks of more than the project"


RULES = {
    "layers": layers,
    "doors": doors,
    "silent library": silence,
    "no process state": state,
    "structs by name": structs,
    "comments": comments,
    "function sizes": bodies,
    "file sizes": sizes,
    "license lines": license_line,
    "include guards": guards,
    "nothing left open": left_open,
    "words": words,
}
