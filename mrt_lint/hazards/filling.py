"""What a downgrade writes into a column that it adds again, row by row."""

from __future__ import annotations

from mrt_lint.ops import Update
from mrt_lint.ops.guard import Undecided, tests_of
from mrt_lint.roundtrip import RoundTrip
from mrt_lint.schema.origin import Derived, Filled

_LOOP = "loop over "
"""How a condition begins that stands for the number of times a loop runs."""


def constant_by_key(trip: RoundTrip, name: str, origin: Derived) -> str | None:
    """Returns what a column holds that got one constant in rows found by their key, None of any other.

    The rows of a query that a loop goes through are found so. Where a condition chooses the constant or the
    rows, the values do come from other data.
    """
    if not origin.keyed or not origin.sources or not all(isinstance(one, Filled) for one in origin.sources):
        return None
    looped = False
    for state, step in trip.downgrade_steps:
        if not isinstance(step, Update):
            continue
        if step.assignments is None:
            return None
        written = [value for column, value in step.assignments if state.fold(column) == state.fold(name)]
        if not written:
            continue
        if any(not value.literal or value.sql != origin.expression for value in written):
            return None
        open_ones = [test.predicate for test in tests_of(step.guard) if isinstance(test.predicate, Undecided)]
        if any(not one.text.startswith(_LOOP) for one in open_ones):
            return None
        looped = looped or bool(open_ones)
    where = "in every row that its loop goes through" if looped else "in the rows that it names by their key"
    return f"with {origin.expression} {where}"
