"""DROP COLUMN: what goes with the column, and what stands against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.ops import sequences
from mrt_lint.ops.adopting import uses_column
from mrt_lint.ops.base import Operation
from mrt_lint.ops.columns import AddColumn
from mrt_lint.ops.constraints import AddConstraint, DropConstraint
from mrt_lint.ops.control import Several
from mrt_lint.ops.dependents import (
    computed_from,
    held,
    kept_by_sqlite,
    maybe_kept_by_sqlite,
    without_readers,
)
from mrt_lint.ops.editing import find_column, sorted_constraints
from mrt_lint.ops.indexes import CreateIndex, DropIndex
from mrt_lint.ops.objects import undone
from mrt_lint.ops.rebuilding import without_column
from mrt_lint.ops.served import column_held
from mrt_lint.schema.dialects import MYSQL
from mrt_lint.schema.names import Name, Unknown
from mrt_lint.schema.objects import Column, Constraint, Index, Table
from mrt_lint.schema.replacing import replace

if TYPE_CHECKING:
    from mrt_lint.schema.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class DropColumn(Operation):
    """DROP COLUMN."""

    table: Name
    name: str
    cascade: bool = False

    def apply(self, state: State) -> State:
        """Removes the column with the constraints, indexes and sequences that need it."""
        state, table, column = find_column(state, self, self.table, self.name)
        if table is None or column is None:
            return state
        if table.rebuilding is not None:
            if state.fold(self.name) in table.rebuilding.added:
                subject = f"{self.table}.{self.name}"
                message = f"column {subject} is added and dropped in one batch, which fails"
                return state.fault(self, "invalid", "column", subject, message)
            state = state.put(without_column(state, table, self.name))
            return sequences.without_column(state, table.name, self.name)
        state = self._dependents(state, table)
        folded = state.fold(self.name)
        if state.dialect in MYSQL:
            constraints, indexes = _shortened(state, table, self.name)
        else:
            constraints = tuple(c for c in table.constraints if not uses_column(state, c, self.name))
            indexes = {
                key: index for key, index in table.indexes.items() if not uses_column(state, index, self.name)
            }
        computed = computed_from(state, table, self.name)
        columns = {k: value for k, value in table.columns.items() if k != folded and k not in computed}
        gone = table.gone | {("column", key) for key in (folded, *computed)}
        gone |= {("index", key) for key in table.indexes if key not in indexes}
        gone |= {
            ("constraint", state.fold(c.name)) for c in table.constraints if c.name and c not in constraints
        }
        return state.put(replace(table, columns=columns, constraints=constraints, indexes=indexes, gone=gone))

    def _dependents(self, state: State, table: Table) -> State:
        """Returns the state without what goes with the column, and with what stands against dropping it."""
        state = sequences.without_column(state, table.name, self.name)
        if state.dialect == "postgresql" and self.cascade:
            return without_readers(state, self, table.name, self.name)
        plain = state.dialect == "sqlite" and self.batch in (None, "never")
        if state.dialect == "postgresql" or plain:
            state = held(state, self, "table", self.table, self.name)
        needs = [f"column {key} is computed from it" for key in computed_from(state, table, self.name)]
        if plain:
            needs += kept_by_sqlite(state, table, self.name)
            perhaps = maybe_kept_by_sqlite(state, table, self.name)
            if perhaps is not None and not needs:
                message = f"column {self.table}.{self.name} cannot be dropped if {perhaps}"
                state = state.doubt(self, message)
        if not needs:
            return column_held(state, self, table, self.name)
        subject = f"{self.table}.{self.name}"
        message = f"column {subject} cannot be dropped while {needs[0]}"
        return state.fault(self, "invalid", "column", subject, message, state.is_there(table))

    def inverse(self, state_before: State) -> Operation | None:
        """Adds the column again as it was, with its constraints and indexes; its data is gone."""
        table = state_before.table(self.table)
        column = state_before.column(self.table, self.name)
        if table is None or column is None:
            return None
        if state_before.dialect in MYSQL:
            return _restored_on_mysql(state_before, table, column)
        add = AddColumn(
            table=self.table,
            column=replace(column, origin=None),
            constraints=tuple(c for c in table.constraints if uses_column(state_before, c, self.name)),
            indexes=tuple(i for i in table.indexes.values() if uses_column(state_before, i, self.name)),
            batch="auto",
        )
        others = undone(state_before, self)
        return Several(operations=(add, others)) if others is not None else add

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"drop column {self.table}.{self.name}"


def _shortened(state: State, table: Table, name: str) -> tuple[tuple[Constraint, ...], dict[str, Index]]:
    """Returns constraints and indexes without a column: MySQL takes it out of every key that has it."""
    folded = state.fold(name)

    def without(columns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(column for column in columns if state.fold(column.split()[0]) != folded)

    constraints = []
    for constraint in table.constraints:
        if constraint.kind in ("primary", "unique"):
            shorter = replace(constraint, columns=without(constraint.columns))
            if shorter.columns or not constraint.columns:
                constraints.append(shorter)
        elif not uses_column(state, constraint, name):
            constraints.append(constraint)
    indexes = {}
    for key, index in table.indexes.items():
        if isinstance(index.columns, Unknown) or without(index.columns):
            columns = index.columns if isinstance(index.columns, Unknown) else without(index.columns)
            indexes[key] = replace(index, columns=columns)
    return sorted_constraints(tuple(constraints)), indexes


def _restored_on_mysql(state: State, table: Table, column: Column) -> Operation:
    constraints, indexes = _shortened(state, table, column.name)
    steps: list[Operation] = [AddColumn(table=table.name, column=replace(column, origin=None))]
    kept = {c.name for c in constraints}
    for constraint in table.constraints:
        if constraint not in constraints:
            if constraint.name in kept:
                steps.append(DropConstraint(table=table.name, name=constraint.name, kind=constraint.kind))
            steps.append(AddConstraint(table=table.name, constraint=constraint))
    for key, index in table.indexes.items():
        if indexes.get(key) != index:
            if key in indexes:
                steps.append(DropIndex(name=Name(index.name or key), table=table.name))
            steps.append(CreateIndex(table=table.name, index=index))
    if len(steps) == 1:
        return steps[0]
    return Several(operations=tuple(steps))
