"""Which type changes write a table or its indexes anew, and which only change the catalogue.

Facts: measured on PostgreSQL 15 by pg_relation_filenode and on MariaDB 10.11 by the algorithms that ALTER
TABLE accepts; MySQL 8 manual 17.12.1 (Online DDL). A USING that computes something always writes the table
anew; one that only spells out the cast changes nothing in what is said here.
"""

from __future__ import annotations

from typing import Final

from mrt_lint.schema.casts import cast_effect
from mrt_lint.schema.dialects import MYSQL, Dialect
from mrt_lint.schema.effects import BINARIES, DATES, FLOATS, INTEGERS, TEXTS, Effect, number
from mrt_lint.schema.names import Unknown
from mrt_lint.schema.types import SqlType

_KNOWN: Final = (
    frozenset({"numeric", "boolean", "uuid", "json", "jsonb", "inet", "cidr", "macaddr", "money", "interval"})
    | frozenset({"bit", "varbit", "xml", "year", "oid"})
    | INTEGERS.keys()
    | FLOATS
    | TEXTS
    | DATES
    | BINARIES
)
"""Types whose storage is known; another name may be a domain or an alias of one of these."""
_LIMITED: Final = frozenset({"varchar", "varbit", "timestamp", "timestamptz", "time", "timetz", "interval"})
"""Types of PostgreSQL whose limit alone can be raised or lifted."""
_STRINGS: Final = frozenset({"varchar", "text"})
_RELABELLED: Final = frozenset(
    {("integer", "oid"), ("oid", "integer"), ("cidr", "inet"), ("bit", "varbit")}
    | {("xml", "text"), ("xml", "varchar"), ("citext", "text"), ("citext", "varchar")}
    | {("text", "citext"), ("varchar", "citext")}
)
"""Pairs of one storage (binary-coercible in pg_cast), to a type without a limit."""


def rewrites(old: SqlType | Unknown, new: SqlType | Unknown, dialect: Dialect) -> bool | None:
    """Returns whether a plain type change writes the table anew; None: not known, or up to its data.

    SQLite has no other way to change a type; nothing is said of Oracle and SQL Server.

    >>> rewrites(SqlType("varchar", (20,)), SqlType("text"), "postgresql")
    False
    """
    if isinstance(old, Unknown) or isinstance(new, Unknown) or not (old.exact and new.exact):
        return None
    if old == new:
        return False
    if dialect == "postgresql":
        return _postgresql(old, new)
    if dialect in MYSQL:
        return _mysql(old, new, dialect)
    return True if dialect == "sqlite" else None


def reindexes(old: SqlType | Unknown, new: SqlType | Unknown, dialect: Dialect) -> bool | None:
    """Returns whether a plain type change builds the indexes of the column anew; None: not known."""
    rewritten = rewrites(old, new, dialect)
    if rewritten is not False or isinstance(old, Unknown) or isinstance(new, Unknown):
        return rewritten
    if dialect == "postgresql":
        pair = (old.name, new.name)
        return old.collation != new.collation or (pair in _RELABELLED and pair != ("cidr", "inet"))
    # A key of more than 767 or 3072 bytes is cut to a prefix, which is another index.
    return False if old.name == new.name and (number(new) or 0) < 64 and not _binary(old) else None


def widens(old: SqlType | Unknown, new: SqlType | Unknown, dialect: Dialect) -> bool:
    """Returns whether a type change surely keeps every value and writes neither table nor indexes anew.

    True of a type that stays as it is, too.
    """
    return (
        cast_effect(old, new, dialect) is Effect.LOSSLESS
        and rewrites(old, new, dialect) is False
        and reindexes(old, new, dialect) is False
    )


