"""Drops in a downgrade that cannot do what they are there for."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.ops import (
    AddConstraint,
    AlterColumnType,
    CreateTable,
    CreateType,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropTable,
    DropType,
    EndRebuild,
    Update,
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


def made_twice(reason: Reason, trip: RoundTrip) -> bool:
    """Returns whether the downgrade makes the object under its own name without a drop, and fails in that."""
    key, fold = trip.between.key, trip.between.fold
    name = reason.part or ""
    return reason.table is not None and any(
        fault.sure
        and (fault.problem, fold(fault.subject.rpartition(".")[2])) == ("exists", fold(name))
        and isinstance(table := getattr(fault.operation, "table", None), Name)
        and key("table", table) == key("table", reason.table)
        for fault in trip.downgrade_faults
    )


def told_of(reason: Reason) -> str:
    """Returns what a finding about an object is about.

    A primary key is the one of its table: databases call it each in its way.
    """
    return f"{reason.table}.primary key" if reason.kind == "primary key" else reason.subject


def is_missed(reason: Reason, trip: RoundTrip) -> bool:
    """Returns whether what is left is what a drop of the downgrade was meant for that finds nothing.

    It asks for another name of the same kind on the same table; of more objects than there are such drops
    nothing says which ones were meant.
    """
    if reason.table is None or reason.kind not in (*CONSTRAINT_WORDS, "index"):
        return False
    left = [
        other
        for other in trip.reasons
        if (other.harm, other.kind, other.table) == (Harm.OBJECT_LEFT, reason.kind, reason.table)
    ]
    vain = [
        fault
        for fault in trip.downgrade_faults
        if fault.sure and fault.problem == "missing" and _drops_like(fault.operation, reason, trip)
    ]
    others = [
        other
        for other in trip.reasons
        if (other.kind, other.table) == (reason.kind, reason.table) and dropped_in_vain(other, trip)
    ]
    return len(left) <= len(vain) + len(others)


def _drops_like(operation: Operation, reason: Reason, trip: RoundTrip) -> bool:
    """Returns whether an operation drops by name an index or constraint of the kind and table of a reason."""
    if not isinstance(operation, DropIndex | DropConstraint) or operation.name is None:
        return False
    key, table = trip.between.key, operation.table
    if table is not None and reason.table is not None and key("table", table) != key("table", reason.table):
        return False
    if isinstance(operation, DropIndex):
        return reason.kind == "index"
    if isinstance(operation.kind, Unknown):
        return reason.kind != "index"
    return reason.kind == Constraint(operation.kind).word


def is_asked_for(reason: Reason, trip: RoundTrip) -> bool:
    """Returns whether the downgrade fails for want of the very object that is gone."""
    return any(
        fault.sure
        and fault.problem == "missing"
        and (fault.kind, fault.subject) == (reason.kind, reason.subject)
        for fault in trip.downgrade_faults
    )


def follows_from_failing(reason: Reason, trip: RoundTrip) -> bool:
    """Returns whether a statement fails for another that fails: that one is told.

    A column cannot be dropped, nor a constraint or a type be made under its name, for the one that a failing
    drop was to take away; what is added to a table that was to be made is there already, since the table is.
    """
    step = reason.reverse
    if isinstance(step, CreateType) and reason.field == "exists":
        return any(
            isinstance(failing, DropType) and failing.type == step.type for failing, _, _ in _failing(trip)
        )
    if isinstance(step, DropIndex) and reason.field == "missing" and _in_the_way(step, trip):
        return True
    if reason.field == "exists" and _is_on_what_was_there(step, trip):
        return True
    if isinstance(step, EndRebuild) and reason.field == "invalid":
        return _left_by_a_drop(reason, step, trip)
    if isinstance(step, AddConstraint) and reason.field == "exists":
        nameless = any(drop.kind in (step.constraint.kind, UNKNOWN) for drop in _nameless(step.table, trip))
        return nameless or _failed_to_drop(step, trip)
    return isinstance(step, DropColumn) and reason.field == "invalid" and bool(_nameless(step.table, trip))


def _in_the_way(step: DropIndex, trip: RoundTrip) -> bool:
    """Returns whether a column could not be dropped for the index that is dropped here, too late (SQLite)."""
    for failing, _, problem in _failing(trip):
        if not isinstance(failing, DropColumn) or problem != "invalid":
            continue
        table = trip.between.table(failing.table)
        index = table.indexes.get(trip.between.fold(step.name.name)) if table is not None else None
        if index is not None and not isinstance(index.columns, Unknown) and failing.name in index.columns:
            return True
    return False


def _left_by_a_drop(reason: Reason, end: EndRebuild, trip: RoundTrip) -> bool:
    """Returns whether a rebuild fails for what a drop was to take away that asks for what no migration made.

    A batch looks for what it drops before it makes the new table, and the drop is told by itself. Not where
    more is in the way than there are such drops.
    """
    kinds: dict[str, type[DropIndex | DropConstraint]] = {"index": DropIndex, "constraint": DropConstraint}
    drops = kinds.get(reason.kind)
    if drops is None:
        return False
    key = trip.between.key
    vain = [failing for failing, _, problem in _failing(trip) if problem == "missing"]
    lost = [other for other in trip.reasons if other.harm is Harm.OBJECT_LOST and is_presupposed(other, trip)]
    vain += [other.reverse for other in lost if other.reverse is not None]
    asking = {
        step.span
        for step in vain
        if isinstance(step, drops)
        and step.table is not None
        and key("table", step.table) == key("table", end.table)
    }
    same = (one for one in trip.reasons if (one.kind, one.field) == (reason.kind, "invalid"))
    held = {one.subject for one in same if one.reverse == end}
    return len(asking) >= len(held)


def _failed_to_drop(step: AddConstraint, trip: RoundTrip) -> bool:
    """Returns whether the downgrade was to drop a constraint of this name first, and finds none."""
    key = trip.between.key
    return any(
        isinstance(failing, DropConstraint)
        and failing.name is not None
        and failing.table is not None
        and failing.name == step.constraint.name
        and key("table", failing.table) == key("table", step.table)
        for failing, _, _ in _failing(trip)
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
        failing
        for failing, _, _ in _failing(trip)
        if isinstance(failing, DropConstraint)
        and failing.name is None
        and failing.table is not None
        and key("table", failing.table) == key("table", table)
    ]


def _failing(trip: RoundTrip) -> Iterator[tuple[Operation, str, str]]:
    """Yields the steps of the downgrade that fail, with the kind and problem of each, also on another way.

    The faults are those of the one way that the round trip shows; reasons come from all.
    """
    for fault in trip.downgrade_faults:
        if fault.sure:
            yield fault.operation, fault.kind, fault.problem
    for reason in trip.reasons:
        if reason.harm is Harm.CANNOT_RUN and reason.reverse is not None:
            yield reason.reverse, reason.kind, reason.field


def _is_on_what_was_there(step: Operation | None, trip: RoundTrip) -> bool:
    """Returns whether a step acts on a table that the downgrade cannot make, because it is there."""
    table = getattr(step, "table", None)
    key = trip.between.key
    return any(
        isinstance(failing, CreateTable)
        and (kind, problem) == ("table", "exists")
        and failing is not step
        and isinstance(table, Name)
        and key("table", failing.table) == key("table", table)
        for failing, kind, problem in _failing(trip)
    )


def type_fails(step: Operation | None, trip: RoundTrip) -> bool:
    """Returns whether the downgrade fails in this step: no such type, or no cast of the values to it."""
    return any(
        fault.sure
        and fault.operation is step
        and (fault.kind == "type" or (fault.problem == "invalid" and isinstance(step, AlterColumnType)))
        for fault in trip.downgrade_faults
    )


def written_in_vain(reason: Reason, trip: RoundTrip) -> bool:
    """Returns whether the downgrade was to write a column's contents, and fails in that very statement."""
    if reason.harm is not Harm.COLUMN_DATA_LOST or reason.table is None or reason.part is None:
        return False
    key, fold = trip.between.key, trip.between.fold
    return any(
        fault.sure
        and fault.problem == "unique"
        and isinstance(fault.operation, Update)
        and key("table", fault.operation.table) == key("table", reason.table)
        and fold(reason.part) in {fold(name) for name, _ in fault.operation.assignments or ()}
        for fault in trip.downgrade_faults
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
