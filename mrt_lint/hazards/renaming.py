"""Renames that the downgrade does not get done, and objects that it makes itself."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.about import is_there
from mrt_lint.ops import Operation, RenameColumn, RenameConstraint, RenameIndex, RenameObject, RenameTable
from mrt_lint.roundtrip import Harm, Reason, RoundTrip
from mrt_lint.schema.names import Name

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
    for (_, step), after in zip(trip.downgrade_steps, states, strict=False):
        if is_there(after, reason, trip):
            return step
    return None


def _renames(trip: RoundTrip) -> Iterator[tuple[str, str]]:
    for _, step in trip.upgrade_steps:
        if isinstance(step, _RENAMES):
            old = step.table if isinstance(step, RenameTable) else step.name
            yield _called(old), _called(step.new)


def _called(name: Name | str) -> str:
    return name.name if isinstance(name, Name) else name
