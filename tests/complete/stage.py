# SPDX-License-Identifier: Apache-2.0
"""A machine in a folder: what `make install` puts there, juju's client store, a simulated JIMM, a stand-in for juju with completions of
its own, and shells that are driven from outside."""

import calendar
import functools
import json
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import subprocess
import tempfile
import termios
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()
LIMIT = 120
BASH_COMPLETION = "/usr/share/bash-completion/bash_completion"

ALICE, BOB = "alice@canonical.com", "bob@canonical.com"
JAAS = "6acf4fd8-32d6-49ea-b4eb-dcb9d1590c11"
BEGIN = calendar.timegm((2026, 7, 1, 10, 0, 0))
UUID = "5f0c9a52-0d0e-4e55-8f0b-00000000000%d"
WORLD = {
    "controllers": [{"name": "prod-a"}, {"name": "prod-b", "region": "north", "agent-version": "3.6.14"},
                    {"name": "ctl-east", "status": "unavailable"}],
    "models": [{"name": "my-model", "owner": ALICE, "controller": "prod-a", "uuid": UUID % 1},
               {"name": "my-other", "owner": ALICE, "controller": "prod-b", "uuid": UUID % 2},
               {"name": "web", "owner": BOB, "controller": "prod-b", "uuid": UUID % 3, "users": {ALICE: "reader"}},
               {"name": "my-model", "owner": BOB, "controller": "ctl-east", "uuid": UUID % 4,
                "users": {ALICE: "reader"}}],
}

# Names that would do harm, or break the line, if anybody took them for more than a name.
ODD = ["o'quote", 'o"double', "o $(touch canary)", "o `touch canary`", "o;touch canary", "o&touch canary|x", "o<in>out", "o*?[a]",
       "o\\back", "o{a,b}", "o!x", "o~$HOME", "o#hash", "o=eq", "o:colon", "o/slash", "-o-dash", "--output=canary",
       "o\u00fcml\u00e4ut", "o%s%n", "o^caret", "o$'x'"]

JUJU = """#!/bin/sh
# Stands in for juju: what its completion asks for, and plugins.
echo "$*" >>"$HOME/juju-calls"
case $1 in
help)
	case $2 in
	commands) printf 'migrate  moves\\nmodels  lists\\nstatus  shows\\n' ;;
	jaas-migrate) exec juju-jaas-migrate --help ;;
	migrate) printf 'Usage: juju migrate [options] <model-name> <target-controller-name>\\n\\n--dry-run  (= false)\\n--model\\n' ;;
	*) echo 'ERROR unknown' ; exit 1 ;;
	esac ;;
*)
	plugin=juju-$1
	shift
	exec "$plugin" "$@" ;;
esac
"""

# As juju's own file: found under juju's name, one function, by the position of the word.
JUJU_COMPLETION = """
_juju_complete_2() {
	local cur prev words cword
	COMPREPLY=()
	_get_comp_words_by_ref -n : cur prev words cword
	if ((cword == 1)); then
		COMPREPLY=($(compgen -W "$(juju help commands | cut -d ' ' -f 1)" -- "$cur"))
	elif [[ $prev == -m ]]; then
		COMPREPLY=($(compgen -W 'lab:admin/one lab:admin/two' -- "$cur"))
		__ltrim_colon_completions "$cur"
	else
		COMPREPLY=($(compgen -W "$(juju help "${words[1]}" 2>/dev/null | grep -Eo -- '(^|-)-[a-z-]+')" -- "$cur"))
	fi
}
complete -F _juju_complete_2 juju
"""


@functools.cache
def table():
    """The options that the program's own table lists: {name as a shell is to offer it: letter or ""}."""
    source = (ROOT / "plugin" / "option_table.c").read_text(encoding="utf-8")
    rows = re.findall(r'ROW\("([a-z-]+)", (?:\'(\w)\'|0), OPTION_(\w+), (\w+),', source)
    return {f"--{name}" + ("" if kind == "BOOLEAN" else "="): letter for name, letter, kind, listing in rows if listing != "NOT_LISTED"}


