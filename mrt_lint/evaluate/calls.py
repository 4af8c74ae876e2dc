"""Calls: evaluating the arguments, and finding what the callee means."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from mrt_lint.evaluate.attributes import class_attribute
from mrt_lint.evaluate.call import Call
from mrt_lint.evaluate.choices import spread
from mrt_lint.evaluate.classes import instantiate
from mrt_lint.evaluate.effects import unknown_call
from mrt_lint.evaluate.functions import call_function, waits
from mrt_lint.evaluate.iteration import items_of, tainted
from mrt_lint.evaluate.methods import call_builtin_method
from mrt_lint.evaluate.objects import Builtin, BuiltinMethod, Instance, Partial, StackMethod, bind
from mrt_lint.evaluate.settings import named
from mrt_lint.evaluate.stacks import call_stack_method
from mrt_lint.evaluate.stdlib import LIBRARY
from mrt_lint.evaluate.values import (
    Choice,
    Class,
    Condition,
    FrameworkValue,
    Function,
    Method,
    NotKnown,
    Symbol,
    Value,
)
from mrt_lint.ops.control import NeverRuns

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator


def evaluate_call(ev: Evaluator, node: ast.Call) -> Value:
    """Returns the value of a call expression, and emits what it does."""
    callee = ev.eval(node.func)
    if (
        isinstance(callee, NotKnown)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
    ):
        ev.answers.pop(id(ev.lookup(node.func.value.id)), None)
    args, kwargs, starred, hidden = _arguments(ev, node)
    outer = (ev.anchor, ev.here)
    ev.here = node
    if ev.scope.module.main:
        ev.anchor = node
    call = ev.new_call(node, _spelling(ev, node.func), tuple(args), kwargs)
    if starred is not None:
        call.starred = True
        call.extra["starred"] = starred
        call.extra["positions_only"] = not hidden
    if isinstance(ev.current_statement, ast.Expr) and _unwrapped(ev.current_statement.value) is node:
        call.extra["for_effect"] = True
    try:
        if isinstance(callee, Function) and _is_dropped(ev, node) and (why := waits(callee)) is not None:
            ev.emit(NeverRuns(**ev.facts(call), message=f"{call.spelling}() {why}: nothing of it runs"))
            return None
        return _call_with_options(ev, callee, call)
    finally:
        ev.anchor, ev.here = outer


def _call_with_options(ev: Evaluator, callee: Value, call: Call) -> Value:
    """Returns the result of a call, once for each option of a `**keywords` that is a choice of dicts."""
    keys = [key for key in call.kwargs if key.startswith("**")]
    if not keys:
        return call_value(ev, callee, call)
    given = {key: value for key, value in call.kwargs.items() if key not in keys}
    combinations = spread([call.kwargs[key] for key in keys], ev.path, deep=False)
    if combinations is None:
        unclear = [*call.extra.get("starred", ()), *(call.kwargs[key] for key in keys)]
        extra = {**call.extra, "starred": unclear, "positions_only": False}
        inner = Call(ev, call.spelling, call.args, given, call.span, call.statement, call.source, True, extra)
        return call_value(ev, callee, inner)

    def on(dicts: list[Value]) -> Value:
        kwargs = dict(given)
        for more in dicts:
            kwargs.update(more)
        inner = Call(
            ev,
            call.spelling,
            call.args,
            kwargs,
            call.span,
            call.statement,
            call.source,
            call.starred,
            call.extra,
        )
        return call_value(ev, callee, inner)

    return ev.each_option(combinations, on)


def _is_keywords(value: Value) -> bool:
    if isinstance(value, Choice):
        return all(_is_keywords(option) for _, option in value.options)
    return isinstance(value, dict) and all(isinstance(key, str) for key in value)


def _is_dropped(ev: Evaluator, node: ast.Call) -> bool:
    """Returns whether a call is a statement of its own: nobody gets its result."""
    return isinstance(ev.current_statement, ast.Expr) and ev.current_statement.value is node


def _unwrapped(node: ast.expr) -> ast.expr:
    return node.value if isinstance(node, ast.Await) else node


def _spelling(ev: Evaluator, node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return ev.text(node)


def _arguments(
    ev: Evaluator, node: ast.Call
) -> tuple[list[Value], dict[str, Value], list[Value] | None, bool]:
    """Returns positional and keyword arguments, and what the star arguments hold that are not known.

    The last says whether keywords are among these.
    """
    hidden = False
    args: list[Value] = []
    unclear: list[Value] | None = None
    for one in node.args:
        if not isinstance(one, ast.Starred):
            value = ev.eval(one)
            if unclear is None:
                args.append(value)
            else:
                unclear.append(value)
            continue
        value = ev.eval(one.value)
        items = items_of(ev, value, one.value)
        if isinstance(items, NotKnown):
            unclear = [*(unclear or []), items, value]
        elif unclear is None:
            args.extend(items)
        else:
            unclear.extend(items)
    kwargs: dict[str, Value] = {}
    for keyword in node.keywords:
        value = ev.eval(keyword.value)
        if keyword.arg is not None:
            kwargs[keyword.arg] = value
        elif isinstance(value, dict) and all(isinstance(key, str) for key in value):
            kwargs.update(value)
        elif _is_keywords(value):
            kwargs[f"**{len(kwargs)}"] = value
        else:
            unclear = [*(unclear or []), value]
            hidden = True
    return args, kwargs, unclear, hidden


def call_value(ev: Evaluator, callee: Value, call: Call) -> Value:
    """Returns the result of calling a value."""
    handler = _CALLABLE.get(type(callee))
    if handler is not None:
        return handler(ev, callee, call)
    if isinstance(callee, FrameworkValue):
        value = callee
        return _explained(ev, type(value).__name__, value.call, call)
    return unknown_call(ev, callee, call)


def _call_choice(ev: Evaluator, callee: Choice, call: Call) -> Value:
    return ev.each_option(callee.options, lambda option: call_value(ev, option, call))


def _call_symbol(ev: Evaluator, callee: Symbol, call: Call) -> Value:
    meaning = ev.modules.meaning_of(callee.path)
    if callable(meaning) and not isinstance(meaning, FrameworkValue):
        return _explained(ev, callee.path, cast("Callable[[Call], Value]", meaning), call)
    if isinstance(meaning, FrameworkValue):
        return call_value(ev, meaning, call)
    library = LIBRARY.get(callee.path)
    if library is not None:
        return _per_option(ev, call, lambda one: library(ev, one))
    fallback = ev.meanings.get("*") if ev.loading else None
    if fallback is not None and not isinstance(fallback, FrameworkValue):
        call.extra["path"] = callee.path
        return _explained(ev, "*", fallback, call)
    return unknown_call(ev, callee, call)


def _call_method(ev: Evaluator, callee: Method, call: Call) -> Value:
    owner = callee.owner
    return _explained(
        ev, f"{type(owner).__name__}.{callee.name}", lambda one: owner.call_method(callee.name, one), call
    )


def _explained(ev: Evaluator, path: str, meaning: Callable[[Call], Value], call: Call) -> Value:
    """Returns what a plugin makes of a call; it never sees a Choice or Condition among the arguments."""
    return _per_option(ev, call, lambda one: ev.explain(path, lambda: meaning(named(one))))


def _per_option(ev: Evaluator, call: Call, work: Callable[[Call], Value]) -> Value:
    """Returns the joined results of a call for every option of the choices in its arguments."""
    keys = list(call.kwargs)
    values: list[Value] = [*call.args, *call.kwargs.values()]
    combinations = spread(values, ev.path)
    if combinations is None:
        values = [_undecided(ev, value) for value in values]
        combinations = [(_always(), values)]
    if len(combinations) == 1 and combinations[0][1] is values:
        return work(call)
    count = len(call.args)

    def on(chosen: list[Value]) -> Value:
        kwargs = dict(zip(keys, chosen[count:], strict=True))
        return work(
            Call(
                ev,
                call.spelling,
                tuple(chosen[:count]),
                kwargs,
                call.span,
                call.statement,
                call.source,
                call.starred,
                call.extra,
            )
        )

    return ev.each_option(combinations, on)


def _always() -> Any:
    from mrt_lint.ops.guard import ALWAYS

    return ALWAYS


def _undecided(ev: Evaluator, value: Value) -> Value:
    from mrt_lint.evaluate.choices import first_choice

    if first_choice([value]) is None:
        return value
    return tainted(ev, NotKnown("a value that depends on too many conditions"), [value])


def _call_function(ev: Evaluator, callee: Function, call: Call) -> Value:
    return call_function(ev, callee, call)


def _call_class(ev: Evaluator, callee: Class, call: Call) -> Value:
    return instantiate(ev, callee, call)


def _call_builtin(ev: Evaluator, callee: Builtin, call: Call) -> Value:
    return (
        _per_option(ev, call, lambda one: callee.run(ev, one))
        if callee.path not in _TAKE_CHOICES
        else callee.run(ev, call)
    )


_TAKE_CHOICES = frozenset(("builtins.print", "builtins.bool", "builtins.super"))


def _call_builtin_method(ev: Evaluator, callee: BuiltinMethod, call: Call) -> Value:
    return call_builtin_method(ev, callee, call)


def _call_partial(ev: Evaluator, callee: Partial, call: Call) -> Value:
    inner = Call(
        ev,
        call.spelling,
        (*callee.args, *call.args),
        {**callee.kwargs, **call.kwargs},
        call.span,
        call.statement,
        call.source,
        call.starred,
        call.extra,
    )
    return call_value(ev, callee.function, inner)


def _call_instance(ev: Evaluator, callee: Instance, call: Call) -> Value:
    method = class_attribute(ev, callee.cls, "__call__", call)
    if isinstance(method, Function):
        return call_value(ev, bind(method, callee), call)
    return unknown_call(ev, callee, call)


_CALLABLE: dict[type, Callable[[Any, Any, Call], Value]] = {
    Symbol: _call_symbol,
    Method: _call_method,
    Function: _call_function,
    Class: _call_class,
    Builtin: _call_builtin,
    BuiltinMethod: _call_builtin_method,
    Partial: _call_partial,
    Instance: _call_instance,
    Choice: _call_choice,
    StackMethod: call_stack_method,
}

__all__ = ["Condition", "call_value", "evaluate_call"]
