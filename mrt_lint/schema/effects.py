"""What a type change can do to values, and the measures of types that decide it."""

from __future__ import annotations

from enum import Enum
from typing import Final

from mrt_lint.schema.dialects import MYSQL, Dialect
from mrt_lint.schema.types import SqlType


class Effect(Enum):
    """What happens to values when a column is cast to another type and back."""

    LOSSLESS = "lossless"
    """Every value of the type passes and comes back."""
    MAY_FAIL = "may fail"
    """A value that passes comes back; one that does not pass makes the statement fail."""
    LOSSY = "lossy"
    """Values may be changed without an error (rounded, cut, reduced), or do not come back."""
    UNKNOWN = "unknown"
    """Nothing is known of these two types, or only rare values are changed."""


INTEGERS: Final = {"tinyint": 8, "smallint": 16, "mediumint": 24, "integer": 32, "bigint": 64}
"""Bits of the integer types."""
TEXTS: Final = frozenset({"char", "varchar", "text", "tinytext", "mediumtext", "longtext", "clob", "citext"})
FLOATS: Final = frozenset({"real", "float", "double"})
DATES: Final = frozenset({"date", "time", "timetz", "timestamp", "timestamptz", "datetime"})
BINARIES: Final = frozenset(
    {"bytea", "blob", "binary", "varbinary", "tinyblob", "mediumblob", "longblob", "raw"}
)
UNLIMITED: Final = 10**9
"""Stands for no limit where a length is asked for."""


def number(kind: SqlType, place: int = 0) -> int | None:
    """Returns an argument of the type that is a number, None if there is none at that place."""
    if len(kind.args) <= place:
        return None
    found = kind.args[place]
    return found if isinstance(found, int) else None


def integer_range(kind: SqlType) -> range:
    """Returns the values of an integer type."""
    bits = INTEGERS[kind.name]
    return range(2**bits) if kind.unsigned else range(-(2 ** (bits - 1)), 2 ** (bits - 1))


def digits(kind: SqlType, dialect: Dialect) -> tuple[int, int] | None:
    """Returns (digits before the point, digits behind it) of a numeric, None for an unlimited one.

    Without arguments it is (10, 0) in MySQL, (18, 0) in SQL Server and unlimited in the others.
    """
    precision, scale = number(kind), number(kind, 1) or 0
    if precision is None:
        defaults = {"mysql": 10, "mariadb": 10, "mssql": 18}
        return (defaults[dialect], 0) if dialect in defaults and not kind.args else None
    return precision - scale, scale


def mantissa(kind: SqlType, dialect: Dialect) -> int:
    """Returns the bits of a floating point type's mantissa: FLOAT is a short one in MySQL only."""
    written = number(kind)
    if kind.name == "real":
        return 53 if dialect in MYSQL else 24
    if kind.name == "double":
        return 53
    if written is not None and len(kind.args) == 1:
        return 24 if written <= 24 else 53
    return 24 if dialect in MYSQL else 53


def exact_digits(kind: SqlType, dialect: Dialect) -> int:
    """Returns how many decimal digits surely pass through a floating point type (FLT_DIG, DBL_DIG of C)."""
    return 15 if mantissa(kind, dialect) == 53 else 6