@functools.cache
def installed():
    """What `make install` puts somewhere, made once. As test_built.py: with --old-file make takes the program as it is."""
    folder = tempfile.TemporaryDirectory(prefix="complete-")
    command = ["make", "-C", ROOT, "--no-print-directory", f"--old-file={BUILD / 'juju-jaas-migrate'}",
               f"--old-file={BUILD / 'keyring'}", "install", f"BUILD={BUILD}", f"DESTDIR={folder.name}", "PREFIX=/usr"]
    outer = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    subprocess.run(command, check=True, capture_output=True, env=outer)
    return folder


class Machine:
    """`stage` is its root, `base` what is only ours. Unless it is `real`, the program is the one whose time is that of the simulated
    JAAS: no look at it is cut off by a machine that is slow."""

    def __init__(self, world=None, words=(), juju=True, real=False):
        self.base = pathlib.Path(tempfile.mkdtemp(prefix="complete-"))
        self.stage, self.home, self.work = self.base / "root", self.base / "home", self.base / "work"
        for folder in (self.home, self.work, self.base / "juju"):
            folder.mkdir()
        shutil.copytree(installed().name, self.stage)
        self.bin = self.stage / "usr" / "bin"
        self.program = self.bin / "juju-jaas-migrate"
        self.real = real
        if not real:
            shutil.copy(BUILD / "test" / "juju-jaas-migrate", self.program)
        if juju:
            (self.bin / "juju").write_text(JUJU, encoding="utf-8")
            (self.bin / "juju").chmod(0o755)
            path = self.stage / "usr" / "share" / "bash-completion" / "completions" / "juju"
            path.write_text(JUJU_COMPLETION, encoding="utf-8")
        self.server = None
        if world is not None:
            self.start(world, words)

    def leave_to_juju(self):
        """Takes the program out of the shells' path: only the stand-in for juju finds it."""
        aside = self.base / "aside"
        aside.mkdir()
        self.program.rename(aside / "juju-jaas-migrate")
        juju = self.bin / "juju"
        juju.write_text(juju.read_text(encoding="utf-8").replace("#!/bin/sh\n", f"#!/bin/sh\nPATH={aside}:$PATH\n"), encoding="utf-8")

    def now(self):
        """When the world began, give or take what little has passed since."""
        return time.time() if self.real else BEGIN

    def write(self, name, text, minutes=60):
        """Writes a file of juju's as if that had been so long ago."""
        path = self.base / "juju" / name
        path.write_text(text, encoding="utf-8")
        os.utime(path, (self.now(), self.now() - 60 * minutes))

    def read(self, name):
        return (self.base / "juju" / name).read_text(encoding="utf-8")

    def start(self, world=None, words=()):
        (self.base / "world").write_text(json.dumps(WORLD if world is None else world), encoding="utf-8")
        command = [BUILD / "test" / "server", "--script", self.base / "world", "--directory", self.base / "juju",
                   "--wire", self.base / "wire", "--lifetime", 600, *words]
        command += [] if self.real else ["--clock", self.base / "clock"]
        self.server = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL,
                                       stdout=subprocess.PIPE, text=True)
        self.port = int(re.fullmatch(r"listening on 127\.0\.0\.1:(\d+)\n", self.server.stdout.readline())[1])
        for path in (self.base / "juju").iterdir():
            self.write(path.name, self.read(path.name))

    def stop(self):
        if self.server:
            self.server.send_signal(signal.SIGTERM)
            self.server.wait(timeout=20)
            self.server.stdout.close()
            self.server = None

    def end(self):
        self.stop()
        shutil.rmtree(self.base)

    def environment(self, **more):
        """The same for all shells: nothing of the person who runs the tests."""
        share = self.stage / "usr" / "share"
        inherited = {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}
        if self.server and not self.real:
            inherited["SIM_CLOCK"] = str(self.base / "clock")
        return inherited | {
            "HOME": str(self.home), "JUJU_DATA": str(self.base / "juju"), "PATH": f"{self.bin}:/usr/bin:/bin",
            "XDG_DATA_DIRS": f"{share}:/usr/share", "BASH_COMPLETION_COMPAT_DIR": str(self.stage / "etc/bash_completion.d"),
            "LC_ALL": "C.UTF-8", "TERM": "xterm", "TMPDIR": str(self.base)} | more

    def ask(self, *words, **more):
        """Asks the program itself. Returns its lines; it must end well and say nothing else."""
        done = subprocess.run([self.program, "__complete", *words], env=self.environment(**more), cwd=self.work,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT, check=False)
        if done.returncode != 0 or done.stderr:
            raise AssertionError((done.returncode, done.stdout, done.stderr))
        return done.stdout.decode().splitlines()

    def values(self, *words, **more):
        return [line.split("\t")[0] for line in self.ask(*words, **more)]

    def wire(self):
        return [json.loads(line) for line in (self.base / "wire").read_text(encoding="utf-8").splitlines()]

    def methods(self):
        """What was asked of JIMM so far."""
        return [line["method"] for line in self.wire()
                if line.get("from") == "client" and line["method"] != "Pinger.Ping"]

    def connections(self):
        return sum(1 for line in self.wire() if line.get("event") == "accepted")

    def cache(self):
        """The catalogue's file."""
        folder = self.home / ".cache" / "juju-jaas-migrate"
        return next((path for path in folder.glob("*") if not path.suffix), None)

    def told(self, minutes):
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.now() - 60 * minutes))

    def age_cache(self, minutes):
        """Makes it so much older."""
        path = self.cache()
        text, told = path.read_text(encoding="utf-8"), self.told(minutes)
        path.write_text(re.sub(r"^told\t.*$", f"told\t{told}\t{told}", text, flags=re.MULTILINE), encoding="utf-8")

    def fill_cache(self, controllers, models=(), user=ALICE):
        """Writes one as a run would have a minute ago, with any names at all; `models` are (owner, name)."""
        told = self.told(1)
        lines = ["juju-jaas-migrate catalogue 1", f"user\t{user}", f"told\t{told}\t{told}"]
        lines += [f"controller\t{name}\t\tmaas\tdefault\t3.6.12\tavailable" for name in controllers]
        lines += [f"model\t5f0c9a52-0d0e-4e55-8f0b-{i + 1:012x}\t{owner}\t{name}\t\tprod-a\t{int(self.now()) - 60}\tmaas\tdefault"
                  for i, (owner, name) in enumerate(models)]
        path = self.home / ".cache" / "juju-jaas-migrate" / JAAS
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join([*lines, "end", ""]), encoding="utf-8")


