"""INSERT, MERGE, and statements that only read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.ops.adopting import first_contents
from mrt_lint.ops.base import Operation
from mrt_lint.ops.contents import (
    ColumnTest,
    Expression,
    find_written,
    rows_changed,
    stored,
    unknown_contents,
)
from mrt_lint.ops.editing import find_column, find_table
from mrt_lint.ops.fetching import refilled
from mrt_lint.ops.updates import is_stamped
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column, Table
from mrt_lint.schema.origin import ChangedRows, Derived, Inserted, NoRows, Rows, UnknownData

if TYPE_CHECKING:
    from mrt_lint.schema.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Insert(Operation):
    """INSERT. `rows`: literal rows as SQL text per column, None when the values are not known.

    `source`: INSERT .. SELECT from one plain table, with `values` per column and `where`.
    `tests`: the whole WHERE as a conjunction of plain comparisons, None when it is not one. `columns` None:
    not named. `replaces`: ON CONFLICT DO UPDATE, REPLACE INTO; `updates`: the columns that the former writes
    in rows that are there, None: all or not known. `skips`: DO NOTHING.
    """

    table: Name
    columns: tuple[str, ...] | None = None
    rows: tuple[tuple[str, ...], ...] | None = None
    source: Name | None = None
    values: tuple[Expression, ...] = ()
    where: str = ""
    tests: tuple[ColumnTest, ...] | None = None
    query: str = ""
    replaces: bool = False
    updates: tuple[str, ...] | None = None
    skips: bool = False

    @property
    def events(self) -> frozenset[str]:
        """Returns what it does to rows: one that may replace some can do anything to them."""
        return frozenset() if self.replaces else frozenset(("insert",))

    def apply(self, state: State) -> State:
        """Adds rows; a copy of a whole table into an empty one moves that table's rows and contents."""
        state, table = find_written(state, self, self.table)
        if table is None:
            return state
        if isinstance(table.rows, NoRows) and self.source is not None and self._takes_all(state):
            state, source = self._read(state, self.source)
            if source is not None:
                return self._copied(state, table, source)
        if self._puts_back(state, table):
            return state.put(replace(table, rows=_base(state, table)))
        if isinstance(table.rows, NoRows) and self.rows is None:
            state, table = self._picked(state, table)
        change = Inserted(
            self.columns or (),
            self.rows or (),
            queried=self.rows is None,
            picked=bool(self.source is not None and self.where),
            upserted=self.replaces or self.skips,
            direction=self.direction,
            line=self.span.line,
        )
        if self.replaces:
            written = table.columns.keys() if self.updates is None else set(map(state.fold, self.updates))
            columns = {
                key: replace(c, origin=Derived("<replaced rows>", (state.origin(table, c),), True))
                if key in written or is_stamped(state, c)
                else c
                for key, c in table.columns.items()
            }
            table = replace(table, columns=columns)
        return state.put(rows_changed(state, table, change))

    def _read(self, state: State, name: Name) -> tuple[State, Table | None]:
        """Returns the table whose rows are copied; what is read of an open one was there before."""
        state, source = find_table(state, self, name)
        if source is None or state.knows_all_of(source) or not self._older(state, source):
            return state, source
        for value in self.values:
            if value.column is not None and ("column", state.fold(value.column)) not in source.gone:
                state, found, _ = find_column(state, self, name, value.column)
                source = found or source
        return state, source

    def _takes_all(self, state: State) -> bool:
        """Returns whether the condition holds for every row of the source: no column in it can be NULL."""
        if not self.where:
            return True
        source = state.table(self.source) if self.source is not None else None
        if source is None or not self.tests:
            return False
        columns = [source.columns.get(state.fold(test.column)) for test in self.tests]
        filled = all(column is not None and column.nullable is False for column in columns)
        return filled and all(test.operator == "is not null" for test in self.tests)

    def _older(self, state: State, source: Table) -> bool:
        """Returns whether a table was there before the migration, under its name of now."""
        own = state.key("table", state.base_name(source)) == state.key("table", source.name)
        return state.holds_old_rows(source) and own

    def _pairs(self, table: Table, source: Table) -> tuple[tuple[str, Expression], ...]:
        """Returns the written columns, each with the value that it gets from a row of the source."""
        names = self.columns or tuple(column.name for column in table.columns.values())
        values = self.values or tuple(Expression(c.name, column=c.name) for c in source.columns.values())
        return tuple(zip(names, values, strict=False))

    def _puts_back(self, state: State, table: Table) -> bool:
        """Returns whether exactly the rows come back that were deleted: they had been set aside."""
        source = state.table(self.source) if self.source is not None and not self.where else None
        if source is None or self.replaces or self.skips or not state.knows_all_of(source):
            return False
        pairs = self._pairs(table, source)
        return refilled(state, table, source, {state.fold(name): value.column for name, value in pairs})

    def _copied(self, state: State, table: Table, source: Table) -> State:
        """Returns the state in which the empty table holds the source's rows."""
        columns = self._contents(state, table, source)
        return state.put(replace(table, rows=state.rows(source), columns=columns))

    def _contents(self, state: State, table: Table, source: Table) -> dict[str, Column]:
        """Returns the columns of the empty table as rows of the source leave them."""
        columns = {
            key: column if column.generated else replace(column, origin=first_contents(column))
            for key, column in table.columns.items()
        }
        for name, value in self._pairs(table, source):
            column = columns.get(state.fold(name)) or Column(name, assumed=True)
            columns[state.fold(name)] = replace(column, origin=stored(state, source, value, column))
        return columns

    def _picked(self, state: State, table: Table) -> tuple[State, Table]:
        """Returns the empty table with the contents of the rows that a query picks for it."""
        source = None
        if self.source is not None:
            state, source = self._read(state, self.source)
        if source is not None:
            return state, replace(table, columns=self._contents(state, table, source))
        written = {state.fold(name) for name in self.columns or table.columns}
        origin = UnknownData("a query that is not followed")
        columns = {
            key: replace(column, origin=origin) if key in written and not column.generated else column
            for key, column in table.columns.items()
        }
        return state, replace(table, columns=columns)

    def inverse(self, state_before: State) -> Operation | None:
        """Returns None: which rows to delete again is not known from the schema."""
        return None

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"insert rows into {self.table}"


def _base(state: State, table: Table) -> Rows:
    rows = state.rows(table)
    return rows.base if isinstance(rows, ChangedRows) else rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge(Operation):
    """MERGE INTO: writes (and may delete) rows of one table in a way that is not followed."""

    table: Name
    columns: tuple[str, ...] = ()
    query: str = ""

    def apply(self, state: State) -> State:
        """Makes the table's rows and contents unknown."""
        state, table = find_table(state, self, self.table)
        return (
            state
            if table is None
            else state.put(unknown_contents(state, table, f"a MERGE into {self.table}"))
        )

    def inverse(self, state_before: State) -> Operation | None:
        """Returns None: the overwritten values are not known from the schema."""
        return None

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"merge into {self.table}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query(Operation):
    """A statement that only reads: SELECT of known functions, SHOW, EXPLAIN."""

    query: str = ""

    has_effect = False

    def apply(self, state: State) -> State:
        """Returns the state unchanged."""
        return state

    def inverse(self, state_before: State) -> Operation | None:
        """Returns itself: there is nothing to undo."""
        return self

    def describe(self) -> str:
        """Returns the operation in words."""
        return "read"
