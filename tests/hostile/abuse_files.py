# SPDX-License-Identifier: Apache-2.0
"""What a data directory can hold that is meant to choke whoever reads it."""

import os

from abuse import MIB, Files

GIB = 1 << 30
NODES = 390000
HEAD = "controllers:\n"


def with_file(name, data):
    """`data` may be a function that makes it."""
    return lambda place: place.write(name, data() if callable(data) else data)


def sparse(name, size, data=b""):
    """A file that is large and takes no room: zeros behind its beginning."""
    def prepare(place):
        os.truncate(place.write(name, data), size)
    return prepare


def instead(name, make):
    """Something else in the place of a file: `make(path)`."""
    def prepare(place):
        path = place.write(name, "")
        path.unlink()
        make(path)
    return prepare


def laughs():
    """Nine names, each for nine of the one before: a billion of the first."""
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    return "\n".join(lines) + "\ncontrollers: *a9\n"


def nested_maps(depth):
    return "controllers:\n" + "".join(" " * level + "a:\n" for level in range(1, depth))


def in_all(more):
    """The three files of the store, each with `more` behind what belongs there."""
    def prepare(place):
        for name in ("controllers.yaml", "accounts.yaml", "models.yaml"):
            path = place.juju / name
            place.write(name, (path.read_text(encoding="utf-8") if path.exists() else "") + more)
    return prepare


def yaml_rows():
    name = "controllers.yaml"
    entry = f"{HEAD}    jaas:\n        uuid: u\n        api-endpoints: ['127.0.0.1:1']\n        oidc-login: true\n"
    return [
        Files("YAML: a billion laughs", with_file(name, laughs())),
        Files("YAML: an alias in itself", with_file(name, "controllers: &a\n    jaas: *a\n")),
        Files("YAML: 100,000 aliases", with_file(name, "x: &x y\ncontrollers: [" + "*x, " * 100000 + "*x]\n")),
        Files("YAML: 100,000 anchors", with_file(name, "x:\n" + "".join(f"- &a{n} b\n" for n in range(100000)))),
        Files("YAML: merged keys", with_file(name, "x: &x {jaas: {uuid: u}}\ncontrollers:\n  <<: *x\n")),
        Files("YAML: 1,000 levels of maps", with_file(name, nested_maps(1000))),
        Files("YAML: 1,000,000 levels of lists", with_file(name, "controllers: " + "[" * 1000000)),
        Files("YAML: 1,000,000 levels of braces", with_file(name, "controllers: " + "{a: " * 1000000)),
        Files("YAML: 1,000,000 question marks", with_file(name, "? " * 1000000)),
        Files("YAML: tags of other languages", with_file(name, "controllers: !!python/object/apply:os.system ['id']\n")),
        Files("YAML: a tag on the entry", with_file(name, entry.replace("uuid: u", "uuid: !<tag:x,2026:y> u"))),
        Files("YAML: a text of 15 MiB", with_file(name, entry.replace("uuid: u", "uuid: " + "u" * 15 * MIB)), peak=64),
        Files("YAML: a key of 15 MiB", with_file(name, lambda: HEAD + "    " + "k" * 15 * MIB + ": {}\n"), peak=64),
        Files("YAML: a name of 2,000 letters", with_file(name, entry.replace("jaas:", "j" * 2000 + ":"))),
        Files("YAML: 410,000 nodes", with_file(name, lambda: "x: [" + "1," * 410000 + "1]\n"), peak=64),
        Files("YAML: 390,000 nodes", with_file(name, lambda: "x: [" + "1," * 390000 + "1]\n"), peak=64),
        Files("YAML: 50,000 controllers", with_file(name, HEAD + "".join(
            f"  c{n}: {{uuid: u{n}, api-endpoints: ['h:1']}}\n" for n in range(50000))), peak=80),
        Files("YAML: the same key 100,000 times", with_file(name, HEAD + "  a: {}\n" * 100000), peak=40),
        Files("YAML: 100,000 endpoints", with_file(name, entry.replace("'127.0.0.1:1'", "'127.0.0.1:1', " * 100000)), peak=40),
        Files("YAML: three files as large as may be", in_all("x: [" + "1," * NODES + "1]\n"), peak=80),
        Files("YAML: three files with a text of 15 MiB", in_all("x: " + "u" * 15 * MIB + "\n"), peak=80),
        Files("YAML: 16 MiB of comments", with_file(name, lambda: "#\n" * (8 * MIB)), peak=64),
        Files("YAML: 16 MiB of documents", with_file(name, lambda: "---\n" * (4 * MIB)), peak=64),
        Files("YAML: 16 MiB of tabs", with_file(name, lambda: b"\t" * 16 * MIB), peak=64),
        Files("YAML: a byte over 16 MiB", sparse(name, 16 * MIB + 1, entry.encode())),
        Files("YAML: 16 MiB of zeros", sparse(name, 16 * MIB, entry.encode()), peak=40),
        Files("YAML: 64 GiB", sparse(name, 64 * GIB, entry.encode())),
        Files("YAML: 64 GiB of accounts", sparse("accounts.yaml", 64 * GIB)),
        Files("YAML: 64 GiB of models", sparse("models.yaml", 64 * GIB)),
        Files("YAML: UTF-16", with_file(name, entry.encode("utf-16"))),
        Files("YAML: invalid UTF-8", with_file(name, entry.encode().replace(b"uuid: u", b"uuid: \xff\xfe"))),
        Files("YAML: a directory", instead(name, os.mkdir)),
        Files("YAML: a pipe that nobody writes to", instead(name, os.mkfifo)),
        Files("YAML: /dev/zero", instead(name, lambda path: os.symlink("/dev/zero", path))),
        Files("YAML: a link to itself", instead(name, lambda path: os.symlink(path, path))),
        Files("YAML: /proc/self/mem", instead(name, lambda path: os.symlink("/proc/self/mem", path))),
    ]


def state_rows():
    """The journal of this program's own moves, and what it remembers for the completion of names."""
    name = "../state/juju-jaas-migrate/5f0c9a52-0d0e-4e55-8f0b-000000000001.json"
    again = {"words": ("--resume",)}

    return [
        Files("journal: 64 GiB", sparse(name, 64 * GIB), **again),
        Files("journal: 100,000 levels", with_file(name, "[" * 60000), **again),
        Files("journal: 20,000 objects", with_file(name, "[" + "{}," * 20000 + "{}]"), peak=32, **again),
        Files("journal: a directory", instead(name, os.mkdir), **again),
        Files("journal: a pipe that nobody writes to", instead(name, os.mkfifo), **again),
        Files("journal: /dev/zero", instead(name, lambda path: os.symlink("/dev/zero", path)), **again),
    ]


def rows():
    return [*yaml_rows(), *state_rows()]
