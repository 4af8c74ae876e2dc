"""The reasons of a round trip about one object, whichever operation began them."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.roundtrip import Harm, Reason, RoundTrip
from mrt_lint.schema.names import Name


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
