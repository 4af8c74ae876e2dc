"""Loads the settings of a run: finds the file, reads it, adds what the command line says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mrt_lint.config.file import find, load
from mrt_lint.config.option import Option
from mrt_lint.config.settings import Settings, settings


def load_settings(
    file: Path | None, start: Path, given: Mapping[str, Any], declared: Iterable[Option]
) -> Settings:
    """Returns what applies for paths at `start`; `file` is the one that `--config` names."""
    found = load(file) if file is not None else find(start)
    return settings(found, given, declared)
