"""What a type change does to values in MySQL and MariaDB, in strict mode.

Facts: MySQL manual 11 (data types) and 15.1.9 (ALTER TABLE); in strict mode, the default of both, a value
that does not fit is refused, but digits behind the point or the second are rounded without an error.
"""

from __future__ import annotations

from typing import Final

from mrt_lint.schema.casts_numbers import numbers
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.effects import BINARIES, TEXTS, UNLIMITED, Effect, digits, integer_range, number
from mrt_lint.schema.effects import INTEGERS as INTEGER_BITS
from mrt_lint.schema.types import SqlType

_BYTES: Final = {
    "tinytext": 255,
    "text": 65_535,
    "mediumtext": 16_777_215,
    "tinyblob": 255,
    "blob": 65_535,
    "mediumblob": 16_777_215,
}
_CHARACTER: Final = 4
"""Bytes of a character at most (utf8mb4)."""
_ROW: Final = 65_535
"""Bytes of a row at most, so of a VARCHAR too."""
_SHOWN: Final = {"date": 10, "datetime": 26, "time": 17, "year": 4, "uuid": 36}
_CLOCKS: Final = frozenset({"datetime", "timestamp", "time"})


def mysql(old: SqlType, new: SqlType, dialect: Dialect) -> Effect:
    """Returns the effect of MODIFY between two types that are known."""
    old, new = _plain(old), _plain(new)
    if old == new:
        return Effect.LOSSLESS
    found = numbers(old, new, dialect)
    if found is not None:
        return found
    if old.name in TEXTS and new.name in TEXTS:
        return _recoded(old, new, _texts(old, new))
    if old.name in BINARIES and new.name in BINARIES:
        return _binaries(old, new)
    if old.labels and new.name == old.name:
        return _recoded(old, new, _labels(old, new))
    if new.name in TEXTS:
        return _to_text(old, new, dialect)
    return _dates(old, new)


def _plain(kind: SqlType) -> SqlType:
    """Returns BOOLEAN as the TINYINT that it is."""
    return SqlType("tinyint") if kind.name == "boolean" else kind


def _bytes(kind: SqlType) -> tuple[int, int]:
    """Returns (bytes, characters) that a text or binary type holds at most."""
    written = number(kind)
    if kind.name in {"char", "varchar"}:
        characters = written if written is not None else 1 if kind.name == "char" else _ROW
        return min(characters * _CHARACTER, _ROW), characters
    if kind.name in {"binary", "varbinary"}:
        size = written if written is not None else 1 if kind.name == "binary" else _ROW
        return size, size
    size = _BYTES.get(kind.name, UNLIMITED)
    if written is not None and kind.name in {"text", "blob"}:  # the smallest type that holds so many
        size = next((each for each in (255, 65_535, 16_777_215) if each >= written), UNLIMITED)
    return size, size


def _holds(old: SqlType, new: SqlType) -> bool:
    """Returns whether the longest value fits: a VARCHAR counts characters, the others bytes."""
    (old_bytes, old_characters), (new_bytes, new_characters) = _bytes(old), _bytes(new)
    if new.name in {"char", "varchar"}:
        return new_characters >= old_characters
    return new_bytes >= old_bytes


def _texts(old: SqlType, new: SqlType) -> Effect:
    if new.name == "char" and old.name != "char":
        return Effect.LOSSY
    if _holds(old, new):
        return Effect.LOSSLESS
    # A longer value is refused, but spaces at its end are cut with no more than a note (manual 11.3.2).
    return Effect.MAY_FAIL if old.name == "char" else Effect.UNKNOWN


def _recoded(old: SqlType, new: SqlType, effect: Effect) -> Effect:
    """Another character set may lack a character, which is refused; utf8mb4 lacks none."""
    same = old.collation == new.collation or (new.collation or "").startswith("utf8mb4")
    return Effect.MAY_FAIL if effect is Effect.LOSSLESS and not same else effect


def _binaries(old: SqlType, new: SqlType) -> Effect:
    if new.name == "binary":
        return Effect.LOSSY  # shorter values get bytes 0 at their end
    return Effect.LOSSLESS if _holds(old, new) else Effect.UNKNOWN


def _labels(old: SqlType, new: SqlType) -> Effect:
    """A label that is gone is refused, but one is found by any spelling of its case or by its number."""
    gone = set(old.labels) - set(new.labels)
    if not gone:
        return Effect.LOSSLESS
    left = {label.casefold().rstrip() for label in new.labels}
    found = any(label.casefold().rstrip() in left or label.isdigit() or not label for label in gone)
    return Effect.UNKNOWN if found else Effect.MAY_FAIL


def _to_text(old: SqlType, new: SqlType, dialect: Dialect) -> Effect:
    shown = _SHOWN.get(old.name)
    if old.name in INTEGER_BITS:
        values = integer_range(old)
        shown = max(len(str(values.start)), len(str(values.stop)))
    elif old.name == "numeric":
        shown = sum(abs(part) for part in digits(old, dialect) or (10, 0)) + 3
    elif old.labels:
        shown = len(",".join(old.labels)) if old.name == "set" else max(map(len, old.labels))
    if shown is None:
        return Effect.UNKNOWN
    return Effect.LOSSLESS if _bytes(new)[1] >= shown else Effect.MAY_FAIL


def _dates(old: SqlType, new: SqlType) -> Effect:
    pair = (old.name, new.name)
    if pair == ("date", "datetime"):
        return Effect.LOSSLESS
    if pair == ("date", "timestamp"):
        return Effect.MAY_FAIL  # it begins in 1970
    if old.name in _CLOCKS and new.name in _CLOCKS:
        if (number(new) or 0) < (number(old) or 0) or "time" in pair:
            return Effect.LOSSLESS if old.name == new.name and _finer(old, new) else Effect.LOSSY
        if old.name == new.name:
            return Effect.LOSSLESS
        # The hour that is repeated at the end of summer time is one in DATETIME and two in TIMESTAMP.
        return Effect.MAY_FAIL if new.name == "timestamp" else Effect.UNKNOWN
    if {old.name, new.name} <= {"date", *_CLOCKS}:
        return Effect.LOSSY
    return Effect.UNKNOWN


def _finer(old: SqlType, new: SqlType) -> bool:
    return (number(new) or 0) >= (number(old) or 0)
