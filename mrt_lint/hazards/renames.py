"""Columns that are renamed for good."""

from __future__ import annotations

from mrt_lint.classes import dataclass
from mrt_lint.hazards.about import about
from mrt_lint.hazards.common import declared, no_way_back
from mrt_lint.ops import RedefineColumn, RenameColumn
from mrt_lint.replay.tracing import table_now
from mrt_lint.roundtrip import Harm, RoundTrip
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column, Table
from mrt_lint.schema.origin import Kept, kept_or_cast
from mrt_lint.schema.state import State


@dataclass(frozen=True, slots=True)
class RenamedColumn:
    """A column that existed before and has another name. `fate`: what the downgrade does, in words."""

    table: Name
    name: str
    new: str
    fate: str

    @property
    def subject(self) -> str:
        """Returns the column as reasons name it."""
        return f"{self.table}.{self.name}"


def column_rename_not_undone(
    rename: RenameColumn | RedefineColumn, state: State, trip: RoundTrip
) -> RenamedColumn | None:
    """Returns the column if it existed before and does not get its old name back from the downgrade.

    Of several renames of one column the last counts. A downgrade that makes another column of the old
    name, without the old contents, undoes nothing.
    """
    new = new_name(rename)
    table, column = state.table(rename.table), state.column(rename.table, rename.name)
    if new is None or table is None or column is None or declared(trip):
        return None
    before = _before(table, column, state, trip)
    if before is None:
        return None
    base, old = before
    later = trip.between.table(rename.table) or _renamed(trip, base)
    if later is None or trip.between.fold(new) not in later.columns:
        return None
    gone = any(about(trip, base, old, ("column",), Harm.OBJECT_LOST))
    emptied = any(about(trip, base, old, ("column",), Harm.COLUMN_DATA_LOST)) and not _renamed_to(trip, old)
    if (not gone and not emptied) or _fails(trip, old, new):
        return None
    return RenamedColumn(base, old, new, no_way_back(trip) or "the downgrade does not rename it back")


def _fails(trip: RoundTrip, old: str, new: str) -> bool:
    """Returns whether the downgrade fails in giving the column its old name again, which is told."""
    fold = trip.before.fold
    return any(
        fault.sure
        and isinstance(fault.operation, RenameColumn)
        and (fold(fault.operation.name), fold(fault.operation.new)) == (fold(new), fold(old))
        for fault in trip.downgrade_faults
    )


def new_name(operation: RenameColumn | RedefineColumn) -> str | None:
    """Returns the new name that an operation gives a column, None if it keeps its name."""
    new = operation.new if isinstance(operation, RenameColumn) else operation.new_name
    return None if new is None or new.casefold() == operation.name.casefold() else new


def _before(table: Table, column: Column, state: State, trip: RoundTrip) -> tuple[Name, str] | None:
    """Returns table and name under which a column's data stood before the migration, None if it is new."""
    kept = kept_or_cast(state.origin(table, column)) or Kept(state.base_name(table), column.name)
    found = trip.before.column(kept.table, kept.column)
    return None if found is None else (kept.table, found.name)


def _renamed(trip: RoundTrip, base: Name) -> Table | None:
    return table_now(trip.before, trip.between, base)


def _renamed_to(trip: RoundTrip, name: str) -> bool:
    """Returns whether the downgrade renames any column to this name."""
    folded = trip.before.fold(name)
    return any(
        isinstance(operation, RenameColumn | RedefineColumn)
        and trip.before.fold(new_name(operation) or "") == folded
        for _, operation in trip.downgrade_steps
    )
