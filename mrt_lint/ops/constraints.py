"""Operations on table constraints."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mrt_lint.ops.adopting import add_constraint
from mrt_lint.ops.base import Operation
from mrt_lint.ops.editing import find_constraint, find_table, sorted_constraints, unsupported_on_sqlite
from mrt_lint.schema.names import UNKNOWN, Name, Unknown
from mrt_lint.schema.objects import Constraint, ConstraintKind, Table

if TYPE_CHECKING:
    from mrt_lint.schema.state import State


def _swap(state: State, table: Table, old: Constraint, new: Constraint | None) -> State:
    """Returns the state with one constraint replaced, or removed."""
    rest = tuple(c for c in table.constraints if c is not old)
    gone = table.gone
    if old.name is not None and (new is None or new.name != old.name):
        gone = gone | {("constraint", state.fold(old.name))}
    constraints = rest if new is None else (*rest, new)
    return state.put(replace(table, constraints=sorted_constraints(constraints), gone=gone))


@dataclass(frozen=True, slots=True, kw_only=True)
class AddConstraint(Operation):
    """ADD CONSTRAINT of any kind; NOT VALID and USING INDEX are facts of the constraint."""

    table: Name
    constraint: Constraint

    def apply(self, state: State) -> State:
        """Adds the constraint under its own or the database's automatic name."""
        refused = unsupported_on_sqlite(state, self, "add a constraint")
        if refused is not None:
            return refused
        state, table = find_table(state, self, self.table)
        if table is None:
            return state
        if self.constraint.kind == "primary" and any(c.kind == "primary" for c in table.constraints):
            if state.dialect == "sqlite":
                rest = tuple(c for c in table.constraints if c.kind != "primary")
                table = replace(table, constraints=rest)
            else:
                return state.fault(
                    self,
                    "exists",
                    "constraint",
                    f"primary key of {self.table}",
                    f"table {self.table} has a primary key already at that point",
                )
        reference = self.constraint.ref_table
        if reference is not None and state.absent("table", reference) and state.dialect != "sqlite":
            state = state.fault(
                self, "missing", "table", str(reference), f"table {reference} does not exist at that point"
            )
        state, table = add_constraint(state, self, table, self.constraint)
        return state.put(table)

    def inverse(self, state_before: State) -> Operation | None:
        """Drops the constraint under the name that it got."""
        table = state_before.table(self.table)
        if table is None:
            return None
        after = self.apply(state_before).table(self.table)
        new = [c for c in after.constraints if c not in table.constraints] if after is not None else []
        if len(new) != 1 or (new[0].name is None and new[0].kind != "primary"):
            return None
        return DropConstraint(table=self.table, name=new[0].name, kind=new[0].kind, batch="auto")

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"add {constraint_words(self.constraint)} on {self.table}"


def constraint_words(constraint: Constraint) -> str:
    """Returns a constraint in words: its kind, name and columns."""
    kinds = {
        "primary": "primary key",
        "unique": "unique constraint",
        "foreign": "foreign key",
        "check": "check",
        "exclude": "exclusion",
    }
    kind = "constraint" if isinstance(constraint.kind, Unknown) else kinds[constraint.kind]
    name = f" {constraint.name}" if constraint.name else ""
    columns = f" ({', '.join(constraint.columns)})" if constraint.columns else ""
    return f"{kind}{name}{columns}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DropConstraint(Operation):
    """DROP CONSTRAINT. `name` None: unnamed, or the primary key of MySQL; `kind` as `type_` says.

    `by_convention`: a naming convention gives this name to a constraint that has none in the database
    (Alembic's `batch_alter_table(naming_convention=...)`).
    """

    table: Name
    name: str | None
    kind: ConstraintKind | Unknown = UNKNOWN
    cascade: bool = False
    by_convention: bool = False

    def apply(self, state: State) -> State:
        """Removes the constraint; one that a foreign key needs stays, with a fault."""
        refused = unsupported_on_sqlite(state, self, "drop a constraint")
        if refused is not None:
            return refused
        state, table, constraint = find_constraint(
            state, self, self.table, self.name, self.kind, self.by_convention
        )
        if table is None or constraint is None:
            return state
        return _swap(state, table, constraint, None)

    def inverse(self, state_before: State) -> Operation | None:
        """Adds the constraint again as it was."""
        _, table, constraint = find_constraint(
            state_before, self, self.table, self.name, self.kind, self.by_convention
        )
        if table is None or constraint is None or constraint.assumed:
            return None
        return AddConstraint(table=self.table, constraint=constraint, batch="auto")

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"drop constraint {self.name or self.kind} of {self.table}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidateConstraint(Operation):
    """VALIDATE CONSTRAINT."""

    table: Name
    name: str

    def apply(self, state: State) -> State:
        """Marks the constraint as valid."""
        state, table, constraint = find_constraint(state, self, self.table, self.name, UNKNOWN)
        if table is None or constraint is None:
            return state
        return _swap(state, table, constraint, replace(constraint, validated=True))

    def inverse(self, state_before: State) -> Operation | None:
        """Returns None: no statement makes a constraint NOT VALID again."""
        return None

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"validate constraint {self.name} of {self.table}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameConstraint(Operation):
    """RENAME CONSTRAINT."""

    table: Name
    name: str
    new: str

    def apply(self, state: State) -> State:
        """Renames the constraint."""
        state, table, constraint = find_constraint(state, self, self.table, self.name, UNKNOWN)
        if table is None or constraint is None:
            return state
        return _swap(state, table, constraint, replace(constraint, name=self.new, automatic=False))

    def inverse(self, state_before: State) -> Operation | None:
        """Renames it back."""
        return RenameConstraint(table=self.table, name=self.new, new=self.name)

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"rename constraint {self.name} of {self.table} to {self.new}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlterConstraint(Operation):
    """ALTER CONSTRAINT: deferrability of a foreign key."""

    table: Name
    name: str
    deferrable: bool
    initially: str | None = None

    def apply(self, state: State) -> State:
        """Changes deferrability."""
        state, table, constraint = find_constraint(state, self, self.table, self.name, UNKNOWN)
        if table is None or constraint is None:
            return state
        return _swap(
            state,
            table,
            constraint,
            replace(constraint, deferrable=self.deferrable, initially=self.initially),
        )

    def inverse(self, state_before: State) -> Operation | None:
        """Restores deferrability."""
        _, table, constraint = find_constraint(state_before, self, self.table, self.name, UNKNOWN)
        if table is None or constraint is None or constraint.assumed:
            return None
        return AlterConstraint(
            table=self.table, name=self.name, deferrable=constraint.deferrable, initially=constraint.initially
        )

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"alter constraint {self.name} of {self.table}"
