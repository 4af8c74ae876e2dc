"""Loops: unrolled over what is known, else evaluated once under a condition."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from mrt_lint.evaluate.branching import run_on_rest
from mrt_lint.evaluate.effects import flows_into_unknown
from mrt_lint.evaluate.generators import draw, drawn_from
from mrt_lint.evaluate.iteration import items_of, tainted
from mrt_lint.evaluate.journal import UNSET
from mrt_lint.evaluate.limits import MAX_ITERATIONS
from mrt_lint.evaluate.modules import Module
from mrt_lint.evaluate.objects import ManagedCall
from mrt_lint.evaluate.paths import minus
from mrt_lint.evaluate.searches import run_search, searched
from mrt_lint.evaluate.stored import stored_names
from mrt_lint.evaluate.targets import assign
from mrt_lint.evaluate.truth import truth
from mrt_lint.evaluate.values import Choice, FrameworkValue, NotKnown, Symbol, Value
from mrt_lint.ops.guard import NEVER, negate

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator


def run_for(ev: Evaluator, node: ast.For | ast.AsyncFor) -> None:
    """Carries out a `for` loop."""
    _over(ev, node, drawn_from(ev, node))


def _over(ev: Evaluator, node: ast.For | ast.AsyncFor, value: Value) -> None:
    if isinstance(value, Choice):
        ev.each_option(value.options, lambda option: _over(ev, node, option))
        return
    if isinstance(value, ManagedCall) and value.function.generator and not value.function.context_manager:
        draw(ev, node, value)
        return
    before, mark, emitted = ev.path, len(ev.ended), len(ev.operations)
    found = searched(ev, node, value)
    if found is not None:
        run_search(ev, node, found)
        _finish(ev, node, before, mark)
        return
    row = _row(ev, node, value)
    if row is not None:
        _once(ev, node, f"loop over {ev.text(node.iter)}", partial(assign, ev, node.target, row))
        return
    items = items_of(ev, value, node.iter)
    if isinstance(items, NotKnown):
        _once(ev, node, f"loop over {ev.text(node.iter)}", lambda: _unknown_items(ev, node, items))
        return

    def rounds(index: int) -> None:
        start = ev.path
        while index < len(items):
            if index >= MAX_ITERATIONS:
                _too_many_rounds(ev, node.iter, emitted)
                rest = tainted(ev, ev.unknown(node.iter), items)
                _once(ev, node, f"loop over {ev.text(node.iter)}", partial(_unknown_items, ev, node, rest))
                return
            assign(ev, node.target, items[index])
            index += 1
            if not _round(ev, node.body):
                return
            if ev.path != start and index < len(items):
                run_on_rest(ev, start, partial(rounds, index))
                return

    rounds(0)
    _finish(ev, node, before, mark)


def _row(ev: Evaluator, node: ast.For | ast.AsyncFor, value: Value) -> Value:
    """Returns what a framework value says of any one of its items, None when it says nothing."""
    if not isinstance(value, FrameworkValue):
        return None
    call = ev.new_call(node.iter, ev.text(node.iter), (), {})
    return ev.explain(f"{type(value).__name__}.row", lambda: value.row(call))


def _too_many_rounds(ev: Evaluator, node: ast.AST, emitted: int) -> None:
    """Emits an Opaque when the rounds of a loop that are not unrolled would go on emitting operations."""
    if len(ev.operations) > emitted:
        flows_into_unknown(ev, node, f"a loop of more than {MAX_ITERATIONS} rounds is not unrolled")


def _unknown_items(ev: Evaluator, node: ast.For | ast.AsyncFor, items: NotKnown) -> None:
    unknown = ev.unknown(node.target, "is what a loop finds at run time", items.reach)
    if isinstance(node.target, ast.Name):
        assign(ev, node.target, unknown)
        return
    for name in ast.walk(node.target):
        if isinstance(name, ast.Name):
            assign(ev, name, unknown)


def _round(ev: Evaluator, body: list[ast.stmt]) -> bool:
    """Runs the body once; returns whether there is a path to the next round."""
    start, mark = ev.path, len(ev.ended)
    ev.execute(body)
    ev.ended[mark:] = [end for end in ev.ended[mark:] if end.kind != "continue"]
    ev.path = minus(start, [end.guard for end in ev.ended[mark:]])
    return ev.path != NEVER


def _finish(ev: Evaluator, node: ast.For | ast.AsyncFor | ast.While, before: Any, mark: int) -> None:
    """Runs the `else` on the paths without a break, then lets the broken paths go on too."""
    ev.ended[mark:], broken = (
        [end for end in ev.ended[mark:] if end.kind != "break"],
        [end for end in ev.ended[mark:] if end.kind == "break"],
    )
    if node.orelse and ev.path != NEVER:
        ev.path = minus(before, [end.guard for end in (*ev.ended[mark:], *broken)])
        if ev.path != NEVER:
            run_on_rest(ev, before, partial(ev.execute, node.orelse))
    ev.path = minus(before, [end.guard for end in ev.ended[mark:]])


def changed_by(ev: Evaluator, node: ast.For | ast.AsyncFor | ast.While) -> list[str]:
    """Returns the names that a loop's body binds or changes in place."""
    bound = stored_names(node.body, in_place=False)
    return sorted(
        name
        for name in stored_names(node.body) - {"*"}
        if name in bound or not isinstance(ev.lookup(name), (FrameworkValue, Symbol, Module))
    )


