"""UPDATE, and what foreign keys make of it."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.ops.base import Operation
from mrt_lint.ops.contents import (
    ColumnTest,
    Compared,
    Expression,
    Lookup,
    find_written,
    matches_nothing,
    stored,
)
from mrt_lint.ops.editing import find_column
from mrt_lint.ops.fetching import fetched
from mrt_lint.ops.reading import ColumnRead, check_reads, origins_read, reads_key_only
from mrt_lint.ops.refused_updates import refusing_key
from mrt_lint.schema.dialects import MYSQL
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column, Table
from mrt_lint.schema.origin import Derived, Filled, Origin, UnknownData
from mrt_lint.schema.replacing import replace

if TYPE_CHECKING:
    from mrt_lint.schema.state import State


def follow_update(
    state: State, table: Table, written: frozenset[str], seen: frozenset[Name] = frozenset()
) -> State:
    """Returns the state after foreign keys have passed new key values on (not on SQLite: they are off)."""
    from mrt_lint.ops.tables import referencing

    if state.dialect == "sqlite" or table.name in seen:
        return state
    for other, key in referencing(state, table.name):
        child = state.table(other.name) or other
        targets = key.ref_columns or _primary(table)
        pairs = zip(key.columns, targets, strict=False)
        reached = {state.fold(own) for own, target in pairs if state.fold(target) in written}
        if not reached or key.onupdate not in ("CASCADE", "SET NULL", "SET DEFAULT"):
            continue
        words = f"ON UPDATE {key.onupdate}"
        columns = {
            name: replace(c, origin=Derived(words, (state.origin(child, c),), partial=True))
            if name in reached
            else c
            for name, c in child.columns.items()
        }
        child = replace(child, columns=columns)
        state = follow_update(state.put(child), child, frozenset(reached), seen | {table.name})
    return state


def _primary(table: Table) -> tuple[str, ...]:
    return next((c.columns for c in table.constraints if c.kind == "primary"), ())


def is_stamped(state: State, column: Column) -> bool:
    """Returns whether MySQL writes the moment into the column whenever its row is updated."""
    stamped = isinstance(column.default, str) and "ON UPDATE" in column.default.upper()
    return stamped and state.dialect in MYSQL


@dataclass(frozen=True, slots=True, kw_only=True)
class Update(Operation):
    """UPDATE. `assignments`: (column, what is written). `where`: canonical SQL, empty: every row.

    `sources`: tables joined in (UPDATE .. FROM). `assignments` None: the columns are not known.
    `tests`: the whole WHERE as a conjunction of plain comparisons, None when it is not one.
    `matches`: the whole WHERE says no more than that there is such a row in another table.
    `ignores`: a row that a key refuses stays as it is (UPDATE IGNORE, UPDATE OR IGNORE). `compared`: by which
    values of a column, through a CASE, the rows of other tables are found.
    `leaves_one`, `told_apart`: as for Delete.
    """

    table: Name
    assignments: tuple[tuple[str, Expression], ...] | None
    where: str = ""
    where_reads: tuple[ColumnRead, ...] = ()
    sources: tuple[Name, ...] = ()
    tests: tuple[ColumnTest, ...] | None = None
    matches: Lookup | None = None
    ignores: bool = False
    compared: tuple[Compared, ...] = field(default=(), compare=False)
    leaves_one: tuple[str, ...] = ()
    told_apart: str = ""

    @property
    def events(self) -> frozenset[str]:
        """Returns what it does to rows."""
        return frozenset(("update",))

    def apply(self, state: State) -> State:
        """Rewrites where the written columns' contents come from.

        A downgrade that a key refuses writes nothing; an upgrade that ran has met one row at most.
        """
        state, table = find_written(state, self, self.table)
        if table is None:
            return state
        if self.direction == "downgrade" and (refusal := self._refusal(state, table)) is not None:
            return refusal
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
            if state.dialect in MYSQL:
                # SET is evaluated from left to right with the new values (MySQL manual, "UPDATE").
                columns = {
                    **table.columns,
                    state.fold(name): replace(column, origin=written[state.fold(name)]),
                }
                table = replace(table, columns=columns)
                state = state.put(table)
        columns = {}
        for key, one in table.columns.items():
            origin = written[key] if key in written else self._touched(state, table, one)
            columns[key] = one if origin is one.origin else replace(one, origin=origin)
        table = replace(table, columns=columns)
        state = state.put(table)
        return state if self._misses(state, table) else follow_update(state, table, frozenset(written))

    def _refusal(self, state: State, table: Table) -> State | None:
        if self.assignments is None or self.where or self.sources or self.ignores:
            return None
        found = refusing_key(state, table, self.assignments, self.guard)
        if found is None:
            return None
        key, columns = found
        named = " and ".join(f"{self.table}.{name}" for name in columns)
        one = "is" if len(columns) == 1 else "are"
        message = f"{named} {one} set to the same in every row, which {key} refuses as soon as there are two"
        return state.fault(self, "unique", "column", f"{self.table}.{columns[0]}", message)

    def _touched(self, state: State, table: Table, column: Column) -> Origin | None:
        """Returns what a column holds that is not assigned: MySQL may stamp it with the moment."""
        if not is_stamped(state, column) or self._misses(state, table):
            return column.origin
        return Derived("CURRENT_TIMESTAMP", (state.origin(table, column),), partial=True)

    def _misses(self, state: State, table: Table) -> bool:
        return self.tests is not None and matches_nothing(state, table, self.tests)

    def _contents(self, state: State, table: Table, column: Column, value: Expression) -> Origin:
        old = state.origin(table, column)
        if value.lookup is not None:
            found = fetched(state, table, column, value)
            everywhere = not self.where or self.matches == value.lookup
            if found is not None and (everywhere or self._reaches_all(state, table, column, value)):
                return found
            value = replace(value, column=None, lookup=None)
        if self.sources:
            return Derived(value.sql, (old, *origins_read(state, value.reads)), partial=True)
        if self._misses(state, table):
            return old
        if self.ignores:
            return Derived(value.sql, (old, stored(state, table, value, column)), partial=True)
        new = stored(state, table, value, column)
        if not self.where or self._reaches_all(state, table, column, value):
            return new
        keyed = reads_key_only(state, table, self.where_reads)
        return Derived(value.sql, (old, new), partial=True, keyed=keyed)

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
            and value.lookup is None
            and state.fold(test.column) == state.fold(value.column)
        )

    def inverse(self, state_before: State) -> Operation | None:
        """Returns None: the overwritten values are not known from the schema."""
        return None

    def describe(self) -> str:
        """Returns the operation in words."""
        names = ", ".join(name for name, _ in self.assignments) if self.assignments else "rows"
        return f"update {self.table} ({names})"
