"""Tables that are dropped or renamed for good."""

from __future__ import annotations

from mrt_lint.classes import dataclass
from mrt_lint.hazards.about import about
from mrt_lint.hazards.caused import caused_by
from mrt_lint.hazards.common import LOST, declared, harms_of, no_way_back, only_not_understood
from mrt_lint.hazards.existing import known_empty
from mrt_lint.hazards.strength import on_request, told
from mrt_lint.ops import Delete, DropTable, RenameTable, Truncate
from mrt_lint.replay.carried import rows_aside
from mrt_lint.roundtrip import Harm, RoundTrip
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Table
from mrt_lint.schema.origin import ChangedRows, Inserted, KeptRows, NoRows
from mrt_lint.schema.state import State


@dataclass(frozen=True, slots=True)
class LostTable:
    """A table that existed before and is dropped. `fate`: what the downgrade does about it, in words.

    `sure` False: part of the migration is not understood, so the rows may come back all the same; or rows
    were put into another table first, where they stay.
    """

    table: Table
    fate: str
    sure: bool = True

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
    if table is None or table.temporary or known_empty(drop, table, state):
        return None
    base = state.base_name(table)
    before = trip.before.table(base)
    if before is None or not _same_table(trip, table, before):
        return None
    # Under a condition the round trip tells of another course than the one in which the table goes.
    harmed = list(caused_by(drop, trip, Harm.ROWS_LOST, Harm.OBJECT_LOST))
    sure = bool(harmed)
    if not sure and _rows_are_back(trip, base):
        return None
    no_way = no_way_back(trip)
    if not sure and no_way is None and only_not_understood(trip, base, None):
        back = trip.after.table(base) is not None
        again = f"{_made_again_by(drop, base, trip)} it; whether its rows come back"
        fate = again if back else "whether it comes back"
        return LostTable(before, f"{fate} is not understood", sure=False)
    if no_way is None and trip.after.table(base) is not None:
        if not sure and not any(harm in LOST for harm in harms_of(trip, base, None)):
            return None
        fate = f"{_made_again_by(drop, base, trip)} it {_refilled(base, trip)}"
        if harmed and all(reason.condition for reason in harmed):
            return LostTable(before, told(fate, harmed[0]), sure=False)
        return LostTable(before, on_request(fate, drop))
    aside = rows_aside(trip.before.key("table", base), trip.upgrade_steps) if no_way is not None else {}
    kept = [name for name in aside.values() if trip.between.table(name) is not None]
    if kept:
        return LostTable(before, f"{no_way}, though rows of it were put into {kept[0]} first", sure=False)
    return LostTable(before, on_request(no_way or "the downgrade does not bring it back", drop))


def _rows_are_back(trip: RoundTrip, base: Name) -> bool:
    """Returns whether the upgrade makes the table again with its old rows; a later step may delete some."""
    rebuilt = trip.between.table(base)
    rows = trip.between.rows(rebuilt) if rebuilt is not None else None
    return (rows.base if isinstance(rows, ChangedRows) else rows) == KeptRows(base)


def _made_again_by(drop: DropTable, base: Name, trip: RoundTrip) -> str:
    """Returns which direction makes the table anew, in words; the round trip may be one without the drop."""
    runs = any(step == drop for _, step in trip.upgrade_steps)
    return f"the {'upgrade' if runs and trip.between.table(base) is not None else 'downgrade'} re-creates"


def _refilled(base: Name, trip: RoundTrip) -> str:
    """Returns, in words, which rows a table has that is made anew without its own."""
    table = trip.after.table(base)
    rows = trip.after.rows(table) if table is not None else None
    if isinstance(rows, KeptRows) and trip.after.key("table", rows.table) != trip.after.key("table", base):
        return f"and puts the rows of {rows.table} into it"
    changes = rows.changes if isinstance(rows, ChangedRows) and isinstance(rows.base, NoRows) else ()
    picked = any(isinstance(change, Inserted) and change.picked for change in changes)
    return "and puts rows of another table into it" if picked else "without its rows"


def _same_table(trip: RoundTrip, table: Table, before: Table) -> bool:
    """Returns whether a table dropped in the upgrade is the one of before, not a new one of its name."""
    return table.rows is None or isinstance(table.rows, KeptRows) or _renamed_nowhere(trip, table, before)


def _renamed_nowhere(trip: RoundTrip, table: Table, before: Table) -> bool:
    state = trip.before
    return state.key("table", table.name) == state.key("table", before.name)


def rename_not_undone(rename: RenameTable, state: State, trip: RoundTrip) -> Name | None:
    """Returns the table's old name if it was renamed for good and the downgrade does not rename it back.

    Of several renames of one table the last counts. A downgrade that makes another table of the old
    name, without the old rows, undoes nothing.
    """
    table = state.table(rename.table)
    if table is None or declared(trip):
        return None
    base = state.base_name(table)
    if trip.before.table(base) is None or trip.between.table(rename.new) is None:
        return None
    if any(about(trip, base, None, ("table",), Harm.OBJECT_LOST)):
        return base
    emptied = any(
        not isinstance(reason.reverse, Delete | Truncate)  # that is told where the downgrade deletes them
        for reason in about(trip, base, None, ("table",), Harm.ROWS_LOST)
    )
    return base if emptied and not _renamed_to(trip, base) else None


def _renamed_to(trip: RoundTrip, name: Name) -> bool:
    """Returns whether the downgrade renames any table to this name."""
    return any(
        isinstance(operation, RenameTable) and state.key("table", operation.new) == state.key("table", name)
        for state, operation in trip.downgrade_steps
    )
