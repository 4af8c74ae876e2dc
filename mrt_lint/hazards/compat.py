"""Rolling deploys: the old code still runs while the migration is already in effect.

Every question is asked of the schema after the upgrade: what is there again under its old name does no
harm, whatever happened in between.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mrt_lint.hazards.existing import old_column, old_table
from mrt_lint.hazards.nullability import added_required, extended_table, required, tightened
from mrt_lint.hazards.uniqueness import is_there_already, names_before, unique_already
from mrt_lint.ops import (
    AddColumn,
    AddConstraint,
    AlterColumnType,
    CreateIndex,
    DropColumn,
    DropTable,
    RedefineColumn,
    RenameColumn,
    RenameTable,
    SetNullable,
)
from mrt_lint.ops.adopting import adopt_type, automatic_index_name, automatic_name
from mrt_lint.ops.constraints import constraint_words
from mrt_lint.replay.tracing import table_now
from mrt_lint.roundtrip import RoundTrip
from mrt_lint.schema.casts import Effect, cast_effect
from mrt_lint.schema.expressions import identifiers
from mrt_lint.schema.names import Key, Name, Unknown
from mrt_lint.schema.objects import Column, Constraint, Index, Table
from mrt_lint.schema.state import State
from mrt_lint.schema.types import SqlType
from mrt_lint.schema.volatility import Volatility, default_volatility

_TEXTS: Final = ("varchar", "text", "tinytext", "mediumtext", "longtext", "clob")
Enforcing = AddConstraint | CreateIndex | AddColumn | SetNullable | RedefineColumn


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What the old code still uses and no longer finds. `column` None: the table itself."""

    table: Name
    column: str | None = None
    new: str | None = None

    @property
    def subject(self) -> str:
        """Returns it as reasons name it."""
        return f"{self.table}.{self.column}" if self.column else str(self.table)


def now(table: Name, trip: RoundTrip) -> Table | None:
    """Returns what a table of before is after the upgrade, under whatever name; None: it is gone."""
    return table_now(trip.before, trip.between, table)


def dropped_column(drop: DropColumn, state: State, trip: RoundTrip) -> Withdrawn | None:
    """Returns the column of before if its table is still there after the upgrade and the column is not."""
    return _withdrawn(drop.table, drop.name, None, state, trip)


def renamed_column(rename: RenameColumn | RedefineColumn, state: State, trip: RoundTrip) -> Withdrawn | None:
    """Returns the column of before if nothing has its old name after the upgrade."""
    new = rename.new if isinstance(rename, RenameColumn) else rename.new_name
    if new is None or state.fold(new) == state.fold(rename.name):
        return None
    return _withdrawn(rename.table, rename.name, new, state, trip)


def _withdrawn(table: Name, column: str, new: str | None, state: State, trip: RoundTrip) -> Withdrawn | None:
    before, owner = old_column(table, column, state, trip), state.table(table)
    if before is None or owner is None:
        return None
    base = state.base_name(owner)
    later = now(base, trip)
    if later is None or _read_through(base, trip) or trip.between.fold(before.name) in later.columns:
        return None
    return Withdrawn(base, before.name, new)


def withdrawn_table(operation: DropTable | RenameTable, state: State, trip: RoundTrip) -> Withdrawn | None:
    """Returns the table of before if neither table nor view has its name after the upgrade."""
    before, table = old_table(operation.table, state, trip), state.table(operation.table)
    if before is None or table is None:
        return None
    base = state.base_name(table)
    if trip.between.table(base) is not None or _read_through(base, trip):
        return None
    return Withdrawn(base, new=str(operation.new) if isinstance(operation, RenameTable) else None)


def _read_through(table: Name, trip: RoundTrip) -> bool:
    """Returns whether a view stands where the table was."""
    return trip.between.get("view", table) is not None


