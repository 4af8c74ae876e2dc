"""Hazards: what is dropped, renamed or left behind, found once and given words by the rules.

Every function is a predicate over one operation and the round trip it stands in; None means that
there is no hazard, or that the round trip proves that it is undone.
"""

from __future__ import annotations

from dataclasses import dataclass

from mrt_lint.ops import DropColumn, DropIndex, DropTable, RenameTable
from mrt_lint.roundtrip import Harm, RoundTrip
from mrt_lint.schema.names import Name, Unknown
from mrt_lint.schema.objects import Column, Constraint, Index, Table
from mrt_lint.schema.origin import Filled, Kept, KeptRows
from mrt_lint.schema.state import State

_LOST = (Harm.COLUMN_DATA_LOST, Harm.ROWS_LOST, Harm.OBJECT_LOST, Harm.NOT_UNDERSTOOD, Harm.DECLARED)


@dataclass(frozen=True, slots=True)
class LostColumn:
    """A column that held data and is dropped. `fate`: what the downgrade does about it, in words."""

    table: Name
    column: Column
    fate: str

    @property
    def subject(self) -> str:
        """Returns the column as reasons name it."""
        return f"{self.table}.{self.column.name}"

    @property
    def words(self) -> str:
        """Returns the column with its type when that is known."""
        kind = "" if isinstance(self.column.type, Unknown) else f" {self.column.type}"
        return f"{self.subject}{kind}"


def lost_column(drop: DropColumn, state: State, trip: RoundTrip) -> LostColumn | None:
    """Returns the column if it held data before the migration and the round trip does not bring it back."""
    table, column = state.table(drop.table), state.column(drop.table, drop.name)
    if table is None or column is None:
        return None
    if column.generated is not None and not column.generated.stored:
        return None
    base = state.base_name(table)
    name = column.origin.column if isinstance(column.origin, Kept) else column.name
    before = trip.before.column(base, name)
    if before is None or _column_elsewhere(trip, base, name):
        return None
    if _column_comes_back(trip, base, name):
        return None
    return LostColumn(base, before, _fate_of_column(trip, base, name))


def _column_elsewhere(trip: RoundTrip, table: Name, name: str) -> bool:
    """Returns whether the upgrade leaves the data under the same table and name after all (a rebuild)."""
    kept = trip.between.column(table, name)
    owner = trip.between.table(table)
    if kept is None or owner is None:
        return False
    return trip.between.origin(owner, kept) == Kept(table, name)


def _speaks_of(trip: RoundTrip, table: Name, part: str | None) -> list[Harm]:
    state = trip.before
    return [
        reason.harm
        for reason in trip.reasons
        if reason.table is not None
        and state.key("table", reason.table) == state.key("table", table)
        and (reason.part is None or (part is not None and state.fold(reason.part) == state.fold(part)))
    ]


def _column_comes_back(trip: RoundTrip, table: Name, name: str) -> bool:
    if any(reason.harm is Harm.DECLARED for reason in trip.reasons) or trip.migration.downgrade is None:
        return False
    if trip.after.column(table, name) is None:
        return False
    return not any(harm in _LOST for harm in _speaks_of(trip, table, name))


def _fate_of_column(trip: RoundTrip, table: Name, name: str) -> str:
    declared = _no_downgrade(trip)
    if declared is not None:
        return declared
    column = trip.after.column(table, name)
    if column is None:
        return "the downgrade does not bring it back"
    if isinstance(column.origin, Filled):
        if column.origin.value in (None, "NULL"):
            return "the downgrade re-adds it empty"
        return f"the downgrade re-adds it with {column.origin.value} in every row"
    return "the downgrade re-adds it without its data"


def _no_downgrade(trip: RoundTrip) -> str | None:
    if trip.migration.downgrade is None:
        return "there is no downgrade"
    declared = next((reason for reason in trip.reasons if reason.harm is Harm.DECLARED), None)
    return f"the {declared.message}" if declared is not None else None


@dataclass(frozen=True, slots=True)
class LostTable:
    """A table that existed before and is dropped. `fate`: what the downgrade does about it, in words."""

    table: Table
    fate: str

    @property
    def subject(self) -> str:
        """Returns the table as reasons name it."""
        return str(self.table.name)