class Terminal:
    """An interactive shell in a terminal of 200 columns. Ctrl-T has been bound by the caller's `start` text to show the line as it is,
    between << and >>: keys are read one after the other, so nothing has to be waited for but that."""

    def __init__(self, command, environment, folder):
        self.terminal, inside = pty.openpty()
        termios.tcsetwinsize(inside, (400, 200))
        self.pid = os.fork()
        if self.pid == 0:
            os.login_tty(inside)
            os.closerange(3, 256)
            os.chdir(folder)
            os.execvpe(command[0], command, environment)
        os.close(inside)
        self.seen = b""

    def send(self, keys):
        os.write(self.terminal, keys.encode())

    def wait(self, pattern):
        """Waits until `pattern` (bytes) has come since the last time; returns (what came before it, the match)."""
        deadline = time.monotonic() + LIMIT
        while True:
            found = re.search(pattern, self.seen, re.DOTALL)
            if found:
                before, self.seen = self.seen[:found.start()], self.seen[found.end():]
                return before.decode("utf-8", "replace"), found
            if not select.select([self.terminal], [], [], max(0, deadline - time.monotonic()))[0]:
                raise AssertionError(f"{pattern} has not come: {self.seen!r}")
            try:
                self.seen += os.read(self.terminal, 65536)
            except OSError as error:
                raise AssertionError(f"the shell has ended: {self.seen!r}") from error

    def line(self, keys):
        """Types, and returns (what was shown, the line then); the line is taken away again."""
        self.send(keys + "\x14")
        shown, found = self.wait(rb"<<(.*?)>>")
        return shown, found[1].decode()

    def end(self):
        os.close(self.terminal)
        try:
            os.kill(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        os.waitpid(self.pid, 0)


class Test(unittest.TestCase):
    """One machine for all tests of a class, which do not change it."""
    world = WORLD
    juju = True

    @classmethod
    def setUpClass(cls):
        cls.machine = Machine(cls.world, juju=cls.juju)

    @classmethod
    def tearDownClass(cls):
        cls.machine.end()

