# SPDX-License-Identifier: Apache-2.0
"""Counts the tests that a suite's output tells of.

Three forms are understood: test anything protocol (cmocka with CMOCKA_MESSAGE_OUTPUT=TAP), Python's unittest, and a last
line "N passed, N failed, N skipped".
"""

import re

SUMMARY = re.compile(r"(\d+) passed, (\d+) failed, (\d+) skipped")
RESULT = re.compile(r"(not ok|ok)\s+\d+\b(.*)")
PLAN = re.compile(r"\s*1\.\.(\d+)\s*")
RAN = re.compile(r"^Ran (\d+) tests? in .*$", re.MULTILINE)


class Count:
    """Tests that passed, failed and were skipped."""

    def __init__(self, passed=0, failed=0, skipped=0):
        self.passed, self.failed, self.skipped = passed, failed, skipped

    def __add__(self, other):
        return Count(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self):
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"

    def total(self):
        return self.passed + self.failed + self.skipped


def from_protocol(text):
    """Tests that were planned but not told of have failed."""
    count, planned = Count(), 0
    for line in text.splitlines():
        plan, result = PLAN.fullmatch(line), RESULT.match(line)
        if plan:
            planned += int(plan[1])
        elif result and "# skip" in result[2].lower():
            count.skipped += 1
        elif result:
            count.passed += result[1] == "ok"
            count.failed += result[1] == "not ok"
    count.failed += max(0, planned - count.total())
    return count


def from_unittest(text):
    ran = RAN.search(text)
    if not ran:
        return Count()
    numbers = {name: int(number) for name, number in re.findall(r"(\w+)=(\d+)", text[ran.end():])}
    failed = sum(numbers.get(name, 0) for name in ("failures", "errors"))
    return Count(max(0, int(ran[1]) - failed - numbers.get("skipped", 0)), failed, numbers.get("skipped", 0))


def from_summary(text):
    lines = text.rstrip().splitlines()
    summary = SUMMARY.fullmatch(lines[-1]) if lines else None
    return Count(*map(int, summary.groups())) if summary else Count()


def judge(text, status):
    """Returns the count of a suite that printed `text` and ended with `status` (None: it was ended). One that counts
    nothing, or ends badly without a failed test, has one failure more."""
    counts = (read(text) for read in (from_protocol, from_unittest, from_summary))
    count = next((count for count in counts if count.total()), Count())
    if not count.total() or (status != 0 and not count.failed):
        count.failed += 1
    return count
