"""Operations that add, drop, rename or redefine a column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.ops.adopting import (
    add_constraint,
    add_index,
    adopt_column,
    adopt_type,
    enum_of,
    first_contents,
    with_reference,
)
from mrt_lint.ops.base import Operation
from mrt_lint.ops.dependents import follow_column
from mrt_lint.ops.domains import domain_default
from mrt_lint.ops.editing import (
    exists_already,
    find_column,
    find_table,
    sorted_constraints,
    told_type,
    with_column,
)
from mrt_lint.ops.lengths import with_lengths
from mrt_lint.ops.merged_keys import merged_keys
from mrt_lint.schema.dialects import MYSQL
from mrt_lint.schema.expressions import renamed
from mrt_lint.schema.names import UNKNOWN, Name, Unknown
from mrt_lint.schema.objects import Column, Constraint, Index, Table
from mrt_lint.schema.origin import Cast, Kept, NoRows, Origin
from mrt_lint.schema.replacing import replace

if TYPE_CHECKING:
    from mrt_lint.schema.state import State
    from mrt_lint.schema.types import SqlType


@dataclass(frozen=True, slots=True, kw_only=True)
class AddColumn(Operation):
    """ADD COLUMN with the constraints and indexes that come with it (REFERENCES, UNIQUE, index=True)."""

    table: Name
    column: Column
    constraints: tuple[Constraint, ...] = ()
    indexes: tuple[Index, ...] = ()

    def apply(self, state: State) -> State:
        """Adds the column; existing rows get the default, or fail to get a value."""
        from mrt_lint.ops.rebuilding import with_added

        state, table = find_table(state, self, self.table)
        if table is None:
            return state
        key = state.fold(self.column.name)
        if key in table.columns and not self._replaces(table, key):
            sure = state.is_there(table) and table.columns[key].sure
            return exists_already(state, self, "column", f"{self.table}.{self.column.name}", sure)
        state = self._faults(state, table)
        adopted = adopt_column(state, self.column)
        state = with_lengths(state, self, self.table, [adopted])
        inherited = domain_default(state, adopted.type) if adopted.default is None else None
        contents = first_contents(adopted if inherited is None else replace(adopted, default=inherited))
        column = replace(adopted, origin=contents, assumed=False)
        if table.rebuilding is not None:
            state = state.put(with_added(table, key, column))
        else:
            state = with_column(state, table, column)
        table = state.table(table.name) or table
        for constraint in merged_keys(state, self.constraints):
            inline = replace(constraint, inline=self.column.name)
            state = with_reference(state, self, table, inline)
            state, table = add_constraint(state, self, table, inline)
        for index in self.indexes:
            state, table = add_index(state, self, table, index)
        return state.put(table)

    def _replaces(self, table: Table, key: str) -> bool:
        """Returns whether the column silently takes the place of another: the last one, in a rebuild.

        For any other Alembic finds no order of the columns (`_adjust_self_columns_for_partial_reordering`).
        """
        return table.rebuilding is not None and key == next(reversed(table.columns))

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
                sure=not isinstance(domain_default(state, self.column.type), Unknown),
            )
        return state

    def inverse(self, state_before: State) -> Operation | None:
        """Drops the column, on MySQL after the foreign keys that came with it."""
        from mrt_lint.ops.dropped_columns import DropColumn

        drop = DropColumn(table=self.table, name=self.column.name, batch="auto")
        if state_before.dialect not in MYSQL:
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

    MySQL and MariaDB fill the type's zero value instead of failing (manual 11.6), except that MySQL's
    default mode refuses it for dates (NO_ZERO_DATE, which is not in MariaDB's).
    """
    if column.nullable is not False or column.default is not None:
        return False
    if column.identity or column.autoincrement or column.generated is not None:
        return False
    if isinstance(domain_default(state, column.type), str):
        return False
    if state.dialect == "mysql":
        kind = column.type
        return not isinstance(kind, Unknown) and kind.for_dialect("mysql").name in ("date", "datetime")
    return state.dialect != "mariadb"


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameColumn(Operation):
    """RENAME COLUMN (`alter_column(new_column_name=...)`, CHANGE with another name)."""

    table: Name
    name: str
    new: str

    def apply(self, state: State) -> State:
        """Renames the column; everything that names it follows."""
        from mrt_lint.ops import sequences
        from mrt_lint.ops.rebuilding import with_renamed

        state, table, column = find_column(state, self, self.table, self.name)
        if table is None or column is None:
            return state
        if table.rebuilding is not None:
            state = state.put(with_renamed(table, state.fold(self.name), self._moved(state, table, column)))
            return sequences.follow_column(state, table.name, column.name, self.new)
        same = state.fold(self.new) == state.fold(self.name)
        other = table.columns.get(state.fold(self.new))
        if not same and other is not None:
            return state.fault(
                self,
                "exists",
                "column",
                f"{self.table}.{self.new}",
                f"column {self.table}.{self.new} exists already at that point",
                state.is_there(table) and other.sure,
            )
        state = sequences.named_apart(state, table.name)
        state = with_column(state, table, self._moved(state, table, column), old=column.name)
        table = state.table(table.name) or table
        state = sequences.follow_column(state, table.name, column.name, self.new)
        state = sequences.named_by_column(state, table.name)
        state = state.put(_follow_rename(state, table, column.name, self.new))
        state = follow_column(state, table.name, column.name, self.new)
        return _follow_references(state, table.name, column.name, self.new)

    def _moved(self, state: State, table: Table, column: Column) -> Column:
        """Returns the column under its new name, with the data that it had under the old one."""
        found = replace(column, name=self.new, origin=state.origin(table, column))
        back = found.origin == Kept(state.base_name(table), self.new)
        return replace(found, origin=None) if back else found

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
            inline=c.inline if isinstance(c.inline, Unknown) else name(c.inline),
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


def converted(origin: Origin, old: object, new: object, copied: bool = False) -> Origin:
    """Returns the contents after a plain type change; `copied`: by storing them, see `Cast`."""
    from mrt_lint.schema.names import UNKNOWN
    from mrt_lint.schema.origin import UnknownData
    from mrt_lint.schema.types import SqlType

    if not isinstance(new, SqlType):
        return UnknownData("a type that is not known")
    if not isinstance(old, SqlType):
        return Cast(origin, (SqlType("?", exact=False), new)) if old is UNKNOWN else origin
    if old == new and not new.exact:
        # Of two types that are not fully known one may be shorter.
        return Cast(origin, (SqlType("?", exact=False), new))
    if isinstance(origin, Cast):
        return Cast(origin.source, (*origin.types, new), copied if copied == origin.copied else None)
    return Cast(origin, (old, new), copied)


@dataclass(frozen=True, slots=True, kw_only=True)
class RedefineColumn(Operation):
    """MySQL's MODIFY / CHANGE: the whole definition anew; what is not said is reset.

    `new_name` None keeps the name. `existing_type`, `existing_nullable`: what the caller says it was.
    `retyped`: the type, which is not fully known, is given as a new one and not only stated again. One
    operation on purpose: its parts take effect together.
    """

    table: Name
    name: str
    column: Column
    new_name: str | None = None
    existing_type: SqlType | Unknown = UNKNOWN
    existing_nullable: bool | Unknown = UNKNOWN
    retyped: bool = False

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
        state = with_lengths(state, self, self.table, [replace(column, type=kind)])
        old = column.type
        if isinstance(old, Unknown):
            old = adopt_type(state, self.existing_type)
            state = told_type(state, table, column, self.name, old)
        if kind != old or self.retyped:
            origin = converted(state.origin(table, column), old, kind)
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
