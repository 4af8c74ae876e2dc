"""Constraints and indexes that Django looks up by their columns before it drops them.

Their name may be another than the one that Django would give today: the database gave it, or the table
was called otherwise when they were made.
"""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.ops import DropConstraint, DropIndex, Operation
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Constraint, Index, Table

if TYPE_CHECKING:
    from mrt_lint.schema.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class DropConstraintFound(DropConstraint):
    """DROP CONSTRAINT of the one of this name, else of the one with this kind and these columns."""

    constraint: Constraint = field(default=Constraint("unique"))

    def apply(self, state: State) -> State:
        """Removes the constraint; without one Django raises."""
        table = state.table(self.table)
        found = self._found(state, table) if table is not None else None
        if table is None or (found is None and not state.knows_all_of(table)):
            return state if table is not None else DropConstraint.apply(self, state)
        if found is None:
            subject = f"{self.table}.{', '.join(self.constraint.columns)}"
            message = f"Django finds no {self.constraint.kind} constraint of {subject} to drop and raises"
            return state.fault(self, "missing", "constraint", subject, message)
        if found.name is None or state.dialect == "sqlite":
            # SQLite: the table is made anew without it.
            return state.put(
                replace(table, constraints=tuple(c for c in table.constraints if c is not found))
            )
        return DropConstraint.apply(replace(self, name=found.name), state)

    def inverse(self, state_before: State) -> Operation | None:
        """Adds the constraint again as it was."""
        table = state_before.table(self.table)
        found = self._found(state_before, table) if table is not None else None
        if found is None or found.name is None:
            return None
        return DropConstraint.inverse(replace(self, name=found.name), state_before)

    def _found(self, state: State, table: Table) -> Constraint | None:
        same = [one for one in table.constraints if self._is_meant(state, one)]
        named = [one for one in same if one.name == self.name]
        return next(iter(named or same), None)

    def _is_meant(self, state: State, one: Constraint) -> bool:
        if one.kind != self.constraint.kind:
            return False
        if one.kind == "check":
            return (one.expression or "") == (self.constraint.expression or "")
        return [state.fold(name) for name in one.columns] == [
            state.fold(name) for name in self.constraint.columns
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class DropIndexFound(DropIndex):
    """DROP INDEX of the one of this name, else of the one over these columns."""

    index: Index = field(default=Index(None))

    def apply(self, state: State) -> State:
        """Removes the index."""
        return DropIndex.apply(self._named(state), state)

    def inverse(self, state_before: State) -> Operation | None:
        """Creates the index again as it was."""
        return DropIndex.inverse(self._named(state_before), state_before)

    def _named(self, state: State) -> DropIndexFound:
        table = state.table(self.table) if self.table is not None else None
        if table is None or state.fold(self.name.name) in table.indexes:
            return self
        for one in table.indexes.values():
            if one.columns == self.index.columns and one.unique == self.index.unique and one.name:
                return replace(self, name=Name(one.name, self.name.schema))
        return self
