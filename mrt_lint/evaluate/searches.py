"""A `for` loop that looks for the one item of a name, in a list that only the framework knows."""

from __future__ import annotations

import ast
from functools import partial
from typing import TYPE_CHECKING, Any

from mrt_lint.evaluate.targets import assign
from mrt_lint.evaluate.values import Choice, FrameworkValue, Value
from mrt_lint.ops.guard import NEVER

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator

_LEAVING = (ast.Return, ast.Break, ast.Raise, ast.Continue)


def searched(ev: Evaluator, node: ast.For | ast.AsyncFor, value: Value) -> Choice | None:
    """Returns the item that `for x in value: if <x is it>: ...` looks for, None if it is no such loop.

    A Choice of the item where there is one, and None where there is not: there is at most one.
    """
    wanted = node.body[0] if len(node.body) == 1 else None
    if not isinstance(value, FrameworkValue) or not isinstance(wanted, ast.If) or wanted.orelse:
        return None
    call = ev.new_call(node.iter, ev.text(node.iter), (), {})
    one = ev.explain(f"{type(value).__name__}.each", lambda: value.each(call))
    if one is None:
        return None
    mark = len(ev.operations)
    ev.journal.begin()
    assign(ev, node.target, one)
    answer = ev.eval(wanted.test)
    ev.journal.take_back()
    if any(operation.has_effect for operation in ev.operations[mark:]):
        del ev.operations[mark:]
        return None
    found = ev.explain(f"{type(value).__name__}.collect", lambda: value.collect(one, [answer], call))
    if not isinstance(found, FrameworkValue):
        return None
    first = ev.explain(f"{type(found).__name__}.first", lambda: found.first(call))
    return first if isinstance(first, Choice) and [item for _, item in first.options][-1:] == [None] else None


def run_search(ev: Evaluator, node: ast.For | ast.AsyncFor, found: Choice) -> None:
    """Runs the body for the item, on the paths where there is one; what is left in the name is not known."""
    wanted: Any = node.body[0]

    def body(item: Value) -> None:
        if item is not None:
            assign(ev, node.target, item)
            ev.execute(wanted.body)
        if ev.path != NEVER and not (item is not None and isinstance(wanted.body[-1], _LEAVING)):
            unknown = ev.unknown(node.target, "is what a loop finds at run time", "")
            for name in ast.walk(node.target):
                if isinstance(name, ast.Name):
                    assign(ev, name, unknown)

    mark = len(ev.ended)
    ev.fork([(guard, partial(body, item)) for guard, item in found.options])
    ev.ended[mark:] = [end for end in ev.ended[mark:] if end.kind != "continue"]
