"""What a type change does to the values of a column.

Facts: PostgreSQL manual 8 and 10 (numeric rounding, character types), MySQL manual 11, SQLite
"Datatypes" (lengths and precisions are not enforced there).
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Unknown
from mrt_lint.schema.types import SqlType


class Effect(Enum):
    """What happens to values when a column is cast from one type to another."""

    LOSSLESS = "lossless"
    """Every value is kept and can be read back."""
    MAY_FAIL = "may fail"
    """Values that fit are kept exactly; one that does not fit makes the statement fail."""
    LOSSY = "lossy"
    """Values may be changed without an error (rounded, cut, reduced)."""
    UNKNOWN = "unknown"
    """Nothing is known of these two types."""


_INTEGERS: Final = {"tinyint": 1, "smallint": 2, "mediumint": 3, "integer": 4, "bigint": 8}
_TEXTS: Final = {"char", "varchar", "text", "tinytext", "mediumtext", "longtext", "clob", "citext"}
_UNBOUNDED: Final = {"text", "longtext", "clob", "citext", "mediumtext"}
_FLOATS: Final = {"real": 24, "float": 53, "double": 53}
_DATES: Final = {"date", "time", "timetz", "timestamp", "timestamptz", "datetime"}
_BINARIES: Final = {"bytea", "blob", "binary", "varbinary", "tinyblob", "mediumblob", "longblob"}


def cast_effect(old: SqlType | Unknown, new: SqlType | Unknown, dialect: Dialect) -> Effect:
    """Returns what a plain type change does to the values, on one database.

    >>> cast_effect(SqlType("bigint"), SqlType("integer"), "postgresql")
    <Effect.MAY_FAIL: 'may fail'>
    """
    if isinstance(old, Unknown) or isinstance(new, Unknown):
        return Effect.UNKNOWN
    if old == new:
        return Effect.LOSSLESS
    if not (old.exact and new.exact):
        return Effect.UNKNOWN
    if dialect == "sqlite":
        return _sqlite(old, new)
    if old.element is not None and new.element is not None:
        return cast_effect(old.element, new.element, dialect)
    for known, effect in ((_INTEGERS, _integers), (_TEXTS, _texts), (_FLOATS, _floats)):
        if old.name in known and new.name in known:
            return effect(old, new)
    return _mixed(old, new)


def _integers(old: SqlType, new: SqlType) -> Effect:
    if old.name == new.name == "tinyint":
        return Effect.LOSSLESS if new.args != (1,) else Effect.MAY_FAIL
    wide = _INTEGERS[new.name] >= _INTEGERS[old.name]
    if old.unsigned == new.unsigned:
        return Effect.LOSSLESS if wide else Effect.MAY_FAIL
    bigger = _INTEGERS[new.name] > _INTEGERS[old.name]
    return Effect.LOSSLESS if old.unsigned and bigger else Effect.MAY_FAIL


def _texts(old: SqlType, new: SqlType) -> Effect:
    if old.name == "char" and new.name != "char":
        return Effect.LOSSLESS if _length(new) >= _length(old) else Effect.MAY_FAIL
    if new.name == "char" and old.name != "char":
        return Effect.LOSSY
    if new.name == "citext" or old.name == "citext":
        return Effect.LOSSLESS
    # A longer value fails, except that spaces at its end are cut without a word (PostgreSQL manual 8.3).
    return Effect.LOSSLESS if _length(new) >= _length(old) else Effect.UNKNOWN


_TEXT_LENGTHS: Final = {
    "tinytext": 255,
    "text": 10**9,
    "mediumtext": 10**8,
    "longtext": 10**9,
    "clob": 10**9,
    "citext": 10**9,
}


def _length(kind: SqlType) -> int:
    if kind.name in _TEXT_LENGTHS:
        return _TEXT_LENGTHS[kind.name]
    if kind.args and isinstance(kind.args[0], int):
        return kind.args[0]
    return 1 if kind.name == "char" else 10**9


def _floats(old: SqlType, new: SqlType) -> Effect:
    return Effect.LOSSLESS if _FLOATS[new.name] >= _FLOATS[old.name] else Effect.LOSSY


def _digits(kind: SqlType) -> tuple[int, int] | None:
    """Returns (digits before the point, digits behind it) of a numeric, None for an unlimited one."""
    if not kind.args:
        return None
    numbers = [arg for arg in kind.args if isinstance(arg, int)]
    scale = numbers[1] if len(numbers) > 1 else 0
    return numbers[0] - scale, scale


_INTEGER_DIGITS: Final = {"tinyint": 3, "smallint": 5, "mediumint": 8, "integer": 10, "bigint": 19}


def _numeric(old: SqlType, new: SqlType) -> Effect:
    before, after = _digits(old), _digits(new)
    if after is None:
        return Effect.LOSSLESS
    if before is None or after[1] < before[1]:
        return Effect.LOSSY
    return Effect.LOSSLESS if after[0] >= before[0] else Effect.MAY_FAIL


def _mixed(old: SqlType, new: SqlType) -> Effect:
    pair = (old.name, new.name)
    if old.element is not None or new.element is not None:
        return Effect.UNKNOWN
    if old.name == new.name:
        return _same_name(old, new)
    if old.labels and new.labels:
        return Effect.LOSSLESS if set(old.labels) <= set(new.labels) else Effect.MAY_FAIL
    if new.name in _TEXTS:
        if (
            old.name in _INTEGERS
            or old.name in _DATES
            or old.labels
            or old.name in {"boolean", "uuid", "numeric", "inet"}
        ):
            return Effect.LOSSLESS if _length(new) >= 40 else Effect.MAY_FAIL
        return Effect.UNKNOWN
    if old.name in _TEXTS:
        return Effect.MAY_FAIL if new.name in {"uuid", "jsonb", "json"} or new.labels else Effect.UNKNOWN
    if old.name in _INTEGERS and new.name == "numeric":
        digits = _digits(new)
        return (
            Effect.LOSSLESS if digits is None or digits[0] >= _INTEGER_DIGITS[old.name] else Effect.MAY_FAIL
        )
    if old.name in _INTEGERS and new.name in _FLOATS:
        exact = _INTEGERS[old.name] <= (4 if _FLOATS[new.name] == 53 else 2)
        return Effect.LOSSLESS if exact else Effect.LOSSY
    if old.name == "boolean" and new.name in _INTEGERS:
        return Effect.LOSSLESS
    if new.name in _INTEGERS and old.name in {"numeric", *_FLOATS}:
        return Effect.LOSSY
    if old.name in _INTEGERS and new.name == "boolean":
        return Effect.LOSSY
    if (old.name == "numeric" and new.name in _FLOATS) or (old.name in _FLOATS and new.name == "numeric"):
        return Effect.LOSSY
    if old.name in _DATES and new.name in _DATES:
        if pair in {("date", "timestamp"), ("date", "datetime")}:
            return Effect.LOSSLESS
        if pair in {("timestamp", "datetime"), ("datetime", "timestamp")}:
            return Effect.MAY_FAIL
        # Between timestamp and timestamptz the session's time zone decides.
        return Effect.UNKNOWN if set(pair) == {"timestamp", "timestamptz"} else Effect.LOSSY
    if pair == ("json", "jsonb"):
        return Effect.LOSSY
    if pair == ("jsonb", "json") or (
        old.name in _BINARIES and new.name in _BINARIES and new.name != "binary"
    ):
        return Effect.LOSSLESS
    return Effect.UNKNOWN


def _same_name(old: SqlType, new: SqlType) -> Effect:
    if old.name == "numeric":
        return _numeric(old, new)
    if old.labels or new.labels:
        return Effect.LOSSLESS if set(old.labels) <= set(new.labels) else Effect.MAY_FAIL
    if old.args != new.args:
        if old.name in _DATES and (not new.args or (old.args and _number(new) >= _number(old))):
            return Effect.LOSSLESS
        return Effect.LOSSY
    if old.collation != new.collation:
        return Effect.LOSSLESS
    return Effect.UNKNOWN


def _number(kind: SqlType) -> int:
    first = kind.args[0] if kind.args else 6
    return first if isinstance(first, int) else 6


def needs_using(old: SqlType | Unknown, new: SqlType | Unknown, dialect: Dialect) -> bool:
    """Returns whether ALTER TYPE surely fails without USING: PostgreSQL has no assignment cast for it.

    Source: PostgreSQL manual, CREATE CAST (casts from text through input functions are explicit only)
    and the catalogue pg_cast (boolean to and from integer is explicit).
    """
    if dialect != "postgresql" or isinstance(old, Unknown) or isinstance(new, Unknown):
        return False
    if old.element is not None or new.element is not None:
        return False
    known = {*_INTEGERS, *_FLOATS, *_DATES, "numeric", "boolean", "uuid", "json", "jsonb", "bytea", "inet"}
    if old.name in _TEXTS:
        return new.name in known
    return {old.name, new.name} == {"boolean", "integer"} or (old.name in _INTEGERS and new.name == "boolean")


def affinity(kind: SqlType) -> str:
    """Returns SQLite's affinity of a declared type ("Datatypes in SQLite", section 3.1)."""
    name = kind.name.upper()
    if "INT" in name:
        return "INTEGER"
    if any(word in name for word in ("CHAR", "CLOB", "TEXT")):
        return "TEXT"
    if "BLOB" in name or not name:
        return "BLOB"
    if any(word in name for word in ("REAL", "FLOA", "DOUB")):
        return "REAL"
    return "NUMERIC"


def _sqlite(old: SqlType, new: SqlType) -> Effect:
    """Compares affinities: a batch rebuild copies with CAST, which acts on the affinity alone."""
    before, after = affinity(old), affinity(new)
    if before == after:
        return Effect.LOSSLESS
    if after == "BLOB" or (before == "INTEGER" and after in {"TEXT", "NUMERIC"}):
        return Effect.LOSSLESS
    if before == "NUMERIC" and old.name == "boolean" and after in {"INTEGER", "TEXT"}:
        return Effect.LOSSLESS
    if before == "NUMERIC" and old.name in _DATES and after == "TEXT":
        return Effect.LOSSLESS
    if before == "TEXT" and after == "NUMERIC":
        # CAST AS NUMERIC turns text that is no number into 0.
        return Effect.LOSSY
    return Effect.LOSSY if before in {"TEXT", "REAL", "NUMERIC", "BLOB"} else Effect.UNKNOWN
