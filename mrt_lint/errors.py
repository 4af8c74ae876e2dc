"""The errors a user can cause. Each renders itself as one clear line with the fix."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class MrtError(Exception):
    """Base of every error that ends a run; `str(error)` is the one line shown to the user."""

    exit_code = 2


class UsageError(MrtError):
    """The command line is wrong: a missing path, an unknown revision, an unknown rule code."""


class ConfigError(MrtError):
    """A configuration file is wrong: broken TOML, an unknown key, a value of another type."""


class PluginError(MrtError):
    """A plugin cannot be imported or breaks the plugin contract."""


class MeaningError(PluginError):
    """The meaning that a plugin gives to a name crashed; `path` is the qualified name."""

    def __init__(self, path: str, cause: BaseException, line: int = 1) -> None:
        super().__init__(f"the meaning of {path} crashed: {type(cause).__name__}: {cause}")
        self.path = path
        self.cause = cause
        self.line = line


class SourceError(MrtError):
    """A source file cannot be read or parsed; carries where (`line`, `column`, both from 1)."""

    def __init__(self, reason: str, line: int = 1, column: int = 1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.column = column


def nearest(word: str, known: Iterable[str]) -> str:
    """Returns `"; did you mean 'x'?"` for the nearest known word, or an empty string.

    >>> nearest("selct", ["select", "ignore"])
    "; did you mean 'select'?"
    """
    from difflib import get_close_matches

    matches = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean {matches[0]!r}?" if matches else ""