def _postgresql(old: SqlType, new: SqlType) -> bool | None:
    if old.element is not None and new.element is not None:
        lifted = old.element.name == new.element.name == "varchar" and not new.element.args
        return None if not _known(old.element, new.element) else not lifted
    if old.element is not None or new.element is not None:
        return True if _known(old.element or old, new.element or new) else None
    pair = (old.name, new.name)
    if pair in _RELABELLED and not new.args:
        return False
    if not _known(old, new):
        return None
    if set(pair) == {"timestamp", "timestamptz"}:
        # In a session whose time zone is UTC the two are the same bytes.
        return None if _raised(old, new) else True
    if set(pair) <= _STRINGS or (old.name == new.name and old.name in _LIMITED):
        return not _raised(old, new)
    if old.name != new.name:
        return True
    if old.name == "numeric":
        return not _same_scale(old, new)
    if old.name == "char":
        # `char` is char(1), but as bpchar it has no limit.
        return None if not new.args or not old.args else old.args != new.args
    return old.args != new.args


def _known(*kinds: SqlType) -> bool:
    return all(kind.name in _KNOWN and kind.schema is None and not kind.labels for kind in kinds)


def _raised(old: SqlType, new: SqlType) -> bool:
    """Returns whether the new type has no limit or one that is not lower, in the same sense."""
    if not new.args or (old.args and isinstance(old.args[0], str) and not isinstance(new.args[0], str)):
        return True
    before, after = number(old), number(new)
    if after is None:
        return False
    if before is None:
        return old.name not in _STRINGS | {"varbit"} and after >= 6
    return after >= before


def _same_scale(old: SqlType, new: SqlType) -> bool:
    """Returns whether a numeric only gets more digits before the point."""
    if not new.args:
        return True
    scales = (number(old, 1) or 0, number(new, 1) or 0)
    return bool(old.args) and scales[0] == scales[1] and (number(new) or 0) >= (number(old) or 0)


def _mysql(old: SqlType, new: SqlType, dialect: Dialect) -> bool | None:
    if {old.name, new.name} == {"boolean", "tinyint"}:
        return old.unsigned != new.unsigned
    if not all(kind.name in _KNOWN or kind.labels for kind in (old, new)):
        return None
    if old.name != new.name or old.unsigned != new.unsigned:
        return True
    if old.collation != new.collation:
        return None
    if old.labels or new.labels:
        return _labels(old, new)
    if old.name == "varchar" or old.name == "varbinary":
        return _lengths(old, new, dialect)
    return old.args != new.args


def _labels(old: SqlType, new: SqlType) -> bool:
    """Labels added at the end change nothing, while the number of a label needs no more bytes."""
    if new.labels[: len(old.labels)] != old.labels:
        return True
    if old.name == "set":
        return _set_bytes(old) != _set_bytes(new)
    return (len(old.labels) > 255) != (len(new.labels) > 255)


def _set_bytes(kind: SqlType) -> int:
    size = (len(kind.labels) + 7) // 8
    return 8 if size > 4 else size


def _lengths(old: SqlType, new: SqlType, dialect: Dialect) -> bool | None:
    """Compares lengths: up to 255 bytes the length of a value takes one byte, beyond that two.

    MariaDB reads a length below 128 in both forms. How many bytes a character has is not known where no
    character set is named: what is not the same for one to four bytes is None.
    """
    before, after = number(old), number(new)
    if before is None or after is None:
        return None
    if after < before:
        return True
    sizes = (1,) if _binary(old) else _character_sizes(old.collation)
    one_byte = 127 if dialect == "mariadb" else 0
    crossing = {before * size <= 255 < after * size and before * size > one_byte for size in sizes}
    return crossing.pop() if len(crossing) == 1 else None


def _character_sizes(collation: str | None) -> tuple[int, ...]:
    known = {"utf8mb4": (4,), "utf8mb3": (3,), "latin1": (1,), "ascii": (1,), "binary": (1,)}
    return known.get((collation or "").partition("_")[0], (1, 2, 3, 4))


def _binary(kind: SqlType) -> bool:
    return kind.name in BINARIES
