"""with statements: framework values, `@contextmanager` functions, classes with `__enter__`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from mrt_lint.evaluate.attributes import class_attribute
from mrt_lint.evaluate.call import Call
from mrt_lint.evaluate.effects import unknown_call
from mrt_lint.evaluate.functions import ManagedCall, call_function
from mrt_lint.evaluate.journal import UNSET
from mrt_lint.evaluate.objects import Instance, Suppressing, bind
from mrt_lint.evaluate.paths import minus
from mrt_lint.evaluate.targets import assign
from mrt_lint.evaluate.tries import swallow
from mrt_lint.evaluate.values import Choice, FrameworkValue, Function, NotKnown, Value

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator


def run_with(ev: Evaluator, node: ast.With | ast.AsyncWith) -> None:
    """Carries out a `with` statement."""
    _items(ev, node, 0)


def _items(ev: Evaluator, node: ast.With | ast.AsyncWith, index: int) -> None:
    if index == len(node.items):
        ev.execute(node.body)
        return
    item = node.items[index]
    _enter(ev, node, index, ev.eval(item.context_expr))


def _enter(ev: Evaluator, node: ast.With | ast.AsyncWith, index: int, value: Value) -> None:
    item = node.items[index]
    if isinstance(value, Choice):
        ev.fork([(guard, lambda option=option: _enter(ev, node, index, option)) for guard, option in value.options])  # type: ignore[misc]
    elif isinstance(value, ManagedCall):
        _managed(ev, node, index, value)
    elif isinstance(value, Suppressing):
        swallow(ev, node, node.body, [], [])
    elif isinstance(value, FrameworkValue):
        call = _call(ev, item)
        name = type(value).__name__
        entered = ev.explain(f"{name}.enter", lambda: value.enter(call))
        before, mark = ev.path, len(ev.ended)
        _inside(ev, node, index, entered)
        ended = ev.path
        ev.path = minus(before, [end.guard for end in ev.ended[mark:] if end.kind == "raise"])
        ev.explain(f"{name}.leave", lambda: value.leave(call))
        ev.path = ended
    elif isinstance(value, Instance) and isinstance(class_attribute(ev, value.cls, "__enter__", _call(ev, item)), Function):
        _instance(ev, node, index, value)
    else:
        _not_understood(ev, node, index, value)


def _call(ev: Evaluator, item: ast.withitem) -> Call:
    """Returns the Call of a context manager: spelled as the user wrote what makes it."""
    made = item.context_expr
    callee = made.func if isinstance(made, ast.Call) else made
    return ev.new_call(made, ev.text(callee), (), {})


def _inside(ev: Evaluator, node: ast.With | ast.AsyncWith, index: int, value: Value) -> None:
    """Binds the target and runs the rest; leaves `ev.path` as it is at the end of the body."""
    target = node.items[index].optional_vars
    if target is not None:
        assign(ev, target, value)
    _items(ev, node, index + 1)


def _managed(ev: Evaluator, node: ast.With | ast.AsyncWith, index: int, managed: ManagedCall) -> None:
    """Runs a `@contextmanager` function with the body in the place of its `yield`."""
    scope, frame = ev.scope, ev.frame
    held: list[Any] = []
    ran = 0

    def body(value: Value) -> Value:
        nonlocal ran
        ran += 1
        inner = (ev.scope, ev.frame, ev.path, ev.current_statement)
        mark = len(ev.ended)
        ev.scope, ev.frame = scope, frame
        try:
            _inside(ev, node, index, value)
        finally:
            ev.scope, ev.frame, _, ev.current_statement = inner
        held.extend(end for end in ev.ended[mark:] if end.kind != "raise")
        ev.ended[mark:] = [end for end in ev.ended[mark:] if end.kind == "raise"]
        ev.path = minus(inner[2], [end.guard for end in ev.ended[mark:]])
        return None

    call_function(ev, managed.function, managed.call, body)
    if not ran:
        unknown_call(ev, NotKnown(f"{managed.call.spelling} yields nowhere", reach="code"), managed.call)
        _inside(ev, node, index, NotKnown(f"what {managed.call.spelling}() yields is not known"))
    ev.ended.extend(held)
    ev.path = minus(ev.path, [end.guard for end in held]) if held else ev.path


def _instance(ev: Evaluator, node: ast.With | ast.AsyncWith, index: int, value: Instance) -> None:
    call = _call(ev, node.items[index])
    enter = class_attribute(ev, value.cls, "__enter__", call)
    leave = class_attribute(ev, value.cls, "__exit__", call)
    before, mark = ev.path, len(ev.ended)
    entered = call_function(ev, bind(enter, value), Call(ev, call.spelling, (), {}, call.span, call.statement, call.source))
    _inside(ev, node, index, entered)
    if leave is UNSET or not isinstance(leave, Function):
        return
    ended = ev.path
    ev.path = minus(before, [end.guard for end in ev.ended[mark:] if end.kind == "raise"])
    call_function(ev, bind(leave, value), Call(ev, call.spelling, (None, None, None), {}, call.span, call.statement, call.source))
    ev.path = ended


def _not_understood(ev: Evaluator, node: ast.With | ast.AsyncWith, index: int, value: Value) -> None:
    """Runs the body of a `with` over something unknown, which is an effect of its own."""
    reach: Any = "database" if ev.reaches(value) else value.reach if isinstance(value, NotKnown) else ""
    if reach:
        call = _call(ev, node.items[index])
        call.opaque(f"the block of `{ev.text(node.items[index].context_expr)}` is not understood")
    unknown = NotKnown(f"`{ev.text(node.items[index].context_expr)}` is known only at run time", node.lineno, reach)
    _inside(ev, node, index, unknown)
