# SPDX-License-Identifier: Apache-2.0
"""meta/snap.yaml, made from snapcraft.yaml: what snapd reads, from what we write."""

import yaml

# What snapd is told as it is, and what only says how to build.
TOLD = ("name", "version", "summary", "description", "license", "base", "confinement", "grade", "apps", "plugs", "slots")
BUILT = ("platforms", "parts")


def read(path):
    with open(path, encoding="utf-8") as file:
        return yaml.safe_load(file)


def make_parameters(project):
    """The words that every way of building hands to make."""
    (part,) = project["parts"].values()
    return part["make-parameters"]


def snap_yaml(project, architecture):
    """Returns what meta/snap.yaml holds for one architecture. Raises ValueError for what snapcraft.yaml must not hold."""
    unknown = [key for key in project if key not in TOLD + BUILT]
    if unknown:
        raise ValueError(f"snapcraft.yaml: unknown: {', '.join(unknown)}")
    if architecture not in project["platforms"]:
        raise ValueError(f"snapcraft.yaml does not name the platform {architecture}")
    told = {key: project[key] for key in TOLD if key in project}
    return {**told, "architectures": [architecture]}


def dump(told):
    return yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=120)