def demanded_column(add: AddColumn, state: State, trip: RoundTrip) -> Column | None:
    """Returns the new column if, after the upgrade, an INSERT that does not name it is refused.

    A default that serves only to fill the old rows and is dropped again in the same migration does not
    help the old code; a column that becomes NOT NULL later in the migration asks for a value too.
    """
    table = extended_table(add, state, trip)
    if table is None:
        return None
    later = now(state.base_name(table), trip)
    column = later.columns.get(trip.between.fold(add.column.name)) if later is not None else None
    if column is None:
        return None
    return column if required(column) or (column.assumed and added_required(add, state, trip)) else None


@dataclass(frozen=True, slots=True)
class Retyped:
    """A column of before whose type changes."""

    table: Name
    column: str
    old: SqlType | Unknown
    new: SqlType | Unknown

    @property
    def subject(self) -> str:
        """Returns the column as reasons name it."""
        return f"{self.table}.{self.column}"


def retyped(operation: AlterColumnType | RedefineColumn, state: State, trip: RoundTrip) -> Retyped | None:
    """Returns the column of before if the old code meets another type; a longer text is none."""
    before, table = old_column(operation.table, operation.name, state, trip), state.table(operation.table)
    column = state.column(operation.table, operation.name)
    if before is None or table is None or column is None:
        return None
    new = adopt_type(
        state, operation.type if isinstance(operation, AlterColumnType) else operation.column.type
    )
    old = column.type
    if isinstance(old, Unknown) and isinstance(operation, AlterColumnType):
        old = adopt_type(state, operation.existing_type)
    if isinstance(operation, RedefineColumn) and (isinstance(old, Unknown) or isinstance(new, Unknown)):
        return None  # MODIFY states a type in any case.
    if (old == new and not isinstance(new, Unknown)) or _only_longer(old, new, state):
        return None
    return Retyped(state.base_name(table), before.name, old, new)


def _only_longer(old: SqlType | Unknown, new: SqlType | Unknown, state: State) -> bool:
    """Returns whether only the length of a text or the precision of a number at the same scale grows."""
    if isinstance(old, Unknown) or isinstance(new, Unknown):
        return False
    if cast_effect(old, new, state.dialect) is not Effect.LOSSLESS:
        return False
    if old.name in _TEXTS and new.name in _TEXTS:
        return True
    return old.name == new.name == "numeric" and old.args[1:] == new.args[1:]


@dataclass(frozen=True, slots=True)
class Enforced:
    """What a row that the old code writes may now violate, in words."""

    table: Name
    part: str
    words: str

    @property
    def subject(self) -> str:
        """Returns it as reasons name it."""
        return f"{self.table}.{self.part}"


def enforced(operation: Enforcing, state: State, trip: RoundTrip) -> Iterator[Enforced]:
    """Yields what the operation demands of rows of a table of before and was not demanded of them already."""
    if isinstance(operation, SetNullable | RedefineColumn):
        yield from _not_null(operation, state, trip)
        return
    table, before = state.table(operation.table), old_table(operation.table, state, trip)
    if table is None or before is None or is_there_already(operation, state):
        return
    for item in _demands(operation):
        if not _concerns_old_code(item, operation, state, trip):
            continue
        if _demanded_before(item, before, operation.table, state):
            continue
        if isinstance(item, Index):
            name = item.name or automatic_index_name(state, table, item)
            words = f"unique index {name}"
        else:
            name = item.name or automatic_name(state, table, item) or ", ".join(item.columns)
            words = constraint_words(item)
        yield Enforced(operation.table, name, f"{words} on {operation.table}")


def _not_null(operation: SetNullable | RedefineColumn, state: State, trip: RoundTrip) -> Iterator[Enforced]:
    found = tightened(operation, state, trip)
    if found is None or found.column.nullable is False:
        return
    later = now(found.table, trip)
    name = operation.column.name if isinstance(operation, RedefineColumn) else operation.name
    column = later.columns.get(trip.between.fold(name)) if later is not None else None
    if column is None or column.nullable is False:
        yield Enforced(found.table, found.column.name, f"NOT NULL on {found.subject}")


