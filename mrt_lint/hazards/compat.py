"""Rolling deploys: the old code still runs while the migration is already in effect.

Every question is asked of the schema after the upgrade: what is there again under its old name does no
harm, whatever happened in between.
"""

from __future__ import annotations

from typing import Final

from mrt_lint.classes import dataclass
from mrt_lint.hazards.existing import old_column, old_table
from mrt_lint.hazards.nullability import added_required, extended_table, required
from mrt_lint.ops import (
    AddColumn,
    AlterColumnType,
    DropColumn,
    DropTable,
    RedefineColumn,
    RenameColumn,
    RenameTable,
)
from mrt_lint.ops.adopting import adopt_type
from mrt_lint.replay.tracing import table_now
from mrt_lint.roundtrip import RoundTrip
from mrt_lint.schema.casts import Effect, cast_effect
from mrt_lint.schema.names import Name, Unknown
from mrt_lint.schema.objects import Column, Table
from mrt_lint.schema.state import State
from mrt_lint.schema.types import SqlType

_TEXTS: Final = ("varchar", "text", "tinytext", "mediumtext", "longtext", "clob")


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
