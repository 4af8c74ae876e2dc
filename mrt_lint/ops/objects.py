"""Operations on views, sequences, triggers, functions and all other objects without rows of their own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from mrt_lint.ops.base import Operation
from mrt_lint.ops.editing import exists_already, find_object
from mrt_lint.ops.enums import CreateType
from mrt_lint.schema.names import UNKNOWN, Kind, Name, Unknown
from mrt_lint.schema.objects import AnyObject, EnumType, SchemaObject

if TYPE_CHECKING:
    from mrt_lint.schema.state import State


def _create(state: State, op: Operation, value: SchemaObject, replaces: bool = False) -> State:
    """Returns the state with the object added; one that is there already is a fault unless replaced."""
    found = state.get(value.kind, value.name)
    if found is not None and not replaces:
        return exists_already(state, op, value.kind, str(value.name), sure=found.sure and not found.assumed)
    return state.put(value)


def _drop(state: State, op: Operation, kind: Kind, name: Name) -> State:
    """Returns the state without the object."""
    state, found = find_object(state, op, kind, name)
    return state if found is None else state.drop(kind, name)


def restore(value: AnyObject) -> Operation:
    """Returns the operation that creates the object as it is."""
    if isinstance(value, EnumType):
        return CreateType(type=value.name, labels=value.labels)
    assert isinstance(value, SchemaObject)
    return CreateObject(object=value, replace=True)


def _restored(state_before: State, kind: Kind, name: Name) -> Operation | None:
    """Returns the operation that creates the object as it was before, None if it was not there."""
    found = state_before.get(kind, name)
    return None if found is None else restore(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateView(Operation):
    """CREATE [OR REPLACE] [MATERIALIZED] VIEW; `query` canonical SQL; `replace` as written."""

    view: Name
    query: str | Unknown
    materialized: bool = False
    replace: bool = False

    def apply(self, state: State) -> State:
        """Adds or replaces the view."""
        details = (("materialized", "yes"),) if self.materialized else ()
        return _create(
            state, self, SchemaObject("view", self.view, self.query, details=details), self.replace
        )

    def inverse(self, state_before: State) -> Operation | None:
        """Restores the view that was replaced, or drops the new one."""
        return _restored(state_before, "view", self.view) or DropView(
            view=self.view, materialized=self.materialized
        )

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"create {'materialized ' if self.materialized else ''}view {self.view}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DropView(Operation):
    """DROP [MATERIALIZED] VIEW."""

    view: Name
    materialized: bool = False
    cascade: bool = False

    def apply(self, state: State) -> State:
        """Removes the view."""
        return _drop(state, self, "view", self.view)

    def inverse(self, state_before: State) -> Operation | None:
        """Creates the view as it was."""
        return _restored(state_before, "view", self.view)

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"drop {'materialized ' if self.materialized else ''}view {self.view}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateSequence(Operation):
    """CREATE SEQUENCE; `definition` canonical SQL of its options."""

    sequence: Name
    definition: str = ""

    def apply(self, state: State) -> State:
        """Adds the sequence."""
        return _create(state, self, SchemaObject("sequence", self.sequence, self.definition))

    def inverse(self, state_before: State) -> Operation | None:
        """Drops the sequence."""
        return None if state_before.get("sequence", self.sequence) else DropSequence(sequence=self.sequence)

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"create sequence {self.sequence}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlterSequence(Operation):
    """ALTER SEQUENCE, or setval() (`position` True: only where it stands changes)."""

    sequence: Name
    change: str = ""
    position: bool = False

    def apply(self, state: State) -> State:
        """Records the change in the definition; a position leaves the definition alone."""
        return _altered(state, self, "sequence", self.sequence, "position" if self.position else self.change)

    def inverse(self, state_before: State) -> Operation | None:
        """Restores the sequence as it was, when that is known."""
        return _restored(state_before, "sequence", self.sequence)

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"{'set the position of' if self.position else 'alter'} sequence {self.sequence}"


def _altered(state: State, op: Operation, kind: Kind, name: Name, change: str) -> State:
    """Returns the state in which an object carries one more change, unless it is the last one undone."""
    state, found = find_object(state, op, kind, name)
    if not isinstance(found, SchemaObject):
        return state
    key, _, value = change.partition("=")
    details = tuple(item for item in found.details if item[0] != f"altered {key}")
    return state.put(replace(found, details=tuple(sorted((*details, (f"altered {key}", value))))))


@dataclass(frozen=True, slots=True, kw_only=True)
class DropSequence(Operation):
    """DROP SEQUENCE."""

    sequence: Name
    cascade: bool = False

    def apply(self, state: State) -> State:
        """Removes the sequence."""
        return _drop(state, self, "sequence", self.sequence)

    def inverse(self, state_before: State) -> Operation | None:
        """Creates the sequence as it was; its position is gone."""
        return _restored(state_before, "sequence", self.sequence)

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"drop sequence {self.sequence}"


def trigger_key(state: State, trigger: Name, table: Name | None) -> Name:
    """Returns the name under which State keeps a trigger: PostgreSQL's are named within their table."""
    if state.dialect == "postgresql" and table is not None:
        return Name(f"{trigger.name} on {state.key('table', table).name}", table.schema)
    return trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTrigger(Operation):
    """CREATE TRIGGER; `definition` canonical SQL; `function` what it calls (PostgreSQL)."""

    trigger: str
    table: Name
    definition: str | Unknown = UNKNOWN
    function: Name | None = None
    replace: bool = False

    def apply(self, state: State) -> State:
        """Adds the trigger to its table."""
        name = trigger_key(state, Name(self.trigger, self.table.schema), self.table)
        details = (("function", str(self.function)),) if self.function is not None else ()
        return _create(
            state, self, SchemaObject("trigger", name, self.definition, self.table, details), self.replace
        )

    def inverse(self, state_before: State) -> Operation | None:
        """Restores the trigger that was replaced, or drops the new one."""
        name = trigger_key(state_before, Name(self.trigger, self.table.schema), self.table)
        previous = _restored(state_before, "trigger", name)
        return previous or DropTrigger(trigger=Name(self.trigger, self.table.schema), table=self.table)

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"create trigger {self.trigger} on {self.table}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTrigger(Operation):
    """DROP TRIGGER; `table` None where the database needs none (MySQL, SQLite)."""

    trigger: Name
    table: Name | None = None
    cascade: bool = False

    def apply(self, state: State) -> State:
        """Removes the trigger."""
        name = trigger_key(state, self.trigger, self.table)
        state, found = find_object(state, self, "trigger", name, self.table)
        return state if found is None else state.drop("trigger", name)

    def inverse(self, state_before: State) -> Operation | None:
        """Creates the trigger as it was."""
        return _restored(state_before, "trigger", trigger_key(state_before, self.trigger, self.table))

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"drop trigger {self.trigger}" + (f" of {self.table}" if self.table else "")


