"""What existed before the migration: most hazards concern only tables and columns that may hold data.

A table is new when the upgrade created it: under the same name and schema, not dropped or renamed in
between (a table renamed by the upgrade is still an old one).
"""

from __future__ import annotations

from mrt_lint.ops import Opaque
from mrt_lint.ops.base import Operation
from mrt_lint.ops.guard import emptied
from mrt_lint.roundtrip import RoundTrip
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column, Table
from mrt_lint.schema.origin import ChangedRows, Kept, KeptRows, NoRows
from mrt_lint.schema.state import State


def old_table(name: Name | None, state: State, trip: RoundTrip) -> Table | None:
    """Returns the table as it was before the migration, None if this migration made it (or it is not there).

    `name` and `state`: an operation's table and the state that the operation meets. A table with
    temporary contents counts as new: nothing in it outlives the migration; so does one that the
    migration emptied before: there are no rows left to lose, to check or to wait for. So does one that no
    migration is known to make, where this one makes tables under names of which only a part is known.
    """
    table = state.table(name) if name is not None else None
    if table is None or table.temporary or _began_empty(table):
        return None
    before = trip.before.table(state.base_name(table))
    return None if before is not None and before.assumed and _may_be_new(before, trip) else before


def _may_be_new(table: Table, trip: RoundTrip) -> bool:
    """Returns whether the upgrade makes tables of which one may be called so: this one begins with it."""
    return any(isinstance(step, Opaque) and step.may_make(table.name) for _, step in trip.upgrade_steps)


def known_empty(step: Operation, table: Table, state: State) -> bool:
    """Returns whether a step runs only where the migration has seen that a table of before has no rows."""
    seen = any(state.key("table", name) == state.key("table", table.name) for name in emptied(step.guard))
    return seen and (table.rows is None or isinstance(table.rows, KeptRows))


def _began_empty(table: Table) -> bool:
    rows = table.rows.base if isinstance(table.rows, ChangedRows) else table.rows
    return isinstance(rows, NoRows)


def old_column(name: Name, column: str, state: State, trip: RoundTrip) -> Column | None:
    """Returns the column as it was before the migration, None if this migration made it or its table."""
    before = old_table(name, state, trip)
    table, found = state.table(name), state.column(name, column)
    if before is None or table is None or found is None:
        return None
    origin = state.origin(table, found)
    if isinstance(origin, Kept):
        return trip.before.column(origin.table, origin.column)
    return trip.before.column(before.name, found.name)
