"""Reads TOML files and tells on which line a key stands."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mrt_lint.errors import ConfigError


def _parser() -> Any:
    """Returns the module that parses, imported only where there is something to parse."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib  # type: ignore[import-not-found, unused-ignore]
    return tomllib


def read(path: Path, shown: str) -> str:
    """Returns the text of a configuration file; `shown` names it in the ConfigError when that fails."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError(f"{shown}:{line}: not UTF-8, which TOML must be") from error
    except OSError as error:
        raise ConfigError(f"{shown}: cannot be read: {error.strerror or error}") from error


def parse(content: str, shown: str) -> dict[str, Any]:
    """Returns the tables of a TOML text. Raises ConfigError with file, line and column."""
    try:
        tables: dict[str, Any] = _parser().loads(content)
        return tables
    except _parser().TOMLDecodeError as error:
        said = " ".join(str(error).split())
        place = re.search(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$", said)
        line, column = (place[1], place[2]) if place and place[1] else _end(content)
        raise ConfigError(f"{shown}:{line}:{column}: {said[: place.start()] if place else said}") from error
    except RecursionError as error:
        raise ConfigError(f"{shown}: nested too deeply to be read") from error


def line_of(content: str, keys: Sequence[str]) -> int:
    """Returns the line on which the value at `keys` begins; the first line when that cannot be told.

    Found by parsing, not by looking: the line is the one before which the key is absent and after
    which (with the lines its value goes on for) it is there.
    """
    lines = content.replace("\r\n", "\n").splitlines(keepends=True)
    for number, line in enumerate(lines, 1):
        if keys[-1] not in line or _holds("".join(lines[: number - 1]), keys) is not False:
            continue
        for end in range(number, len(lines) + 1):
            held = _holds("".join(lines[:end]), keys)
            if held:
                return number
            if held is False:
                break
    return 1


def _holds(content: str, keys: Sequence[str]) -> bool | None:
    """Returns whether the key is there; None when the text cannot be parsed."""
    try:
        table: Any = _parser().loads(content)
    except (_parser().TOMLDecodeError, RecursionError):
        return None
    for key in keys:
        if not isinstance(table, dict) or key not in table:
            return False
        table = table[key]
    return True


def _end(content: str) -> tuple[int, int]:
    lines = content.split("\n")
    return len(lines), len(lines[-1]) + 1
