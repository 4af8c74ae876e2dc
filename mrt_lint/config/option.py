"""One configuration key: its name, what it may hold, what it means. Rules declare theirs with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from mrt_lint.classes import dataclass
from mrt_lint.errors import nearest


class InnerError(ValueError):
    """What is wrong with one key of a table; `key` names it, the text is a sentence of its own."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(text)
        self.key = key


@dataclass(frozen=True, slots=True)
class Option:
    """One key of `[tool.mrt-lint]`.

    `parse` turns the TOML value into the value that is used and raises `ValueError` with a text
    that continues "`key` ..." ("must be true or false"). `doc` is one line for `mrt-lint config`
    and the documentation; `example` a value as TOML spells it. A rule that lists an option in
    `Rule.options` reads it as `ctx.options["key"]`; two rules may share one option object.
    """

    name: str
    parse: Callable[[Any], Any]
    doc: str
    default: Any = None
    example: str = ""


def boolean(value: Any) -> bool:
    """Returns the value if it is true or false."""
    if not isinstance(value, bool):
        raise ValueError(f"must be true or false, not {value!r}")
    return value


def text(value: Any) -> str:
    """Returns the value if it is a string with something in it."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"must be a string, not {value!r}")
    return value


def texts(value: Any) -> tuple[str, ...]:
    """Returns the strings of a list as a tuple."""
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) and item for item in value):
        raise ValueError(f"must be a list of strings, not {value!r}")
    return tuple(value)


def table(item: Callable[[Any], Any]) -> Callable[[Any], tuple[tuple[str, Any], ...]]:
    """Returns a parser of a TOML table whose values `item` parses; the result is a tuple of pairs."""

    def parse(value: Any) -> tuple[tuple[str, Any], ...]:
        if not isinstance(value, dict):
            raise ValueError(f"must be a table, not {value!r}")
        pairs = []
        for key, inner in value.items():
            try:
                pairs.append((str(key), item(inner)))
            except ValueError as error:
                raise ValueError(f"at {key!r} {error}") from None
        return tuple(pairs)

    return parse


def one_of(*words: str) -> Callable[[Any], str]:
    """Returns a parser that accepts exactly these words."""

    def parse(value: Any) -> str:
        if value not in words:
            near = nearest(value, words) if isinstance(value, str) else ""
            raise ValueError(f"must be one of {', '.join(map(repr, words))}, not {value!r}{near}")
        return str(value)

    return parse


def number(value: Any) -> int:
    """Returns the value if it is a whole number of at least 0."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"must be a number of at least 0, not {value!r}")
    return value


def keyed(options: Iterable[Option]) -> Callable[[Any], tuple[tuple[str, Any], ...]]:
    """Returns a parser of a TOML table that holds these keys; the result is a tuple of pairs."""
    known = {option.name: option for option in options}

    def parse(value: Any) -> tuple[tuple[str, Any], ...]:
        if not isinstance(value, dict):
            raise ValueError(f"must be a table, not {value!r}")
        pairs = []
        for key, inner in value.items():
            if key not in known:
                raise InnerError(key, f"unknown key {key!r}{nearest(key, known)}")
            try:
                pairs.append((str(key), known[key].parse(inner)))
            except ValueError as error:
                raise InnerError(key, f"{key!r} {error}") from None
        return tuple(pairs)

    return parse
