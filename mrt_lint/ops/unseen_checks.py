"""CHECK constraints that code of the project makes along with a column of its own type, unseen here."""

from __future__ import annotations

from typing import Final, Literal

from mrt_lint.schema.names import UNKNOWN, Unknown
from mrt_lint.schema.objects import Column, ConstraintKind, Table
from mrt_lint.schema.state import State
from mrt_lint.schema.types import SqlType

_OF_OTHERS: Final = ("pk_", "fk_", "uq_")
"""How the usual naming conventions begin the names of constraints that are no checks."""


def may_make_check(column: Column) -> bool:
    """Returns whether the column is of a type that may have made a CHECK of its table."""
    return isinstance(column.type, SqlType) and column.type.constrains


def unseen_check(
    state: State, table: Table, name: str | None, kind: ConstraintKind | Unknown
) -> Literal["", "old", "new"]:
    """Returns whether a constraint that is not known may be such a CHECK, and since when.

    "old": the columns that may have made it are there since before the migration.
    """
    if name is None or kind not in ("check", UNKNOWN) or name.lower().startswith(_OF_OTHERS):
        return ""
    makers = [column for column in table.columns.values() if may_make_check(column)]
    if not makers or ("constraint", state.fold(name)) in table.gone:
        return ""
    old = state.holds_old_rows(table) and all(column.origin is None for column in makers)
    return "old" if old else "new"
