"""Type changes between numbers, which all servers make by the same rules.

Facts: PostgreSQL manual 8.1, MySQL manual 11.1 and 12.25 (numeric rounds on a change of scale, a number
out of range is refused in strict mode).
"""

from __future__ import annotations

from mrt_lint.schema.dialects import MYSQL, Dialect
from mrt_lint.schema.effects import (
    FLOATS,
    INTEGERS,
    Effect,
    digits,
    exact_digits,
    integer_range,
    mantissa,
)
from mrt_lint.schema.types import SqlType

_FAR = 30
"""A scale beyond which a decimal is not looked at."""


def numbers(old: SqlType, new: SqlType, dialect: Dialect) -> Effect | None:
    """Returns the effect of a change between two types of numbers, None if one is none."""
    for kind in (old, new):
        if kind.name not in INTEGERS and kind.name not in FLOATS and kind.name != "numeric":
            return None
    effect = _signed(old, new, dialect)
    narrowed = new.unsigned and not old.unsigned and new.name not in INTEGERS
    return Effect.MAY_FAIL if narrowed and effect is Effect.LOSSLESS else effect


def _signed(old: SqlType, new: SqlType, dialect: Dialect) -> Effect:
    if new.name in FLOATS:
        return _to_float(old, new, dialect)
    if old.name in FLOATS:
        return Effect.UNKNOWN if len(old.args) > 1 else Effect.LOSSY
    if new.name == "numeric":
        return _numerics(old, new, dialect) if old.name == "numeric" else _to_numeric(old, new, dialect)
    if old.name == "numeric":
        return _to_integer(old, new, dialect)
    return _inside(integer_range(old), integer_range(new))


def _inside(old: range, new: range) -> Effect:
    return Effect.LOSSLESS if new.start <= old.start and old.stop <= new.stop else Effect.MAY_FAIL


def _to_float(old: SqlType, new: SqlType, dialect: Dialect) -> Effect:
    if dialect in MYSQL and len(new.args) > 1:  # FLOAT(M,D) rounds
        return Effect.LOSSLESS if (old.name, old.args) == (new.name, new.args) else Effect.UNKNOWN
    bits = mantissa(new, dialect)
    if old.name in INTEGERS:
        return Effect.LOSSLESS if INTEGERS[old.name] <= bits else Effect.LOSSY
    if old.name in FLOATS:
        return Effect.LOSSLESS if mantissa(old, dialect) <= bits else Effect.LOSSY
    size = digits(old, dialect)
    if size is None or not -_FAR < size[1] < _FAR:
        return Effect.LOSSY
    return Effect.LOSSLESS if sum(size) <= exact_digits(new, dialect) else Effect.LOSSY


def _numerics(old: SqlType, new: SqlType, dialect: Dialect) -> Effect:
    before, after = digits(old, dialect), digits(new, dialect)
    if after is None:
        return Effect.LOSSLESS
    if before is None or after[1] < before[1]:
        return Effect.LOSSY
    return Effect.LOSSLESS if after[0] >= before[0] else Effect.MAY_FAIL


def _to_numeric(old: SqlType, new: SqlType, dialect: Dialect) -> Effect:
    size, values = digits(new, dialect), integer_range(old)
    if size is None:
        return Effect.LOSSLESS
    if size[1] < 0:
        return Effect.LOSSY
    return (
        Effect.LOSSLESS if 10 ** max(size[0], 0) >= max(values.stop, -values.start + 1) else Effect.MAY_FAIL
    )


def _to_integer(old: SqlType, new: SqlType, dialect: Dialect) -> Effect:
    size = digits(old, dialect)
    if size is None or size[1] > 0:
        return Effect.LOSSY
    if dialect == "postgresql":  # NaN is a numeric of any size
        return Effect.MAY_FAIL
    limit = 10 ** size[0]
    return _inside(range(0 if old.unsigned else 1 - limit, limit), integer_range(new))