def lost_table(drop: DropTable, state: State, trip: RoundTrip) -> LostTable | None:
    """Returns the table if it existed before the migration and its rows do not come back.

    Silent for a table made in this migration, a temporary one, and the copy-and-rename rebuild: a
    table of the old name then holds the old rows after the upgrade.
    """
    table = state.table(drop.table)
    if table is None or table.temporary:
        return None
    base = state.base_name(table)
    before = trip.before.table(base)
    if before is None or not _same_table(trip, table, before):
        return None
    rebuilt = trip.between.table(base)
    if rebuilt is not None and trip.between.rows(rebuilt) == KeptRows(base):
        return None
    no_way = _no_downgrade(trip)
    if no_way is None and trip.after.table(base) is not None:
        if not any(harm in _LOST for harm in _speaks_of(trip, base, None)):
            return None
        return LostTable(before, "the downgrade re-creates it without its rows")
    return LostTable(before, no_way or "the downgrade does not bring it back")


def _same_table(trip: RoundTrip, table: Table, before: Table) -> bool:
    """Returns whether a table dropped in the upgrade is the one of before, not a new one of its name."""
    return table.rows is None or isinstance(table.rows, KeptRows) or _renamed_nowhere(trip, table, before)


def _renamed_nowhere(trip: RoundTrip, table: Table, before: Table) -> bool:
    state = trip.before
    return state.key("table", table.name) == state.key("table", before.name)


def rename_not_undone(rename: RenameTable, state: State, trip: RoundTrip) -> Name | None:
    """Returns the table's old name if it was renamed for good and the downgrade does not rename it back."""
    table = state.table(rename.table)
    if table is None or any(reason.harm is Harm.DECLARED for reason in trip.reasons):
        return None
    base = state.base_name(table)
    if trip.before.table(base) is None or trip.between.table(rename.new) is None:
        return None
    back = trip.after.table(base)
    if (
        back is not None
        and trip.after.rows(back) != KeptRows(base)
        and trip.after.table(rename.new) is not None
    ):
        return base
    return base if back is None and trip.after.table(rename.new) is not None else None


@dataclass(frozen=True, slots=True)
class LostIndex:
    """An index that existed before and is neither kept by the upgrade nor made again by the downgrade."""

    table: Name | None
    index: Index | Constraint

    @property
    def columns(self) -> str:
        """Returns the indexed columns in words, empty when they are not known."""
        if isinstance(self.index.columns, Unknown) or not self.index.columns:
            return ""
        return ", ".join(self.index.columns)


def lost_index(drop: DropIndex, state: State, trip: RoundTrip) -> LostIndex | None:
    """Returns the index if it was there before the migration and is gone after the round trip."""
    if any(reason.harm is Harm.DECLARED for reason in trip.reasons):
        return None
    found = _index_of(drop, state)
    if found is None:
        if any(_named_somewhere(later, drop.name.name) for later in (trip.between, trip.after)):
            return None
        return LostIndex(None, Index(drop.name.name, assumed=True))
    table, index = found
    base = state.base_name(table)
    before = trip.before.table(base)
    if before is None or not _has(trip.before, before, index):
        return None
    for later in (trip.between, trip.after):
        owner = later.table(base)
        if owner is None:
            return None
        if _has(later, owner, index):
            return None
    return LostIndex(base, index)


def _index_of(drop: DropIndex, state: State) -> tuple[Table, Index | Constraint] | None:
    folded = state.fold(drop.name.name)
    for table in [state.table(drop.table)] if drop.table is not None else state.tables():
        if table is None:
            continue
        if folded in table.indexes:
            return table, table.indexes[folded]
        for constraint in table.constraints:
            if constraint.kind == "unique" and constraint.name and state.fold(constraint.name) == folded:
                return table, constraint
    return None


def _has(state: State, table: Table, wanted: Index | Constraint) -> bool:
    """Returns whether a table has an index of the same name, or on the same columns."""
    constraints = [c for c in table.constraints if c.kind == "unique"]
    items: list[Index | Constraint] = [*table.indexes.values(), *constraints]
    named = {state.fold(item.name) for item in items if item.name}
    if wanted.name is not None and state.fold(wanted.name) in named:
        return True
    if isinstance(wanted.columns, Unknown):
        return False
    return any(
        not isinstance(item.columns, Unknown)
        and bool(item.columns)
        and tuple(map(state.fold, item.columns)) == tuple(map(state.fold, wanted.columns))
        for item in items
    )


def _named_somewhere(state: State, name: str) -> bool:
    folded = state.fold(name)
    return any(folded in table.indexes for table in state.tables())
