"""Operations that change one property of a column: type, nullability, default, comment, identity."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.ops.adopting import adopt_type
from mrt_lint.ops.base import Operation
from mrt_lint.ops.columns import converted
from mrt_lint.ops.dependents import held
from mrt_lint.ops.editing import find_column, told_type, unsupported_on_sqlite, with_column
from mrt_lint.ops.lengths import with_lengths
from mrt_lint.ops.sequences import as_serial, asked_of_sequence, told_apart
from mrt_lint.schema.casts import needs_using
from mrt_lint.schema.defaults import is_constant, plain_default
from mrt_lint.schema.expressions import identifiers
from mrt_lint.schema.names import UNKNOWN, Name, Unknown
from mrt_lint.schema.objects import Column, Generated, Table
from mrt_lint.schema.origin import Derived, Filled, NoRows, Origin
from mrt_lint.schema.replacing import replace
from mrt_lint.schema.types import SqlType

if TYPE_CHECKING:
    from mrt_lint.schema.state import State


def _change(state: State, op: Operation, name: Name, column_name: str, **changes: object) -> State:
    """Returns the state with some fields of a column replaced."""
    state, table, column = find_column(state, op, name, column_name)
    if table is None or column is None:
        return state
    return with_column(state, table, replace(column, **changes))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlterColumnType(Operation):
    """Type change. `using`: canonical SQL of USING; `existing_type`: what the caller says it was.

    `plain_using`: USING says only what a plain cast does (`col::type`), set by the lowering.
    """

    table: Name
    name: str
    type: SqlType | Unknown
    using: str | None = None
    existing_type: SqlType | Unknown = UNKNOWN
    plain_using: bool = False

    def apply(self, state: State) -> State:
        """Changes the type; the contents become a cast, or an expression under USING."""
        refused = unsupported_on_sqlite(state, self, "change a column's type")
        if refused is not None:
            return refused
        state, table, column = find_column(state, self, self.table, self.name)
        if table is None or column is None:
            return state
        if state.dialect == "postgresql":
            state = held(state, self, "table", self.table, self.name, "get another type")
        new = adopt_type(state, self.type)
        retyped = replace(column, type=new)
        refused = with_lengths(state, self, self.table, [retyped])
        if refused is not state:
            return with_column(refused, table, retyped)  # It raises before it is sent: nothing is converted.
        old = column.type
        if isinstance(old, Unknown):
            old = adopt_type(state, self.existing_type)
            state = told_type(state, table, column, self.name, old)
        # USING is PostgreSQL's; Alembic leaves `postgresql_using` out elsewhere.
        using = self.using if state.dialect == "postgresql" else None
        same = new == old and not isinstance(new, Unknown) and new.exact
        # A cast to the type that the values have cuts none of them.
        plain = using is None or self.plain_using or says_cast(using, column.name, old)
        if (same and plain) or column.generated is not None:
            return with_column(state, table, replace(column, type=new))
        if using is None and _needs_using(state, old, new):
            state = state.fault(
                self,
                "invalid",
                "column",
                f"{self.table}.{self.name}",
                f"column {self.table}.{self.name} cannot be cast from {old} to {new} without USING",
                sure=column.sure,
            )
        if using is not None and _default_stands_against(state, column, old, new):
            state = state.fault(
                self,
                "invalid",
                "column",
                f"{self.table}.{self.name}",
                f"column {self.table}.{self.name} cannot get type {new} while it has the default "
                f"{column.default}, which is not cast by itself",
                sure=column.sure,
            )
        if using is not None and not plain:
            contents = _computed(state, table, using, new)
        else:
            origin = state.origin(table, column)
            contents = origin if isinstance(origin, Filled) else converted(origin, old, new)
        return with_column(state, table, replace(column, type=new, origin=contents))

    def inverse(self, state_before: State) -> Operation | None:
        """Restores the type that the column had; a default that is not cast by itself is put aside."""
        column = state_before.column(self.table, self.name)
        if column is None or isinstance(column.type, Unknown):
            return None
        back = AlterColumnType(table=self.table, name=self.name, type=column.type, batch="auto")
        if not _needs_using(state_before, adopt_type(state_before, self.type), column.type):
            return back
        back = replace(back, using=f"CAST({self.name} AS {column.type})", plain_using=True)
        if not isinstance(column.default, str):
            return back
        from mrt_lint.ops.control import Several

        aside = SetDefault(table=self.table, name=self.name, default=None)
        return Several(operations=(aside, back, replace(aside, default=column.default)))

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"change the type of {self.table}.{self.name} to {self.type}"


def says_cast(using: str, name: str, kind: SqlType | Unknown) -> bool:
    """Returns whether USING says the column as a value of this type, and nothing else."""
    from mrt_lint.sql.casts import is_cast_to

    return is_cast_to(using, name, kind, "postgresql")


def _computed(state: State, table: Table, using: str, new: SqlType | Unknown) -> Origin:
    """Returns the contents under USING, which may read all of the row (PostgreSQL manual, ALTER TABLE).

    Of what it does not name nothing is left. The name of one column alone copies that column.
    """
    if is_constant(using):
        return Filled(None if "NULL" in using.upper() else using)
    names = {state.fold(name) for name in identifiers(using)}
    read = [column for key, column in table.columns.items() if key in names]
    if len(read) == 1 and state.fold(using.strip('"')) == state.fold(read[0].name):
        origin, old = state.origin(table, read[0]), read[0].type
        same = old == new and isinstance(new, SqlType) and new.exact
        return origin if isinstance(origin, Filled) or same else converted(origin, old, new)
    return Derived(using, tuple(state.origin(table, column) for column in read))


def _default_stands_against(
    state: State, column: Column, old: SqlType | Unknown, new: SqlType | Unknown
) -> bool:
    """Returns whether USING cannot help: a default is cast only where there is an assignment cast.

    There is none between two enum types (PostgreSQL manual, ALTER TABLE and CREATE CAST).
    """
    if not isinstance(column.default, str) or isinstance(old, Unknown) or isinstance(new, Unknown):
        return False
    enums = [_is_enum(state, kind) for kind in (old, new)]
    return all(enums) or _needs_using(state, old, new)


def _needs_using(state: State, old: SqlType | Unknown, new: SqlType | Unknown) -> bool:
    return needs_using(old, new, state.dialect, partial(_is_enum, state))


def _is_enum(state: State, kind: SqlType) -> bool:
    return state.enum(Name(kind.name, kind.schema)) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetNullable(Operation):
    """SET NOT NULL / DROP NOT NULL (`nullable=`)."""

    table: Name
    name: str
    nullable: bool
    existing_nullable: bool | Unknown = UNKNOWN

    def apply(self, state: State) -> State:
        """Sets nullability; NOT NULL fails on a column that was just filled with NULL."""
        refused = unsupported_on_sqlite(state, self, "change nullability")
        if refused is not None:
            return refused
        state, table, column = find_column(state, self, self.table, self.name)
        if table is None or column is None:
            return state
        if not self.nullable and column.nullable is not False and _holds_null(table, column):
            state = state.fault(
                self,
                "not-null",
                "column",
                f"{self.table}.{self.name}",
                f"column {self.table}.{self.name} was just added empty: NOT NULL fails on rows",
            )
        return with_column(state, table, replace(column, nullable=self.nullable))

    def inverse(self, state_before: State) -> Operation | None:
        """Restores nullability."""
        column = state_before.column(self.table, self.name)
        if column is None or isinstance(column.nullable, Unknown):
            return None
        return SetNullable(table=self.table, name=self.name, nullable=column.nullable, batch="auto")

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"make {self.table}.{self.name} {'nullable' if self.nullable else 'NOT NULL'}"


def _holds_null(table: Table, column: Column) -> bool:
    empty = isinstance(table.rows, NoRows)
    return not empty and isinstance(column.origin, Filled) and column.origin.value in (None, "NULL")


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDefault(Operation):
    """SET DEFAULT (SQL text), DROP DEFAULT (None); UNKNOWN: a default that is not known."""

    table: Name
    name: str
    default: str | Unknown | None
    existing_default: str | Unknown | None = UNKNOWN

    def apply(self, state: State) -> State:
        """Replaces the default; existing rows are left alone."""
        refused = unsupported_on_sqlite(state, self, "change a default")
        if refused is not None:
            return refused
        state, table, column = find_column(state, self, self.table, self.name)
        if table is None or column is None:
            return state
        default = None if self.default == "NULL" else plain_default(self.default, column.type, state.dialect)
        if isinstance(default, Unknown) and isinstance(column.default, Unknown):
            # Two defaults that are not known are not therefore the same.
            state = state.doubt(self, f"which default {self.table}.{self.name} gets is not known")
        state, column = told_apart(state, self.table, column)
        return as_serial(with_column(state, table, replace(column, default=default)), table.name, self.name)

    def inverse(self, state_before: State) -> Operation | None:
        """Restores the default."""
        column = state_before.column(self.table, self.name)
        if column is None or isinstance(column.default, Unknown):
            return None
        default = asked_of_sequence(state_before, self.table, column) or column.default
        return SetDefault(table=self.table, name=self.name, default=default, batch="auto")

    def describe(self) -> str:
        """Returns the operation in words."""
        what = "drop the default of" if self.default is None else "set the default of"
        return f"{what} {self.table}.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetColumnComment(Operation):
    """COMMENT ON COLUMN; None removes it."""

    table: Name
    name: str
    comment: str | Unknown | None
    existing_comment: str | Unknown | None = UNKNOWN

    def apply(self, state: State) -> State:
        """Replaces the comment; SQLite keeps none."""
        if state.dialect == "sqlite":
            return state
        return _change(state, self, self.table, self.name, comment=self.comment or None)

    def inverse(self, state_before: State) -> Operation | None:
        """Restores the comment."""
        column = state_before.column(self.table, self.name)
        if column is None or isinstance(column.comment, Unknown):
            return None
        return SetColumnComment(table=self.table, name=self.name, comment=column.comment)

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"set the comment of {self.table}.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetIdentity(Operation):
    """ADD GENERATED .. AS IDENTITY ("always", "by default"), DROP IDENTITY (None), AUTO_INCREMENT."""

    table: Name
    name: str
    identity: str | None = None
    autoincrement: bool = False

    def apply(self, state: State) -> State:
        """Sets or removes identity; an identity column is NOT NULL."""
        changes: dict[str, object] = {"identity": self.identity, "autoincrement": self.autoincrement}
        if self.identity or self.autoincrement:
            changes |= {"nullable": False}
        return _change(state, self, self.table, self.name, **changes)

    def inverse(self, state_before: State) -> Operation | None:
        """Restores identity."""
        column = state_before.column(self.table, self.name)
        if column is None or column.assumed:
            return None
        return SetIdentity(
            table=self.table, name=self.name, identity=column.identity, autoincrement=column.autoincrement
        )

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"change the identity of {self.table}.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetGenerated(Operation):
    """DROP EXPRESSION (None) or a changed generation expression."""

    table: Name
    name: str
    generated: Generated | None

    def apply(self, state: State) -> State:
        """Replaces the expression; without one the values of now stay as plain data."""
        return _change(state, self, self.table, self.name, generated=self.generated)

    def inverse(self, state_before: State) -> Operation | None:
        """Restores the expression (no database can add one to a plain column: State only)."""
        column = state_before.column(self.table, self.name)
        if column is None or column.assumed:
            return None
        return SetGenerated(table=self.table, name=self.name, generated=column.generated)

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"change the generation of {self.table}.{self.name}"
