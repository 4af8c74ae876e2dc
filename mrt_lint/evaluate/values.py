"""Values of the partial evaluator.

Plain Python constants (str, int, float, bool, None, bytes) and tuple, list, dict, set of values
stand for themselves. The classes here stand for what is not, or not fully, known.
"""

from __future__ import annotations

import ast
from dataclasses import field
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from mrt_lint.classes import dataclass
from mrt_lint.ops.guard import Guard

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call

Value = Any
"""A value: a Python constant or container, or an instance of a class of this module."""


@dataclass(frozen=True, slots=True)
class NotKnown:
    """A value known only at run time; `reason` names the expression and why, for MRT909.

    `reach`: what a call of it may do. "": harmless; "code": it comes from code that was not read, so a
    call for its effect may do anything; "database": it may hold `op` or a connection, so any call may;
    "values": it comes from a library that runs nothing of what it is handed but functions.
    `stand_in`: of what the environment sets, the name to take it for where a framework wants one; "" if
    nothing names it, None for anything else.
    """

    reason: str
    line: int = 0
    reach: Literal["", "code", "database", "values"] = ""
    stand_in: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A string of which some parts are not known (an f-string over run-time values)."""

    parts: tuple[str | NotKnown, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several values, each under a guard; the guards exclude one another and cover all cases.

    `connection.dialect.name` is a Choice over the databases. Calls and operators are carried out
    per option; equal results are joined again.
    """

    options: tuple[tuple[Guard, Value], ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """A boolean whose truth is a formula (`dialect == "mysql"`, `inspector.has_table("t")`)."""

    guard: Guard


@dataclass(frozen=True, slots=True)
class Symbol:
    """Something imported or known by its qualified name: `sqlalchemy.Column`, `alembic.op`."""

    path: str


@dataclass(eq=False, slots=True)
class Function:
    """A function of the file or of the project, with the module it was defined in."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    module: Any
    scope: Any
    name: str = "<lambda>"
    bound: Value = None
    defaults: tuple[Value, ...] = ()
    keyword_defaults: dict[str, Value] = field(default_factory=dict)
    owner: Class | None = None
    generator: bool = False
    context_manager: bool = False
    kind: Literal["function", "staticmethod", "classmethod", "property"] = "function"


@dataclass(eq=False, slots=True)
class Class:
    """A class of the file or of the project: its class-level values, bases and functions."""

    node: ast.ClassDef
    module: Any
    name: str
    bases: tuple[Value, ...] = ()
    attributes: dict[str, Value] = field(default_factory=dict)


class FrameworkValue:
    """Base of values whose meaning a frontend or plugin gives (a Column, a connection, a batch).

    Every method may return `NotKnown`. Instances must not change after they were made, except
    through methods that model the framework's own mutation.
    """

    carries_effects: ClassVar[bool] = False
    """True for what can emit operations (a connection, a batch, an inspector that writes): code that
    is not understood and gets such a value may do anything, so the evaluator emits an Opaque."""
    textual: ClassVar[bool] = False
    """True for what stands for its own text (a URL): `str(value)` is the value itself."""

    def attribute(self, name: str, call: Call) -> Value:
        """Returns `value.name`; a `Method` for what can be called."""
        return Method(self, name)

    def call_method(self, name: str, call: Call) -> Value:
        """Returns `value.name(...)`; may emit operations through `call`."""
        return self._not_understood(call)

    def call(self, call: Call) -> Value:
        """Returns `value(...)`."""
        return self._not_understood(call)

    def _not_understood(self, call: Call) -> NotKnown:
        """Returns the result of a call that nothing explains; an Opaque when it can have an effect."""
        reason = f"{call.spelling}{'' if call.spelling.endswith('...') else '()'} is not known"
        if self.carries_effects:
            call.opaque(reason)
        return NotKnown(reason, call.span.line, "database" if self.carries_effects else "")

    def item(self, key: Value, call: Call) -> Value:
        """Returns `value[key]`."""
        return NotKnown("an item known only at run time")

    def contains(self, item: Value, call: Call) -> Value:
        """Returns `item in value`: a bool, a Condition or NotKnown."""
        return NotKnown("membership known only at run time")

    def iterate(self, call: Call) -> list[Value] | NotKnown:
        """Returns the items that a loop sees, when they are known."""
        return NotKnown("a loop over values known only at run time")

    def each(self, call: Call) -> Value:
        """Returns what stands for any one item in a comprehension over unknown items, None if nothing can."""
        return None

    def collect(self, element: Value, tests: list[Value], call: Call) -> Value:
        """Returns what a comprehension gives that makes `element` of each item passing `tests`."""
        return NotKnown("a collection known only at run time")

    def row(self, call: Call) -> Value:
        """Returns what stands for any one item in a `for` loop over unknown items, None if nothing can."""
        return None

    def first(self, call: Call) -> Value:
        """Returns `next(value)`: the first item, or a Choice of it and None if there may be none."""
        return NotKnown("an item known only at run time")

    def binary(self, operator: str, other: Value, swapped: bool, call: Call) -> Value:
        """Returns `value <operator> other` (`==`, `+`, ...); `swapped`: the value stands on the right."""
        return NotKnown("an expression known only at run time")

    def enter(self, call: Call) -> Value:
        """Returns what `with value as x` binds to x; may open a block through `call.evaluator`."""
        return self

    def leave(self, call: Call) -> None:
        """Ends what `enter` began."""

    def truth(self, call: Call) -> Value:
        """Returns `bool(value)`: a bool, a Condition or NotKnown."""
        return NotKnown("a condition known only at run time")

    def is_none(self, call: Call) -> Value:
        """Returns `value is None`: a bool or a Condition."""
        return False

    def item_count(self, call: Call) -> Value:
        """Returns `len(value)`."""
        return NotKnown("a length known only at run time")

    def is_a(self, paths: tuple[str, ...], call: Call) -> Value:
        """Returns `isinstance(value, (class, ...))` by the qualified names of the classes."""
        return NotKnown("a type known only at run time")

    def subclass(self, cls: Class, call: Call) -> Value:
        """Returns what `class cls(value): ...` makes; called once the class's body is evaluated."""
        return cls


@dataclass(frozen=True, slots=True)
class Method:
    """A bound method of a framework value, not yet called."""

    owner: FrameworkValue
    name: str
