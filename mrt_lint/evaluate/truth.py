"""Truth: whether a value counts as true, as a bool or as the guard under which it does."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mrt_lint.evaluate.objects import CONTAINERS, PLAIN, Builtin, BuiltinMethod, EnumMember, Instance, Partial
from mrt_lint.evaluate.paths import along, union
from mrt_lint.evaluate.values import (
    Choice,
    Class,
    Condition,
    FrameworkValue,
    Function,
    Method,
    NotKnown,
    Symbol,
    Text,
    Value,
)
from mrt_lint.ops.guard import ALWAYS, NEVER, Guard, both

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator

_ALWAYS_TRUE = (Function, Class, Method, Builtin, BuiltinMethod, Partial)


def truth(ev: Evaluator, value: Value, node: ast.AST) -> bool | Guard:
    """Returns whether a value is true; `node` is the expression that gave it, for a new test's text."""
    found = _truth(ev, value, node)
    if found is True or found is False:
        return found
    if found == ALWAYS or along(ev.path, found) == ev.path:
        return True
    if along(ev.path, found) == NEVER:
        return False
    return found


def _truth(ev: Evaluator, value: Value, node: ast.AST) -> bool | Guard:
    if isinstance(value, (*PLAIN, *CONTAINERS)):
        return bool(value)
    if isinstance(value, Condition):
        return value.guard
    if isinstance(value, Choice):
        return _of_choice(ev, value, node)
    if isinstance(value, NotKnown):
        return _of_unknown(ev, value, node)
    if isinstance(value, FrameworkValue):
        call = ev.new_call(node, ev.text(node), (), {})
        return _truth(ev, ev.explain(f"{type(value).__name__}.truth", lambda: value.truth(call)), node)
    if isinstance(value, Text) and any(isinstance(part, str) and part for part in value.parts):
        return True
    if isinstance(value, EnumMember):
        return bool(value.value) if value.plain and isinstance(value.value, PLAIN) else True
    if isinstance(value, Symbol) and ev.modules.has_meaning(value.path):
        return True
    if isinstance(value, _ALWAYS_TRUE):
        return True
    if isinstance(value, Instance) and not _defines_truth(value.cls):
        return True
    return ev.undecided(node)


def _of_choice(ev: Evaluator, value: Choice, node: ast.AST) -> bool | Guard:
    whole: Guard = NEVER
    unclear: Guard | None = None
    for guard, option in value.options:
        holds = (
            unclear
            if isinstance(option, NotKnown) and unclear is not None and id(option) not in ev.answers
            else None
        )
        if holds is None:
            answer = _truth(ev, option, node)
            if answer is False:
                continue
            holds = ALWAYS if answer is True else answer
            if isinstance(option, NotKnown) and id(option) not in ev.answers:
                unclear = holds
        part = both(guard, holds)
        whole = union(whole, part)
    return False if whole == NEVER else whole


def _of_unknown(ev: Evaluator, value: NotKnown, node: ast.AST) -> bool | Guard:
    """Returns the same test each time the same unchanged unknown value of a name is asked."""
    known = ev.answers.get(id(value))
    if known is None:
        return ev.undecided(node)
    guard = known[1]
    if guard is None:
        guard = ev.undecided(node)
        ev.answers[id(value)] = (value, guard)
    return guard if guard not in (ALWAYS, NEVER) else guard == ALWAYS


def _defines_truth(cls: Class) -> bool:
    if "__bool__" in cls.attributes or "__len__" in cls.attributes:
        return True
    return any(not isinstance(base, Class) or _defines_truth(base) for base in cls.bases)
