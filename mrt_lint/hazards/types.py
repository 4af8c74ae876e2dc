"""Enum types that keep a value that was added, and types that are left behind."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.classes import dataclass
from mrt_lint.hazards.about import about
from mrt_lint.hazards.common import declared, no_way_back
from mrt_lint.ops import (
    AddEnumValue,
    AlterColumnType,
    DropType,
    Operation,
    RedefineColumn,
    ReplaceEnumValues,
)
from mrt_lint.ops.adopting import adopt_type
from mrt_lint.roundtrip import Harm, Reason, RoundTrip
from mrt_lint.schema.dialects import MYSQL
from mrt_lint.schema.names import Name, Unknown
from mrt_lint.schema.state import State
from mrt_lint.schema.types import SqlType


@dataclass(frozen=True, slots=True)
class AddedValues:
    """Enum values that are still there after the downgrade. `owner`: the type, or the column of MySQL."""

    owner: str
    labels: tuple[str, ...]
    fate: str
    subject: str

    @property
    def words(self) -> str:
        """Returns the values with what they are added to."""
        labels = ", ".join(map(repr, self.labels))
        return f"value {labels} is added to {self.owner}"


def added_values(operation: Operation, state: State, trip: RoundTrip) -> AddedValues | None:
    """Returns the enum values that an operation adds to what existed before, unless they go again."""
    if declared(trip):
        return None
    fate = no_way_back(trip) or "the downgrade does not take that back"
    if isinstance(operation, AddEnumValue | ReplaceEnumValues):
        labels = _new_labels(operation, state)
        found = _type_changed(operation.type, trip)
        left = _left(labels, operation.type, trip.after)
        if found is None or not left:
            return None
        return AddedValues(f"type {operation.type}", left, fate, found.aspect)
    if isinstance(operation, AlterColumnType | RedefineColumn) and state.dialect in MYSQL:
        return _widened(operation, state, trip, fate)
    return None


def _new_labels(operation: AddEnumValue | ReplaceEnumValues, state: State) -> tuple[str, ...]:
    if isinstance(operation, AddEnumValue):
        return (operation.label,)
    found = state.enum(operation.type)
    if found is None or isinstance(found.labels, Unknown):
        return ()
    return tuple(label for label in operation.labels if label not in found.labels)


def _type_changed(name: Name, trip: RoundTrip) -> Reason | None:
    return next(about(trip, name, None, ("type",), Harm.DEFINITION_CHANGED), None)


def _left(labels: tuple[str, ...], name: Name, after: State) -> tuple[str, ...]:
    """Returns those of the labels that the type has (all, where it is not known which it has)."""
    found = after.enum(name)
    if found is None or isinstance(found.labels, Unknown):
        return labels
    return tuple(label for label in labels if label in found.labels)


def _widened(
    operation: AlterColumnType | RedefineColumn, state: State, trip: RoundTrip, fate: str
) -> AddedValues | None:
    table, column = state.table(operation.table), state.column(operation.table, operation.name)
    if table is None or column is None:
        return None
    new = operation.type if isinstance(operation, AlterColumnType) else operation.column.type
    new, old = adopt_type(state, new), column.type
    if isinstance(old, Unknown):
        old = adopt_type(state, operation.existing_type)
    if not isinstance(old, SqlType) or not isinstance(new, SqlType) or not old.labels:
        return None
    added = tuple(label for label in new.labels if label not in old.labels)
    if not added or not set(old.labels) <= set(new.labels):
        return None
    base = state.base_name(table)
    for reason in about(trip, base, column.name, ("column",), Harm.DEFINITION_CHANGED):
        if reason.field == "type":
            return AddedValues(f"{base}.{column.name}", added, fate, reason.aspect)
    return None


def _drop_fails(name: Name, trip: RoundTrip) -> bool:
    """Returns whether the downgrade fails in the statement that drops a type, as MRT806 tells."""
    key = trip.between.key
    return any(
        fault.sure
        and isinstance(fault.operation, DropType)
        and key("type", fault.operation.type) == key("type", name)
        for fault in trip.downgrade_faults
    )


def left_types(operation: Operation, state: State, trip: RoundTrip) -> Iterator[Name]:
    """Yields the types that an operation creates, itself or along with a table, and that are left behind."""
    if declared(trip):
        return
    later = operation.apply(state)
    if not any(key.kind == "type" for key in later.changed_since(state) or ()):
        return
    there = {state.key("type", found.name) for found in state.all("type")}
    for found in later.all("type"):
        if state.key("type", found.name) in there:
            continue
        if trip.between.get("type", found.name) is None:
            continue  # The upgrade has dropped it again: another one of its name is left.
        if _drop_fails(found.name, trip):
            continue
        if any(about(trip, found.name, None, ("type",), Harm.OBJECT_LEFT)):
            yield found.name
