"""What a statement leaves in columns and rows: the terms behind INSERT, UPDATE and DELETE."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, Final

from mrt_lint.classes import dataclass
from mrt_lint.ops.columns import converted
from mrt_lint.ops.dependents import firing
from mrt_lint.ops.editing import find_table
from mrt_lint.ops.reading import ColumnRead, origins_read
from mrt_lint.schema.casts_sqlite import affinity
from mrt_lint.schema.names import Name, Unknown
from mrt_lint.schema.objects import Column, Table
from mrt_lint.schema.origin import (
    ChangedRows,
    Deleted,
    Derived,
    Filled,
    Inserted,
    NoRows,
    Origin,
    UnknownData,
    UnknownRows,
)

if TYPE_CHECKING:
    from mrt_lint.ops.base import Operation
    from mrt_lint.schema.state import State


@dataclass(frozen=True, slots=True)
class Lookup:
    """Rows of the table `source`, found by equalities: (column of the written table, column of `source`)."""

    source: Name
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Expression:
    """A value written to a column.

    `sql`: canonical SQL text, empty when not known. `column`: set when it is exactly one column of
    the source table (a plain copy); with `lookup`, of the row of another table that it finds.
    `reads`: every column read. `literal`: the value is a constant. `spelled`: the column of which it is the
    text and nothing else, as an assignment to a column of text would write it. `cases`: what it gives for the
    values of a column that it names, each another one (`CASE column WHEN .. THEN ..`).
    """

    sql: str = ""
    column: str | None = None
    reads: tuple[ColumnRead, ...] = ()
    literal: bool = False
    lookup: Lookup | None = None
    spelled: str | None = field(default=None, compare=False)
    cases: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    @property
    def source(self) -> str | None:
        """Returns the column that is copied, as it is or as text."""
        return self.column if self.column is not None else self.spelled


@dataclass(frozen=True, slots=True)
class Compared:
    """An equality between what `cases` give for a column of the written table and a column of another."""

    column: str
    source: Name
    other: str
    cases: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ColumnTest:
    """One comparison of a WHERE that is a plain conjunction of such: `operator` is "is null", "is not null",
    "=", "<>" or "in"; `values` are literals as SQL text.
    """

    column: str
    operator: str
    values: tuple[str, ...] = ()


_OF_SQLITE: Final = frozenset({"sqlite_sequence"})
"""Tables of SQLite itself that no migration makes (SQLite, "Autoincrement")."""


def find_written(state: State, op: Operation, name: Name) -> tuple[State, Table | None]:
    """Returns the table whose rows an operation writes; what is set off by that becomes a doubt."""
    if state.get("view", name) is not None:
        return state.doubt(op, f"rows are written through the view {name}, which is not followed"), None
    if state.dialect == "sqlite" and name.name.lower() in _OF_SQLITE:
        what = f"{name} is written, which sets the number that the next new row gets"
        return state.doubt(op, what, unproven=True), None
    triggers = firing(state, name, op.events, _set_by(state, op))
    if triggers:
        state = state.doubt(op, f"writing to {name} fires {', '.join(triggers)}, which is not followed")
    return find_table(state, op, name)


def _set_by(state: State, op: Operation) -> frozenset[str] | None:
    """Returns the keys of the columns that an UPDATE sets; None: they are not known."""
    assignments = getattr(op, "assignments", None)
    return None if assignments is None else frozenset(state.fold(column) for column, _ in assignments)


def matches_nothing(state: State, table: Table, tests: tuple[ColumnTest, ...]) -> bool:
    """Returns whether no row can satisfy the tests: NULL is asked of a column that admits none."""
    for test in tests:
        column = table.columns.get(state.fold(test.column))
        if column is not None and test.operator == "is null" and column.nullable is False and column.sure:
            return True
    return False


def rows_changed(state: State, table: Table, change: Inserted | Deleted) -> Table:
    """Returns the table after rows were added or deleted."""
    rows = state.rows(table)
    if isinstance(rows, UnknownRows):
        return table
    if isinstance(rows, ChangedRows):
        return replace(table, rows=replace(rows, changes=(*rows.changes, change)))
    if isinstance(rows, NoRows) and isinstance(change, Deleted):
        return table
    return replace(table, rows=ChangedRows(rows, (change,)))


def stored(state: State, source: Table, value: Expression, target: Column) -> Origin:
    """Returns what a column holds after `value` was written to it: a copy into another type is a cast."""
    origin = _written(state, source, value)
    copied = source.columns.get(state.fold(value.source)) if value.source is not None else None
    if copied is None or isinstance(origin, Filled | Derived | UnknownData) or copied.type == target.type:
        return origin
    if isinstance(copied.type, Unknown) or isinstance(target.type, Unknown):
        return origin
    # SQLite stores by affinity alone (manual, "Datatypes in SQLite", section 3).
    if state.dialect == "sqlite" and affinity(copied.type) == affinity(target.type):
        return origin
    return converted(origin, copied.type, target.type, copied=True)


def _written(state: State, source: Table, value: Expression) -> Origin:
    """Returns the contents of `value`, computed from a row of `source`."""
    if value.source is not None:
        column = source.columns.get(state.fold(value.source))
        if column is not None:
            return state.origin(source, column)
        if not state.knows_all_of(source):
            return state.origin(source, Column(value.source))
    if value.literal:
        return Filled(None if value.sql.upper() == "NULL" else value.sql)
    return Derived(value.sql, tuple(origins_read(state, value.reads)))


def unknown_contents(state: State, table: Table, reason: str) -> Table:
    """Returns the table with rows and contents that nothing is known of."""
    columns = {key: replace(column, origin=UnknownData(reason)) for key, column in table.columns.items()}
    return replace(table, columns=columns, rows=UnknownRows(reason))
