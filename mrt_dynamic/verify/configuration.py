"""The configuration as the dynamic half reads it: rules are loaded only to judge their own options."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mrt_lint.config.settings import Settings


def configuration(start: Path, file: Path | None = None) -> Settings:
    """Returns what applies at a folder. `file`: the one that `--config` names.

    Where no key can be a rule's option, the rules need not be loaded, which takes longer than a small
    verification; their options are not among the settings then. Raises ConfigError.
    """
    from mrt_lint.config.file import find, load
    from mrt_lint.config.keys import KEYS
    from mrt_lint.config.settings import settings

    found = load(file) if file is not None else find(start)
    if found is None or {option.name for option in KEYS}.issuperset(found.table):
        return settings(found, cwd=start)
    from mrt_lint.lint.plugins import installed
    from mrt_lint.lint.registry import build

    return settings(found, None, build(installed()).options)
