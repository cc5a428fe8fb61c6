# SPDX-License-Identifier: Apache-2.0
"""The script `run` beside this file as a module, for the other suites: they make their worlds with it."""

import importlib.machinery
import importlib.util
import pathlib


def _load():
    loader = importlib.machinery.SourceFileLoader("cases_run", str(pathlib.Path(__file__).resolve().parent / "run"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("cases_run", loader))
    loader.exec_module(module)
    return module


cases = _load()
