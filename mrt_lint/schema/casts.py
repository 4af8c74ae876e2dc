"""What a type change does to the values of a column, on each database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from mrt_lint.schema.casts_mysql import mysql
from mrt_lint.schema.casts_postgresql import postgresql
from mrt_lint.schema.casts_sqlite import sqlite
from mrt_lint.schema.dialects import MYSQL, Dialect
from mrt_lint.schema.effects import FLOATS, INTEGERS, TEXTS, Effect
from mrt_lint.schema.names import Unknown
from mrt_lint.schema.types import SqlType

__all__ = ["Effect", "cast_effect", "chain_effect", "needs_using"]


def cast_effect(
    old: SqlType | Unknown, new: SqlType | Unknown, dialect: Dialect, copied: bool | None = False
) -> Effect:
    """Returns what a plain type change and the change back do to the values, on one database.

    `copied`: the values are stored in a column of the other type by a statement, not cast (None: one way
    only); that differs in SQLite.

    >>> cast_effect(SqlType("bigint"), SqlType("integer"), "postgresql")
    <Effect.MAY_FAIL: 'may fail'>
    """
    if isinstance(old, Unknown) or isinstance(new, Unknown):
        return Effect.UNKNOWN
    if old == new:
        return Effect.LOSSLESS
    if not (old.exact and new.exact):
        return Effect.LOSSLESS if _holds_any_length(old, new, dialect) else Effect.UNKNOWN
    if dialect == "sqlite":
        return sqlite(old, new, copied)
    if dialect in MYSQL:
        return mysql(old, new, dialect)
    return postgresql(old, new, dialect)


def _holds_any_length(old: SqlType, new: SqlType, dialect: Dialect) -> bool:
    """Returns whether the new type keeps every value of a VARCHAR of which the length alone is not known."""
    if old.sized or old.name != "varchar" or not new.exact:
        return False
    longest = replace(old, args=(), exact=True, sized=True)
    return cast_effect(longest, new, dialect) is Effect.LOSSLESS


def chain_effect(types: tuple[SqlType, ...], dialect: Dialect, copied: bool | None = False) -> Effect:
    """Returns the worst that a chain of type changes does to the values of its first type.

    A chain that goes back the way it came is as good as its steps. One that comes back by another way is
    known to keep the values only where all of its types hold them in one form: 5 is `5.00` as a numeric,
    and as a text that is no integer any more.

    >>> number, text = SqlType("integer"), SqlType("text")
    >>> chain_effect((number, text, number), "postgresql")
    <Effect.LOSSLESS: 'lossless'>
    >>> chain_effect((number, SqlType("numeric", (9, 2)), text, number), "postgresql")
    <Effect.UNKNOWN: 'unknown'>
    """
    way: list[SqlType] = []
    effects = {Effect.LOSSLESS}
    if not all(kind.exact for kind in types) and len(set(types)) > 1:
        effects.add(Effect.UNKNOWN)  # It need not be the same length that comes back.
    for kind in types:
        if way and way[-1] == kind:
            continue
        if len(way) > 1 and way[-2] == kind:
            effects.add(cast_effect(way[-2], way[-1], dialect, copied))
            way.pop()
        else:
            way.append(kind)
    rest = [cast_effect(way[0], kind, dialect, copied) for kind in way[1:]]
    forms = {_form(kind) for kind in way}
    if len(way) > 2 and (None in forms or len(forms) > 1):
        rest.append(Effect.UNKNOWN)
    effects.update(rest)
    worst = (Effect.LOSSY, Effect.UNKNOWN, Effect.MAY_FAIL)
    return next((effect for effect in worst if effect in effects), Effect.LOSSLESS)


def _form(kind: SqlType) -> str | None:
    """Returns in which form values of the type are held, None if it is not known."""
    if kind.element is not None:
        return None
    for name, family in (("text", TEXTS), ("integer", INTEGERS), ("float", FLOATS)):
        if kind.name in family:
            return name
    return "numeric" if kind.name == "numeric" else None


_NUMBERS: Final = frozenset({"smallint", "integer", "bigint", "numeric", "real", "double"})
_ASSIGNED: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(("smallint", "real", "double"), _NUMBERS),
    **{name: _NUMBERS | {"money"} for name in ("integer", "bigint", "numeric")},
    "money": frozenset({"numeric"}),
    "date": frozenset({"timestamp", "timestamptz"}),
    "timestamp": frozenset({"date", "time", "timestamptz"}),
    "timestamptz": frozenset({"date", "time", "timetz", "timestamp"}),
    "time": frozenset({"timetz", "interval"}),
    "timetz": frozenset({"time"}),
    "interval": frozenset({"time"}),
    "json": frozenset({"jsonb"}),
    "jsonb": frozenset({"json"}),
    "inet": frozenset({"cidr"}),
    "cidr": frozenset({"inet"}),
    "bit": frozenset({"varbit"}),
    "varbit": frozenset({"bit"}),
    **{name: frozenset() for name in ("boolean", "uuid", "bytea", "macaddr", "xml")},
}
"""Types of PostgreSQL and those that a column of them becomes without USING, but for texts and itself."""


def needs_using(
    old: SqlType | Unknown,
    new: SqlType | Unknown,
    dialect: Dialect,
    is_enum: Callable[[SqlType], bool] = lambda kind: False,
) -> bool:
    """Returns whether ALTER TYPE surely fails without USING: PostgreSQL has no assignment cast for it.

    Source: PostgreSQL manual, CREATE CAST (a text becomes another type only by an explicit cast, all
    become a text by assignment) and the catalogue pg_cast. `is_enum`: tells of a type that is known by its
    name whether it is an enum, which has no casts but these.
    """
    if dialect != "postgresql" or isinstance(old, Unknown) or isinstance(new, Unknown):
        return False
    if old.element is not None and new.element is not None:
        return needs_using(old.element, new.element, dialect, is_enum)
    one, other = old.element or old, new.element or new
    enums = [kind for kind in (one, other) if is_enum(kind)]
    if not all(is_built_in(kind) or kind in enums for kind in (one, other)):
        return False
    if new.element is not None:
        return True
    if new.name in TEXTS:
        return False
    if old.element is not None:
        return True
    if enums:
        return old.name != new.name
    return old.name in TEXTS or (old.name != new.name and new.name not in _ASSIGNED[old.name])


def is_built_in(kind: SqlType) -> bool:
    return kind.schema is None and not kind.labels and (kind.name in _ASSIGNED or kind.name in TEXTS)