def _once(
    ev: Evaluator, node: ast.For | ast.AsyncFor | ast.While, text: str, prepare: Callable[[], None]
) -> None:
    """Evaluates the body once, under a condition, with everything unknown that its rounds change."""
    before, mark = ev.path, len(ev.ended)
    changed = changed_by(ev, node)
    guard = ev.undecided(node.iter if not isinstance(node, ast.While) else node.test, text)
    forget(ev, changed)

    def body() -> None:
        prepare()
        ev.execute(node.body)
        if isinstance(node, ast.While) and ev.path != NEVER:
            ev.eval(node.test)

    written = ev.fork_written([(guard, body), (negate(guard), lambda: None)])
    for names, key in written:
        value = names.get(key, UNSET)
        if value is not UNSET:
            ev.journal.bind(names, key, _forgotten(ev, key, value))
    ev.ended[mark:] = [end for end in ev.ended[mark:] if end.kind not in ("break", "continue")]
    ev.path = minus(before, [end.guard for end in ev.ended[mark:]])
    if node.orelse and ev.path != NEVER:
        run_on_rest(ev, before, partial(ev.execute, node.orelse))


def forget(ev: Evaluator, names: list[str]) -> None:
    """Makes these names unknown: rounds of a loop that are not unrolled change them."""
    for name in names:
        value = ev.lookup(name)
        if value is UNSET:
            continue
        if isinstance(value, (list, dict, set)):
            ev.poison(value, f"`{name}` is changed by a loop that is not unrolled")
        ev.bind(name, _forgotten(ev, name, value))


def _forgotten(ev: Evaluator, name: Any, value: Value) -> NotKnown:
    unknown = NotKnown(f"`{name}` is set by a loop that is not unrolled", getattr(ev.statement, "lineno", 0))
    return tainted(ev, unknown, [value])


def run_while(ev: Evaluator, node: ast.While) -> None:
    """Carries out a `while` loop: unrolled as long as its condition and its ends are known."""
    before, mark, emitted = ev.path, len(ev.ended), len(ev.operations)
    for number in range(MAX_ITERATIONS + 1):
        operations, ended = len(ev.operations), len(ev.ended)
        start = ev.path
        ev.journal.begin()
        holds = truth(ev, ev.eval(node.test), node.test)
        if holds is False:
            ev.journal.keep()
            break
        if holds is True and number < MAX_ITERATIONS:
            goes_on = _round(ev, node.body)
            if ev.path == start or not goes_on:
                ev.journal.keep()
                if not goes_on:
                    break
                continue
        ev.journal.take_back()
        del ev.operations[operations:]
        del ev.ended[ended:]
        ev.path = start
        if number == MAX_ITERATIONS:
            _too_many_rounds(ev, node.test, emitted)
        ev.eval(node.test)
        _once(ev, node, f"while {ev.text(node.test)}", lambda: None)
        break
    _finish_while(ev, node, before, mark)


def _finish_while(ev: Evaluator, node: ast.While, before: Any, mark: int) -> None:
    ev.ended[mark:] = [end for end in ev.ended[mark:] if end.kind != "break"]
    ev.path = minus(before, [end.guard for end in ev.ended[mark:]])


__all__ = ["forget", "run_for", "run_while"]
