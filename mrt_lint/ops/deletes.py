"""DELETE and TRUNCATE, and what foreign keys make of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.ops.base import Operation
from mrt_lint.ops.contents import ColumnTest, find_written, matches_nothing, rows_changed
from mrt_lint.ops.enforced import enforced
from mrt_lint.ops.reading import ColumnRead, check_reads, reads_key_only
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Constraint, Table
from mrt_lint.schema.origin import Deleted, Derived, NoRows

if TYPE_CHECKING:
    from mrt_lint.schema.state import State


def follow_deletion(state: State, op: Operation, table: Table, seen: frozenset[Name] = frozenset()) -> State:
    """Returns the state after foreign keys have passed a deletion on.

    On SQLite, where they are off unless the project turns them on, that is a doubt.
    """
    from mrt_lint.ops.tables import referencing

    if state.dialect == "sqlite":
        return enforced(state, op, table, "the deletion")
    if table.name in seen:
        return state
    for other, key in referencing(state, table.name):
        child = state.table(other.name) or other
        if key.ondelete == "CASCADE" and _may_refer_elsewhere(state, table, child, key):
            text = f"rows of {child.name} go along if they still refer to those deleted from {table.name}"
            state = state.doubt(op, text)
        elif key.ondelete == "CASCADE":
            change = Deleted(
                f"rows whose parent in {table.name} is deleted", None, op.direction, op.span.line, along=True
            )
            state = state.put(rows_changed(state, child, change))
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


def _may_refer_elsewhere(state: State, table: Table, child: Table, key: Constraint) -> bool:
    """Returns whether the migration has written the foreign key anew, so that it may refer to what stays."""
    now = state.table(table.name) or table
    columns = [child.columns.get(state.fold(name)) for name in key.columns]
    written = any(c is not None and isinstance(state.origin(child, c), Derived) for c in columns)
    return written and not isinstance(now.rows, NoRows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete(Operation):
    """DELETE. `where`: canonical SQL, empty: every row (`WHERE TRUE` counts as none).

    `leaves_one`: columns in which no two rows are equal afterwards, as long as none of them is NULL;
    `told_apart`: the column that must differ in every row for that.
    """

    table: Name
    where: str = ""
    where_reads: tuple[ColumnRead, ...] = ()
    sources: tuple[Name, ...] = ()
    tests: tuple[ColumnTest, ...] | None = None
    leaves_one: tuple[str, ...] = ()
    told_apart: str = ""

    @property
    def events(self) -> frozenset[str]:
        """Returns what it does to rows."""
        return frozenset(("delete",))

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
        keyed = not self.sources and reads_key_only(state, table, self.where_reads)
        change = Deleted(self.where or "joined rows", tests, self.direction, self.span.line, keyed)
        return follow_deletion(state.put(rows_changed(state, table, change)), self, table)

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
        state, table = find_written(state, self, self.table)
        if table is None:
            return state
        for name in _referring(state, table.name) if self.cascade else ():
            other = state.table(name)
            state = state if other is None else state.put(replace(other, rows=NoRows()))
        return state.put(replace(state.table(table.name) or table, rows=NoRows()))

    def inverse(self, state_before: State) -> Operation | None:
        """Returns None: the rows are gone."""
        return None

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"truncate {self.table}"


def _referring(state: State, name: Name) -> Iterator[Name]:
    """Yields the tables whose foreign keys lead to a table, directly or by way of others."""
    from mrt_lint.ops.tables import referencing

    seen, waiting = {state.key("table", name)}, [name]
    while waiting:
        for other, _ in referencing(state, waiting.pop()):
            if state.key("table", other.name) not in seen:
                seen.add(state.key("table", other.name))
                waiting.append(other.name)
                yield other.name
