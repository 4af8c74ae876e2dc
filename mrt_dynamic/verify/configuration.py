"""The configuration as the dynamic half reads it: rules are loaded only to judge a file that is there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mrt_lint.config.settings import Settings


def configuration(start: Path, file: Path | None = None) -> Settings:
    """Returns what applies at a folder. `file`: the one that `--config` names.

    Without a file there is nothing in which a rule's option could stand, and the rules need not be
    loaded, which takes longer than a small verification. Raises ConfigError.
    """
    from mrt_lint.config.file import find, load
    from mrt_lint.config.settings import settings

    found = load(file) if file is not None else find(start)
    if found is None:
        return settings(cwd=start)
    from mrt_lint.lint.plugins import installed
    from mrt_lint.lint.registry import build

    return settings(found, None, build(installed()).options)
