"""Operations on objects of any kind, and what the families of objects share."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from mrt_lint.classes import dataclass
from mrt_lint.ops.base import Operation
from mrt_lint.ops.dependents import (
    BELONGING,
    belonging,
    follow_relation,
    object_key,
    rehomed,
    vanished,
)
from mrt_lint.ops.editing import exists_already, find_object
from mrt_lint.ops.enums import CreateType
from mrt_lint.schema.names import Kind, Name, Unknown
from mrt_lint.schema.objects import AnyObject, EnumType, SchemaObject, Table
from mrt_lint.sql.holes import has_hole

if TYPE_CHECKING:
    from mrt_lint.schema.state import State


def create_object(state: State, op: Operation, value: SchemaObject, replaces: bool = False) -> State:
    """Returns the state with the object added; one that is there already is a fault unless replaced."""
    found = state.get(value.kind, value.name)
    value = replace(value, epoch=state.epoch)
    blind = isinstance(value.definition, Unknown) or has_hole(value.definition)
    if blind and (op.direction == "downgrade" or (found is not None and replaces)):
        # Two definitions that are not known are not therefore the same.
        state = state.doubt(op, f"what {value.kind} {value.name} is created as is not known")
    if found is None:
        anew = "stands at its start" if value.kind == "sequence" else ""
        return state.put(replace(value, moved=anew))
    if not replaces:
        sure = found.sure and not found.assumed
        return exists_already(state, op, value.kind, str(value.name), sure=sure)
    moved = found.moved if isinstance(found, SchemaObject) else ""
    return state.put(replace(value, moved=moved))


def restore(value: AnyObject) -> Operation:
    """Returns the operation that creates the object as it is."""
    if isinstance(value, EnumType):
        return CreateType(type=value.name, labels=value.labels)
    if isinstance(value, Table):
        from mrt_lint.ops.tables import create_from

        return create_from(value)
    return CreateObject(object=value, replace=True)


def restored(state_before: State, kind: Kind, name: Name) -> Operation | None:
    """Returns the operation that creates the object as it was before, None if it was not there."""
    found = state_before.get(kind, name)
    return None if found is None else restore(found)


def undone(state_before: State, drop: Operation) -> Operation | None:
    """Returns the operation that creates everything that a drop takes away, None if that is nothing."""
    from mrt_lint.ops.control import Several

    steps = [restore(item) for item in vanished(state_before, drop.apply(state_before))]
    if len(steps) < 2:
        return steps[0] if steps else None
    return Several(operations=tuple(steps))


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateObject(Operation):
    """Creates any other object: extension, schema, policy, grant, domain, rule, publication, ..."""

    object: SchemaObject
    replace: bool = False

    def apply(self, state: State) -> State:
        """Adds or replaces the object."""
        return create_object(state, self, self._value(state), self.replace)

    def _value(self, state: State) -> SchemaObject:
        value = self.object
        return replace(value, name=object_key(state, value.kind, value.name, value.table))

    def inverse(self, state_before: State) -> Operation | None:
        """Restores the object that was replaced, or drops the new one."""
        value = self._value(state_before)
        previous = restored(state_before, value.kind, value.name)
        return previous or DropObject(kind=value.kind, name=value.name, table=value.table)

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"create {self.object.kind} {self.object.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DropObject(Operation):
    """Drops any other object."""

    kind: Kind
    name: Name
    table: Name | None = None
    cascade: bool = False

    def apply(self, state: State) -> State:
        """Removes the object; a schema and an extension take all that is in them along."""
        name = object_key(state, self.kind, self.name, self.table)
        state, found = find_object(state, self, self.kind, name, self.table)
        if found is None:
            return state
        if self.kind == "schema":
            from mrt_lint.ops.namespaces import drop_contents

            state = drop_contents(state, self, self.name, self.cascade)
        if self.kind == "extension":
            from mrt_lint.ops.extensions import drop_members

            state = drop_members(state, self, self.name.name, self.cascade)
        return state.drop(self.kind, name)

    def inverse(self, state_before: State) -> Operation | None:
        """Creates the object as it was, and all that went with it."""
        return undone(state_before, self)

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"drop {self.kind} {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameObject(Operation):
    """ALTER <kind> .. RENAME TO, or SET SCHEMA."""

    kind: Kind
    name: Name
    new: Name
    table: Name | None = None

    def apply(self, state: State) -> State:
        """Moves the object; what refers to it follows."""
        old = object_key(state, self.kind, self.name, self.table)
        new = object_key(state, self.kind, self.new, self.table)
        state, found = find_object(state, self, self.kind, old, self.table)
        if found is None:
            return state
        if state.get(self.kind, new) is not None:
            return exists_already(state, self, self.kind, str(new))
        state = state.drop(self.kind, old).put(replace(found, name=new))
        return _followed(state, self.kind, old, new)

    def inverse(self, state_before: State) -> Operation | None:
        """Moves it back."""
        return RenameObject(kind=self.kind, name=self.new, new=self.name, table=self.table)

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"rename {self.kind} {self.name} to {self.new}"


def _followed(state: State, kind: Kind, old: Name, new: Name) -> State:
    """Returns the state in which everything refers to a renamed object by its new name."""
    if kind == "type":
        return _retyped(state, old, new)
    if kind == "view":
        for item in [item for each in BELONGING for item in belonging(state, each, old)]:
            state = rehomed(state, item, new)
        return follow_relation(state, old, new)
    if kind == "sequence":
        from mrt_lint.ops.sequences import follow_name

        return follow_name(state, old, new)
    if kind == "schema":
        from mrt_lint.ops.namespaces import move_contents

        return move_contents(state, old, new)
    return state


def _retyped(state: State, old: Name, new: Name) -> State:
    """Returns the state in which every column of a renamed type has the type's new name."""
    for table in state.tables():
        columns = dict(table.columns)
        for key, column in table.columns.items():
            kind = column.type
            if isinstance(kind, Unknown):
                continue
            if kind.element is not None and kind.element.name == old.name:
                columns[key] = replace(
                    column,
                    type=replace(kind, element=replace(kind.element, name=new.name, schema=new.schema)),
                )
            elif kind.name == old.name and kind.schema == old.schema:
                columns[key] = replace(column, type=replace(kind, name=new.name, schema=new.schema))
        if columns != table.columns:
            state = state.put(replace(table, columns=columns))
    return state