def function_key(function: Name, arguments: str | None) -> Name:
    """Returns the name under which State keeps a function: overloads differ by argument types."""
    return Name(f"{function.name}({arguments})", function.schema) if arguments is not None else function


def _function_named(state: State, function: Name, arguments: str | None) -> Name:
    """Returns the key of the function meant: DROP FUNCTION f means the only overload there is."""
    key = function_key(function, arguments)
    if state.get("function", key) is not None:
        return key
    prefix = state.fold(function.name) + "("
    same = [
        item.name
        for item in state.all("function")
        if state.fold(item.name.name).startswith(prefix)
        or state.fold(item.name.name) == state.fold(function.name)
    ]
    return same[0] if len(same) == 1 and (arguments is None or "(" not in same[0].name) else key


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateFunction(Operation):
    """CREATE [OR REPLACE] FUNCTION or PROCEDURE; the body is not executed by the migration.

    `arguments`: canonical argument types, None if not read; `definition` canonical SQL.
    """

    function: Name
    arguments: str | None = None
    definition: str | Unknown = UNKNOWN
    replace: bool = False

    def apply(self, state: State) -> State:
        """Adds or replaces the function."""
        value = SchemaObject("function", function_key(self.function, self.arguments), self.definition)
        return _create(state, self, value, self.replace)

    def inverse(self, state_before: State) -> Operation | None:
        """Restores the function that was replaced, or drops the new one."""
        previous = _restored(state_before, "function", function_key(self.function, self.arguments))
        return previous or DropFunction(function=self.function, arguments=self.arguments)

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"create function {self.function}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DropFunction(Operation):
    """DROP FUNCTION or PROCEDURE."""

    function: Name
    arguments: str | None = None
    cascade: bool = False

    def apply(self, state: State) -> State:
        """Removes the function, with CASCADE also the triggers that call it."""
        name = _function_named(state, self.function, self.arguments)
        state, found = find_object(state, self, "function", name)
        if found is None:
            return state
        for trigger in _callers(state, self.function) if self.cascade else []:
            state = state.drop("trigger", trigger.name)
        return state.drop("function", name)

    def inverse(self, state_before: State) -> Operation | None:
        """Creates the function as it was, and with CASCADE the triggers that called it."""
        from mrt_lint.ops.control import Several

        previous = _restored(
            state_before, "function", _function_named(state_before, self.function, self.arguments)
        )
        callers = _callers(state_before, self.function) if self.cascade else []
        if previous is None or not callers:
            return previous
        return Several(operations=(previous, *(restore(trigger) for trigger in callers)))

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"drop function {self.function}"


