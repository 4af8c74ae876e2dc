"""Tries the plugin beside others on every version of pytest that is supported, each in an environment of its own.

`make pytest-versions`. An environment is made once, below `.venv/pytest`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

VERSIONS = ("8", "9")
BESIDE = (
    "pytest-asyncio",
    "pytest-django",
    "pytest-randomly",
    "pytest-xdist",
    "aiosqlite",
    "greenlet",
    "django",
)

ROOT = Path(__file__).parents[3]
PLACE = ROOT / ".venv" / "pytest"


def environment(version: str) -> str:
    """Returns the Python of an environment with this version of pytest, other plugins, and this project."""
    folder = PLACE / version
    own = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not (folder / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        wanted = [f"pytest~={version}.0", *BESIDE, "--editable", f"{ROOT}[dynamic]"]
        subprocess.run([str(own), "-m", "pip", "install", "--quiet", *wanted], check=True)
        (folder / "ready").touch()
    return str(own)


def main() -> int:
    """Runs the tests on all versions and returns the exit status."""
    told = {"MRT_TEST_PYTEST_PYTHON": os.pathsep.join(map(environment, VERSIONS))}
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "tests/dynamic/plugin/test_beside.py"]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **told}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
