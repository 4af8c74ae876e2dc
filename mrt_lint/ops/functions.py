"""Operations on functions and procedures; what is in their bodies is not executed by the migration."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.ops.base import Operation
from mrt_lint.ops.dependents import standing
from mrt_lint.ops.editing import find_object
from mrt_lint.ops.objects import create_object, restored, undone
from mrt_lint.schema.expressions import calls
from mrt_lint.schema.names import UNKNOWN, Kind, Name, Unknown
from mrt_lint.schema.objects import SchemaObject

if TYPE_CHECKING:
    from mrt_lint.schema.state import State


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
    `harmless`: calling it surely changes nothing. `procedure`: it is one.
    """

    function: Name
    arguments: str | None = None
    definition: str | Unknown = UNKNOWN
    replace: bool = False
    harmless: bool = False
    procedure: bool = field(default=False, compare=False)

    def apply(self, state: State) -> State:
        """Adds or replaces the function."""
        key = function_key(self.function, self.arguments)
        value = SchemaObject("function", key, self.definition, harmless=self.harmless)
        return create_object(state, self, value, self.replace)

    def inverse(self, state_before: State) -> Operation | None:
        """Restores the function that was replaced, or drops the new one."""
        previous = restored(state_before, "function", function_key(self.function, self.arguments))
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
        """Removes the function; triggers that call it go with CASCADE and stand against it without."""
        name = _function_named(state, self.function, self.arguments)
        state, found = find_object(state, self, "function", name)
        if found is None:
            return state
        for trigger in _callers(state, name):
            if self.cascade:
                state = state.drop("trigger", trigger.name)
                continue
            message = f"function {name} cannot be dropped while trigger {trigger.name} calls it"
            sure = standing(state, trigger) and found.sure and not found.assumed
            state = state.fault(self, "invalid", "function", str(name), message, sure)
        return self._called(state, name).drop("function", name)

    def _called(self, state: State, name: Name) -> State:
        """Returns the state with what stands against it, or goes with CASCADE: what calls the function.

        PostgreSQL notes calls in expressions, not those in the bodies of functions.
        """
        where = _calls_of(state, name) if state.dialect == "postgresql" else []
        for text in where[:1]:
            if self.cascade:
                return state.doubt(self, f"CASCADE drops {text}, which calls function {name}")
            message = f"function {name} cannot be dropped while {text} calls it"
            state = state.fault(self, "invalid", "function", str(name), message)
        return state

    def inverse(self, state_before: State) -> Operation | None:
        """Creates the function as it was, and with CASCADE the triggers that called it."""
        return undone(state_before, self)

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"drop function {self.function}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFunction(Operation):
    """A statement on rows calls functions that are not built in, which may do anything besides."""

    functions: tuple[Name, ...]

    def apply(self, state: State) -> State:
        """Notes a doubt for each function that is not known to change nothing."""
        for name in self.functions:
            same = _overloads(state, name)
            if not same or not all(item.harmless and standing(state, item) for item in same):
                state = state.doubt(self, f"function {name}() is called, which may change anything")
        return state

    def inverse(self, state_before: State) -> Operation | None:
        """Returns None: what the functions do is not known."""
        return None

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"call {', '.join(str(name) for name in self.functions)}"


def _overloads(state: State, function: Name) -> list[SchemaObject]:
    """Returns the functions that a call may mean."""
    wanted = state.key("function", function)
    return [
        item
        for item in state.all("function")
        if isinstance(item, SchemaObject)
        and state.key("function", Name(item.name.name.partition("(")[0], item.name.schema)) == wanted
    ]


def _callers(state: State, function: Name) -> list[SchemaObject]:
    """Returns the triggers that call a function; one with arguments is no trigger's function."""
    bare, bracket, arguments = function.name.partition("(")
    overloaded = not bracket and state.get("function", Name(f"{bare}()", function.schema)) is not None
    if overloaded or (bracket and arguments != ")"):
        return []
    key = state.key("function", Name(bare, function.schema))
    found = []
    for item in state.all("trigger"):
        called = dict(item.details).get("function") if isinstance(item, SchemaObject) else None
        if called is None or not isinstance(item, SchemaObject):
            continue
        schema, _, name = called.rpartition(".")
        if state.key("function", Name(name, schema or None)) == key:
            found.append(item)
    return found


def _calls_of(state: State, function: Name) -> list[str]:
    """Returns in words what surely calls a function: nothing if it has overloads or is built in as well."""
    bare = state.fold(function.name.partition("(")[0])
    same = [item for item in state.all("function") if state.fold(item.name.name.partition("(")[0]) == bare]
    if len(same) > 1:
        return []
    found = []
    for table in state.tables():
        if not state.is_there(table):
            continue
        for column in table.columns.values():
            texts = [column.default, column.generated.expression if column.generated else None]
            if column.sure and any(isinstance(text, str) and bare in calls(text) for text in texts):
                found.append(f"column {table.name}.{column.name}")
        for constraint in table.constraints:
            if constraint.sure and bare in calls(constraint.expression or ""):
                found.append(f"constraint {constraint.name} of {table.name}")
        for index in table.indexes.values():
            parts = () if isinstance(index.columns, Unknown) else index.columns
            if index.sure and any(bare in calls(text) for text in (*parts, index.where or "")):
                found.append(f"index {index.name} of {table.name}")
    kinds: tuple[Kind, ...] = ("view", "policy")
    for kind in kinds:
        for item in state.all(kind):
            text = item.definition if isinstance(item, SchemaObject) and standing(state, item) else None
            if isinstance(text, str) and bare in calls(text):
                found.append(f"{kind} {item.name}")
    return found
