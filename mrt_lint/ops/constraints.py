"""Operations on table constraints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.ops.adopting import add_constraint, with_reference
from mrt_lint.ops.base import Operation
from mrt_lint.ops.conventions import NAMED_BY, constraint_meant
from mrt_lint.ops.editing import find_constraint, find_table, sorted_constraints
from mrt_lint.ops.reflection import stands_behind
from mrt_lint.ops.served import index_held, may_leave_index
from mrt_lint.phrases import listed
from mrt_lint.schema.dialects import MYSQL
from mrt_lint.schema.names import UNKNOWN, Name, Unknown
from mrt_lint.schema.objects import Constraint, ConstraintKind, Table
from mrt_lint.schema.replacing import replace

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


def _needing(state: State, table: Table, constraint: Constraint) -> list[tuple[Table, Constraint]]:
    """Returns the foreign keys that refer to the columns of a primary or unique key, with their tables."""
    from mrt_lint.ops.tables import referencing

    own = [
        (table, key)
        for key in table.constraints
        if key.ref_table is not None and state.key("table", key.ref_table) == state.key("table", table.name)
    ]
    wanted = sorted(constraint.columns)
    return [
        (other, key)
        for other, key in [*referencing(state, table.name), *own]
        if (sorted(key.ref_columns) == wanted if key.ref_columns else constraint.kind == "primary")
    ]


def _same_key(one: Constraint, other: Constraint) -> bool:
    keys = ("primary", "unique")
    return one.kind in keys and other.kind in keys and sorted(one.columns) == sorted(other.columns)


def needs_batch(state: State, op: Operation) -> bool:
    """Returns whether the database has no ALTER for this ("SQL Features That SQLite Does Not Implement")."""
    return state.dialect == "sqlite" and op.batch in (None, "never")


def keeps_as_index(state: State) -> bool:
    """Returns whether reflection sees a unique constraint as an index alone (MySQL, MariaDB)."""
    return state.dialect in MYSQL


def _refused(state: State, op: Operation, what: str, subject: str) -> State:
    message = f"SQLite cannot {what} constraint {subject} outside a batch"
    return state.fault(op, "unsupported", "constraint", subject, message)


def _without_name(state: State, table: Table, name: str | None) -> Table:
    """Returns the table without the constraint that a new one of the same name replaces in a rebuild."""
    if name is None:
        return table
    rest = tuple(c for c in table.constraints if c.name is None or state.fold(c.name) != state.fold(name))
    return replace(table, constraints=rest)


def _with_spare_key(state: State, table: Table, name: str | None) -> Table:
    """Returns the table that remembers its primary key, nameless if the new one has its name.

    The columns still say that they are the key (measured on alembic 1.20).
    """
    key = next((c for c in table.constraints if c.kind == "primary"), None)
    if table.rebuilding is None or key is None:
        return table
    if key.name is not None and name is not None and state.fold(key.name) == state.fold(name):
        key = replace(key, name=None)
    return replace(table, rebuilding=replace(table.rebuilding, spare=key))


def _renumbered(state: State, table: Table, kind: ConstraintKind | Unknown) -> Table:
    """Returns the table after a change of its primary key by a rebuild."""
    from mrt_lint.ops.rebuilding import numbered

    return numbered(state, table) if kind == "primary" and table.rebuilding is not None else table


@dataclass(frozen=True, slots=True, kw_only=True)
class AddConstraint(Operation):
    """ADD CONSTRAINT of any kind; NOT VALID and USING INDEX are facts of the constraint.

    `needs_name`: a batch that makes the table anew refuses it without one. False where it has none here
    but may get one (a naming convention that is not known), or needs none (`table_args`).
    """

    table: Name
    constraint: Constraint
    needs_name: bool = True

    def apply(self, state: State) -> State:
        """Adds the constraint under its own or the database's automatic name."""
        if needs_batch(state, self):
            subject = f"{self.table}.{self.constraint.name or ', '.join(self.constraint.columns)}"
            return _refused(state, self, "add", subject)
        state, table = find_table(state, self, self.table)
        if table is None:
            return state
        rebuilding = table.rebuilding is not None
        if rebuilding and self.constraint.name is None and self.needs_name:
            return self._nameless(state)
        if rebuilding and self.constraint.kind == "primary":
            table = _with_spare_key(state, table, self.constraint.name)
        if state.dialect == "sqlite" or rebuilding:
            # A rebuild keeps constraints by their names: the new one takes the place of its namesake.
            table = _without_name(state, table, self.constraint.name)
        if self.constraint.kind == "primary" and any(c.kind == "primary" for c in table.constraints):
            if state.dialect == "sqlite" or rebuilding:
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
        constraint = replace(self.constraint, inline="", behind=stands_behind(state, table, self.constraint))
        state = with_reference(state, self, table, constraint)
        state, table = add_constraint(state, self, table, constraint)
        return state.put(_renumbered(state, table, self.constraint.kind))

    def _nameless(self, state: State) -> State:
        words = constraint_words(self.constraint)
        subject = f"{self.table}.{', '.join(self.constraint.columns)}"
        message = f"{words} of {self.table} has no name: a batch that rebuilds the table refuses it"
        return state.fault(self, "invalid", "constraint", subject, message)

    def inverse(self, state_before: State) -> Operation | None:
        """Drops the constraint under the name that it got."""
        table = state_before.table(self.table)
        if table is None:
            return None
        after = self.apply(state_before).table(self.table)
        if after is None or len(after.constraints) == len(table.constraints):
            return None
        new = [c for c in after.constraints if c not in table.constraints]
        if len(new) != 1 or (new[0].name is None and new[0].kind != "primary"):
            return None
        if any(c not in after.constraints for c in table.constraints):
            return None  # A batch on SQLite puts it in the place of those of its name, and of a key.
        drop = DropConstraint(table=self.table, name=new[0].name, kind=new[0].kind, batch="auto")
        return _with_indexes(drop, table, after)

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"add {constraint_words(self.constraint)} on {self.table}"


