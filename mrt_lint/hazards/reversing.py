"""Drops in a downgrade that cannot do what they are there for."""

from __future__ import annotations

from mrt_lint.ops import (
    AddConstraint,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropTable,
    DropType,
    WrongCall,
)
from mrt_lint.ops.base import Operation
from mrt_lint.replay.causes import parts
from mrt_lint.roundtrip import Harm, Reason, RoundTrip
from mrt_lint.schema.names import UNKNOWN, Name, Unknown
from mrt_lint.schema.objects import CONSTRAINT_WORDS, Constraint


def is_presupposed(reason: Reason, trip: RoundTrip) -> bool:
    """Returns whether nothing but its drop in the downgrade tells that an object was there before."""
    table = trip.before.table(reason.table) if reason.table is not None else None
    if reason.cause is not None or reason.reverse is None or table is None:
        return False
    if reason.part is None:
        return table.assumed
    folded = trip.before.fold(reason.part)
    if reason.kind == "column":
        found = table.columns.get(folded)
        return found is not None and found.assumed
    if reason.kind == "index":
        index = table.indexes.get(folded)
        return index is not None and index.assumed
    return any(one.assumed for one in table.constraints if one.name == reason.part)


def dropped_in_vain(reason: Reason, trip: RoundTrip) -> bool:
    """Returns whether the downgrade drops a part that no migration made of a table that one did make.

    It may be there only if code made it that is not understood. What the upgrade makes on some other way
    is not dropped in vain.
    """
    if reason.harm is not Harm.OBJECT_LOST or reason.part is None or not is_presupposed(reason, trip):
        return False
    folded = trip.before.fold(reason.part)
    if any(folded in map(trip.before.fold, parts(step)) for step in trip.migration.upgrade or ()):
        return False
    table = trip.before.table(reason.table) if reason.table is not None else None
    return table is not None and not table.assumed


def drop_fails(reason: Reason, trip: RoundTrip) -> bool:
    """Returns whether the downgrade fails in the very statement that was to drop the object."""
    return any(fault.sure and _was_to_drop(fault.operation, reason, trip) for fault in trip.downgrade_faults)


def follows_from_failing(reason: Reason, trip: RoundTrip) -> bool:
    """Returns whether a statement fails for another that fails: that one is told.

    A column cannot be dropped, nor a constraint be added under its name, for the constraint that a failing
    drop was to take away; what is added to a table that was to be made is there already, since the table is.
    """
    step = reason.reverse
    if reason.field == "exists" and _is_on_what_was_there(step, trip):
        return True
    if isinstance(step, AddConstraint) and reason.field == "exists":
        nameless = any(drop.kind in (step.constraint.kind, UNKNOWN) for drop in _nameless(step.table, trip))
        return nameless or _failed_to_drop(step, trip)
    return isinstance(step, DropColumn) and reason.field == "invalid" and bool(_nameless(step.table, trip))


def _failed_to_drop(step: AddConstraint, trip: RoundTrip) -> bool:
    """Returns whether the downgrade was to drop a constraint of this name first, and finds none."""
    key = trip.between.key
    return any(
        isinstance(fault.operation, DropConstraint)
        and fault.sure
        and fault.operation.name is not None
        and fault.operation.name == step.constraint.name
        and key("table", fault.operation.table) == key("table", step.table)
        for fault in trip.downgrade_faults
    )


def stuck(reason: Reason, trip: RoundTrip) -> bool:
    """Returns whether a constraint is not as it was because a drop without a name fails before it."""
    if reason.kind not in CONSTRAINT_WORDS or reason.table is None:
        return False
    kinds = {drop.kind for drop in _nameless(reason.table, trip)}
    return UNKNOWN in kinds or any(reason.kind == Constraint(kind).word for kind in kinds - {UNKNOWN})


def _nameless(table: Name, trip: RoundTrip) -> list[DropConstraint]:
    """Returns the drops of constraints of a table that fail for want of a name."""
    key = trip.between.key
    return [
        fault.operation
        for fault in trip.downgrade_faults
        if fault.sure
        and isinstance(fault.operation, DropConstraint)
        and fault.operation.name is None
        and fault.operation.table is not None
        and key("table", fault.operation.table) == key("table", table)
    ]


def _is_on_what_was_there(step: Operation | None, trip: RoundTrip) -> bool:
    """Returns whether a step acts on a table that the downgrade cannot make, because it is there."""
    table = getattr(step, "table", None)
    key = trip.between.key
    return any(
        isinstance(fault.operation, CreateTable)
        and fault.sure
        and (fault.kind, fault.problem) == ("table", "exists")
        and fault.operation is not step
        and isinstance(table, Name)
        and key("table", fault.operation.table) == key("table", table)
        for fault in trip.downgrade_faults
    )


def type_fails(step: Operation | None, trip: RoundTrip) -> bool:
    """Returns whether the downgrade fails in this step because the database has no such type."""
    return any(
        fault.sure and fault.kind == "type" and fault.operation is step for fault in trip.downgrade_faults
    )


def _was_to_drop(operation: Operation, reason: Reason, trip: RoundTrip) -> bool:
    drops = DropConstraint | DropIndex | DropTable | DropType | WrongCall
    if reason.table is None or not isinstance(operation, drops):
        return False
    state = trip.between
    if isinstance(operation, DropTable):
        own = state.key("table", operation.table) == state.key("table", reason.table)
        return own and reason.kind == "table" and reason.part is None
    if isinstance(operation, DropType):
        own = state.key("type", operation.type) == state.key("type", reason.table)
        return own and reason.kind == "type" and reason.part is None
    part = state.fold(reason.part or "")
    if isinstance(operation, DropIndex):
        return reason.kind == "index" and state.fold(operation.name.name) == part
    if operation.table is None or state.key("table", operation.table) != state.key("table", reason.table):
        return False
    if isinstance(operation, WrongCall):
        return reason.kind == "column" and part in {state.fold(name) for name in operation.drops}
    if reason.kind not in (*CONSTRAINT_WORDS, "index"):
        return False
    if operation.name is not None:
        return state.fold(operation.name) == part
    if reason.kind == "index":
        return False
    return isinstance(operation.kind, Unknown) or reason.kind == Constraint(operation.kind).word
