"""Enum values that a migration rewrites or deletes before the type loses them."""

from __future__ import annotations

from collections.abc import Iterable

from mrt_lint.hazards.made_unique import UNBOUNDED, bearing_on, runs_with
from mrt_lint.ops import AlterColumnType, Delete, DropColumn, Insert, Merge, Operation, RedefineColumn, Update
from mrt_lint.ops.contents import ColumnTest
from mrt_lint.roundtrip import RoundTrip
from mrt_lint.schema.names import Name
from mrt_lint.schema.state import State


def without_labels(
    change: Operation,
    table: Name,
    column: str,
    labels: tuple[Iterable[str], Iterable[str]],
    state: State,
    trip: RoundTrip,
) -> bool:
    """Returns whether no row holds a label that only the old enum has when `change` is carried out.

    `labels`: those of the old enum and of the new one. For each of the missing ones there is a statement
    that deletes all its rows or writes another value to them, and nothing since writes it again.
    """
    old, new = map(frozenset, labels)
    missing = set(old - new)
    for before, step in bearing_on(change, table, state, trip):
        if not missing:
            break
        if isinstance(step, UNBOUNDED) or not _writes_only(step, column, new, before):
            return False
        if isinstance(step, (Delete, Update)) and runs_with(step, change):
            missing -= _rid_of(step, column, before)
    return not missing


def _writes_only(step: Operation, column: str, labels: frozenset[str], before: State) -> bool:
    """Returns whether a step writes no other values to the column than these labels and NULL."""
    if isinstance(step, (Insert, Merge)):
        return False
    if isinstance(step, (AlterColumnType, DropColumn, RedefineColumn)):
        return before.fold(step.name) != before.fold(column)
    if not isinstance(step, Update):
        return True
    if step.assignments is None or step.ignores:
        return False
    written = (value for name, value in step.assignments if before.fold(name) == before.fold(column))
    return all(value.literal and (value.sql == "NULL" or _plain(value.sql) in labels) for value in written)


def _rid_of(step: Delete | Update, column: str, before: State) -> set[str]:
    """Returns the labels of which a step leaves no row: it reaches every one of theirs."""
    if isinstance(step, Update):
        written = {before.fold(name) for name, _ in step.assignments or ()}
        if before.fold(column) not in written:
            return set()
    if step.sources or step.tests is None or len(step.tests) != 1:
        return set()
    return _named(step.tests[0], column, before)


def _named(test: ColumnTest, column: str, before: State) -> set[str]:
    if test.operator not in ("=", "in") or before.fold(test.column) != before.fold(column):
        return set()
    return {_plain(value) for value in test.values}


def _plain(literal: str) -> str:
    """Returns what a text literal says; one that is escaped in another way is like no label."""
    quoted = len(literal) > 1 and literal[0] == literal[-1] == "'"
    return literal[1:-1].replace("''", "'") if quoted else literal
