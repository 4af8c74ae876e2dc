"""Tells a USING that only spells out the plain cast from one that computes something."""

from __future__ import annotations

from typing import Final

from sqlglot import exp

from mrt_lint.schema.dialects import Dialect
from mrt_lint.sql.failure import NotUnderstoodError
from mrt_lint.sql.parsing import parse_expression, tokenize

_CUTTING: Final = (
    exp.DataType.Type.VARCHAR,
    exp.DataType.Type.CHAR,
    exp.DataType.Type.NCHAR,
    exp.DataType.Type.NVARCHAR,
)
"""Types to which an explicit cast cuts a longer value without an error (PostgreSQL manual 8.3)."""


def is_plain_cast(using: str, column: str, dialect: Dialect) -> bool:
    """Returns whether a USING expression does only what the type change does by itself.

    True for the column itself, `column::type` and a way through text (`column::text::type`), which is
    how enum types are swapped. False when a cast has a length, which would cut longer values silently.
    """
    try:
        node = parse_expression(tokenize(using, dialect), dialect)
    except NotUnderstoodError:
        return False
    while isinstance(node, exp.Cast | exp.Paren):
        if isinstance(node, exp.Cast) and node.to.this in _CUTTING and node.to.expressions:
            return False
        node = node.this
    return isinstance(node, exp.Column) and node.name.lower() == column.lower()
