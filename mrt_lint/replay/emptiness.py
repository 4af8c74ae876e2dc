"""Which tables held no rows before the migration, given that it has seen one of them empty."""

from __future__ import annotations

from mrt_lint.ops.tables import referencing
from mrt_lint.schema.dialects import MYSQL
from mrt_lint.schema.names import Key
from mrt_lint.schema.objects import Constraint, Table
from mrt_lint.schema.origin import KeptRows
from mrt_lint.schema.state import State


def empty_along(state: State, table: Table) -> tuple[Key, ...]:
    """Returns the tables (by their keys of before) that hold no rows if this one does not.

    Itself, if its rows are those of before; and those of which every row must refer to a row of it, where
    the database enforces foreign keys whatever the connection says (SQLite and MySQL can be told not to).
    """
    found: list[Key] = []
    waiting = [table]
    while waiting:
        one = waiting.pop()
        key = state.key("table", state.base_name(one))
        if key in found or not (one.rows is None or isinstance(one.rows, KeptRows)):
            continue
        found.append(key)
        if state.dialect != "sqlite" and state.dialect not in MYSQL:
            waiting += [
                other for other, one_key in referencing(state, one.name) if _must(state, other, one_key)
            ]
    return tuple(found)


def _must(state: State, table: Table, key: Constraint) -> bool:
    """Returns whether no row of a table does without a row that this foreign key points at."""
    if not key.sure or not key.validated or key.assumed or key.deferrable or not key.columns:
        return False
    columns = [table.columns.get(state.fold(name)) for name in key.columns]
    return all(column is not None and column.sure and column.nullable is False for column in columns)