def _callers(state: State, function: Name) -> list[SchemaObject]:
    return [
        item
        for item in state.all("trigger")
        if isinstance(item, SchemaObject)
        and dict(item.details).get("function", "").rpartition(".")[2] == function.name
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateObject(Operation):
    """Creates any other object: extension, schema, policy, grant, domain, rule, publication, ..."""

    object: SchemaObject
    replace: bool = False

    def apply(self, state: State) -> State:
        """Adds or replaces the object."""
        return _create(state, self, self.object, self.replace)

    def inverse(self, state_before: State) -> Operation | None:
        """Restores the object that was replaced, or drops the new one."""
        value = self.object
        previous = _restored(state_before, value.kind, value.name)
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
        """Removes the object."""
        state, found = find_object(state, self, self.kind, self.name, self.table)
        return state if found is None else state.drop(self.kind, self.name)

    def inverse(self, state_before: State) -> Operation | None:
        """Creates the object as it was."""
        return _restored(state_before, self.kind, self.name)

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
        """Moves the object; the columns of a renamed type follow it."""
        state, found = find_object(state, self, self.kind, self.name, self.table)
        if found is None:
            return state
        if state.get(self.kind, self.new) is not None:
            return exists_already(state, self, self.kind, str(self.new))
        state = state.drop(self.kind, self.name).put(replace(found, name=self.new))
        return _retyped(state, self.name, self.new) if self.kind == "type" else state

    def inverse(self, state_before: State) -> Operation | None:
        """Moves it back."""
        return RenameObject(kind=self.kind, name=self.new, new=self.name, table=self.table)

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"rename {self.kind} {self.name} to {self.new}"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class AlterObject(Operation):
    """ALTER <kind> in any other way; `change` canonical SQL."""

    kind: Kind
    name: Name
    change: str
    table: Name | None = None

    def apply(self, state: State) -> State:
        """Records the change on the object."""
        return _altered(state, self, self.kind, self.name, self.change)

    def inverse(self, state_before: State) -> Operation | None:
        """Restores the object as it was, when that is known."""
        return _restored(state_before, self.kind, self.name)

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
