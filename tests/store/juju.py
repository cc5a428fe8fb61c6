# SPDX-License-Identifier: Apache-2.0
"""A stand-in for juju: locks and writes the client store exactly as juju does, and nothing of ours is in it.

    juju.py hammer DIRECTORY COUNT             COUNT changes of both YAML files; each must find the ones before
    juju.py cookies DIRECTORY CONTROLLER COUNT  COUNT cookies, one after the other
"""

import contextlib
import fcntl
import hashlib
import json
import os
import pathlib
import platform
import random
import re
import sys
import time

OURS = re.compile(r"agent-version: 1\.0\.(\d+)")


@contextlib.contextmanager
def store_lock(directory):
    digest = hashlib.sha256(f"{directory}/controllers.yaml".encode()).hexdigest()[:8]
    path = pathlib.Path(os.environ.get("TMPDIR") or "/tmp", f"juju-store-lock-{digest.encode().hex()}")
    lock = os.open(path, os.O_CREAT | os.O_RDONLY | os.O_CLOEXEC, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(lock)


def replace(path, text):
    beside = f"{path}{random.randrange(10 ** 9)}"
    file = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    os.write(file, text.encode())
    os.fsync(file)
    os.close(file)
    os.chmod(beside, 0o600)
    os.rename(beside, path)


def bump(path, key, number, extra):
    """Puts `key: number` in the place of `key: number - 1`, and now and then an entry before the others."""
    text = path.read_text(encoding="utf-8")
    before, after = f" {key}: {number - 1}\n", f" {key}: {number}\n"
    if text.count(before) != 1:
        sys.exit(f"{path.name}: {before.strip()} was lost:\n{text}")
    text = text.replace(before, after)
    if extra:
        text = text.replace("controllers:\n", f"controllers:\n{extra}", 1)
    replace(path, text)
    return text


def hammer(directory, count):
    controllers, accounts, seen = directory / "controllers.yaml", directory / "accounts.yaml", 0
    for number in range(1, count + 1):
        extra = number % 100 == 0
        with store_lock(directory):
            text = bump(controllers, "controller-machine-count", number,
                        f"    extra-{number}: {{uuid: u-{number}}}\n" if extra else "")
        ours = int((OURS.search(text) or [0, 0])[1])
        if ours < seen:
            sys.exit(f"the other one's {seen} was lost")
        seen = ours
        with store_lock(directory):
            bump(accounts, "password", number, f"  extra-{number}: {{user: bob}}\n" if extra else "")


def cookie_lock_once(path):
    """Returns a descriptor, or None."""
    if platform.machine() in ("x86_64", "armv7l", "armv6l"):
        with contextlib.suppress(FileNotFoundError):
            if os.stat(path).st_size > 0:
                return None
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o666)
        try:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            return None
        # juju goes on here; but then two of them can believe in the lock when a third removes the file.
        with contextlib.suppress(FileNotFoundError):
            if os.fstat(lock).st_ino == os.stat(path).st_ino:
                return lock
        os.close(lock)
        return None
    try:
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
    except FileExistsError:
        return None
    os.write(lock, b'{"OwnerPID":%d}\n' % os.getpid())
    return lock


@contextlib.contextmanager
def cookie_lock(jar):
    path, pause = f"{jar}.lock", 0.0001
    while (lock := cookie_lock_once(path)) is None:
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)
    try:
        yield
    finally:
        os.unlink(path)
        os.close(lock)


def cookies(directory, controller, count):
    """Writes in place."""
    jar = directory / "cookies" / f"{controller}.json"
    for number in range(1, count + 1):
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        entry = {"Name": f"other-{number}", "Value": "v", "Domain": "juju", "Path": "/", "Secure": False,
                 "HttpOnly": False, "Persistent": True, "HostOnly": True, "Expires": "2126-01-01T00:00:00Z",
                 "Creation": now, "LastAccess": now, "Updated": now, "CanonicalHost": "juju"}
        with cookie_lock(jar):
            file = os.open(jar, os.O_RDWR | os.O_CREAT, 0o600)
            held = json.loads(os.read(file, 1 << 24) or b"null") or []
            if number > 1 and f"other-{number - 1}" not in {cookie["Name"] for cookie in held}:
                sys.exit(f"cookie {number - 1} was lost")
            os.ftruncate(file, 0)
            os.pwrite(file, json.dumps(held + [entry]).encode() + b"\n", 0)
            os.close(file)


if __name__ == "__main__":
    if sys.argv[1] == "hammer":
        hammer(pathlib.Path(sys.argv[2]), int(sys.argv[3]))
    else:
        cookies(pathlib.Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
