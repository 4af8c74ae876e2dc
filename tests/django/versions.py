"""Compares with every version of Django that is supported, each in an environment of its own.

`make django-versions`. An environment is made once, below `.venv/django`; a version that no Python on this
machine can run is named and left out, unless `MRT_REQUIRE_DJANGO=4.2,5.2,6.0` names it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

VERSIONS = {"4.2": (8, 12), "5.2": (10, 14), "6.0": (12, 14)}
"""Each version with the first and the last Python 3.x that it runs on (its release notes)."""

ROOT = Path(__file__).parents[2]
PLACE = ROOT / ".venv" / "django"


def python_for(first: int, last: int) -> str | None:
    """Returns a Python between two versions: this one, else one on the path or of pyenv; None without one."""
    if first <= sys.version_info[1] <= last:
        return sys.executable
    for minor in range(last, first - 1, -1):
        found = shutil.which(f"python3.{minor}")
        installed = sorted((Path.home() / ".pyenv" / "versions").glob(f"3.{minor}.*/bin/python3"))
        for one in (*([found] if found else []), *map(str, installed)):
            if subprocess.run([one, "-c", ""], capture_output=True, check=False).returncode == 0:
                return one
    return None


def environment(version: str, python: str) -> str:
    """Returns the Python of an environment with this version of Django."""
    folder = PLACE / version
    own = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not (folder / "ready").exists():
        subprocess.run([python, "-m", "venv", "--clear", str(folder)], check=True)
        wanted = [f"django~={version}.0", "psycopg[binary]>=3.1.8"]
        subprocess.run([str(own), "-m", "pip", "install", "--quiet", *wanted], check=True)
        (folder / "ready").touch()
    return str(own)


def main() -> int:
    """Runs the comparison for each version and returns the exit status."""
    required = os.environ.get("MRT_REQUIRE_DJANGO", "")
    status = 0
    for version, (first, last) in VERSIONS.items():
        python = python_for(first, last)
        if python is None:
            print(f"Django {version}: left out, it needs Python 3.{first} to 3.{last}")
            status |= version in required.split(",")
            continue
        told = {"MRT_TEST_DJANGO_PYTHON": environment(version, python), "MRT_TEST_DJANGO_VERSION": version}
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile"]
        print(f"Django {version} on {python}", flush=True)
        done = subprocess.run(
            [*command, "tests/django/test_agreement.py"], cwd=ROOT, env={**os.environ, **told}, check=False
        )
        status |= done.returncode != 0
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
