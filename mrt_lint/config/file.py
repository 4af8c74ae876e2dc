"""Finds the configuration file of a run and reads its table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from mrt_lint.classes import dataclass
from mrt_lint.config import toml
from mrt_lint.errors import ConfigError

OWN: Final = "mrt-lint.toml"
SHARED: Final = "pyproject.toml"
TABLE: Final[tuple[str, ...]] = ("tool", "mrt-lint")


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A file with our table in it. `keys`: where the table lies; `shown`: the path as users see it."""

    path: Path
    shown: str
    content: str
    table: Mapping[str, Any]
    keys: tuple[str, ...] = ()

    def place(self, *keys: str) -> str:
        """Returns `file:line` of a key, or of a key in a table of ours."""
        return f"{self.shown}:{toml.line_of(self.content, (*self.keys, *keys))}"


def find(start: Path, cwd: Path | None = None) -> ConfigFile | None:
    """Returns the nearest configuration file at or above a path.

    In each folder `mrt-lint.toml` (keys at the top, no table needed) comes before `pyproject.toml`,
    which counts only when it holds `[tool.mrt-lint]`. Raises ConfigError when one on the way cannot
    be read or parsed.
    """
    folder = start.absolute()
    if not folder.is_dir():
        folder = folder.parent
    for place in (folder, *folder.parents):
        for name in (OWN, SHARED):
            path = place / name
            if path.is_file() and (found := _read(path, cwd)) is not None:
                return found
    return None


def load(path: Path, cwd: Path | None = None) -> ConfigFile:
    """Returns the configuration file that `--config` names. Raises ConfigError when it has no table."""
    if not path.is_file():
        raise ConfigError(f"no configuration file at {path}")
    found = _read(path.absolute(), cwd)
    if found is None:
        raise ConfigError(f"{path}: no table [tool.mrt-lint] in this file")
    return found


def _read(path: Path, cwd: Path | None) -> ConfigFile | None:
    shown = _shown(path, cwd or Path.cwd())
    content = toml.read(path, shown)
    tables = toml.parse(content, shown)
    keys = TABLE
    inner = _inside(tables, keys)
    if inner is None:
        if path.name == SHARED:
            return None
        inner, keys = tables, ()
    if not isinstance(inner, dict):
        raise ConfigError(f"{shown}:{toml.line_of(content, keys)}: [tool.mrt-lint] must be a table")
    return ConfigFile(path, shown, content, inner, keys)


def _inside(tables: Any, keys: Sequence[str]) -> Any:
    for key in keys:
        if not isinstance(tables, dict) or key not in tables:
            return None
        tables = tables[key]
    return tables


def _shown(path: Path, cwd: Path) -> str:
    try:
        return path.relative_to(cwd.absolute()).as_posix()
    except ValueError:
        return path.as_posix()
