"""The reasons of a round trip that one operation of the upgrade began."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.ops.base import Operation
from mrt_lint.roundtrip import Harm, Reason, RoundTrip


def caused_by(operation: Operation, trip: RoundTrip, *harms: Harm) -> Iterator[Reason]:
    """Yields the reasons with one of these harms (none given: any) whose cause is the operation."""
    for reason in trip.reasons:
        if reason.cause == operation and (not harms or reason.harm in harms):
            yield reason
