"""Statements of a downgrade that are not reached, since one before them fails: surely, or on some ways."""

from __future__ import annotations

from mrt_lint.hazards.reversing import follows_from_failing
from mrt_lint.ops import DropColumn, DropIndex
from mrt_lint.ops.adopting import uses_column
from mrt_lint.ops.base import Operation
from mrt_lint.ops.guard import ALWAYS, database_answers, specialised
from mrt_lint.roundtrip import Harm, Reason, RoundTrip
from mrt_lint.schema.names import Name

_ROWS = ("not-null", "unique")
"""The problems of statements that fail on rows alone: without them the downgrade goes on."""


def unreached(reason: Reason, trip: RoundTrip) -> bool:
    """Returns whether the downgrade has failed, on this database, before it gets to where the reason stands.

    Not by what fails on rows only, unless this fails on rows of the same table, nor by what stands under a
    condition or in a `try`. A loop that fails in one statement is one place.
    """
    order = [step for _, step in trip.downgrade_steps]
    here = _place(reason.reverse, order)
    if here is None or reason.reverse is None:
        return False
    for other in trip.reasons:
        failing = other.reverse
        if other.harm is not Harm.CANNOT_RUN or other.condition or failing is None:
            continue
        if follows_from_failing(other, trip):
            continue  # The one that it follows from is told, wherever that stands.
        there = _place(failing, order)
        if there is None or there >= here or failing.span == reason.reverse.span:
            continue
        if not _always_runs(failing, trip):
            continue
        if other.field not in _ROWS:
            return True
        if reason.field == other.field and _on_one_table(failing, reason.reverse, trip):
            return True
    return False


def stopped_before(reason: Reason, trip: RoundTrip) -> str | None:
    """Returns in words which drop of a column an index stops that is missing later; None: no such drop.

    SQLite refuses to drop a column that an index names; one that is made on some ways only (`sure`) went with
    the column in the replay, so that it is its own drop that fails where it was not there.
    """
    drop = reason.reverse
    if trip.dialect != "sqlite" or reason.field != "missing" or not isinstance(drop, DropIndex):
        return None
    for state, step in trip.downgrade_steps:
        if step is drop:
            break
        if not isinstance(step, DropColumn) or step.batch not in (None, "never"):
            continue
        table = state.table(step.table)
        index = table.indexes.get(state.fold(drop.name.name)) if table is not None else None
        if index is not None and not index.sure and uses_column(state, index, step.name):
            return f"where it is there, {step.table}.{step.name} cannot be dropped before that"
    return None


def _place(operation: Operation | None, order: list[Operation]) -> int | None:
    return next((place for place, step in enumerate(order) if step is operation), None)


def _always_runs(operation: Operation, trip: RoundTrip) -> bool:
    return specialised(operation.guard, database_answers(trip.dialect)) == ALWAYS


def _on_one_table(one: Operation, other: Operation, trip: RoundTrip) -> bool:
    """Returns whether two operations are on the same table, and by the same name."""
    first, second = getattr(one, "table", None), getattr(other, "table", None)
    if not isinstance(first, Name) or not isinstance(second, Name):
        return False
    return trip.between.key("table", first) == trip.between.key("table", second)
