"""The reasons of a round trip about one object, whichever operation began them, and when it is there."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.replay.tracing import table_now
from mrt_lint.roundtrip import Harm, Reason, RoundTrip
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Table
from mrt_lint.schema.state import State


def about(
    trip: RoundTrip, table: Name, part: str | None, kinds: tuple[str, ...], *harms: Harm
) -> Iterator[Reason]:
    """Yields the reasons with one of these harms about a part of a table, or about an object itself.

    `kinds`: as `Reason.kind` says it; objects of different kinds may share a name.
    """
    state = trip.before
    wanted = state.key("table", table)
    for reason in trip.reasons:
        if reason.harm not in harms or reason.kind not in kinds or reason.table is None:
            continue
        if state.key("table", reason.table) != wanted or (reason.part is None) is not (part is None):
            continue
        if part is None or state.fold(reason.part or "") == state.fold(part):
            yield reason


def is_there(state: State, reason: Reason, trip: RoundTrip) -> bool:
    """Returns whether a state has what a reason is about: an object, or a part of this name of a table."""
    if reason.table is None:
        return False
    if reason.part is None:
        return state.get(reason.kind, reason.table) is not None  # type: ignore[arg-type]
    table = table_now(trip.before, state, reason.table)
    return table is not None and has_part(state, table, reason)


def has_part(state: State, table: Table, reason: Reason) -> bool:
    """Returns whether a table has the column, index or constraint, by name, that a reason is about."""
    part = state.fold(reason.part or "")
    if reason.kind == "column":
        return part in table.columns
    if reason.kind == "index":
        return part in table.indexes
    return any(state.fold(one.called) == part for one in table.constraints)
