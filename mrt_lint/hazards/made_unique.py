"""Rows that a migration itself makes unique before it adds the key: surely, or so it seems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from mrt_lint.ops import (
    AddColumn,
    AddConstraint,
    AlterColumnType,
    CallFunction,
    CreateIndex,
    Delete,
    DropColumn,
    DropConstraint,
    DropIndex,
    Insert,
    Merge,
    Opaque,
    Operation,
    PythonCode,
    RenameTable,
    SetDefault,
    SetNullable,
    Several,
    Truncate,
    Update,
)
from mrt_lint.ops.guard import DialectIs, parts_of, tests_of
from mrt_lint.ops.rebuild import BeginRebuild, EndRebuild
from mrt_lint.roundtrip import RoundTrip
from mrt_lint.schema.names import Name, Unknown
from mrt_lint.schema.objects import Table
from mrt_lint.schema.state import State

UNBOUNDED: Final = (Opaque, PythonCode, CallFunction, Several, RenameTable)
"""After these it is not known what rows a table has, or which one has its name."""
_NO_NEW_VALUES: Final = (
    *(Delete, Truncate, AddColumn, AddConstraint, CreateIndex, DropConstraint, DropIndex),
    *(SetDefault, SetNullable, BeginRebuild, EndRebuild),
)
_ROW_NUMBERS: Final = frozenset(("ctid", "rowid", "_rowid_"))
"""What PostgreSQL and SQLite tell rows apart by."""


def surely_unique(key: Operation, table: Name, columns: Iterable[str], state: State, trip: RoundTrip) -> bool:
    """Returns whether no two rows have the same values in these columns when `key` is carried out.

    That is so after a statement that leaves one row of each group, which runs wherever `key` does, if
    nothing since writes these columns. NULLs count as different.
    """
    wanted = {state.fold(name) for name in columns}
    for before, step in bearing_on(key, table, state, trip):
        if isinstance(step, UNBOUNDED):
            return False
        if isinstance(step, (Delete, Update)) and step.leaves_one:
            left = {before.fold(name) for name in step.leaves_one}
            if (
                left <= wanted
                and runs_with(step, key)
                and _tells_apart(step.told_apart, before.table(table), before)
            ):
                return True
        if not _keeps_values(step, wanted, before):
            return False
    return False


def last_rewriting(
    key: Operation, table: Name, columns: Iterable[str], state: State, trip: RoundTrip
) -> int | None:
    """Returns the line of the last statement before `key` that may have made the rows unique, if one has."""
    wanted = {state.fold(name) for name in columns}
    for before, step in _earlier(key, trip):
        if isinstance(step, (Delete, Update, Merge, Insert)) and _concerns(step, table, before, state):
            removes = isinstance(step, Delete) and bool(step.where or step.sources)
            if removes or (
                not isinstance(step, (Delete, Insert)) and not _keeps_values(step, wanted, before)
            ):
                return step.span.line
    return None


def bearing_on(
    key: Operation, table: Name, state: State, trip: RoundTrip
) -> Iterator[tuple[State, Operation]]:
    """Yields what the upgrade does to a table of `state` before `key`, the last first, with all UNBOUNDED."""
    for before, step in _earlier(key, trip):
        if step.has_effect and (isinstance(step, UNBOUNDED) or _concerns(step, table, before, state)):
            yield before, step


def _earlier(key: Operation, trip: RoundTrip) -> Iterator[tuple[State, Operation]]:
    """Yields what the upgrade does before `key`, the last first."""
    steps = trip.upgrade_steps
    place = next((index for index, (_, step) in enumerate(steps) if step is key), 0)
    yield from reversed(steps[:place])


def _concerns(step: Operation, table: Name, before: State, state: State) -> bool:
    """Returns whether a step before which the state is `before` is about a table of `state`."""
    own = getattr(step, "table", None)
    return isinstance(own, Name) and before.key("table", own) == state.key("table", table)


def _keeps_values(step: Operation, wanted: set[str], before: State) -> bool:
    """Returns whether a step leaves no row with other values in these columns than it had."""
    if isinstance(step, _NO_NEW_VALUES):
        return True
    if isinstance(step, (DropColumn, AlterColumnType)):
        return before.fold(step.name) not in wanted
    if isinstance(step, Update) and step.assignments is not None:
        return wanted.isdisjoint(before.fold(name) for name, _ in step.assignments)
    return False


def runs_with(step: Operation, key: Operation) -> bool:
    """Returns whether a step runs whenever `key` does, on a given database."""
    parts = parts_of(key.guard)
    return all(
        part in parts or all(isinstance(test.predicate, DialectIs) for test in tests_of(part))
        for part in parts_of(step.guard)
    )


def _tells_apart(name: str, table: Table | None, state: State) -> bool:
    """Returns whether a column has a value of its own in every row."""
    if name.lower() in _ROW_NUMBERS:
        return True
    column = table.columns.get(state.fold(name)) if table is not None else None
    if table is None or column is None:
        return False
    for key in table.constraints:
        if key.kind not in ("primary", "unique") or not key.sure or isinstance(key.columns, Unknown):
            continue
        if [state.fold(one) for one in key.columns] != [state.fold(name)]:
            continue
        if column.nullable is False or (key.kind == "primary" and state.dialect != "sqlite"):
            return True
    return False
