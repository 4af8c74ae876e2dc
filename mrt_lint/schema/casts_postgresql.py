"""What a type change does to values in PostgreSQL.

Facts: PostgreSQL manual 8 (character types, date and time, UUID, JSON) and the catalogue pg_cast. Oracle and
SQL Server are taken to agree in what is said here, where their types have the same names.
"""

from __future__ import annotations

from typing import Final

from mrt_lint.schema.casts_numbers import numbers
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.effects import (
    DATES,
    INTEGERS,
    TEXTS,
    UNLIMITED,
    Effect,
    digits,
    number,
)
from mrt_lint.schema.types import SqlType

_LENGTHS: Final = {"tinytext": 255}
_SHOWN: Final = {
    "smallint": 6,
    "integer": 11,
    "bigint": 20,
    "boolean": 5,
    "uuid": 36,
    "date": 16,
    "time": 18,
    "timetz": 30,
    "timestamp": 32,
    "timestamptz": 40,
    "inet": 50,
    "cidr": 50,
    "macaddr": 17,
}
"""Characters that the longest value needs, with a margin where a year or an offset can be long."""
_UNPADDED: Final = frozenset({"uuid", "inet", "cidr", "macaddr"})
"""Types that do not read a text with spaces at its end, which a char has."""
_CLOCKS: Final = frozenset({"time", "timetz", "timestamp", "timestamptz", "interval"})
_PRECISION: Final = 6
"""Digits behind the second where none are written (manual 8.5)."""


def postgresql(old: SqlType, new: SqlType, dialect: Dialect) -> Effect:
    """Returns the effect of a plain type change, `column::type`, between two types that are known."""
    if old.element is not None and new.element is not None:
        return postgresql(old.element, new.element, dialect)
    if old.element is not None or new.element is not None:
        return Effect.UNKNOWN
    found = numbers(old, new, dialect)
    if found is not None:
        return found
    if old.name in TEXTS and new.name in TEXTS:
        return _texts(old, new)
    if new.name in TEXTS:
        return _to_text(old, new, dialect)
    if old.name in TEXTS:
        return _from_text(new)
    if old.name == new.name:
        return _same_name(old, new)
    if old.labels and new.labels:
        return _labels(old, new)
    return _mixed(old, new)


def length(kind: SqlType) -> int:
    """Returns how many characters a text type holds."""
    written = number(kind)
    if kind.name in {"char", "varchar"} and written is not None:
        return written
    return 1 if kind.name == "char" else _LENGTHS.get(kind.name, UNLIMITED)


def _texts(old: SqlType, new: SqlType) -> Effect:
    if new.name == "char" and old.name != "char":
        # Shorter texts are filled with spaces; of one character that is the empty text alone.
        return Effect.UNKNOWN if length(old) == length(new) == 1 else Effect.LOSSY
    if length(new) >= length(old):
        return Effect.LOSSLESS
    # A longer value fails, except that spaces at its end are cut without a word (manual 8.3); those at
    # the end of a char mean nothing.
    return Effect.MAY_FAIL if old.name == "char" else Effect.UNKNOWN


def _to_text(old: SqlType, new: SqlType, dialect: Dialect) -> Effect:
    shown = _SHOWN.get(old.name)
    if old.labels:
        shown = max(map(len, old.labels))
    elif old.name == "numeric":
        size = digits(old, dialect)
        shown = sum(abs(part) for part in size) + 3 if size is not None else UNLIMITED
    elif old.name in {"json", "jsonb"} and new.name != "char":
        shown = UNLIMITED
    if shown is None or (new.name == "char" and old.name in _UNPADDED and length(new) != shown):
        return Effect.UNKNOWN
    return Effect.LOSSLESS if length(new) >= shown else Effect.MAY_FAIL


def _from_text(new: SqlType) -> Effect:
    """A text that is read into another type is spelled anew when it is written back: `007`, `T`, a UUID.

    json keeps its text; jsonb keeps neither the order of keys nor spaces (manual 8.14).
    """
    if new.name == "jsonb":
        return Effect.LOSSY
    return Effect.MAY_FAIL if new.name == "json" or new.labels else Effect.UNKNOWN


def _same_name(old: SqlType, new: SqlType) -> Effect:
    if old.labels or new.labels:
        return _labels(old, new)
    if old.name in _CLOCKS:
        return _precision(old, new)
    if old.args == new.args:
        return Effect.LOSSLESS if old.collation != new.collation else Effect.UNKNOWN
    if old.name == "varbit":
        wide = not new.args or (bool(old.args) and (number(new) or 0) >= (number(old) or 0))
        return Effect.LOSSLESS if wide else Effect.MAY_FAIL
    return Effect.UNKNOWN


def _precision(old: SqlType, new: SqlType) -> Effect:
    """Compares the digits behind the second; an interval of chosen fields is not looked at."""
    if any(isinstance(arg, str) for arg in old.args):
        return Effect.LOSSLESS if not new.args else Effect.UNKNOWN
    if any(isinstance(arg, str) for arg in new.args):
        return Effect.LOSSY
    before, after = number(old), number(new)
    kept = (_PRECISION if after is None else after) >= (_PRECISION if before is None else before)
    return Effect.LOSSLESS if kept else Effect.LOSSY


def _labels(old: SqlType, new: SqlType) -> Effect:
    return Effect.LOSSLESS if set(old.labels) <= set(new.labels) else Effect.MAY_FAIL


def _mixed(old: SqlType, new: SqlType) -> Effect:
    pair = (old.name, new.name)
    if pair == ("boolean", "integer"):
        return Effect.LOSSLESS
    if old.name in INTEGERS and new.name == "boolean":
        return Effect.LOSSY
    if old.name in DATES and new.name in DATES:
        return _dates(old, new)
    if pair == ("json", "jsonb"):
        return Effect.LOSSY
    if pair in {("jsonb", "json"), ("cidr", "inet")}:
        return Effect.LOSSLESS
    return Effect.UNKNOWN


def _dates(old: SqlType, new: SqlType) -> Effect:
    pair = (old.name, new.name)
    if pair in {("date", "timestamp"), ("date", "datetime")}:
        return Effect.LOSSLESS
    if pair in {("timestamp", "datetime"), ("datetime", "timestamp")}:
        return Effect.UNKNOWN
    # To and from an instant the session's time zone decides.
    if new.name in {"timestamptz", "timetz"} and old.name not in {"timestamptz", "timetz"}:
        return Effect.UNKNOWN if old.name != "timestamp" or new.name == "timestamptz" else Effect.LOSSY
    if pair in {("timestamptz", "timestamp"), ("timetz", "time")}:
        return Effect.UNKNOWN if _precision(old, new) is Effect.LOSSLESS else Effect.LOSSY
    return Effect.LOSSY
