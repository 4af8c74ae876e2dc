"""Our packages as an installation leaves them: copied, with their bytecode beside them.

What is imported first while a project's code runs is never written as bytecode, nor is anything where
PYTHONDONTWRITEBYTECODE is set: from a checkout, a large part of a short run would be compiling.
"""

from __future__ import annotations

import compileall
import os
import shutil
from pathlib import Path

_PACKAGES = ("mrt_lint", "mrt_dynamic", "mrt_rules_alembic", "mrt_rules_django")


def environment(folder: Path) -> dict[str, str]:
    """Copies the packages into a folder; returns the environment in which they are the ones imported."""
    checkout = Path(__file__).resolve().parent.parent
    for name in _PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(checkout / name, folder / name, ignore=ignored, dirs_exist_ok=True)
        compileall.compile_dir(folder / name, quiet=1)
    paths = [str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPYCACHEPREFIX"}
    return {**kept, "PYTHONPATH": os.pathsep.join(paths)}
