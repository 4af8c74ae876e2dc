"""The soundness rule: code that is not understood may do anything with what can emit operations."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from mrt_lint.evaluate.harmless import is_harmless, is_inert
from mrt_lint.evaluate.journal import UNSET, inside
from mrt_lint.evaluate.limits import MAX_NODES
from mrt_lint.evaluate.modules import Module
from mrt_lint.evaluate.objects import (
    BuiltinMethod,
    Holding,
    Instance,
    ManagedCall,
    Partial,
    Stack,
    StackMethod,
    Super,
)
from mrt_lint.evaluate.values import Class, FrameworkValue, Function, Method, NotKnown, Symbol, Value
from mrt_lint.ops.control import Opaque

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call
    from mrt_lint.evaluate.evaluator import Evaluator


def reaches(ev: Evaluator, value: Value) -> bool:
    """Returns whether operations could be emitted by code that is handed this value."""
    budget = MAX_NODES
    seen: set[int] = set()
    waiting: list[Value] = [value]
    while waiting:
        one = waiting.pop()
        kind = type(one)
        if kind in _NEVER or id(one) in seen:
            continue
        seen.add(id(one))
        budget -= 1
        if budget < 0:
            return True
        if _reaches_itself(ev, one):
            return True
        if isinstance(one, Partial):
            waiting.extend((one.function, *one.args, *one.kwargs.values()))
        elif isinstance(one, Super):
            waiting.append(one.instance)
        elif isinstance(one, (Stack, StackMethod)):
            waiting.extend(one.held if isinstance(one, Stack) else one.stack.held)
        elif isinstance(one, Holding):
            waiting.append(one.value)
        elif isinstance(one, ManagedCall):
            waiting.extend((one.function, *one.call.args, *one.call.kwargs.values()))
        elif isinstance(one, BuiltinMethod):
            waiting.append(one.owner)
        elif isinstance(one, Function):
            waiting.append(one.bound)
            waiting.extend(_names_used(ev, one) if one.scope.kind != "module" else _cached_names(ev, one))
        elif isinstance(one, (Class, Instance)):
            cls = one if isinstance(one, Class) else one.cls
            waiting.extend((*inside(one), *inside(cls), *cls.bases))
        else:
            waiting.extend(inside(one))
    return False


_NEVER = frozenset((str, int, float, bool, type(None), bytes))


def _reaches_itself(ev: Evaluator, value: Value) -> bool:
    if isinstance(value, NotKnown):
        return value.reach == "database"
    if isinstance(value, FrameworkValue):
        return value.carries_effects
    if isinstance(value, Method):
        return value.owner.carries_effects
    if isinstance(value, Symbol):
        return ev.modules.carries_effects(value.path)
    return isinstance(value, Module)


def _cached_names(ev: Evaluator, function: Function) -> list[Value]:
    """Returns the same for a function of a module's top level, looked up once."""
    known = ev.names_used.get(id(function.node))
    if known is None:
        known = ev.names_used[id(function.node)] = _names_used(ev, function)
    return known


def _names_used(ev: Evaluator, function: Function) -> list[Value]:
    """Returns the values that a function's body finds outside of itself."""
    found = []
    names = {node.id for node in ast.walk(function.node) if isinstance(node, ast.Name)}
    for name in sorted(names):
        scope = function.scope
        while scope is not None and name not in scope.names:
            scope = scope.parent
        value = scope.names[name] if scope is not None else function.module.get_cheaply(name, ev)
        if value is UNSET:
            continue
        found.append(ev.modules.known(value.path) if isinstance(value, Symbol) else value)
    return found


def flows_into_unknown(ev: Evaluator, node: ast.AST, reason: str) -> None:
    """Emits an Opaque: a value that can emit operations goes where it cannot be followed."""
    call = ev.new_call(node, ev.text(node), (), {})
    ev.emit(Opaque(**ev.facts(call), reason=reason, source=call.source))


def unknown_call(ev: Evaluator, callee: Value, call: Call, why: str = "") -> Value:
    """Returns the result of a call that is not understood; emits an Opaque when it may have an effect."""
    held = [*call.args, *call.kwargs.values(), *call.extra.get("starred", ())]
    for one in held:
        ev.answers.pop(id(one), None)
    reason = why or f"{call.spelling}() is not understood"
    own = callee.owner if isinstance(callee, BuiltinMethod) else callee
    if reaches(ev, own):
        call.opaque(f"{reason}; it can reach the database")
        return NotKnown(f"the result of {call.spelling}() is not known", call.span.line, "database")
    inert = _is_inert(callee)
    if any(_calls_back(ev, one) if inert else reaches(ev, one) for one in held):
        call.opaque(f"{reason}; it is handed what can reach the database")
        return NotKnown(f"the result of {call.spelling}() is not known", call.span.line, "database")
    unread = _is_unread(callee)
    if unread and call.extra.get("for_effect") and not ev.loading:
        call.opaque(f"{reason}; what it does is not in the project's files")
    reach: Any = "code" if unread else "values" if inert else ""
    return NotKnown(f"the result of {call.spelling}() is known only at run time", call.span.line, reach)


def _is_inert(callee: Value) -> bool:
    if isinstance(callee, Symbol):
        return is_inert(callee.path)
    return isinstance(callee, NotKnown) and callee.reach == "values"


def _calls_back(ev: Evaluator, value: Value) -> bool:
    """Returns whether a value is or holds code of the project through which operations could be emitted."""
    if isinstance(value, (list, tuple, dict, set, frozenset)):
        return any(_calls_back(ev, one) for one in inside(value))
    if isinstance(value, (FrameworkValue, NotKnown, Symbol, Method)):
        return False
    return reaches(ev, value)


def _is_unread(callee: Value) -> bool:
    if isinstance(callee, Symbol):
        return not is_harmless(callee.path)
    return isinstance(callee, NotKnown) and callee.reach == "code"
