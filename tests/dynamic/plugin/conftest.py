"""pytest run on a project as a user runs it, in a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "Ran"]


class Ran:
    """What one run of pytest printed. `outcomes`: by the name of the test, without its file."""

    def __init__(self, done: subprocess.CompletedProcess[str]) -> None:
        self.code = done.returncode
        self.text = done.stdout + done.stderr
        found = re.findall(
            r"^(?:\[gw\d\].*? )?(PASSED|FAILED|SKIPPED|ERROR)? ?\S+?::(\S+)(?: (\w+))?", self.text, re.M
        )
        self.outcomes = {
            name: (before or after).lower() for before, name, after in found if before or after.isupper()
        }


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Returns a function that runs pytest in the test's folder, with our plugin and those that it names.

    pytest's own loading of plugins is off: pytest-mrt, where it is installed, would keep its fixture. With
    the `python` of another environment it is on, as users have it.
    """

    def run(
        *arguments: str, plugins: tuple[str, ...] = (), python: str = sys.executable, **environment: str
    ) -> Ran:
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTEST_", "COV_", "MRT_DATABASE")) and name not in ("TEST_DATABASE_URL",)
        }
        loaded = {
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTEST_PLUGINS": ",".join(("mrt_dynamic.testing.plugin", *plugins)),
        }
        done = subprocess.run(
            [python, "-m", "pytest", "-v", *arguments],
            cwd=tmp_path,
            env={**inherited, **(loaded if python == sys.executable else {}), **environment},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        return Ran(done)

    return run
