#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What becomes of a run whose stdout or stderr takes nothing: a full disk, a reader that has gone, a descriptor that is closed. The move
itself must not care. BUILD names the build."""

import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import types
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()
PROGRAM = BUILD / "test" / "juju-jaas-migrate"
LOGGED = re.compile(r"\d\d:\d\d:\d\d (DEBUG|INFO|WARNING|ERROR) ")
LOST = "ERROR cannot write the result: "
TRUTH = "truth my-model active=my-controller importing=- jimm=my-controller mode=-"
RESULT = """\
Model                         From    To             Result
alice@canonical.com/my-model  prod-a  my-controller  migrated

alice@canonical.com/my-model: moved to my-controller, and JIMM points there
"""
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tests" / "cases"))
from runner import cases  # noqa: E402


def no_reader():
    """Returns a descriptor that is written to in vain."""
    reading, writing = os.pipe()
    os.close(reading)
    return writing


class Streams(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="streams-"))
        self.addCleanup(shutil.rmtree, self.directory)

    def start_world(self):
        case = self.directory / "streams.case"
        case.write_text('=== world\n{"migration": {"each": "1s"}}\n=== arguments\n-\n', encoding="utf-8")
        options = types.SimpleNamespace(server=BUILD / "test" / "server", limit=120, valgrind=True)
        return cases.World(cases.Case(case), options, self.directory)

    def move(self, redirection, *words, **streams):
        """Runs the move with streams as a shell redirects them. Returns (status, stdout, stderr); the model has been moved, and JIMM
        knows."""
        world = self.start_world()
        command = f"exec {shlex.join([str(PROGRAM), *words, 'my-model', 'my-controller'])} {redirection}"
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as said:
            try:
                streams = {"stdout": out, "stderr": said, **streams}
                # Python ignores SIGPIPE; a shell does not.
                done = subprocess.run(["sh", "-c", command], stdin=subprocess.DEVNULL, timeout=120, restore_signals=True,
                                      env=cases.environment_of(world, ""), check=False, **streams)
            finally:
                report, wire, faults = world.end()
            self.assertEqual(faults, [])
            self.assertIsNone(cases.check_saw(TRUTH, report, wire))
            texts = []
            for stream in (out, said):
                stream.seek(0)
                texts.append(stream.read().decode())
        return done.returncode, *texts

    def test_what_is_said_on_a_good_day(self):
        self.assertEqual(self.move("", "-q"), (0, RESULT, ""))

    def test_result_on_a_full_disk(self):
        for words in ((), ("--format", "json"), ("--format", "yaml"), ("-o", "/dev/stdout")):
            with self.subTest(words=words):
                lost = "ERROR cannot write /dev/stdout: " if "-o" in words else LOST
                self.assertEqual(self.move(">/dev/full", "-q", *words), (1, "", lost + "No space left on device\n"))
                self.setUp()

    def test_result_that_nobody_reads(self):
        writing = no_reader()
        self.addCleanup(os.close, writing)
        self.assertEqual(self.move("", "-q", stdout=writing), (1, "", LOST + "Broken pipe\n"))

    def test_result_into_a_closed_descriptor(self):
        self.assertEqual(self.move(">&-", "-q"), (1, "", LOST + "Bad file descriptor\n"))
        self.setUp()
        link = self.link_to("1")
        self.assertEqual(self.move(">&-", "-q", "-o", str(link)), (1, "", f"ERROR cannot write {link}: Bad file descriptor\n"))

    def test_nobody_reads_what_is_said(self):
        writing = no_reader()
        self.addCleanup(os.close, writing)
        self.assertEqual(self.move("", stderr=writing), (0, RESULT, ""))

    def test_what_is_said_fills_the_disk(self):
        self.assertEqual(self.move("2>/dev/full"), (0, RESULT, ""))

    def test_nobody_takes_anything(self):
        self.assertEqual(self.move(">&- 2>&-"), (1, "", ""))

    def test_file_is_replaced_whole(self):
        path = self.directory / "result"
        path.write_text("what was there before, and is longer than a result " * 100, encoding="utf-8")
        path.chmod(0o640)
        before = path.stat()
        self.assertEqual(self.move("", "-q", "-o", str(path)), (0, "", ""))
        self.assertEqual(path.read_text(encoding="utf-8"), RESULT)
        self.assertNotEqual(path.stat().st_ino, before.st_ino)
        self.assertEqual(path.stat().st_mode, before.st_mode)

    def test_result_into_a_pipe_with_a_reader(self):
        """As bash has it for -o >(cat), and as /dev/stdout is one."""
        for words in ("/dev/fd/9", "/dev/stdout"):
            with self.subTest(words=words):
                self.assertEqual(self.move("9>&1 | cat", "-q", "-o", words), (0, RESULT, ""))
                self.setUp()

    def link_to(self, descriptor):
        """As /dev/stdout is one; this one may be lost."""
        link = self.directory / f"link{descriptor}"
        link.symlink_to(f"/proc/self/fd/{descriptor}")
        return link

    def test_result_into_an_open_file_without_a_name(self):
        """Nothing can take its place, least of all the place of the link."""
        link = self.link_to("1")
        self.assertEqual(self.move("", "-q", "-o", str(link)), (0, RESULT, ""))
        self.assertTrue(link.is_symlink())
        nameless = self.directory / "nameless"
        self.setUp()
        nameless.write_text("before\n", encoding="utf-8")
        with open(nameless, "r+b") as file:
            nameless.unlink()
            self.assertEqual(self.move("", "-q", "-o", f"/proc/{os.getpid()}/fd/{file.fileno()}"), (0, "", ""))
            self.assertEqual(file.read().decode(), RESULT)

    def test_result_between_what_others_write(self):
        """As { date; juju jaas-migrate -o /dev/stdout ...; date; } >file has it, by whatever name."""
        for name in ("link1", "file"):
            self.setUp()
            self.link_to("1")
            path = self.directory / "file"
            path.write_text("before\n", encoding="utf-8")
            with self.subTest(name=name), open(path, "r+", encoding="utf-8") as file:
                file.seek(0, os.SEEK_END)
                self.assertEqual(self.move("", "-q", "-o", str(self.directory / name), stdout=file), (0, "", ""))
                file.write("after\n")
                file.flush()
                self.assertEqual(path.read_text(encoding="utf-8"), f"before\n{RESULT}after\n")

    def test_log_between_what_is_said(self):
        """As --log-file /dev/stderr has it where stderr is a file, by whatever name: no line is written over another one."""
        said = {}
        for name in ("link2", "file", "log"):
            self.setUp()
            self.link_to("2")
            path = self.directory / "file"
            words = ("--log-file", str(self.directory / name), "--logging-config", "<root>=DEBUG")
            with self.subTest(name=name), open(path, "w", encoding="utf-8") as file:
                self.assertEqual(self.move("", *words, stderr=file), (0, RESULT, ""))
                lines = path.read_text(encoding="utf-8").splitlines()
                said[name] = [line for line in lines if not LOGGED.match(line)]
                self.assertEqual(len(said[name]) < len(lines), name != "log")
        self.assertGreater(len(said["log"]), 2)
        self.assertEqual(said, {name: said["log"] for name in said})

    def test_log_on_a_full_disk(self):
        warning = "WARNING cannot write all of the log to /dev/full: No space left on device\n"
        words = ("--log-file", "/dev/full", "--logging-config", "<root>=DEBUG")
        self.assertEqual(self.move("", "-q", *words), (0, RESULT, warning))

    def test_result_and_log_into_one_file(self):
        path = self.directory / "file"
        words = ("-o", str(path), "--log-file", str(path), "--logging-config", "<root>=DEBUG")
        self.assertEqual(self.move("", "-q", *words), (0, "", ""))
        text = path.read_text(encoding="utf-8")
        self.assertIn(" DEBUG ", text.partition(RESULT)[0])
        self.assertIn(RESULT, text)

    def test_result_into_a_pipe_without_a_reader(self):
        path = self.directory / "pipe"
        os.mkfifo(path)
        self.assertEqual(self.move("", "-q", "-o", str(path)),
                         (1, "", f"ERROR cannot write {path}: nobody reads from this pipe; start its reader first\n"))
        writing = no_reader()
        self.addCleanup(os.close, writing)
        self.setUp()
        self.assertEqual(self.move("", "-q", "-o", "/dev/stdout", stdout=writing), (1, "", "ERROR cannot write /dev/stdout: Broken pipe\n"))

    def test_log_into_a_pipe_without_a_reader(self):
        path = self.directory / "pipe"
        os.mkfifo(path)
        done = subprocess.run([PROGRAM, "--log-file", path, "my-model", "b"], stdin=subprocess.DEVNULL, capture_output=True, timeout=120,
                              env={"HOME": str(self.directory)}, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout, done.stderr),
                         (1, "", f"ERROR cannot open the log file {path}: nobody reads from this pipe; start its reader first\n"))

    def test_file_stays_when_the_new_one_cannot_be_written(self):
        """The largest file that the run may write is smaller than the result."""
        path = self.directory / "result"
        path.write_text("before\n", encoding="utf-8")
        world = self.start_world()
        command = f"ulimit -f 0; exec {PROGRAM} -q -o {path} my-model prod-a"
        try:
            done = subprocess.run(["sh", "-c", command], stdin=subprocess.DEVNULL, capture_output=True, timeout=120,
                                  env=cases.environment_of(world, ""), text=True, check=False)
        finally:
            world.end()
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn(f"ERROR cannot write {path}: File too large\n", done.stderr)
        self.assertEqual(path.read_text(encoding="utf-8"), "before\n")
        self.assertEqual([name for name in os.listdir(self.directory) if name.startswith("result")], ["result"])

    def test_no_file_may_grow(self):
        """No journal, and what the login brought is lost: but the model is moved."""
        world = self.start_world()
        # A build that counts the lines which it runs cannot write its counters either, and would say so.
        environment = {**cases.environment_of(world, ""), "GCOV_ERROR_FILE": os.devnull}
        try:
            done = subprocess.run(["sh", "-c", f"ulimit -f 0; exec {PROGRAM} -q my-model my-controller"], stdin=subprocess.DEVNULL,
                                  capture_output=True, timeout=120, env=environment, text=True, check=False)
        finally:
            report, wire, _ = world.end()
        self.assertIsNone(cases.check_saw(TRUTH, report, wire))
        self.assertEqual((done.returncode, done.stdout), (0, RESULT))
        self.assertRegex(done.stderr, r"\A(WARNING .*: File too large\n){2,}\Z")

    def test_nobody_reads_that_it_could_not_begin(self):
        writing = no_reader()
        self.addCleanup(os.close, writing)
        environment = {"JUJU_DATA": str(self.directory), "HOME": str(self.directory)}
        done = subprocess.run([PROGRAM, "--format", "json", "--log-file", "/nowhere/log", "my-model", "b"],
                              stdout=writing, stderr=subprocess.PIPE, env=environment, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr),
                         (1, f"{LOST}Broken pipe; and before that: cannot open the log file /nowhere/log: No such file "
                          "or directory\n"))

    def test_help_on_a_full_disk(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([PROGRAM, "--help"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (1, LOST + "No space left on device\n"))


if __name__ == "__main__":
    unittest.main()
