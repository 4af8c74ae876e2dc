"""Operations on rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mrt_lint.ops.adopting import first_contents
from mrt_lint.ops.base import Operation
from mrt_lint.ops.columns import converted
from mrt_lint.ops.dependents import firing
from mrt_lint.ops.editing import find_column, find_table
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
    from mrt_lint.schema.state import State


@dataclass(frozen=True, slots=True)
class Expression:
    """A value written to a column.

    `sql`: canonical SQL text, empty when not known. `column`: set when it is exactly one column of
    the source table (a plain copy). `reads`: every column read, as (table, column).
    `literal`: the value is a constant.
    """

    sql: str = ""
    column: str | None = None
    reads: tuple[tuple[Name, str], ...] = ()
    literal: bool = False


@dataclass(frozen=True, slots=True)
class ColumnTest:
    """One comparison of a WHERE that is a plain conjunction of such: `operator` is "is null", "is not null",
    "=", "<>" or "in"; `values` are literals as SQL text.
    """

    column: str
    operator: str
    values: tuple[str, ...] = ()


def check_reads(
    state: State, op: Operation, reads: Iterable[tuple[Name, str]], sources: Iterable[Name]
) -> State:
    """Returns the state with a fault for each table or column that is read and surely not there."""
    missing = [
        ("table", str(name)) for name in sources if state.absent("table", name) and state.absent("view", name)
    ]
    for name, column in reads:
        table = state.table(name)
        if table is None or state.fold(column) in table.columns:
            continue
        if state.knows_all_of(table) or ("column", state.fold(column)) in table.gone:
            missing.append(("column", f"{name}.{column}"))
    for kind, subject in dict.fromkeys(missing):
        state = state.fault(op, "missing", kind, subject, f"{kind} {subject} does not exist at that point")
    return state


def follow_deletion(state: State, op: Operation, table: Table, seen: frozenset[Name] = frozenset()) -> State:
    """Returns the state after foreign keys have passed a deletion on (not on SQLite, where they are off)."""
    from mrt_lint.ops.tables import referencing

    if state.dialect == "sqlite" or table.name in seen:
        return state
    for other, key in referencing(state, table.name):
        child = state.table(other.name) or other
        if key.ondelete == "CASCADE":
            change = Deleted(
                f"rows whose parent in {table.name} is deleted", None, op.direction, op.span.line
            )
            state = state.put(_rows_changed(state, child, change))
            state = follow_deletion(state, op, child, seen | {table.name})
        elif key.ondelete in ("SET NULL", "SET DEFAULT"):
            columns = dict(child.columns)
            for name in key.columns:
                column = columns.get(state.fold(name))
                if column is not None:
                    origin = Derived(key.ondelete, (state.origin(child, column),), partial=True)
                    columns[state.fold(name)] = replace(column, origin=origin)
            state = state.put(replace(child, columns=columns))
    return state


def find_written(state: State, op: Operation, name: Name) -> tuple[State, Table | None]:
    """Returns the table whose rows an operation writes; what is set off by that becomes a doubt."""
    if state.get("view", name) is not None:
        return state.doubt(op, f"rows are written through the view {name}, which is not followed"), None
    triggers = firing(state, name)
    if triggers:
        state = state.doubt(op, f"writing to {name} fires {', '.join(triggers)}, which is not followed")
    return find_table(state, op, name)


def matches_nothing(state: State, table: Table, tests: tuple[ColumnTest, ...]) -> bool:
    """Returns whether no row can satisfy the tests: NULL is asked of a column that admits none."""
    for test in tests:
        column = table.columns.get(state.fold(test.column))
        if column is not None and test.operator == "is null" and column.nullable is False and column.sure:
            return True
    return False


def _rows_changed(state: State, table: Table, change: Inserted | Deleted) -> Table:
    """Returns the table after rows were added or deleted."""
    rows = state.rows(table)
    if isinstance(rows, UnknownRows):
        return table
    if isinstance(rows, ChangedRows):
        return replace(table, rows=replace(rows, changes=(*rows.changes, change)))
    if isinstance(rows, NoRows) and isinstance(change, Deleted):
        return table
    return replace(table, rows=ChangedRows(rows, (change,)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Insert(Operation):
    """INSERT. `rows`: literal rows as SQL text per column, None when the values are not known.

    `source`: INSERT .. SELECT from one plain table, with `values` per column and `where`.
    `columns` None: not named. `replaces`: ON CONFLICT DO UPDATE, REPLACE INTO; `skips`: DO NOTHING.
    """

    table: Name
    columns: tuple[str, ...] | None = None
    rows: tuple[tuple[str, ...], ...] | None = None
    source: Name | None = None
    values: tuple[Expression, ...] = ()
    where: str = ""
    query: str = ""
    replaces: bool = False
    skips: bool = False

    def apply(self, state: State) -> State:
        """Adds rows; a copy of a whole table into an empty one moves that table's rows and contents."""
        state, table = find_written(state, self, self.table)
        if table is None:
            return state
        if isinstance(table.rows, NoRows) and self.source is not None and not self.where:
            state, source = find_table(state, self, self.source)
            if source is not None:
                return self._copied(state, table, source)
        change = Inserted(
            self.columns or (),
            self.rows or (),
            queried=self.rows is None,
            upserted=self.replaces or self.skips,
            direction=self.direction,
            line=self.span.line,
        )
        if self.replaces:
            columns = {
                key: replace(c, origin=Derived("<replaced rows>", (state.origin(table, c),), True))
                for key, c in table.columns.items()
            }
            table = replace(table, columns=columns)
        return state.put(_rows_changed(state, table, change))

    def _copied(self, state: State, table: Table, source: Table) -> State:
        """Returns the state in which the empty table holds the source's rows."""
        names = self.columns
        values = self.values
        if names is None:
            names = tuple(column.name for column in table.columns.values())
        if not values:
            pairs = zip(names, source.columns.values(), strict=False)
            values = tuple(Expression(old.name, column=old.name) for _, old in pairs)
        columns = {
            key: column if column.generated else replace(column, origin=first_contents(column))
            for key, column in table.columns.items()
        }
        for name, value in zip(names, values, strict=False):
            column = columns.get(state.fold(name)) or Column(name, assumed=True)
            columns[state.fold(name)] = replace(column, origin=_stored(state, source, value, column))
        return state.put(replace(table, rows=state.rows(source), columns=columns))

    def inverse(self, state_before: State) -> Operation | None:
        """Returns None: which rows to delete again is not known from the schema."""
        return None

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"insert rows into {self.table}"