def altered(state: State, op: Operation, found: SchemaObject, change: str) -> State:
    """Returns the state in which an object carries one more change, unless it undoes an earlier one."""
    key, value = _change(change)
    details = dict(found.details)
    known = details.pop(key, None)
    undoes = value is None or (value == "dropped" and known is not None)
    if not undoes:
        details[key] = value or ""
    return state.put(replace(found, details=tuple(sorted(details.items()))))


def _change(change: str) -> tuple[str, str | None]:
    """Returns which part of an object a change sets, and to what; None: to what it is when created.

    ADD x and DROP x set the same part, and so do ENABLE and DISABLE.
    """
    words = change.split()
    verb = words[0].lower() if words else ""
    if verb in ("enable", "disable"):
        return "altered enabled", None if len(words) == 1 and verb == "enable" else change.lower()
    if verb in ("add", "drop") and len(words) > 2:
        what = [word for word in words[1:] if word.lower() not in ("if", "not", "exists")]
        part, rest = " ".join(what[:2]), " ".join(what[2:])
        return f"altered {part.lower()}", "dropped" if verb == "drop" else rest
    key, _, value = change.partition("=")
    return f"altered {key}", value


@dataclass(frozen=True, slots=True, kw_only=True)
class AlterObject(Operation):
    """ALTER <kind> in any other way; `change` canonical SQL."""

    kind: Kind
    name: Name
    change: str
    table: Name | None = None

    def apply(self, state: State) -> State:
        """Records the change on the object."""
        name = object_key(state, self.kind, self.name, self.table)
        state, found = find_object(state, self, self.kind, name, self.table)
        return altered(state, self, found, self.change) if isinstance(found, SchemaObject) else state

    def inverse(self, state_before: State) -> Operation | None:
        """Restores the object as it was, when that is known."""
        return restored(state_before, self.kind, object_key(state_before, self.kind, self.name, self.table))

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"alter {self.kind} {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintain(Operation):
    """VACUUM, ANALYZE, REINDEX, CLUSTER, REFRESH MATERIALIZED VIEW: no effect on schema or rows."""

    what: Literal["vacuum", "analyze", "reindex", "cluster", "refresh", "optimize"]
    target: Name | None = None
    concurrently: bool = False
    full: bool = False

    has_effect = False

    def apply(self, state: State) -> State:
        """Returns the state unchanged."""
        return state

    def inverse(self, state_before: State) -> Operation | None:
        """Returns itself: there is nothing to undo."""
        return self

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"{self.what} {self.target or ''}".strip()
