"""Rows that the downgrade moves to where the upgrade took others from, before it empties their table.

`INSERT INTO labels SELECT .. FROM settings` in the upgrade, the reverse and `DELETE FROM labels` in the
downgrade: what was in `labels` before is there no more, so it is lost to the old code; but it is not gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile
from typing import TYPE_CHECKING

from mrt_lint.ops.data import Insert
from mrt_lint.replay.carried import rows_aside
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Table
from mrt_lint.schema.origin import ChangedRows, Deleted, KeptRows, NoRows
from mrt_lint.schema.state import State

if TYPE_CHECKING:
    from mrt_lint.ops.base import Operation


def moved_out(
    name: Name, before: State, between: State, downgrade: Iterable[tuple[State, Operation]], after: State
) -> Name | None:
    """Returns the table into which the downgrade put all rows of one that it empties, None if it did not.

    Only of a table to which the upgrade added rows and that was not emptied by it: then these are put back.
    """
    key = before.key("table", name)
    if not _was_added_to(between.table(name), key, before):
        return None

    def has_rows(step: tuple[State, Operation]) -> bool:
        table = step[0].table(name)
        return table is not None and not isinstance(table.rows, NoRows)

    whole = (
        (state, step)
        for state, step in takewhile(has_rows, downgrade)
        if not (isinstance(step, Insert) and (step.where or step.skips))
    )
    for place, target in rows_aside(key, whole).items():
        old, found = before.objects.get(place), after.objects.get(place)
        if isinstance(old, Table) and isinstance(found, Table) and not isinstance(found.rows, NoRows):
            return target
    return None


def _was_added_to(table: Table | None, key: object, before: State) -> bool:
    rows = table.rows if table is not None else None
    if not isinstance(rows, ChangedRows) or not isinstance(rows.base, KeptRows):
        return False
    own = before.key("table", rows.base.table) == key
    return own and not any(isinstance(change, Deleted) for change in rows.changes)
