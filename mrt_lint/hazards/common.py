"""What every hazard asks of a round trip: is there a way back at all, and what do its reasons say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mrt_lint.lowered import Migration
from mrt_lint.ops import Operation, Refuse, SetColumnComment, SetTableComment
from mrt_lint.roundtrip import Harm, Reason, RoundTrip
from mrt_lint.schema.names import Name
from mrt_lint.schema.state import State

LOST = (Harm.COLUMN_DATA_LOST, Harm.ROWS_LOST, Harm.OBJECT_LOST, Harm.NOT_UNDERSTOOD, Harm.DECLARED)
"""The harms after which nobody can promise that old data is back."""

_LEFT: Final = "is still there after the downgrade"


def changes_something(operations: Iterable[Operation]) -> bool:
    """Returns whether any of the operations has an effect that a rollback must undo: not a comment."""
    return any(
        operation.has_effect and not isinstance(operation, SetColumnComment | SetTableComment)
        for operation in operations
    )


def in_batch(operation: Operation) -> bool:
    """Returns whether a batch does this: not SQL, nor a directive of `op` itself, inside its block."""
    return operation.batch is not None and not operation.sql and not operation.api.startswith("op.")


def only_in_batch(operation: Operation, migration: Migration) -> bool:
    """Returns whether a batch alone does this; a helper may do it without on another database.

    That is one statement of the migration, and one finding.
    """

    def outside(other: Operation) -> bool:
        same = type(other) is type(operation) and other.span == operation.span
        return same and not in_batch(other) and _about(other) == _about(operation)

    return in_batch(operation) and not any(map(outside, migration.upgrade or ()))


def _about(operation: Operation) -> tuple[object, object]:
    return getattr(operation, "table", None), getattr(operation, "name", None)


def declared(trip: RoundTrip) -> bool:
    """Returns whether the downgrade raises by itself: then the rules about the reversal are silent.

    On purpose as a rule; one that raises by a mistake reverses no more.
    """
    return _refusal(trip) is not None


def _refusal(trip: RoundTrip) -> Refuse | None:
    """Returns what the downgrade raises at, None if it does not surely raise by itself."""
    found = (reason.reverse for reason in trip.reasons if reason.harm in (Harm.DECLARED, Harm.CANNOT_RUN))
    return next((step for step in found if isinstance(step, Refuse)), None)


def harms_of(trip: RoundTrip, table: Name, part: str | None) -> list[Harm]:
    """Returns the harms that the round trip does to a table as a whole or to one column of it.

    A constraint or an index may be called as a column is.
    """
    state = trip.before
    return [
        reason.harm
        for reason in trip.reasons
        if reason.table is not None
        and state.key("table", reason.table) == state.key("table", table)
        and (reason.part is None or (part is not None and _is_column(reason, part, state)))
    ]


def only_not_understood(trip: RoundTrip, table: Name, part: str | None) -> bool:
    """Returns whether old data may come back after all: what speaks against it is not understood."""
    return {harm for harm in harms_of(trip, table, part) if harm in LOST} == {Harm.NOT_UNDERSTOOD}


def _is_column(reason: Reason, name: str, state: State) -> bool:
    return reason.kind == "column" and state.fold(reason.part or "") == state.fold(name)


def left_behind(trip: RoundTrip) -> str:
    """Returns what becomes of an object that the upgrade makes and nothing drops, in words."""
    return "stays: there is no downgrade" if trip.migration.downgrade is None else _LEFT


def no_way_back(trip: RoundTrip) -> str | None:
    """Returns why there is no way back at all, in words; None if there is a downgrade that runs."""
    if trip.migration.downgrade is None:
        return "there is no downgrade"
    refusal = _refusal(trip)
    return f"the downgrade raises {refusal.exception}" if refusal is not None else None