def _demands(operation: AddConstraint | CreateIndex | AddColumn) -> Iterator[Constraint | Index]:
    """Yields the constraints and unique indexes; one that takes over a unique index demands nothing new."""
    items: tuple[Constraint | Index, ...]
    if isinstance(operation, CreateIndex):
        items = (operation.index,)
    elif isinstance(operation, AddConstraint):
        items = (operation.constraint,)
    else:
        items = (*operation.constraints, *operation.indexes)
    for item in items:
        if item.unique is True if isinstance(item, Index) else item.index is None:
            yield item


def _concerns_old_code(
    item: Constraint | Index,
    operation: AddConstraint | CreateIndex | AddColumn,
    state: State,
    trip: RoundTrip,
) -> bool:
    """Returns whether rows that the old code writes can violate it.

    It writes the columns of before; a new one that it does not name gets its default. A NULL satisfies
    every key, and a constant violates a unique key at the second row.
    """
    columns = _columns_of(item, operation, state)
    new = [_new_column(operation, name, state, trip) for name in columns]
    if not columns or (isinstance(item, Constraint) and item.kind in ("check", "exclude")):
        return None in new or not columns
    defaults = [column.default for column in new if column is not None]
    if None in new:
        return None not in defaults
    if isinstance(item, Constraint) and item.kind == "foreign":
        return False
    return all(
        isinstance(default, str) and default_volatility(default, state)[0] is Volatility.FIXED
        for default in defaults
    )


def _new_column(
    operation: AddConstraint | CreateIndex | AddColumn, name: str, state: State, trip: RoundTrip
) -> Column | None:
    """Returns the column if this migration made it, None for one of before."""
    if isinstance(operation, AddColumn) and state.fold(operation.column.name) == state.fold(name):
        return operation.column
    column = state.column(operation.table, name)
    old = column is None or old_column(operation.table, name, state, trip) is not None
    return None if old else column


def _columns_of(
    item: Constraint | Index, operation: AddConstraint | CreateIndex | AddColumn, state: State
) -> tuple[str, ...]:
    """Returns the columns of the table that a constraint or index is about; empty: not known."""
    table = state.table(operation.table)
    if isinstance(item, Constraint) and item.kind in ("unique", "primary", "foreign"):
        return item.columns
    if isinstance(item, Constraint):
        words = identifiers(item.expression or "")
    else:
        words = set() if isinstance(item.columns, Unknown) else set().union(*map(identifiers, item.columns))
    known = {*(table.columns if table is not None else ())}
    if isinstance(operation, AddColumn):
        known.add(state.fold(operation.column.name))
    return tuple(sorted(word for word in words if state.fold(word) in known))


def _demanded_before(item: Constraint | Index, before: Table, table: Name, state: State) -> bool:
    """Returns whether the table demanded the same of its rows before the migration."""
    if isinstance(item, Index) or item.kind in ("unique", "primary"):
        return unique_already(item, before, table, state)
    return any(_same_demand(item, one, table, state) for one in before.constraints)


def _same_demand(item: Constraint, one: Constraint, table: Name, state: State) -> bool:
    if item.kind != one.kind or one.assumed or not one.sure:
        return False
    if item.kind != "foreign":
        before = names_before((item.expression or "",), table, state)
        return item.expression is not None and before == (one.expression,)
    columns = [
        tuple(map(state.fold, names)) for names in (names_before(item.columns, table, state), one.columns)
    ]
    return columns[0] == columns[1] and _referred(item, state) == _referred(one, state)


def _referred(key: Constraint, state: State) -> Key | None:
    """Returns the table that a foreign key refers to, as it was called before the migration."""
    if key.ref_table is None:
        return None
    target = state.table(key.ref_table)
    return state.key("table", state.base_name(target) if target is not None else key.ref_table)
