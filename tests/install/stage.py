# SPDX-License-Identifier: Apache-2.0
"""`make install` into a folder, of what is built: make takes the programs as they are. BUILD names the build."""

import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()


def make(target, stage, *variables):
    """Returns the finished make; `variables` are words such as "PREFIX=/usr"."""
    built = [f"--old-file={BUILD / name}" for name in ("juju-jaas-migrate", "keyring")]
    command = ["make", "-C", ROOT, "--no-print-directory", *built, target, f"BUILD={BUILD}", f"DESTDIR={stage}",
               *variables]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def entries(stage):
    """Everything below a folder, folders too."""
    return sorted(str(path.relative_to(stage)) for path in pathlib.Path(stage).rglob("*"))


def files(stage):
    return [name for name in entries(stage) if not pathlib.Path(stage, name).is_dir()]
