"""`for` loops over calls of generators: the loop's body runs in the place of each `yield`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mrt_lint.evaluate.functions import call_function
from mrt_lint.evaluate.paths import minus
from mrt_lint.evaluate.targets import assign
from mrt_lint.evaluate.values import Value
from mrt_lint.ops.guard import NEVER

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator
    from mrt_lint.evaluate.objects import ManagedCall


def drawn_from(ev: Evaluator, node: ast.For | ast.AsyncFor) -> Value:
    """Returns what a loop goes over; a call of a generator is not yet run when the loop can run it."""
    if not isinstance(node.iter, ast.Call) or _leaves(node.body):
        return ev.eval(node.iter)
    outer, ev.drawn = ev.drawn, node.iter
    try:
        return ev.eval(node.iter)
    finally:
        ev.drawn = outer


def _leaves(body: list[ast.stmt]) -> bool:
    """Returns whether a body may end its loop early, which the generator would have to be told."""
    waiting: list[ast.AST] = list(body)
    while waiting:
        one = waiting.pop()
        if isinstance(one, (ast.Break, ast.Return, ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            waiting.extend(ast.iter_child_nodes(one))
    return False


def draw(ev: Evaluator, node: ast.For | ast.AsyncFor, generated: ManagedCall) -> None:
    """Runs a generator's body, and the loop's at each `yield`.

    A `yield` under a condition of its own stands for any number of rounds, so what the loop's body
    changes is not known there.
    """
    from mrt_lint.evaluate.loops import changed_by, forget

    scope, frame, before = ev.scope, ev.frame, ev.path
    changed = changed_by(ev, node)

    def round_of(value: Value) -> Value:
        inner = (ev.scope, ev.frame, ev.current_statement)
        sure, start, mark = ev.path == before, ev.path, len(ev.ended)
        ev.scope, ev.frame = scope, frame
        try:
            if not sure:
                forget(ev, changed)
            assign(ev, node.target, value)
            ev.execute(node.body)
            if not sure:
                forget(ev, changed)
        finally:
            ev.scope, ev.frame, ev.current_statement = inner
        ev.ended[mark:] = [end for end in ev.ended[mark:] if end.kind != "continue"]
        ev.path = minus(start, [end.guard for end in ev.ended[mark:]])
        return None

    call_function(ev, generated.function, generated.call, round_of)
    if node.orelse and ev.path != NEVER:
        ev.execute(node.orelse)
