"""Which databases a history cannot be applied to, so that its project is not for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from mrt_lint.ops.control import Refuse
from mrt_lint.ops.guard import DialectIs, tests_of
from mrt_lint.roundtrip import RoundTrip
from mrt_lint.schema.dialects import Dialect

_ASKED_AT_ONCE: Final = 2
"""More names than that in one guard are those of a value that differs by database, not of a question."""


def dead_databases(trips: Sequence[Mapping[Dialect, RoundTrip]]) -> set[Dialect]:
    """Returns the databases that the history cannot be applied to. `trips`: by migration, in its order.

    One migration that refuses to run there, or that the database has no statement for, is enough, and
    then the whole history counts. What fails on every database says nothing about where it runs.
    Where a later migration asks for the database by name, the project has ones that got past the refusal:
    they are made from its models, and stamped.
    """
    dead: set[Dialect] = set()
    for place, each in enumerate(trips):
        impossible = {
            dialect
            for dialect, trip in each.items()
            if _is_unsupported(trip) or (refuses(trip) and not _returns(dialect, trips[place + 1 :]))
        }
        if impossible | dead != each.keys():
            dead |= impossible
    return dead


def refuses(trip: RoundTrip) -> bool:
    """Returns whether the upgrade surely raises on this database."""
    last = trip.upgrade_steps[-1][1] if trip.upgrade_steps else None
    return isinstance(last, Refuse) and not last.elsewhere


def _is_unsupported(trip: RoundTrip) -> bool:
    """Returns whether the upgrade asks for what the database does not allow."""
    return any(fault.problem in ("unsupported", "taken") and fault.sure for fault in trip.upgrade_faults)


def _returns(dialect: Dialect, later: Sequence[Mapping[Dialect, RoundTrip]]) -> bool:
    """Returns whether one of these migrations is written for the database too: it asks, and runs on it."""
    return any(not refuses(each[dialect]) and _asks(each[dialect], dialect) for each in later)


def _asks(trip: RoundTrip, dialect: Dialect) -> bool:
    return any(
        isinstance(test.predicate, DialectIs)
        and not test.predicate.read
        and dialect in test.predicate.names
        and len(test.predicate.names) <= _ASKED_AT_ONCE
        for operation in trip.migration.upgrade or ()
        for test in tests_of(operation.guard)
    )
