"""Renames that the downgrade does not get done, and objects that it makes itself."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.about import has_part, is_there
from mrt_lint.ops import (
    DropTable,
    Operation,
    RenameColumn,
    RenameConstraint,
    RenameIndex,
    RenameObject,
    RenameTable,
)
from mrt_lint.replay.tracing import table_now
from mrt_lint.roundtrip import Harm, Reason, RoundTrip
from mrt_lint.schema.names import Name
from mrt_lint.schema.state import State

_RENAMES = (RenameColumn, RenameConstraint, RenameIndex, RenameObject, RenameTable)


def rename_back_fails(reason: Reason, trip: RoundTrip) -> bool:
    """Returns whether an object is under its new name because the statement that renames it back fails."""
    fold = trip.before.fold
    failed = {
        fold(_called(fault.operation.new))
        for fault in trip.downgrade_faults
        if fault.sure and isinstance(fault.operation, _RENAMES)
    }
    wanted = fold(reason.part or (reason.table.name if reason.table is not None else ""))
    if reason.harm is Harm.OBJECT_LOST:
        return wanted in failed
    renamed = ((fold(old), fold(new)) for old, new in _renames(trip))
    return any(new == wanted and old in failed for old, new in renamed)


def made_by_downgrade(reason: Reason, trip: RoundTrip) -> Operation | None:
    """Returns the operation of the downgrade that makes what is left behind, None if the upgrade made it."""
    if is_there(trip.between, reason, trip):
        return None
    states = [*(state for state, _ in trip.downgrade_steps[1:]), trip.after]
    for number, after in enumerate(states):
        if is_there(after, reason, trip):
            return _maker(number, states, reason, trip)
    return None


def _maker(number: int, states: list[State], reason: Reason, trip: RoundTrip) -> Operation:
    """Returns the step of the downgrade that made what is there after the step of a number.

    A table filled under another name takes the place of the old one where that is dropped or renamed away:
    its parts were made before, in the steps that made it.
    """
    steps = [step for _, step in trip.downgrade_steps]
    found = steps[number]
    table = table_now(trip.before, states[number], reason.table) if reason.table is not None else None
    if reason.part is None or table is None or not isinstance(found, DropTable | RenameTable):
        return found
    name = table.name
    for earlier in reversed(range(number + 1)):
        step, state = steps[earlier], states[earlier]
        there = state.table(name)
        if there is None or not has_part(state, there, reason):
            break
        found = step
        if isinstance(step, RenameTable) and state.key("table", step.new) == state.key("table", name):
            name = step.table
    return found


def _renames(trip: RoundTrip) -> Iterator[tuple[str, str]]:
    for _, step in trip.upgrade_steps:
        if isinstance(step, _RENAMES):
            old = step.table if isinstance(step, RenameTable) else step.name
            yield _called(old), _called(step.new)


def _called(name: Name | str) -> str:
    return name.name if isinstance(name, Name) else name
