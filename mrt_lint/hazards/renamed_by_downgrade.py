"""Objects that only the downgrade renames: one rename, though one name goes and another one comes."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.classes import dataclass
from mrt_lint.ops import Operation, RenameColumn, RenameIndex, RenameTable
from mrt_lint.roundtrip import Harm, Reason, RoundTrip
from mrt_lint.schema.names import Name
from mrt_lint.schema.state import State


@dataclass(frozen=True, slots=True)
class Renamed:
    """A rename of the downgrade by which an object of before has another name in the end.

    `lost` and `left`: the reasons that tell of its old and of its new name; `new`: that name, in words.
    """

    step: Operation
    lost: Reason
    left: Reason
    new: str


def renamed_by_downgrade(reason: Reason, trip: RoundTrip) -> Renamed | None:
    """Returns the rename of which a reason tells one half, None if it tells of none."""
    return next((one for one in _renamed(trip) if reason in (one.lost, one.left)), None)


def old_name(step: Operation | None) -> Name | str | None:
    """Returns what an operation renames, None if it is no rename."""
    if isinstance(step, RenameTable):
        return step.table
    return step.name if isinstance(step, RenameColumn | RenameIndex) else None


def _renamed(trip: RoundTrip) -> Iterator[Renamed]:
    for state, step in trip.downgrade_steps:
        if not isinstance(step, RenameColumn | RenameIndex | RenameTable):
            continue
        old = step.table if isinstance(step, RenameTable) else step.name
        lost = _about(trip, Harm.OBJECT_LOST, step, old, state)
        left = _about(trip, Harm.OBJECT_LEFT, step, step.new, state)
        if lost is not None and left is not None:
            yield Renamed(step, lost, left, str(step.new))


def _about(
    trip: RoundTrip,
    harm: Harm,
    step: RenameColumn | RenameIndex | RenameTable,
    name: Name | str,
    state: State,
) -> Reason | None:
    """Returns the reason with a harm to what a rename calls so, None if there is none."""
    kind = {RenameColumn: "column", RenameIndex: "index"}.get(type(step), "table")
    for reason in trip.reasons:
        if (reason.harm, reason.kind) != (harm, kind) or reason.table is None:
            continue
        if isinstance(name, Name) and not isinstance(step, RenameIndex):
            if reason.part is None and state.key("table", reason.table) == state.key("table", name):
                return reason
            continue
        text = name.name if isinstance(name, Name) else name
        table = step.table
        on_it = table is None or state.key("table", table) == state.key("table", reason.table)
        if on_it and state.fold(reason.part or "") == state.fold(text):
            return reason
    return None
