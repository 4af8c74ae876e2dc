"""Tells a USING that only spells out the plain cast from one that computes something."""

from __future__ import annotations

from typing import Final

from sqlglot import exp

from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Unknown
from mrt_lint.schema.types import SqlType
from mrt_lint.sql.parsing import generate, read_expression
from mrt_lint.sql.types import type_from_sql

_CUTTING: Final = frozenset({"varchar", "char", "bit", "varbit"})
"""Types to which an explicit cast cuts a longer value without an error (PostgreSQL manual 8.3 and 8.10)."""


def is_plain_cast(using: str, column: str, new: SqlType | Unknown, dialect: Dialect) -> bool:
    """Returns whether a USING expression does only what the change to type `new` does by itself.

    True for the column itself, `column::new` and a way there through text (`column::text::new`, of arrays
    `column::text[]::new[]`), which is how enum types are swapped. False for a way through any other type,
    which may keep less than both, and when a cast has a length, which would cut longer values silently.
    """
    if isinstance(new, Unknown):
        return False
    node = read_expression(using, dialect)
    while isinstance(node, exp.Cast | exp.Paren):
        if isinstance(node, exp.Cast):
            kind = type_from_sql(generate(node.to, dialect), dialect)
            if kind is None or not _keeps(kind, new):
                return False
        node = node.this
    return isinstance(node, exp.Column) and node.name.lower() == column.lower()


def is_cast_to(using: str, column: str, kind: SqlType | Unknown, dialect: Dialect) -> bool:
    """Returns whether a USING expression is the column cast to the exactly known type `kind`, no more.

    >>> is_cast_to("size::integer", "size", SqlType("integer"), "postgresql")
    True
    """
    if isinstance(kind, Unknown) or not kind.exact:
        return False
    node = read_expression(using, dialect)
    while isinstance(node, exp.Paren):
        node = node.this
    if not isinstance(node, exp.Cast) or type_from_sql(generate(node.to, dialect), dialect) != kind:
        return False
    inner = node.this
    return isinstance(inner, exp.Column) and inner.name.lower() == column.lower()


def _keeps(kind: SqlType, new: SqlType) -> bool:
    """Returns whether a cast to `kind` on the way to `new` leaves nothing out."""
    inner = kind.element or kind
    # `varchar` without a length has no limit; `char` and `bit` without one hold one character.
    unlimited = inner.name == "varchar" and not inner.args
    if inner.name in _CUTTING and not unlimited:
        return False
    # An array becomes an array of texts, element by element.
    through_text = (kind.element is None or new.element is not None) and (inner.name == "text" or unlimited)
    return through_text or _bare(kind) == _bare(new)


def _bare(kind: SqlType) -> SqlType:
    """Returns the type without what a cast does not say: a schema, labels, a collation."""
    kind = kind.for_dialect("postgresql")
    element = _bare(kind.element) if kind.element is not None else None
    return SqlType(kind.name, kind.args, element=element)
