"""Scopes and frames: where names are bound, and what one running function has returned so far."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import field
from typing import TYPE_CHECKING, Literal

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.values import Class, Value
from mrt_lint.ops.guard import ALWAYS, Guard

if TYPE_CHECKING:
    from mrt_lint.evaluate.modules import Module


@dataclass(eq=False, slots=True)
class Scope:
    """The names of a module, function, class or comprehension."""

    module: Module
    parent: Scope | None = None
    kind: Literal["module", "function", "class", "inner"] = "function"
    names: dict[str, Value] = field(default_factory=dict)
    global_names: set[str] = field(default_factory=set)
    outer_names: set[str] = field(default_factory=set)
    stars: list[Value] = field(default_factory=list)

    def home(self, name: str) -> Scope:
        """Returns the scope in which an assignment in this one binds the name."""
        if name in self.global_names:
            return self.module.scope
        if name in self.outer_names:
            scope = self.parent
            while scope is not None:
                if scope.kind == "function" and name in scope.names:
                    return scope
                scope = scope.parent
        return self


@dataclass(eq=False, slots=True)
class Frame:
    """One call that is running. `on_yield`: what a `yield` does (run a `with` body, collect a value)."""

    returns: list[tuple[Guard, Value]] = field(default_factory=list)
    on_yield: Callable[[Value], Value] | None = None
    owner: Class | None = None
    receiver: Value = None
    node: ast.AST | None = None
    start: Guard = ALWAYS
    caller: Frame | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """Part of a path that does not go on to the next statement.

    `on_purpose`: unless an error that happened is passed on (`raise` in a handler).
    """

    kind: Literal["return", "raise", "break", "continue"]
    guard: Guard
    on_purpose: bool = True