def _stored(state: State, source: Table, value: Expression, target: Column) -> Origin:
    """Returns what a column holds after `value` was written to it: a copy into another type is a cast."""
    origin = _written(state, source, value)
    copied = source.columns.get(state.fold(value.column)) if value.column is not None else None
    if copied is None or isinstance(origin, Filled | Derived | UnknownData) or copied.type == target.type:
        return origin
    if isinstance(copied.type, Unknown) or isinstance(target.type, Unknown):
        return origin
    return converted(origin, copied.type, target.type)


def _written(state: State, source: Table, value: Expression) -> Origin:
    """Returns the contents of `value`, computed from a row of `source`."""
    if value.column is not None:
        column = source.columns.get(state.fold(value.column))
        if column is not None:
            return state.origin(source, column)
        if not state.knows_all_of(source):
            return state.origin(source, Column(value.column))
    if value.literal:
        return Filled(None if value.sql.upper() == "NULL" else value.sql)
    return Derived(value.sql, _written_sources(state, value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Update(Operation):
    """UPDATE. `assignments`: (column, what is written). `where`: canonical SQL, empty: every row.

    `sources`: tables joined in (UPDATE .. FROM). `assignments` None: the columns are not known.
    `tests`: the whole WHERE as a conjunction of plain comparisons, None when it is not one.
    """

    table: Name
    assignments: tuple[tuple[str, Expression], ...] | None
    where: str = ""
    where_reads: tuple[tuple[Name, str], ...] = ()
    sources: tuple[Name, ...] = ()
    tests: tuple[ColumnTest, ...] | None = None

    def apply(self, state: State) -> State:
        """Rewrites where the written columns' contents come from."""
        state, table = find_written(state, self, self.table)
        if table is None:
            return state
        reads = [read for _, value in self.assignments or () for read in value.reads]
        state = check_reads(state, self, [*reads, *self.where_reads], self.sources)
        if self.assignments is None:
            columns = {
                key: replace(c, origin=UnknownData("an UPDATE of columns that are not known"))
                for key, c in table.columns.items()
            }
            return state.put(replace(table, columns=columns))
        written: dict[str, Origin] = {}
        for name, value in self.assignments:
            state, found, column = find_column(state, self, self.table, name)
            if found is None or column is None:
                continue
            table = found
            written[state.fold(name)] = self._contents(state, table, column, value)
            if state.dialect in ("mysql", "mariadb"):
                # SET is evaluated from left to right with the new values (MySQL manual, "UPDATE").
                columns = {
                    **table.columns,
                    state.fold(name): replace(column, origin=written[state.fold(name)]),
                }
                table = replace(table, columns=columns)
                state = state.put(table)
        columns = {
            key: replace(c, origin=written[key]) if key in written else c for key, c in table.columns.items()
        }
        return state.put(replace(table, columns=columns))

    def _contents(self, state: State, table: Table, column: Column, value: Expression) -> Origin:
        old = state.origin(table, column)
        if self.sources:
            return Derived(value.sql, (old, *_written_sources(state, value)), partial=True)
        if self.tests is not None and matches_nothing(state, table, self.tests):
            return old
        new = _stored(state, table, value, column)
        if not self.where or self._reaches_all(state, table, column, value):
            return new
        return Derived(value.sql, (old, new), partial=True)

    def _reaches_all(self, state: State, table: Table, column: Column, value: Expression) -> bool:
        """Returns whether the rows left out by WHERE would have got the same value anyway."""
        if self.tests is None or len(self.tests) != 1 or not isinstance(column.origin, Filled):
            return False
        test = self.tests[0]
        empty = column.origin.value in (None, "NULL")
        if test.operator == "is null" and state.fold(test.column) == state.fold(column.name):
            return empty
        return (
            test.operator == "is not null"
            and empty
            and value.column is not None
            and state.fold(test.column) == state.fold(value.column)
        )

    def inverse(self, state_before: State) -> Operation | None:
        """Returns None: the overwritten values are not known from the schema."""
        return None

    def describe(self) -> str:
        """Returns the operation in words."""
        names = ", ".join(name for name, _ in self.assignments) if self.assignments else "rows"
        return f"update {self.table} ({names})"


def _written_sources(state: State, value: Expression) -> tuple[Origin, ...]:
    found: list[Origin] = []
    for name, column_name in value.reads:
        table = state.table(name)
        if table is not None:
            found.append(
                state.origin(table, table.columns.get(state.fold(column_name)) or Column(column_name))
            )
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete(Operation):
    """DELETE. `where`: canonical SQL, empty: every row (`WHERE TRUE` counts as none)."""

    table: Name
    where: str = ""
    where_reads: tuple[tuple[Name, str], ...] = ()
    sources: tuple[Name, ...] = ()
    tests: tuple[ColumnTest, ...] | None = None

    def apply(self, state: State) -> State:
        """Removes rows."""
        state, table = find_written(state, self, self.table)
        if table is None:
            return state
        state = check_reads(state, self, self.where_reads, self.sources)
        if not self.where and not self.sources:
            return follow_deletion(state.put(replace(table, rows=NoRows())), self, table)
        tests = None
        if self.tests is not None and not self.sources:
            tests = tuple((test.column, test.operator, test.values) for test in self.tests)
            if matches_nothing(state, table, self.tests):
                return state
        change = Deleted(self.where or "joined rows", tests, self.direction, self.span.line)
        return follow_deletion(state.put(_rows_changed(state, table, change)), self, table)

    def inverse(self, state_before: State) -> Operation | None:
        """Returns None: the rows are gone."""
        return None

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"delete {'rows' if self.where else 'all rows'} of {self.table}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Truncate(Operation):
    """TRUNCATE of one table."""

    table: Name
    cascade: bool = False
    restart_identity: bool = False

    def apply(self, state: State) -> State:
        """Removes every row, with CASCADE also those of the tables that refer to it."""
        from mrt_lint.ops.tables import referencing

        state, table = find_written(state, self, self.table)
        if table is None:
            return state
        if self.cascade:
            for other, _ in referencing(state, table.name):
                state = state.put(replace(state.table(other.name) or other, rows=NoRows()))
        return state.put(replace(state.table(table.name) or table, rows=NoRows()))

    def inverse(self, state_before: State) -> Operation | None:
        """Returns None: the rows are gone."""
        return None

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"truncate {self.table}"


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


def unknown_contents(state: State, table: Table, reason: str) -> Table:
    """Returns the table with rows and contents that nothing is known of."""
    columns = {key: replace(column, origin=UnknownData(reason)) for key, column in table.columns.items()}
    return replace(table, columns=columns, rows=UnknownRows(reason))


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
