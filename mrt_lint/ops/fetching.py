"""Proves that a statement fetches the very data back that was set aside: rows are matched by a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mrt_lint.ops.contents import Expression, Lookup, stored
from mrt_lint.schema.casts import Effect, cast_effect
from mrt_lint.schema.names import Unknown
from mrt_lint.schema.objects import Column, Table
from mrt_lint.schema.origin import Cast, ChangedRows, Deleted, Filled, Kept, KeptRows, Origin, Rows

if TYPE_CHECKING:
    from mrt_lint.schema.state import State

_WHOLE = frozenset({"tinyint", "smallint", "mediumint", "integer", "bigint"})


def fetched(state: State, table: Table, column: Column, value: Expression) -> Origin | None:
    """Returns what a column holds after each row took `value` from its own copy in another table.

    None if that is not proven: both tables must hold the rows of one table as they were before the
    migration, matched over a key that neither has changed. A copy that left out the rows in which
    the column was NULL will do where it is NULL now.
    """
    if value.lookup is None or value.column is None:
        return None
    source = state.table(value.lookup.source)
    copied = source.columns.get(state.fold(value.column)) if source is not None else None
    if source is None or copied is None or not _matched_by_key(state, table, source, value.lookup):
        return None
    rows = state.rows(source)
    if _same_rows(state, state.rows(table), rows) or (
        _empty(state.origin(table, column)) and _only_nulls_left_out(state, table, source, copied, rows)
    ):
        return stored(state, source, value, column)
    return None


def _same_rows(state: State, one: Rows, other: Rows) -> bool:
    """Returns whether both are exactly the rows that one table had before the migration."""
    return (
        isinstance(one, KeptRows)
        and isinstance(other, KeptRows)
        and state.key("table", one.table) == state.key("table", other.table)
    )


def _empty(origin: Origin) -> bool:
    return isinstance(origin, Filled) and origin.value in (None, "NULL")


def _only_nulls_left_out(state: State, table: Table, source: Table, copied: Column, rows: Rows) -> bool:
    """Returns whether a copy lacks no row but those in which the copied column was NULL."""
    if not isinstance(rows, ChangedRows) or not _same_rows(state, state.rows(table), rows.base):
        return False
    kept = state.origin(source, copied)
    return (
        isinstance(kept, Kept)
        and len(rows.changes) == 1
        and isinstance(change := rows.changes[0], Deleted)
        and change.tests == ((kept.column, "is null", ()),)
    )


def _matched_by_key(state: State, table: Table, source: Table, lookup: Lookup) -> bool:
    """Returns whether each row of the one finds at most its own copy in the other."""
    if not lookup.pairs or not isinstance(state.rows(table), KeptRows):
        return False
    columns: set[str] = set()
    for own, other in lookup.pairs:
        mine, theirs = table.columns.get(state.fold(own)), source.columns.get(state.fold(other))
        if mine is None or theirs is None:
            return False
        if _value(state, state.origin(table, mine)) != _value(state, state.origin(source, theirs)):
            return False
        if _value(state, state.origin(table, mine)) is None:
            return False
        columns.add(state.fold(own))
    return any(key <= columns for key in _keys(state, table))


def _value(state: State, origin: Origin) -> tuple[object, str] | None:
    """Returns whose data this is, None if it is no longer that data; whole numbers are what they are."""
    if isinstance(origin, Cast) and all(kind.name in _WHOLE for kind in origin.types):
        kept = all(
            cast_effect(origin.types[0], kind, state.dialect) in (Effect.LOSSLESS, Effect.MAY_FAIL)
            for kind in origin.types[1:]
        )
        origin = origin.source if kept else origin
    if not isinstance(origin, Kept):
        return None
    return state.key("table", origin.table), state.fold(origin.column)


def _keys(state: State, table: Table) -> list[set[str]]:
    """Returns the column sets that surely identify a row: unique, and never NULL."""
    found = [
        {state.fold(name) for name in constraint.columns}
        for constraint in table.constraints
        if constraint.kind in ("primary", "unique") and constraint.sure and not constraint.assumed
    ]
    found += [
        {state.fold(name) for name in index.columns}
        for index in table.indexes.values()
        if index.unique is True
        and index.where is None
        and index.sure
        and not index.assumed
        and not isinstance(index.columns, Unknown)
    ]
    return [key for key in found if key and all(_never_null(table, name) for name in key)]


def _never_null(table: Table, name: str) -> bool:
    column = table.columns.get(name)
    return column is not None and column.nullable is False and column.sure


def refilled(state: State, table: Table, source: Table, copies: dict[str, str | None]) -> bool:
    """Returns whether an INSERT puts back, unchanged, exactly the rows that were deleted.

    `copies`: for each written column (folded) the column of `source` it is a plain copy of. The source must
    have been made with the condition with which the rows were deleted, one of plain comparisons.
    """
    left, aside = state.rows(table), state.rows(source)
    if not isinstance(left, ChangedRows) or not isinstance(aside, ChangedRows):
        return False
    if len(left.changes) != 1 or len(aside.changes) != 1 or not _same_rows(state, left.base, aside.base):
        return False
    deleted, left_out = left.changes[0], aside.changes[0]
    if not isinstance(deleted, Deleted) or not isinstance(left_out, Deleted) or deleted.tests is None:
        return False
    if left_out.where != f"NOT ({deleted.where})" or not state.knows_all_of(table):
        return False
    own = state.key("table", table.name)
    if any(c.ondelete and c.ref_table and state.key("table", c.ref_table) == own for c in table.constraints):
        return False
    return all(
        column.generated is not None or _put_back(state, table, column, source, copies.get(key))
        for key, column in table.columns.items()
    )


def _put_back(state: State, table: Table, column: Column, source: Table, copied: str | None) -> bool:
    other = source.columns.get(state.fold(copied)) if copied is not None else None
    if other is None:
        return False
    mine, theirs = state.origin(table, column), state.origin(source, other)
    same_type = column.type == other.type or state.dialect == "sqlite"
    return same_type and isinstance(mine, Kept) and _value(state, mine) == _value(state, theirs)
