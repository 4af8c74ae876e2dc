"""Schemas as places: what is in them goes and moves with them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mrt_lint.schema.dialects import MYSQL
from mrt_lint.schema.names import Key, Name
from mrt_lint.schema.objects import AnyObject, EnumType, SchemaObject, Table

if TYPE_CHECKING:
    from mrt_lint.ops.base import Operation
    from mrt_lint.schema.state import State


def contents(state: State, schema: Name) -> list[AnyObject]:
    """Returns everything that is in a schema, sorted by key."""
    place = state.fold(schema.name)
    found = {key: item for key, item in state.objects.items() if key.schema == place}
    return [item for _, item in sorted(found.items()) if isinstance(item, Table | EnumType | SchemaObject)]


def drop_contents(state: State, op: Operation, schema: Name, cascade: bool) -> State:
    """Returns the state without what is in a schema; PostgreSQL refuses that without CASCADE.

    In MySQL a schema is a database, which DROP takes whole.
    """
    inside = contents(state, schema)
    if inside and not cascade and state.dialect not in MYSQL:
        first = next((item for item in inside if _sure(state, item)), inside[0])
        message = f"schema {schema} cannot be dropped while {first.kind} {first.name} is in it"
        return state.fault(op, "invalid", "schema", str(schema), message, _sure(state, first))
    for item in inside:
        state = _dropped(state, op, item)
    return state


def _sure(state: State, item: AnyObject) -> bool:
    there = item.sure if isinstance(item, EnumType) else state.is_there(item)
    return there and not item.assumed


def _dropped(state: State, op: Operation, item: AnyObject) -> State:
    """Returns the state without an object of a dropped schema, and without what needs it elsewhere."""
    from mrt_lint.ops.enums import DropType
    from mrt_lint.ops.functions import DropFunction
    from mrt_lint.ops.sequences import DropSequence
    from mrt_lint.ops.tables import DropTable
    from mrt_lint.ops.views import DropView

    if state.get(item.kind, item.name) is None:
        return state
    step: Operation | None = None
    if item.kind == "table":
        step = DropTable(table=item.name, cascade=True)
    elif item.kind == "view":
        step = DropView(view=item.name, cascade=True)
    elif item.kind == "type":
        step = DropType(type=item.name, cascade=True)
    elif item.kind == "sequence":
        step = DropSequence(sequence=item.name, cascade=True)
    elif item.kind == "function":
        step = DropFunction(function=item.name, cascade=True)
    if step is None:
        return state.drop(item.kind, item.name)
    return replace(step, direction=op.direction).apply(state)


def move_contents(state: State, old: Name, new: Name) -> State:
    """Returns the state in which everything of a renamed schema is in the schema of its new name."""
    from mrt_lint.ops.objects import RenameObject
    from mrt_lint.ops.tables import RenameTable

    for item in contents(state, old):
        key = Key(item.kind, state.fold(old.name), state.fold(item.name.name))
        if key not in state.objects or state.get(item.kind, item.name) is None:
            continue  # It went with its table.
        target = Name(item.name.name, new.name)
        if isinstance(item, Table):
            state = RenameTable(table=item.name, new=target).apply(state)
        else:
            state = RenameObject(kind=item.kind, name=item.name, new=target).apply(state)
    return state
