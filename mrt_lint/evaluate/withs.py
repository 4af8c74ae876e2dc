"""with statements: framework values, `@contextmanager` functions, classes with `__enter__`."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from mrt_lint.evaluate.attributes import class_attribute
from mrt_lint.evaluate.call import Call
from mrt_lint.evaluate.effects import flows_into_unknown
from mrt_lint.evaluate.functions import call_function
from mrt_lint.evaluate.objects import Holding, Instance, ManagedCall, Stack, Suppressing, bind
from mrt_lint.evaluate.paths import minus
from mrt_lint.evaluate.stacks import close_stack
from mrt_lint.evaluate.targets import assign
from mrt_lint.evaluate.tries import swallow
from mrt_lint.evaluate.values import Choice, FrameworkValue, Function, NotKnown, Value
from mrt_lint.ops.guard import NEVER

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
    handler = _MANAGERS.get(type(value))
    if handler is not None:
        handler(ev, node, index, value)
    elif isinstance(value, FrameworkValue):
        _framework(ev, node, index, value)
    else:
        _not_understood(ev, node, index, value)


def _choice(ev: Evaluator, node: ast.With | ast.AsyncWith, index: int, value: Choice) -> None:
    ev.fork([(guard, partial(_enter, ev, node, index, option)) for guard, option in value.options])


def _suppressing(ev: Evaluator, node: ast.With | ast.AsyncWith, index: int, value: Suppressing) -> None:
    if index + 1 == len(node.items):
        steps: list[tuple[ast.AST, Callable[[], None]]] = [
            (one, partial(ev.execute, [one])) for one in node.body
        ]
    else:
        steps = [(node, partial(_items, ev, node, index + 1))]
    swallow(ev, node, steps, [], [])


def _holding(ev: Evaluator, node: ast.With | ast.AsyncWith, index: int, value: Holding) -> None:
    _inside(ev, node, index, value.value)


def _framework(ev: Evaluator, node: ast.With | ast.AsyncWith, index: int, value: FrameworkValue) -> None:
    call = _call(ev, node.items[index])
    entered = enter(ev, value, call)
    _body_then(ev, node, index, entered, lambda: leave(ev, value, call))


def enter(ev: Evaluator, value: FrameworkValue, call: Call) -> Value:
    """Returns what a framework value gives to `as`."""
    return ev.explain(f"{type(value).__name__}.enter", lambda: value.enter(call))


def leave(ev: Evaluator, value: FrameworkValue, call: Call) -> None:
    """Ends the block of a framework value."""
    ev.explain(f"{type(value).__name__}.leave", lambda: value.leave(call))


def _body_then(
    ev: Evaluator, node: ast.With | ast.AsyncWith, index: int, value: Value, work: Callable[[], object]
) -> None:
    """Runs the body, then what happens at its end, also on the paths that return or break."""
    before, mark = ev.path, len(ev.ended)
    _inside(ev, node, index, value)
    ended = ev.path
    ev.path = minus(before, [end.guard for end in ev.ended[mark:] if end.kind == "raise"])
    work()
    ev.path = ended


def _stack(ev: Evaluator, node: ast.With | ast.AsyncWith, index: int, value: Stack) -> None:
    _body_then(ev, node, index, value, lambda: close_stack(ev, value))


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
    if not ran and ev.path != NEVER:
        flows_into_unknown(ev, node.items[index].context_expr, f"{managed.call.spelling}() yields nowhere")
        _inside(ev, node, index, NotKnown(f"what {managed.call.spelling}() yields is not known"))
    ev.ended.extend(held)
    ev.path = minus(ev.path, [end.guard for end in held]) if held else ev.path


def _instance(ev: Evaluator, node: ast.With | ast.AsyncWith, index: int, value: Instance) -> None:
    call = _call(ev, node.items[index])
    names = ("__aenter__", "__aexit__") if isinstance(node, ast.AsyncWith) else ("__enter__", "__exit__")
    begin, finish = (class_attribute(ev, value.cls, name, call) for name in names)
    if not isinstance(begin, Function) or not isinstance(finish, Function):
        _not_understood(ev, node, index, value)
        return
    entered = call_function(ev, bind(begin, value), _bare(call))
    _body_then(
        ev,
        node,
        index,
        entered,
        lambda: call_function(ev, bind(finish, value), _bare(call, (None, None, None))),
    )


def _bare(call: Call, args: tuple[Value, ...] = ()) -> Call:
    return Call(call.evaluator, call.spelling, args, {}, call.span, call.statement, call.source)


def _not_understood(ev: Evaluator, node: ast.With | ast.AsyncWith, index: int, value: Value) -> None:
    """Runs the body of a `with` over something unknown, which is an effect of its own."""
    reach: Any = "database" if ev.reaches(value) else value.reach if isinstance(value, NotKnown) else ""
    if reach:
        call = _call(ev, node.items[index])
        call.opaque(f"the block of `{ev.text(node.items[index].context_expr)}` is not understood")
    unknown = NotKnown(
        f"`{ev.text(node.items[index].context_expr)}` is known only at run time", node.lineno, reach
    )
    _inside(ev, node, index, unknown)


_MANAGERS: Final[dict[type, Callable[[Any, Any, int, Any], None]]] = {
    Choice: _choice,
    ManagedCall: _managed,
    Suppressing: _suppressing,
    Holding: _holding,
    Stack: _stack,
    Instance: _instance,
}
