# SPDX-License-Identifier: Apache-2.0
"""The packed snap, unpacked into a root of its own: nothing in it but the snap, the C library with its loader, a shell, and a
home. What is there of the machine's other libraries cannot be seen from inside. BUILD names the build."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()
LIMIT = 120
APP, PLUGIN = "/snap/juju-jaas-migrate/x1", "/snap/juju/7/opt/jaas/bin"
HOME = "/home/alice"
# Quick enough for real time.
WORLD = {"migration": {"each": "100ms"}}
# As juju: by PATH, under the bare name, with what else was typed.
JUJU = """#!/bin/sh
plugin=juju-$1
shift
exec "$plugin" "$@"
"""


def outer():
    return {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}


def pack(out, *words):
    """Packs what is built; lzo is quick."""
    command = [ROOT / "snap" / "local" / "pack", "--build", BUILD, "--out", out, "--compression", "lzo", *words]
    return subprocess.run(command, capture_output=True, text=True, env=outer(), check=False)


def unpack(snap, folder):
    subprocess.run(["unsquashfs", "-quiet", "-no-progress", "-no-xattrs", "-d", folder, snap], check=True, capture_output=True)


class Packed:
    """`said` is what packing said, `tree` what the snap holds; whoever made it calls end()."""

    def __init__(self):
        self.base = pathlib.Path(tempfile.mkdtemp(prefix="snap-"))
        self.base.chmod(0o755)
        done = pack(self.base, "--once")
        self.said, self.tree = done.stdout, self.base / "tree"
        assert done.returncode == 0, done.stderr
        self.file = pathlib.Path(done.stdout.splitlines()[-1])
        unpack(self.file, self.tree)

    def end(self):
        shutil.rmtree(self.base)


def libraries_of(program):
    """{name: path} of what the loader finds for it."""
    said = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    return dict(re.findall(r"^\t(?:(\S+) => )?(/\S+) \(0x", said, re.MULTILINE))


class Machine:
    """`root` is what is seen from inside, `home` the person's; `server` the simulated JAAS, which runs outside."""

    def __init__(self, tree):
        self.base = pathlib.Path(tempfile.mkdtemp(prefix="snap-"))
        self.base.chmod(0o755)
        self.tree, self.root, self.home = tree, self.base / "root", self.base / "root" / HOME[1:]
        self.juju = self.home / ".local/share/juju"
        self.server = None
        for folder in ("proc", "dev", "bin", "tmp", APP[1:], PLUGIN[1:], "snap/juju/7/bin", HOME[1:] + "/snap"):
            (self.root / folder).mkdir(parents=True)
        self.juju.mkdir(parents=True)
        self.add_c_library()
        shutil.copy("/bin/sh", self.root / "bin/sh")
        self.put("snap/juju/7/bin/juju", JUJU)

    def put(self, name, text):
        (self.root / name).write_text(text, encoding="utf-8")
        (self.root / name).chmod(0o755)

    def add_c_library(self):
        """The loader and the C library's own files, where they are outside; nothing else may be needed."""
        found = {}
        for program in ("/bin/sh", self.tree / "plugin/juju-jaas-migrate", self.tree / "libexec/juju-jaas-migrate/keyring"):
            found |= libraries_of(program)
        for name, path in found.items():
            if path.startswith(str(self.tree)):
                continue
            assert re.match(r"(lib(c|dl|m|pthread|resolv|rt)\.so\.\d+|)$", name), f"{name} comes from outside: {path}"
            (self.root / path[1:]).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, self.root / path[1:])

    def start(self, *words):
        (self.base / "world").write_text(json.dumps(WORLD), encoding="utf-8")
        command = [BUILD / "test" / "server", "--script", self.base / "world", "--directory", self.juju, "--lifetime", LIMIT,
                   "--report", self.base / "report", "--wire", self.base / "wire", *words]
        self.server = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                       text=True)
        assert self.server.stdout.readline().startswith("listening on ")

    def stop(self):
        """Ends the server; returns the world's truth."""
        self.server.terminate()
        self.server.wait(timeout=60)
        self.server.stdout.close()
        self.server = None
        return json.loads((self.base / "report").read_text(encoding="utf-8"))

    def environment(self, snap, path):
        """What snapd sets for a command of this snap."""
        user = f"{HOME}/snap/{snap}"
        variables = {"PATH": path, "SNAP_NAME": snap, "SNAP": path.split(":", maxsplit=1)[0], "SNAP_REVISION": "7", "HOME": f"{user}/7",
                     "SNAP_USER_DATA": f"{user}/7", "SNAP_USER_COMMON": f"{user}/common", "SNAP_REAL_HOME": HOME, "TMPDIR": "/tmp",
                     "XDG_RUNTIME_DIR": f"/run/user/1000/snap.{snap}", "LC_ALL": "C.UTF-8",
                     "DBUS_SESSION_BUS_ADDRESS": "unix:path=/run/user/1000/bus"}
        (self.root / user[1:] / "7").mkdir(parents=True, exist_ok=True)
        return variables | {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}

    def inside(self, environment, *command, lent=None):
        """Runs a command inside; `lent` stands in for the folder that juju's snap is lent."""
        mounts = [f"mount --make-rprivate /; mount --rbind /proc '{self.root}/proc'; mount --rbind /dev '{self.root}/dev'",
                  f"mount --bind '{self.tree}' '{self.root}{APP}'; mount -o remount,bind,ro '{self.root}{APP}'",
                  f"mount --bind '{lent or self.tree / 'plugin'}' '{self.root}{PLUGIN}'",
                  f"mount -o remount,bind,ro '{self.root}{PLUGIN}'"]
        words = [f"{name}={value}" for name, value in environment.items()]
        script = f"set -e; {'; '.join(mounts)}; exec chroot '{self.root}' \"$@\""
        # env would be looked for inside.
        shell = 'while [ "$1" != -- ]; do export "$1"; shift; done; shift; exec "$@"'
        return subprocess.run(["unshare", "-m" if os.geteuid() == 0 else "-rm", "sh", "-c", script, "sh", "/bin/sh", "-c", shell, "sh",
                               *words, "--", *command],
                              capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=LIMIT, check=False,
                              env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})

    def app(self, *words, **variables):
        environment = self.environment("juju-jaas-migrate", f"{APP}/plugin:/usr/bin:/bin")
        return self.inside({**environment, "SNAP": APP, **variables}, f"{APP}/plugin/juju-jaas-migrate", *words)

    def plugin(self, *words, lent=None, **variables):
        snap = "/snap/juju/7"
        environment = self.environment("juju", f"{snap}/bin:{snap}/usr/bin:{PLUGIN}:/snap/bin:/usr/bin:/bin")
        return self.inside({**environment, "SNAP": snap, **variables}, f"{snap}/bin/juju", "jaas-migrate", *words, lent=lent)

    def written(self):
        """What lies in the home and in /tmp, without the store that was there before."""
        return sorted(str(path.relative_to(self.root)) for folder in (self.home, self.root / "tmp") for path in folder.rglob("*")
                      if not path.is_dir())

    def end(self):
        if self.server:
            self.stop()
        shutil.rmtree(self.base)
