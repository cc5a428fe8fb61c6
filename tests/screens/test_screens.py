#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a person sees on a terminal, compared as text with the NAME.screen beside this file. BUILD names the build.

With --update what is shown is written there instead; read it before it is kept.
"""

import json
import os
import pathlib
import signal
import sys
import unittest

from screens import Scene

HERE = pathlib.Path(__file__).resolve().parent
UPDATE = "--update" in sys.argv
ABORTED = {"migration": {"abort": {"phase": "IMPORT", "reason": "model data transfer failed, failed to import model into "
                                   "target controller: application \"mysql\" already exists"}}}
REFUSED = {"migration": {"refuse": "source prechecks failed: unit ubuntu/0 not idle or executing (failed)"}}
FOUR = {"controllers": [{"name": "prod-a", "agent-version": "4.0.14"}, {"name": "my-controller", "agent-version": "4.1.0"}]}
# Each at a pace of its own: what happens at one instant may be shown in either order.
MANY = {"models": [{"name": f"model-{i}", "migrations": [{"each": each}]} for i, each in
                   enumerate(("2100ms", "3300ms", "1700ms", "2900ms", "1900ms", "2300ms", "3100ms"), 1)]}
PAUSED = json.loads(json.dumps(MANY))
MANY["models"][1]["migrations"][0]["abort"] = {"phase": "QUIESCE"}
PAUSED["models"][1]["migrations"][0]["abort"] = {"phase": "IMPORT"}
MANY_WORDS = " ".join(f"model-{i}" for i in range(1, 8)) + " my-controller --parallel 3"

STOPPED = "set -m\necho '$ juju jaas-migrate {words}'\n{command}\necho 'back in the shell'\nread answer\nfg\necho \"status $?\"\n"

FILLED = "seq 1 20\necho '$ juju jaas-migrate {words}'\n{command}\necho \"status $?\"\n"
NAMED = "echo '$ juju jaas-migrate {words}'\nsh -c 'echo $$ >pid; exec {command}'\necho \"status $?\"\n"


class Film:
    """A scene, and its screens in the order in which they are looked at."""

    def __init__(self, name, scene, colours=False):
        self.path, self.scene, self.colours, self.faults = HERE / f"{name}.screen", scene, colours, []
        self.found = []
        self.expected = {}
        if not UPDATE:
            for part in self.path.read_text(encoding="utf-8").split("=== ")[1:]:
                title, _, text = part.partition("\n")
                self.expected[title] = text

    def look(self, title):
        shown = self.scene.settled(self.colours) if UPDATE else self.scene.wait_for(self.expected.get(title, ""),
                                                                                    self.colours)
        self.found.append((title, shown))

    def at(self, seconds, title=""):
        self.scene.gate.open(seconds)
        self.look(title or f"{seconds} s")

    def to_end(self, title="the end"):
        """Lets time pass until the program has left."""
        self.scene.gate.open(1e6)
        self.look(title)

    def close(self):
        if UPDATE:
            self.path.write_text("".join(f"=== {title}\n{text}" for title, text in self.found), encoding="utf-8")


class Screens(unittest.TestCase):
    maxDiff = None

    def film(self, name, world, colours=False, **more):
        scene = Scene(world, **more)
        self.addCleanup(scene.end)
        return Film(name, scene, colours)

    def judge(self, film):
        film.close()
        if not UPDATE:
            self.assertEqual("".join(f"=== {title}\n{text}" for title, text in film.found),
                             "".join(f"=== {title}\n{text}" for title, text in film.expected.items()))
        before, after = film.scene.modes()
        self.assertEqual(before, after)

    def moments(self, name, world, *seconds, **more):
        film = self.film(name, world, **more)
        for instant in seconds:
            film.at(instant)
        film.to_end()
        self.judge(film)

    def test_success_120(self):
        self.moments("success_120", {}, 44, 75, 165, columns=120)

    def test_success_80(self):
        self.moments("success_80", {}, 0.9, 2, 12, 44, 58, 75, 125, 133.5, 165, 185)

    def test_success_40(self):
        self.moments("success_40", {}, 44, 75, 165, columns=40)

    def test_failure_120(self):
        self.moments("failure_120", ABORTED, 62, columns=120)

    def test_failure_80(self):
        self.moments("failure_80", ABORTED, 62)

    def test_failure_40(self):
        self.moments("failure_40", ABORTED, 62, columns=40)

    def test_refused(self):
        self.moments("refused", REFUSED)

    def test_nothing_to_do_draws_nothing(self):
        self.moments("already_there", {}, words="my-model prod-a")

    def test_source_that_shows_nothing(self):
        self.moments("blind", FOUR, 44)

    def test_ascii_and_no_colour(self):
        self.moments("ascii", {}, 44, 165, colours=True, LANG="C", NO_COLOR="")

    def test_colours(self):
        self.moments("colours", ABORTED, 44, colours=True)

    def test_dumb_terminal_gets_lines(self):
        self.moments("dumb", {"migration": {"each": "3s"}}, 10, TERM="dumb")

    def leave(self, name, leave, **more):
        film = self.film(name, {}, **more)
        film.at(58)
        leave(film.scene)
        film.look("the end")
        self.judge(film)

    def test_detach_120(self):
        self.leave("detach_120", lambda scene: scene.terminal.type("C-c"), columns=120)

    def test_detach_80(self):
        self.leave("detach_80", lambda scene: scene.terminal.type("C-c"))

    def test_detach_40(self):
        self.leave("detach_40", lambda scene: scene.terminal.type("C-c"), columns=40)

    def test_detach_before_the_start_is_answered(self):
        film = self.film("detach_early", {})
        film.at(2)
        film.scene.terminal.type("C-c")
        film.look("the end")
        self.judge(film)

    def test_ended_by_a_signal(self):
        self.leave("terminated", lambda scene: os.kill(int((scene.directory / "pid").read_text()), signal.SIGTERM),
                   script=NAMED)

    def test_many_120(self):
        self.moments("many_120", MANY, 2, 45, 75, 125, words=MANY_WORDS, columns=120, rows=40)

    def test_many_80(self):
        self.moments("many_80", MANY, 2, 45, 75, 125, words=MANY_WORDS, rows=40)

    def test_many_on_a_low_terminal(self):
        self.moments("many_low", MANY, 30, words=MANY_WORDS, rows=4)

    def test_many_wait_for_what_keeps_all_of_them(self):
        self.moments("many_paused", PAUSED, 45, words=MANY_WORDS, rows=40)

    def test_many_are_left_at_once(self):
        film = self.film("many_detach", MANY, words=MANY_WORDS, rows=40)
        film.at(60)
        film.scene.terminal.type("C-c")
        film.look("the end")
        self.judge(film)

    def test_many_are_left_before_their_starts_are_answered(self):
        film = self.film("many_detach_early", MANY, words=MANY_WORDS, rows=40)
        film.at(1.5)
        film.scene.terminal.type("C-c")
        film.look("the end")
        self.judge(film)

    def resize(self, name, columns, rows, *sizes):
        film = self.film(name, {}, columns=columns, rows=rows)
        film.at(58)
        # Where a line is broken into two, what stands above moves out of the screen, and that is the terminal's business.
        film.scene.terminal.history = False
        for second, size in enumerate(sizes, 59):
            film.scene.terminal.resize(*size)
            film.at(second, "{} columns, {} rows".format(*size))
        film.to_end()
        self.judge(film)

    def test_resize_narrower(self):
        self.resize("resize_narrower", 120, 24, (80, 24), (60, 24), (40, 24), (20, 24))

    def test_resize_below_other_lines(self):
        """Only what stands above has left the screen, which is looked at with all that has."""
        film = self.film("resize_below", {}, rows=24, script=FILLED)
        film.at(58)
        for second, columns in ((59, 60), (60, 40)):
            film.scene.terminal.resize(columns, 24)
            film.at(second, f"{columns} columns")
        film.to_end()
        self.judge(film)

    def test_resize_wider(self):
        self.resize("resize_wider", 40, 24, (60, 24), (80, 24), (120, 24))

    def test_resize_lower_and_higher(self):
        self.resize("resize_lower", 80, 24, (80, 12), (80, 8), (80, 3), (80, 1), (80, 24))

    def test_low_terminal_scrolls_nothing_away(self):
        self.moments("low", {}, 44, 165, rows=9)

    def test_stopped_and_continued(self):
        film = self.film("stopped", {}, script=STOPPED)
        film.at(58)
        film.scene.terminal.type("C-z")
        film.look("stopped")
        film.scene.terminal.type("Enter")
        film.at(60, "continued")
        film.to_end()
        self.judge(film)


if __name__ == "__main__":
    unittest.main(argv=[word for word in sys.argv if word != "--update"])
