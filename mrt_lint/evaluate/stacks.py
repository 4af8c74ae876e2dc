"""`contextlib.ExitStack`: what is entered or called back, done in reverse order at its end."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from mrt_lint.evaluate.call import Call
from mrt_lint.evaluate.effects import unknown_call
from mrt_lint.evaluate.objects import Holding, Stack, StackMethod
from mrt_lint.evaluate.paths import along, minus
from mrt_lint.evaluate.values import FrameworkValue, Value
from mrt_lint.ops.guard import NEVER

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator


def call_stack_method(ev: Evaluator, method: StackMethod, call: Call) -> Value:
    """Returns the result of a method of an ExitStack."""
    stack = method.stack
    if method.name in ("callback", "push_async_callback") and call.args and not call.starred:
        _remember(ev, stack, call, partial(_call_back, ev, call))
        return call.args[0]
    if method.name in ("enter_context", "enter_async_context") and len(call.args) == 1:
        return _enter(ev, stack, call.args[0], call)
    if method.name in ("close", "aclose"):
        close_stack(ev, stack)
        return None
    return unknown_call(ev, method, call)


def _remember(ev: Evaluator, stack: Stack, call: Call, work: object) -> None:
    stack.entries.append((ev.path, work))  # type: ignore[arg-type]
    stack.held.extend((*call.args, *call.kwargs.values()))


def _call_back(ev: Evaluator, call: Call) -> None:
    from mrt_lint.evaluate.calls import call_value

    inner = Call(ev, call.spelling, call.args[1:], call.kwargs, call.span, call.statement, call.source)
    inner.extra["for_effect"] = True
    call_value(ev, call.args[0], inner)


def _enter(ev: Evaluator, stack: Stack, value: Value, call: Call) -> Value:
    if isinstance(value, Holding):
        return value.value
    if isinstance(value, FrameworkValue):
        from mrt_lint.evaluate.withs import enter, leave

        _remember(ev, stack, call, partial(leave, ev, value, call))
        return enter(ev, value, call)
    return unknown_call(ev, value, call)


def close_stack(ev: Evaluator, stack: Stack) -> None:
    """Does what the stack was told to do at its end, the last first."""
    before, mark = ev.path, len(ev.ended)
    entries, stack.entries = stack.entries, []
    for guard, work in reversed(entries):
        ev.path = along(before, guard)
        if ev.path != NEVER:
            work()
    ev.path = minus(before, [end.guard for end in ev.ended[mark:]])
