"""Columns without a name, which SQLAlchemy puts into no table (`Column._set_parent`: ArgumentError)."""

from __future__ import annotations

from typing import Final

from mrt_lint.schema.names import Unknown
from mrt_rules_alembic.sqlalchemy.schema_items import ColumnItem

NAMELESS: Final = "{}() is given a column without a name: it raises ArgumentError"


def surely_nameless(item: ColumnItem) -> bool:
    """Returns whether a column was given all it has, and no name is among it.

    Where the type is not known, what stands in its place may be the name.
    """
    return not item.name and item.complete and not isinstance(item.type.sql, Unknown)
