"""Operations that add, drop, rename or redefine a column."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mrt_lint.ops.adopting import (
    add_constraint,
    add_index,
    adopt_column,
    adopt_type,
    enum_of,
    first_contents,
    uses_column,
)
from mrt_lint.ops.base import Operation
from mrt_lint.ops.dependents import computed_from, follow_column, held, kept_by_sqlite, without_readers
from mrt_lint.ops.editing import exists_already, find_column, find_table, sorted_constraints, with_column
from mrt_lint.ops.served import column_held
from mrt_lint.schema.expressions import renamed
from mrt_lint.schema.names import Name, Unknown
from mrt_lint.schema.objects import Column, Constraint, Index, Table
from mrt_lint.schema.origin import Cast, Kept, NoRows, Origin

if TYPE_CHECKING:
    from mrt_lint.schema.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class AddColumn(Operation):
    """ADD COLUMN with the constraints and indexes that come with it (REFERENCES, UNIQUE, index=True)."""

    table: Name
    column: Column
    constraints: tuple[Constraint, ...] = ()
    indexes: tuple[Index, ...] = ()

    def apply(self, state: State) -> State:
        """Adds the column; existing rows get the default, or fail to get a value."""
        state, table = find_table(state, self, self.table)
        if table is None:
            return state
        if state.fold(self.column.name) in table.columns:
            return exists_already(state, self, "column", f"{self.table}.{self.column.name}")
        state = self._faults(state, table)
        column = adopt_column(state, self.column)
        state = with_column(state, table, replace(column, origin=first_contents(column), assumed=False))
        table = state.table(table.name) or table
        for constraint in self.constraints:
            state, table = add_constraint(state, self, table, constraint)
        for index in self.indexes:
            state, table = add_index(state, self, table, index)
        return state.put(table)

    def _faults(self, state: State, table: Table) -> State:
        enum = enum_of(self.column.type, state)
        if enum is not None and state.absent("type", enum.name):
            state = state.fault(
                self,
                "missing",
                "type",
                str(enum.name),
                f"type {enum.name} does not exist at that point (ADD COLUMN does not create it)",
            )
        if needs_value(state, self.column) and not isinstance(table.rows, NoRows):
            state = state.fault(
                self,
                "not-null",
                "column",
                f"{self.table}.{self.column.name}",
                f"column {self.table}.{self.column.name} is added NOT NULL without a default: "
                "that fails when the table has rows",
            )
        return state

    def inverse(self, state_before: State) -> Operation | None:
        """Drops the column, on MySQL after the foreign keys that came with it."""
        drop = DropColumn(table=self.table, name=self.column.name, batch="auto")
        if state_before.dialect not in ("mysql", "mariadb"):
            return drop
        from mrt_lint.ops.constraints import DropConstraint
        from mrt_lint.ops.control import Several

        before, after = state_before.table(self.table), self.apply(state_before).table(self.table)
        keys = [
            DropConstraint(table=self.table, name=key.name, kind="foreign")
            for key in (after.constraints if after is not None else ())
            if key.kind == "foreign" and (before is None or key not in before.constraints)
        ]
        return Several(operations=(*keys, drop)) if keys else drop

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"add column {self.table}.{self.column.name}"


def needs_value(state: State, column: Column) -> bool:
    """Returns whether adding the column fails on existing rows: NOT NULL, and nothing fills it.

    MySQL and MariaDB fill the type's zero value instead of failing (manual 11.6), except that a
    strict mode refuses it for dates.
    """
    if column.nullable is not False or column.default is not None:
        return False
    if column.identity or column.autoincrement or column.generated is not None:
        return False
    if state.dialect in ("mysql", "mariadb"):
        kind = column.type
        return not isinstance(kind, Unknown) and kind.for_dialect(state.dialect).name in ("date", "datetime")
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class DropColumn(Operation):
    """DROP COLUMN."""

    table: Name
    name: str
    cascade: bool = False

    def apply(self, state: State) -> State:
        """Removes the column with the constraints, indexes and sequences that need it."""
        from mrt_lint.ops import sequences
        from mrt_lint.ops.rebuild import without_column

        state, table, column = find_column(state, self, self.table, self.name)
        if table is None or column is None:
            return state
        if table.rebuilding is not None:
            state = state.put(without_column(state, table, self.name))
            return sequences.without_column(state, table.name, self.name)
        state = self._dependents(state, table)
        folded = state.fold(self.name)
        if state.dialect in ("mysql", "mariadb"):
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
        from mrt_lint.ops import sequences

        state = sequences.without_column(state, table.name, self.name)
        if state.dialect == "postgresql" and self.cascade:
            return without_readers(state, self, table.name, self.name)
        plain = state.dialect == "sqlite" and self.batch in (None, "never")
        if state.dialect == "postgresql" or plain:
            state = held(state, self, "table", self.table, self.name)
        needs = [f"column {key} is computed from it" for key in computed_from(state, table, self.name)]
        if plain:
            needs += kept_by_sqlite(state, table, self.name)
        if not needs:
            return column_held(state, self, table, self.name)
        subject = f"{self.table}.{self.name}"
        message = f"column {subject} cannot be dropped while {needs[0]}"
        return state.fault(self, "invalid", "column", subject, message, state.is_there(table))

    def inverse(self, state_before: State) -> Operation | None:
        """Adds the column again as it was, with its constraints and indexes; its data is gone."""
        from mrt_lint.ops.control import Several
        from mrt_lint.ops.objects import undone

        table = state_before.table(self.table)
        column = state_before.column(self.table, self.name)
        if table is None or column is None:
            return None
        if state_before.dialect in ("mysql", "mariadb"):
            return _restore_mysql(state_before, table, column, Several)
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


def _restore_mysql(state: State, table: Table, column: Column, several: type) -> Operation:
    from mrt_lint.ops.constraints import AddConstraint, DropConstraint
    from mrt_lint.ops.indexes import CreateIndex, DropIndex

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
    restored: Operation = several(operations=tuple(steps))
    return restored


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameColumn(Operation):
    """RENAME COLUMN (`alter_column(new_column_name=...)`, CHANGE with another name)."""

    table: Name
    name: str
    new: str

    def apply(self, state: State) -> State:
        """Renames the column; everything that names it follows."""
        from mrt_lint.ops import sequences
        from mrt_lint.ops.rebuild import with_renamed

        state, table, column = find_column(state, self, self.table, self.name)
        if table is None or column is None:
            return state
        same = state.fold(self.new) == state.fold(self.name)
        if not same and state.fold(self.new) in table.columns:
            return state.fault(
                self,
                "exists",
                "column",
                f"{self.table}.{self.new}",
                f"column {self.table}.{self.new} exists already at that point",
            )
        moved = replace(column, name=self.new, origin=state.origin(table, column))
        if moved.origin == Kept(state.base_name(table), self.new):
            moved = replace(moved, origin=None)
        state = with_column(state, table, moved, old=column.name)
        table = state.table(table.name) or table
        state = sequences.follow_column(state, table.name, column.name, self.new)
        if table.rebuilding is not None:
            return state.put(with_renamed(state, table, column.name, self.new))
        state = state.put(_follow_rename(state, table, column.name, self.new))
        state = follow_column(state, table.name, column.name, self.new)
        return _follow_references(state, table.name, column.name, self.new)

    def inverse(self, state_before: State) -> Operation | None:
        """Renames it back."""
        return RenameColumn(table=self.table, name=self.new, new=self.name, batch=self.batch)

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"rename column {self.table}.{self.name} to {self.new}"


def _follow_rename(state: State, table: Table, old: str, new: str) -> Table:
    def name(text: str) -> str:
        return new if state.fold(text) == state.fold(old) else text

    constraints = tuple(
        replace(
            c,
            columns=tuple(name(column) for column in c.columns),
            expression=renamed(c.expression, old, new) if c.expression else c.expression,
            ref_columns=tuple(name(column) for column in c.ref_columns)
            if c.ref_table is not None and state.key("table", c.ref_table) == state.key("table", table.name)
            else c.ref_columns,
        )
        for c in table.constraints
    )
    indexes = {
        key: replace(
            index,
            columns=index.columns
            if isinstance(index.columns, Unknown)
            else tuple(renamed(text, old, new) for text in index.columns),
            where=renamed(index.where, old, new) if index.where else index.where,
            include=tuple(name(text) for text in index.include),
        )
        for key, index in table.indexes.items()
    }
    columns = {
        key: replace(
            column,
            generated=replace(column.generated, expression=renamed(column.generated.expression, old, new)),
        )
        if column.generated is not None
        else column
        for key, column in table.columns.items()
    }
    return replace(table, columns=columns, constraints=sorted_constraints(constraints), indexes=indexes)


def _follow_references(state: State, table: Name, old: str, new: str) -> State:
    from mrt_lint.ops.tables import referencing

    for other, key in referencing(state, table):
        columns = tuple(
            new if state.fold(column) == state.fold(old) else column for column in key.ref_columns
        )
        if columns != key.ref_columns:
            current = state.table(other.name) or other
            changed = tuple(replace(c, ref_columns=columns) if c == key else c for c in current.constraints)
            state = state.put(replace(current, constraints=sorted_constraints(changed)))
    return state


def converted(origin: Origin, old: object, new: object) -> Origin:
    """Returns the contents after a plain type change."""
    from mrt_lint.schema.names import UNKNOWN
    from mrt_lint.schema.origin import UnknownData
    from mrt_lint.schema.types import SqlType

    if not isinstance(new, SqlType):
        return UnknownData("a type that is not known")
    if not isinstance(old, SqlType):
        return Cast(origin, (SqlType("?", exact=False), new)) if old is UNKNOWN else origin
    if isinstance(origin, Cast):
        return Cast(origin.source, (*origin.types, new))
    return Cast(origin, (old, new))


@dataclass(frozen=True, slots=True, kw_only=True)
class RedefineColumn(Operation):
    """MySQL's MODIFY / CHANGE: the whole definition anew; what is not said is reset.

    `new_name` None keeps the name. One operation on purpose: its parts take effect together.
    """

    table: Name
    name: str
    column: Column
    new_name: str | None = None

    def apply(self, state: State) -> State:
        """Replaces the definition; the data is converted as by a plain type change."""
        if self.new_name is not None and state.fold(self.new_name) != state.fold(self.name):
            state = RenameColumn(
                table=self.table, name=self.name, new=self.new_name, direction=self.direction
            ).apply(state)
        name = self.new_name or self.name
        state, table, column = find_column(state, self, self.table, name)
        if table is None or column is None:
            return state
        origin = column.origin
        kind = adopt_type(state, self.column.type)
        if kind != column.type:
            origin = converted(state.origin(table, column), column.type, kind)
        adopted = replace(adopt_column(state, self.column), name=name, origin=origin, type=kind)
        if any(c.kind == "primary" and name in c.columns for c in table.constraints):
            adopted = replace(adopted, nullable=False)
        return with_column(state, table, adopted)

    def inverse(self, state_before: State) -> Operation | None:
        """Restores the whole definition as it was."""
        column = state_before.column(self.table, self.name)
        if column is None or column.assumed:
            return None
        return RedefineColumn(
            table=self.table,
            name=self.new_name or self.name,
            column=replace(column, origin=None),
            new_name=self.name if self.new_name else None,
        )

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"redefine column {self.table}.{self.name}"
