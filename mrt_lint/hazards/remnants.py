"""What is left and does no harm of its own: parts of a column that is left, a constraint said twice."""

from __future__ import annotations

from mrt_lint.ops.adopting import uses_column
from mrt_lint.replay.differences import structure
from mrt_lint.roundtrip import Harm, Reason, RoundTrip
from mrt_lint.schema.objects import CONSTRAINT_WORDS, Constraint, Index, SchemaObject, Table
from mrt_lint.schema.origin import kept_or_cast


def goes_with_column(reason: Reason, trip: RoundTrip) -> bool:
    """Returns whether a constraint or index is left on a new column that is left too and takes it along."""
    table = _table(reason, trip)
    part = _part(reason, trip, table)
    if table is None or part is None:
        return False
    left = (
        other.part
        for other in trip.reasons
        if other.harm is Harm.OBJECT_LEFT and other.kind == "column" and _table(other, trip) == table
    )
    return any(
        name is not None and uses_column(trip.after, part, name) and _is_new(name, table, trip)
        for name in left
    )


def _is_new(name: str, table: Table, trip: RoundTrip) -> bool:
    """Returns whether a column is no old one under another name."""
    column = trip.after.column(table.name, name)
    return column is not None and kept_or_cast(trip.after.origin(table, column)) is None


def says_again(reason: Reason, trip: RoundTrip) -> bool:
    """Returns whether a constraint that is left demands no more than another one that was there before."""
    table = _table(reason, trip)
    part = _part(reason, trip, table)
    old = trip.before.table(reason.table) if reason.table is not None else None
    if table is None or old is None or not isinstance(part, Constraint):
        return False
    wanted = structure(trip.after, part)
    others = [one for one in table.constraints if one is not part]
    before = [structure(trip.before, one) for one in old.constraints if not one.assumed]
    return wanted in before and wanted in [structure(trip.after, one) for one in others]


def numbers_of(reason: Reason, trip: RoundTrip) -> str | None:
    """Returns the column that a sequence which is left belongs to, if it was numbered before too.

    PostgreSQL names the sequence of a SERIAL after the table as it is called when it is made: a table made
    under another name and renamed keeps that.
    """
    own = trip.after.get("sequence", reason.table) if reason.table is not None else None
    details = dict(own.details) if isinstance(own, SchemaObject) else {}
    if not isinstance(own, SchemaObject) or own.table is None or "serial" not in details:
        return None
    name = details.get("column", "")
    before, after = (state.column(own.table, name) for state in (trip.before, trip.after))
    if before is None or after is None or not (before.autoincrement or before.identity):
        return None
    return f"{own.table}.{after.name}"


def _table(reason: Reason, trip: RoundTrip) -> Table | None:
    return trip.after.table(reason.table) if reason.table is not None else None


def _part(reason: Reason, trip: RoundTrip, table: Table | None) -> Constraint | Index | None:
    if table is None or reason.part is None:
        return None
    name = trip.after.fold(reason.part)
    if reason.kind == "index":
        return table.indexes.get(name)
    if reason.kind not in CONSTRAINT_WORDS:
        return None
    return next((one for one in table.constraints if trip.after.fold(one.called) == name), None)
