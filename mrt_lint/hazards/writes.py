"""Rows and contents that the upgrade writes or removes and the downgrade does not restore."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.caused import caused_by
from mrt_lint.hazards.common import declared
from mrt_lint.hazards.existing import old_column, old_table
from mrt_lint.ops import Delete, DropColumn, Insert, Merge, Opaque, PythonCode, Truncate, Update
from mrt_lint.ops.base import Operation
from mrt_lint.ops.guard import ALWAYS
from mrt_lint.replay.tracing import column_now, rows_now
from mrt_lint.roundtrip import Harm, Reason, RoundTrip
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Table
from mrt_lint.schema.origin import ChangedRows, KeptRows, NoRows
from mrt_lint.schema.state import State


def emptied_tables(truncate: Truncate, state: State, trip: RoundTrip) -> Iterator[tuple[Table, bool]]:
    """Yields the tables of before that TRUNCATE empties for good, and whether it is CASCADE that does it.

    Silent for a table whose rows surely come back, and for one that the upgrade drops later on: that
    is what is to be told of it then.
    """
    after = truncate.apply(state)
    own = state.key("table", truncate.table)
    for key in sorted(after.changed_since(state) or (), key=lambda key: (key != own, key)):
        table = after.objects.get(key)
        if not isinstance(table, Table) or not isinstance(table.rows, NoRows):
            continue
        before = old_table(table.name, state, trip)
        if before is None or trip.between.table(table.name) is None or _rows_come_back(before.name, trip):
            continue
        yield before, key != own


def told_as_emptied(drop: DropColumn, table: Table, base: Name, trip: RoundTrip) -> bool:
    """Returns whether a TRUNCATE before it has left nothing in the column that a step drops.

    `table`: as the step meets it; `base`: its name before the migration. What goes is told of the rows then.
    """
    if not isinstance(table.rows, NoRows):
        return False
    for state, step in trip.upgrade_steps:
        if step == drop:
            return False
        if not isinstance(step, Truncate) or step.guard not in (ALWAYS, drop.guard):
            continue
        if any(emptied.name == base for emptied, _ in emptied_tables(step, state, trip)):
            return True
    return False


def _rows_come_back(table: Name, trip: RoundTrip) -> bool:
    after = trip.after.table(table)
    if after is None or declared(trip) or trip.migration.downgrade is None:
        return False
    rows = trip.after.rows(after)
    base = rows.base if isinstance(rows, ChangedRows) else rows
    return isinstance(base, KeptRows) and trip.after.key("table", base.table) == trip.before.key(
        "table", table
    )


def overwritten(write: Update | Merge | Insert, trip: RoundTrip) -> Iterator[Reason]:
    """Yields what tells of columns of before that this overwrites and that the downgrade does not write."""
    for reason in caused_by(write, trip, Harm.COLUMN_DATA_LOST):
        if reason.table is not None and not _writes(trip, reason.table, reason.part):
            yield reason


def is_told_mildly(reason: Reason, step: Operation | None, trip: RoundTrip) -> bool:
    """Returns whether a statement of the upgrade does a harm that the rules about such statements warn of.

    An UPDATE of what the downgrade leaves alone, and what a DELETE takes along or empties in other tables.
    """
    if step is None or step.direction != "upgrade" or reason.table is None:
        return False
    key = trip.before.key
    if isinstance(step, Delete):
        return key("table", step.table) != key("table", reason.table)
    written = reason.harm is Harm.COLUMN_DATA_LOST and isinstance(step, Update | Merge)
    return written and not _writes(trip, reason.table, reason.part)


def perhaps_overwritten(write: Update | Merge, state: State, trip: RoundTrip) -> Table | None:
    """Returns the table of before in which this writes what is not known, and the downgrade nothing."""
    if declared(trip) or (isinstance(write, Update) and write.assignments is not None):
        return None
    before = old_table(write.table, state, trip)
    if before is None or _writes(trip, before.name, None):
        return None
    if isinstance(write, Merge) and write.columns:
        known = (old_column(write.table, column, state, trip) for column in write.columns)
        return before if any(known) else None
    return before


def _writes(trip: RoundTrip, table: Name, column: str | None) -> bool:
    """Returns whether the downgrade writes the column (None: any) of a table of before, or may do so."""
    state = trip.between
    now = rows_now(trip.before, state, table)
    tables, columns = {state.key("table", table)}, None
    if now is not None:
        tables.add(state.key("table", now.name))
    if column is not None:
        later = column_now(state, now, table, column) if now is not None else None
        columns = {state.fold(column), state.fold(later.name if later is not None else column)}
    for _, step in trip.downgrade_steps:
        if isinstance(step, Opaque | PythonCode):
            places = step.tables if isinstance(step, Opaque) else step.writes
            if places is None or any(state.key("table", place) in tables for place in places):
                return True
        if not isinstance(step, Insert | Merge | Update) or state.key("table", step.table) not in tables:
            continue
        written = _columns_written(step)
        if written is None or (written if columns is None else columns & set(map(state.fold, written))):
            return True
    return False


def _columns_written(step: Operation) -> tuple[str, ...] | None:
    """Returns the columns of rows that are there already which an operation writes, None if not known."""
    if isinstance(step, Update):
        return None if step.assignments is None else tuple(name for name, _ in step.assignments)
    if isinstance(step, Merge):
        return step.columns or None
    if isinstance(step, Insert) and step.replaces:
        return step.columns if step.updates is None else step.updates
    return ()


def rows_left(insert: Insert, trip: RoundTrip) -> Iterator[Reason]:
    """Yields what tells of rows that this inserts into a table of before and that nothing deletes."""
    yield from caused_by(insert, trip, Harm.ROWS_LEFT)
