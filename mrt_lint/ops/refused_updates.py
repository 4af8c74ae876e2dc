"""UPDATEs that write one value to a key of all rows, which the table takes only while it has one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from mrt_lint.ops.contents import Expression
from mrt_lint.ops.guard import DialectIs, Guard, tests_of
from mrt_lint.schema.names import Unknown
from mrt_lint.schema.objects import Table
from mrt_lint.schema.origin import ChangedRows, Deleted, KeptRows

if TYPE_CHECKING:
    from mrt_lint.schema.state import State


def refusing_key(
    state: State, table: Table, assignments: Sequence[tuple[str, Expression]], guard: Guard
) -> tuple[str, tuple[str, ...]] | None:
    """Returns the key of a table that refuses the same values in all its rows, in words, with its columns.

    Keys that surely stand; NULL is equal to nothing. The rows are those of before the migration, perhaps
    with new ones: a table that is filled here may be meant to have one. What stands under a condition or in
    a `try` may be meant for the one row that is there.
    """
    if not all(isinstance(test.predicate, DialectIs) for test in tests_of(guard)) or not _has_rows(
        state, table
    ):
        return None
    constant = {
        state.fold(name) for name, value in assignments if value.literal and value.sql.upper() != "NULL"
    }
    for words, columns in _keys(table):
        if columns and {state.fold(name) for name in columns} <= constant:
            return words, columns
    return None


def _has_rows(state: State, table: Table) -> bool:
    rows = state.rows(table)
    if isinstance(rows, ChangedRows):
        return isinstance(rows.base, KeptRows) and not any(isinstance(one, Deleted) for one in rows.changes)
    return isinstance(rows, KeptRows)


def _keys(table: Table) -> Iterator[tuple[str, tuple[str, ...]]]:
    for key in table.constraints:
        if key.kind in ("primary", "unique") and key.sure and not key.assumed:
            called = key.name or f"({', '.join(key.columns)})"
            yield f"{key.word} {called}", key.columns
    for index in table.indexes.values():
        whole = index.unique is True and index.where is None and index.sure and not index.assumed
        if whole and not isinstance(index.columns, Unknown):
            yield f"unique index {index.name}", index.columns
