"""Texts that match LIKE, GLOB and regular expressions, and those patterns in Python's own language."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

_CLASSES: Final = {
    "[:alpha:]": "a-zA-Z",
    "[:digit:]": "0-9",
    "[:alnum:]": "a-zA-Z0-9",
    "[:upper:]": "A-Z",
    "[:lower:]": "a-z",
    "[:space:]": r"\s",
    "[:punct:]": "!-/:-@",
    "[:xdigit:]": "0-9a-fA-F",
    "[:word:]": r"\w",
}
"""POSIX classes inside brackets, as every database's regular expressions have them."""

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_USUAL: Final = "ab3cdeAf0gh1xYz_-."


def python_regex(pattern: str) -> str:
    """Returns a POSIX or Perl pattern as Python writes it (near enough for checks of usual columns)."""
    for name, characters in _CLASSES.items():
        pattern = pattern.replace(name, characters)
    return pattern.replace(r"\A", "^").replace(r"\m", r"\b").replace(r"\M", r"\b").replace(r"\y", r"\b")


def like_regex(pattern: str) -> str:
    """Returns a LIKE pattern as a regular expression for the whole text."""
    parts, index = [], 0
    while index < len(pattern):
        sign = pattern[index]
        if sign == "\\" and index + 1 < len(pattern):
            index += 1
            parts.append(re.escape(pattern[index]))
        else:
            parts.append({"%": ".*", "_": "."}.get(sign, re.escape(sign)))
        index += 1
    return "".join(parts)


def like_texts(pattern: str, number: int) -> tuple[str, ...]:
    """Returns texts that match a LIKE pattern: with a filling that differs by number, and as short as can be.

    >>> like_texts("x%", 3)
    ('xd3', 'x', 'xd')
    """
    letter = _LETTERS[number % 26]
    full, short, middle, index = "", "", "", 0
    while index < len(pattern):
        sign = pattern[index]
        if sign == "\\" and index + 1 < len(pattern):
            index += 1
            sign = "\\" + pattern[index]
        full += {"%": f"{letter}{number}", "_": letter}.get(sign, sign[-1])
        short += {"%": "", "_": letter}.get(sign, sign[-1])
        middle += {"%": letter, "_": letter}.get(sign, sign[-1])
        index += 1
    return full, short, middle


def glob_texts(pattern: str, number: int) -> tuple[str, ...]:
    """Returns texts that match a GLOB pattern."""
    parts = re.split(r"(\[\^?\]?[^\]]*\])", pattern)
    regex = "".join(
        part
        if part.startswith("[")
        else re.escape(part).replace(r"\*", "[a-z0-9]{2}").replace(r"\?", "[a-z]")
        for part in parts
    )
    return regex_texts(f"^{regex}$", number)


def regex_texts(pattern: str, number: int) -> tuple[str, ...]:
    """Returns texts that match a regular expression, others for another number; none when it is too odd."""
    found: list[str] = []
    for more in (1, 0, 4):
        text = _matching(pattern, number, more)
        if text is not None and text not in found and re.search(python_regex(pattern), text):
            found.append(text)
    return tuple(found)


def _matching(pattern: str, number: int, more: int) -> str | None:
    tree = _tree(python_regex(pattern))
    if tree is None:
        return None
    counter = _Digits(number)
    try:
        return _Writer(counter, more).sequence(tree)
    except (KeyError, ValueError, TypeError, IndexError):
        return None


class _Digits:
    """Hands out choices such that two numbers give two texts wherever the pattern leaves a choice."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.place = 0

    def pick(self, items: Sequence[Any]) -> Any:
        size = len(items)
        if size < 2:
            return items[0]
        self.number, rest = divmod(self.number, size)
        self.place += 1
        return items[(rest + self.place) % size]


class _Writer:
    def __init__(self, digits: _Digits, more: int) -> None:
        self.digits = digits
        self.more = more
        self.groups: dict[int, str] = {}

    def sequence(self, items: Any) -> str:
        return "".join(self.item(str(code), value) for code, value in items)

    def item(self, code: str, value: Any) -> str:
        if code == "LITERAL":
            return chr(value)
        if code == "NOT_LITERAL":
            return str(self.digits.pick([sign for sign in _USUAL if sign != chr(value)]))
        if code == "ANY":
            return str(self.digits.pick(_LETTERS))
        if code == "IN":
            return str(self.digits.pick(_members(value)))
        if code in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            low, high, inner = value
            count = min(int(high), int(low) + self.more)
            return "".join(self.sequence(inner) for _ in range(count))
        if code == "SUBPATTERN":
            text = self.sequence(value[-1])
            if value[0] is not None:
                self.groups[value[0]] = text
            return text
        if code == "BRANCH":
            return self.sequence(self.digits.pick(value[1]))
        if code == "GROUPREF":
            return self.groups[value]
        if code in ("AT", "ASSERT", "ASSERT_NOT"):
            return ""
        raise ValueError(code)


_CATEGORIES: Final = {
    "CATEGORY_DIGIT": "0123456789",
    "CATEGORY_SPACE": " ",
    "CATEGORY_WORD": _LETTERS + "0123456789",
    "CATEGORY_NOT_DIGIT": _LETTERS,
    "CATEGORY_NOT_SPACE": _LETTERS,
    "CATEGORY_NOT_WORD": "-. ",
}


def _members(parts: Any) -> str:
    """Returns the characters of a bracket; of a large one, those that are plain to read."""
    negated = str(parts[0][0]) == "NEGATE"
    characters: list[str] = []
    for code, value in parts:
        if str(code) == "LITERAL":
            characters.append(chr(value))
        elif str(code) == "RANGE":
            characters += [chr(point) for point in range(value[0], min(value[1], value[0] + 200) + 1)]
        elif str(code) == "CATEGORY":
            characters += _CATEGORIES[str(value)]
    if negated:
        return "".join(sign for sign in _USUAL if sign not in characters)
    return "".join(dict.fromkeys(characters))


@lru_cache(maxsize=1024)
def _tree(pattern: str) -> Any:
    parser: Any = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")
    try:
        return parser.parse(pattern)
    except (re.error, OverflowError, RecursionError):
        return None
