"""Brings published packages into a folder of their own, through pip as it is set up here."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

CACHE = Path(__file__).parent / ".packages"
"""Where downloaded packages lie between runs; never committed."""


def unpacked(requirement: str) -> Path:
    """Returns the folder of a package's unpacked wheel, downloaded when it is not there yet."""
    target = CACHE / requirement.replace("==", "-")
    if not target.exists():
        wheels = CACHE / "wheels" / requirement.replace("==", "-")
        wheels.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        subprocess.run([*command, "--dest", str(wheels), requirement], check=True)
        wheel = max(wheels.glob("*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(target)
    return target


def version_of(folder: Path) -> str:
    """Returns the version of the package unpacked in a folder."""
    return next(folder.glob("*.dist-info")).name.removesuffix(".dist-info").rpartition("-")[2]


def environment(name: str, *requirements: str) -> Path:
    """Returns the folder of executables of a virtual environment with these packages installed."""
    folder = CACHE / "environments" / name
    scripts = folder / ("Scripts" if sys.platform == "win32" else "bin")
    if not (folder / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        python = scripts / "python"
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *requirements], check=True)
        (folder / "ready").touch()
    return scripts
