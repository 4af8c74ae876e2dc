"""Constants in canonical SQL, and defaults as the database keeps them."""

from __future__ import annotations

from typing import Final

from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.expressions import identifiers
from mrt_lint.schema.names import Unknown
from mrt_lint.schema.types import SqlType

_NUMBERS: Final = {
    "smallint",
    "integer",
    "bigint",
    "tinyint",
    "mediumint",
    "numeric",
    "real",
    "double",
    "float",
}
_WORDS: Final = {"NULL", "CAST", "AS", "TRUE", "FALSE"}


def is_constant(sql: str) -> bool:
    """Returns whether canonical SQL is a literal, perhaps cast, so that it reads no row.

    >>> is_constant("CAST(NULL AS INT)"), is_constant("lower(name)")
    (True, False)
    """
    text = sql
    if text.upper().startswith("CAST(") and text.endswith(")"):
        text = text[5:-1].rpartition(" AS ")[0]
    words = {word.upper() for word in identifiers(text)}
    return words <= _WORDS and bool(text.strip())


def plain_default(
    default: str | Unknown | None, kind: SqlType | Unknown, dialect: Dialect
) -> str | Unknown | None:
    """Returns a default as the server keeps it: a quoted number on a number column is the number.

    SQLite keeps the text as it was written. PostgreSQL keeps every text with a cast to the column's type,
    written or not.

    >>> plain_default("'18'", SqlType("integer"), "postgresql")
    '18'
    >>> plain_default("CAST('new' AS shop.state)", SqlType("state", schema="shop"), "postgresql")
    "'new'"
    """
    if not isinstance(default, str) or isinstance(kind, Unknown) or dialect == "sqlite":
        return default
    if dialect == "postgresql":
        default = _without_own_cast(default, kind)
    if kind.name not in _NUMBERS or not (default[:1] == default[-1:] == "'"):
        return default
    inner = default[1:-1]
    return inner if inner.lstrip("-").replace(".", "", 1).isdigit() else default


def _without_own_cast(default: str, kind: SqlType) -> str:
    """Returns the text that a default casts to the column's own type, an enum or another one with a name."""
    inner = kind.element or kind
    array = "[]" if kind.element is not None else ""
    names = [inner.name, *([f"{inner.schema}.{inner.name}"] if inner.schema else [])]
    for name in names:
        tail = f" AS {name}{array})"
        text = default.removeprefix("CAST(").removesuffix(tail)
        quoted = len(text) > 1 and text[0] == text[-1] == "'" and "'" not in text[1:-1].replace("''", "")
        if quoted and default == f"CAST({text}{tail}":
            return text
    return default
