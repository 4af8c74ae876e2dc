"""Plugins that are really installed: folders with a module and the metadata that pip would write."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def install(tmp_path: Path) -> Callable[[str, str], Path]:
    """Returns a function that lays out a distribution with one module as `pip install --target` does."""
    site = tmp_path / "site"

    def add(name: str, code: str) -> Path:
        module = name.replace("-", "_")
        info = site / f"{module}-1.0.dist-info"
        info.mkdir(parents=True)
        (site / f"{module}.py").write_text(dedent(code))
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[mrt_lint]\n{name} = {module}\n")
        return site

    return add


@pytest.fixture
def mrt_lint(tmp_path: Path) -> Run:
    """Returns a function that runs the command with a site folder in front of what is installed."""
    work = tmp_path / "work"
    work.mkdir()

    def run(
        *arguments: str, site: Path | None = None, cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        environment = {key: value for key, value in os.environ.items() if key != "MRT_DEBUG"}
        if site is not None:
            environment["PYTHONPATH"] = os.pathsep.join([str(site), environment.get("PYTHONPATH", "")])
        command = [sys.executable, "-m", "mrt_lint", *arguments]
        return subprocess.run(
            command,
            cwd=cwd or work,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run