def _with_indexes(drop: Operation, before: Table, after: Table) -> Operation:
    """Returns the drop of a constraint with what it takes to have the same indexes again (MySQL)."""
    from mrt_lint.ops.control import Several
    from mrt_lint.ops.indexes import CreateIndex, DropIndex

    lost = [index for key, index in before.indexes.items() if key not in after.indexes]
    made = [index for key, index in after.indexes.items() if key not in before.indexes]
    if not lost and not made:
        return drop
    first = [CreateIndex(table=before.name, index=index) for index in lost]
    last = [DropIndex(name=Name(index.name or ""), table=before.name) for index in made]
    return Several(operations=(*first, drop, *last))


def constraint_words(constraint: Constraint) -> str:
    """Returns a constraint in words: its kind, name and columns."""
    name = f" {constraint.name}" if constraint.name else ""
    columns = f" ({', '.join(constraint.columns)})" if constraint.columns else ""
    return f"{constraint.word}{name}{columns}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DropConstraint(Operation):
    """DROP CONSTRAINT. `name` None: unnamed, or the primary key of MySQL; `kind` as `type_` says.

    `by_convention`: a naming convention gives this name to a constraint that has none in the database
    (Alembic's `batch_alter_table(naming_convention=...)`). `needs_name`: without one it cannot be written
    (SQLAlchemy: "Can't emit DROP CONSTRAINT for constraint ...; it has no name").
    """

    table: Name
    name: str | None
    kind: ConstraintKind | Unknown = UNKNOWN
    cascade: bool = False
    by_convention: bool = False
    needs_name: bool = False

    def apply(self, state: State) -> State:
        """Removes the constraint; one that a foreign key needs stays, with a fault."""
        if self.needs_name and self.name is None:
            kind = "constraint" if isinstance(self.kind, Unknown) else constraint_words(Constraint(self.kind))
            message = f"{kind} of {self.table} is dropped without a name, which fails"
            return state.fault(self, "invalid", "constraint", str(self.table), message)
        if needs_batch(state, self):
            return _refused(state, self, "drop", f"{self.table}.{self.name or self.kind}")
        table, constraint = state.table(self.table), None
        if table is not None and self.name is not None and not self.by_convention:
            constraint = constraint_meant(state, table, self.name, self.kind)
        if constraint is not None:
            words = f"which constraint of {self.table} {self.name} is"
            state = state.doubt(self, f"{words} {NAMED_BY}")
        else:
            state, table, constraint = find_constraint(
                state, self, self.table, self.name, self.kind, self.by_convention
            )
        if table is None or constraint is None:
            return state
        if table.rebuilding is not None and constraint.kind == "unique" and keeps_as_index(state):
            message = f"{constraint.name} of {table.name} is an index to a batch that rebuilds the table"
            return state.fault(self, "invalid", "constraint", f"{table.name}.{constraint.name}", message)
        if constraint.kind in ("primary", "unique"):
            state = index_held(state, self, table, constraint.name or "", constraint.columns)
            state, table = self._needed(state, table, constraint)
        state = may_leave_index(state, self, table, constraint)
        state = _swap(state, table, constraint, None)
        return state.put(_renumbered(state, state.table(table.name) or table, constraint.kind))

    def inverse(self, state_before: State) -> Operation | None:
        """Adds the constraint again as it was."""
        _, table, constraint = find_constraint(
            state_before, self, self.table, self.name, self.kind, self.by_convention
        )
        if table is None or constraint is None or constraint.assumed:
            return None
        add = AddConstraint(table=self.table, constraint=constraint, batch="auto")
        lost = _needing(state_before, table, constraint) if self.cascade else []
        if not lost or state_before.dialect != "postgresql":
            return add
        from mrt_lint.ops.control import Several

        keys = (AddConstraint(table=other.name, constraint=key, batch="auto") for other, key in lost)
        return Several(operations=(add, *keys))

    def _needed(self, state: State, table: Table, constraint: Constraint) -> tuple[State, Table]:
        """Returns state and table without the foreign keys that need a key, or with what they refuse.

        PostgreSQL manual 5.14: a constraint that others depend on is dropped with CASCADE alone.
        """
        if state.dialect != "postgresql" or table.rebuilding is not None:
            return state, table
        subject = f"{table.name}.{constraint.name}"
        needing: dict[bool, list[str]] = {True: [], False: []}
        for other, key in _needing(state, table, constraint):
            if self.cascade:
                state = _swap(state, state.table(other.name) or other, key, None)
                continue
            twins = [c for c in table.constraints if _same_key(c, constraint)]
            sure = state.is_there(table) and state.is_there(other) and key.sure and not key.assumed
            needing[sure and len(twins) == 1].append(f"foreign key {key.name} of {other.name}")
        for sure, keys in needing.items():
            if keys:
                verb = "needs" if len(keys) == 1 else "need"
                message = f"constraint {subject} cannot be dropped: {listed(keys)} {verb} it"
                state = state.fault(self, "invalid", "constraint", subject, message, sure)
        return state, state.table(table.name) or table

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
