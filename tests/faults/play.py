# SPDX-License-Identifier: Apache-2.0
"""Plays one scenario: the program, run after run, against one simulated JAAS in which one message meets a fault."""

import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tests" / "cases"))
from runner import cases  # noqa: E402


class Scenario:
    """What happens when nothing goes wrong: the world, the target, and the statuses with which a run may finish."""

    def __init__(self, name, world, finished=(0,), target="my-controller"):
        self.name, self.world, self.finished, self.target = name, world, finished, target
        self.source = "prod-a"
        self.words = ["--format", "json", "my-model", target]

    def moves(self):
        """True when the first attempt that starts ends on the target."""
        return self.finished == (0,) and self.target != self.source


class Ending:
    """How one run of the program ended. `wire` is what was logged during it, `journal` the names of the files left."""

    def __init__(self, status, stdout, stderr, wire, journal):
        self.status, self.stdout, self.stderr, self.wire, self.journal = status, stdout, stderr, wire, journal
        try:
            self.document = json.loads(stdout)
        except ValueError:
            self.document = None
        records = self.document.get("migrations", []) if isinstance(self.document, dict) else []
        self.record = records[0] if len(records) == 1 else None

    def result(self):
        return self.record.get("result", "") if self.record else ""

    def sent(self, method):
        return [line for line in self.wire if line.get("from") == "client" and line["method"] == method]

    def show(self):
        shown = "hung" if self.status is None else f"status {self.status}"
        return f"{shown} {self.result() or 'without a result'}"


class RealTimeWorld(cases.World):
    """A world whose time is the real one, for the program as it is shipped."""

    def _start(self, options, words):
        base = self.directory
        command = [options.server, "--script", base / "world", "--directory", base / "juju",
                   "--report", base / "report", "--wire", base / "wire", "--lifetime", str(options.limit + 10), *words]
        self.errors = open(base / "server.stderr", "w+", encoding="utf-8")
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.errors,
                                        text=True)
        if not self.process.stdout.readline().startswith("listening on "):
            self.process.wait()
            raise cases.Broken("the server does not start: " + self._said())


def write_case(path, scenario, fault):
    """Writes a case that tests/cases/run understands as well, so that it can be looked at there."""
    server = ["--misbehave", fault] if fault else []
    step = f"=== arguments\n{' '.join(scenario.words)}\n"
    head = f"{scenario.name} {fault}\n=== world\n{json.dumps(scenario.world)}\n=== server\n{' '.join(server)}\n"
    path.write_text(head + step * 2, encoding="utf-8")
    return cases.Case(path)


def read_wire(directory):
    """Returns the messages logged so far; the last line may be on its way."""
    lines = (directory / "wire").read_text(encoding="utf-8").splitlines(keepends=True)
    return [json.loads(line) for line in lines if line.endswith("\n")]


def journal_of(directory):
    folder = directory / "state" / "juju-jaas-migrate"
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def run_program(world, program, words, limit):
    before = len(read_wire(world.directory))
    try:
        done = subprocess.run([program, *words], stdin=subprocess.DEVNULL, capture_output=True, timeout=limit,
                              cwd=world.directory / "home", env=cases.environment_of(world, ""))
        status, stdout, stderr = done.returncode, done.stdout, done.stderr
    except subprocess.TimeoutExpired as late:
        status, stdout, stderr = None, late.stdout or b"", late.stderr or b""
    texts = [text.decode("utf-8", "backslashreplace") for text in (stdout, stderr)]
    return Ending(status, *texts, read_wire(world.directory)[before:], journal_of(world.directory))


def play(scenario, fault, runs, options, directory):
    """Runs the program `runs` times, one after the other, and returns (endings, the world's truth afterwards, the whole
    wire, faults of the server)."""
    directory.mkdir()
    case = write_case(directory / "faulty.case", scenario, fault)
    world = cases.World(case, options.for_world, directory)
    endings = []
    try:
        for _ in range(runs):
            endings.append(run_program(world, options.program, options.words + scenario.words, options.limit))
            if endings[-1].status is None:
                break
        report, wire, faults = world.end()
    finally:
        if world.process.poll() is None:
            world.process.kill()
            world.process.wait()
    return endings, report, wire, faults
