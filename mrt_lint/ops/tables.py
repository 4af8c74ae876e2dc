"""Operations on whole tables."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.ops.adopting import (
    add_constraint,
    add_index,
    adopt_column,
    enum_of,
    first_contents,
    with_reference,
)
from mrt_lint.ops.base import Operation
from mrt_lint.ops.dependents import (
    BELONGING,
    belonging,
    follow_relation,
    held,
    rehomed,
    vanished,
    without_belongings,
    without_readers,
)
from mrt_lint.ops.editing import exists_already, find_table, moved, sorted_constraints
from mrt_lint.ops.enforced import enforced
from mrt_lint.ops.lengths import with_lengths
from mrt_lint.ops.merged_keys import merged_keys
from mrt_lint.ops.partitions import partitions, with_parent
from mrt_lint.ops.sequences import named_apart, named_by_column, numbered_apart
from mrt_lint.ops.taken_names import named_after
from mrt_lint.phrases import listed
from mrt_lint.schema.names import Name, Unknown
from mrt_lint.schema.objects import Column, Constraint, EnumType, Index, Table
from mrt_lint.schema.origin import NoRows
from mrt_lint.schema.replacing import replace
from mrt_lint.schema.types import SqlType

if TYPE_CHECKING:
    from mrt_lint.schema.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTable(Operation):
    """CREATE TABLE with all that is written inside it. `complete` False: part of it is not known."""

    table: Name
    columns: tuple[Column, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    indexes: tuple[Index, ...] = ()
    comment: str | None = None
    options: tuple[tuple[str, str], ...] = ()
    temporary: bool = False
    complete: bool = True

    def apply(self, state: State) -> State:
        """Adds the table, empty, with the enum types that come with it."""
        existing = state.table(self.table)
        if existing is not None:
            return exists_already(state, self, "table", str(self.table), sure=state.is_there(existing))
        for column in self.columns:
            state = self._create_type(state, column)
        columns = {}
        for column in self.columns:
            adopted = adopt_column(state, column)
            columns[state.fold(column.name)] = replace(adopted, origin=first_contents(adopted))
        state = with_lengths(state, self, self.table, columns.values())
        table = Table(
            self.table,
            columns,
            (),
            {},
            self.comment,
            tuple(sorted(self.options)),
            self.temporary,
            NoRows(),
            self.complete,
            epoch=state.epoch,
        )
        for constraint in merged_keys(state, self.constraints):
            state = with_reference(state, self, table, constraint, made=True)
            state, table = add_constraint(state, self, table, constraint)
        for index in self.indexes:
            state, table = add_index(state, self, table, index)
        return numbered_apart(state.put(table), self.table)

    def _create_type(self, state: State, column: Column) -> State:
        enum = enum_of(column.type, state)
        if enum is None:
            return state
        if not _creates_type(column.type):
            return state
        found = state.get("type", enum.name)
        if found is None:
            return state.put(replace(new_enum(enum), with_table=self.direction))
        # Columns of one CREATE TABLE, and tables of one run, may share the type: SQLAlchemy creates it once.
        shared = any(_same_enum(state, other, enum) for other in self.columns[: self.columns.index(column)])
        remembered = isinstance(found, EnumType) and found.with_table == self.direction
        if shared or remembered or found.assumed:
            return state
        return state.fault(
            self, "exists", "type", str(enum.name), f"type {enum.name} exists already at that point"
        )

    def inverse(self, state_before: State) -> Operation | None:
        """Drops the table, and the enum types that came with it."""
        if state_before.table(self.table) is not None:
            return None
        from mrt_lint.ops.control import Several
        from mrt_lint.ops.enums import DropType

        drop = DropTable(table=self.table)
        types: list[Operation] = []
        for column in self.columns:
            enum = enum_of(column.type, state_before)
            if enum is not None and state_before.get("type", enum.name) is None:
                candidate = DropType(type=enum.name)
                if candidate not in types:
                    types.append(candidate)
        return Several(operations=(drop, *types)) if types else drop

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"create table {self.table}"


def new_enum(enum: EnumType) -> EnumType:
    """Returns an enum type as one that was just created: no label of it was there before."""
    return enum if isinstance(enum.labels, Unknown) else replace(enum, was=(None,) * len(enum.labels))


def _creates_type(kind: SqlType | Unknown) -> bool:
    if isinstance(kind, Unknown):
        return False
    return kind.creates_type or (kind.element is not None and kind.element.creates_type)


def _same_enum(state: State, column: Column, enum: EnumType) -> bool:
    other = enum_of(column.type, state)
    return other is not None and other.name == enum.name


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTable(Operation):
    """DROP TABLE; `cascade` as written. `along`: tables that the same statement drops."""

    table: Name
    cascade: bool = False
    along: tuple[Name, ...] = field(default=(), compare=False)

    def apply(self, state: State) -> State:
        """Removes the table and what belongs to it."""
        state, table = find_table(state, self, self.table)
        if table is None:
            return state
        state = enforced(state, self, table, "DROP TABLE", self.along)
        holding: dict[bool, list[str]] = {True: [], False: []}
        for other, key in referencing(state, table.name):
            if self.cascade or state.dialect == "oracle":
                others = state.table(other.name) or other
                state = state.put(
                    replace(others, constraints=tuple(c for c in others.constraints if c != key))
                )
            elif state.dialect != "sqlite" and other.name not in self.along:
                sure = key.sure and not key.assumed and other.sure
                # The name that a database gives is another on the next one.
                called = (
                    key.name if key.name and not key.automatic else f"foreign key ({', '.join(key.columns)})"
                )
                holding[sure].append(f"{called} of {other.name}")
        for sure, keys in holding.items():
            if keys:
                message = f"table {self.table} is still referenced by {listed(keys)}"
                state = state.fault(self, "invalid", "table", str(self.table), message, sure)
        if state.dialect == "postgresql" and not self.cascade:
            state = held(state, self, "table", self.table)
        state = without_belongings(state.drop("table", table.name), table.name)
        for partition in partitions(state, table.name):
            state = replace(self, table=partition.name, conditional=False).apply(state)
        return without_readers(state, self, table.name) if self._cascades(state) else state

    def _cascades(self, state: State) -> bool:
        return self.cascade and state.dialect == "postgresql"

    def inverse(self, state_before: State) -> Operation | None:
        """Creates the table anew with all that is known of it; its rows are gone."""
        table = state_before.table(self.table)
        if table is None:
            return None
        from mrt_lint.ops.constraints import AddConstraint
        from mrt_lint.ops.control import Several
        from mrt_lint.ops.objects import restore

        kept = merged_keys(state_before, table.constraints)
        steps: list[Operation] = [create_from(replace(table, constraints=kept))]
        # A key that one statement would not make beside its twin was made by another.
        apart = [key for key in table.constraints if key not in kept]
        steps += [AddConstraint(table=table.name, constraint=key, batch="auto") for key in apart]
        for other, key in referencing(state_before, table.name):
            if self.cascade:
                steps.append(AddConstraint(table=other.name, constraint=key, batch="auto"))
        gone = vanished(state_before, self.apply(state_before))
        own = state_before.key("table", table.name)
        steps += [restore(item) for item in gone if state_before.key(item.kind, item.name) != own]
        return steps[0] if len(steps) == 1 else Several(operations=tuple(steps))

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"drop table {self.table}"


def create_from(table: Table) -> CreateTable:
    """Returns the CREATE TABLE that makes this table."""
    columns = tuple(replace(column, origin=None) for column in table.columns.values())
    return CreateTable(
        table=table.name,
        columns=columns,
        constraints=table.constraints,
        indexes=tuple(table.indexes.values()),
        comment=table.comment if isinstance(table.comment, str) else None,
        options=table.options,
        temporary=table.temporary,
        complete=table.complete,
    )


def referencing(state: State, name: Name) -> list[tuple[Table, Constraint]]:
    """Returns the foreign keys of other tables that point at a table."""
    key = state.key("table", name)
    return [
        (table, constraint)
        for table in state.tables()
        for constraint in table.constraints
        if constraint.ref_table is not None
        and state.key("table", constraint.ref_table) == key
        and state.key("table", table.name) != key
    ]


def _follow(state: State) -> bool:
    """Returns whether foreign keys follow a table that is renamed.

    SQLite with `legacy_alter_table` leaves them, unless they are enforced (https://www.sqlite.org/lang_altertable.html).
    """
    return not state.keys_stay or (state.enforces_keys and not state.keys_off)


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameTable(Operation):
    """ALTER TABLE .. RENAME TO, or SET SCHEMA when only the schema differs."""

    table: Name
    new: Name

    def apply(self, state: State) -> State:
        """Moves the table; foreign keys, triggers and policies follow it.

        A downgrade that alone speaks of a table, IF EXISTS, does not say that there is one.
        """
        if self.conditional and self.direction == "downgrade" and state.table(self.table) is None:
            if state.absent("table", self.table):
                return state
            message = f"table {self.table} is renamed to {self.new} by the downgrade, if it is there"
            return state.doubt(self, message, unproven=True)
        state, table = find_table(state, self, self.table)
        if table is None:
            return state
        other = state.table(self.new)
        if other is not None and state.key("table", self.new) != state.key("table", table.name):
            message = f"table {self.new} exists already at that point"
            return state.fault(self, "exists", "table", str(self.new), message, state.is_there(other))
        state = named_apart(state, table.name)
        followers = referencing(state, table.name) if _follow(state) else []
        own = tuple(
            replace(c, ref_table=self.new)
            if _follow(state)
            and c.ref_table is not None
            and state.key("table", c.ref_table) == state.key("table", table.name)
            else c
            for c in named_after(state, table, self.new)
        )
        after = replace(moved(state, table, self.new), constraints=sorted_constraints(own))
        items = [item for kind in BELONGING for item in belonging(state, kind, table.name)]
        state = state.drop("table", table.name).put(after)
        for other, key in followers:
            current = state.table(other.name) or other
            changed = tuple(replace(c, ref_table=self.new) if c == key else c for c in current.constraints)
            state = state.put(replace(current, constraints=sorted_constraints(changed)))
        for item in items:
            state = rehomed(state, item, self.new)
        state = named_by_column(state, self.new)
        for part in partitions(state, table.name):
            state = state.put(with_parent(part, self.new, dict(part.options).get("bounds", "")))
        return follow_relation(state, table.name, self.new)

    def inverse(self, state_before: State) -> Operation | None:
        """Renames it back."""
        return RenameTable(table=self.new, new=self.table)

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"rename table {self.table} to {self.new}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTableComment(Operation):
    """COMMENT ON TABLE; None removes it."""

    table: Name
    comment: str | None

    def apply(self, state: State) -> State:
        """Replaces the comment; SQLite keeps none."""
        state, table = find_table(state, self, self.table)
        if table is None or state.dialect == "sqlite":
            return state
        return state.put(replace(table, comment=self.comment or None))

    def inverse(self, state_before: State) -> Operation | None:
        """Restores the comment that the table had."""
        table = state_before.table(self.table)
        if table is None or not (table.comment is None or isinstance(table.comment, str)):
            return None
        return SetTableComment(table=self.table, comment=table.comment)

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"set the comment of {self.table}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTableOption(Operation):
    """Any other property of a table (storage, owner, row security); None resets it."""

    table: Name
    option: str
    value: str | None

    def apply(self, state: State) -> State:
        """Sets or removes one option."""
        state, table = find_table(state, self, self.table)
        if table is None:
            return state
        options = dict(table.options)
        options.pop(self.option, None)
        if self.value is not None:
            options[self.option] = self.value
        return state.put(replace(table, options=tuple(sorted(options.items()))))

    def inverse(self, state_before: State) -> Operation | None:
        """Restores the value that the option had."""
        table = state_before.table(self.table)
        if table is None or not state_before.knows_all_of(table):
            return None
        return SetTableOption(
            table=self.table, option=self.option, value=dict(table.options).get(self.option)
        )

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"set {self.option} of {self.table}"
