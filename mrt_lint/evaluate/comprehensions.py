"""Comprehensions and generator expressions over known collections."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mrt_lint.evaluate.iteration import items_of, tainted
from mrt_lint.evaluate.limits import MAX_SIZE, TooLongError
from mrt_lint.evaluate.plain import hashable
from mrt_lint.evaluate.scopes import Scope
from mrt_lint.evaluate.targets import assign
from mrt_lint.evaluate.truth import truth
from mrt_lint.evaluate.values import FrameworkValue, NotKnown, Value
from mrt_lint.ops.guard import ALWAYS

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator

Comprehension = ast.ListComp | ast.GeneratorExp | ast.SetComp | ast.DictComp


class _WholeError(Exception):
    """The whole comprehension, as the framework value that is looped over makes it."""

    def __init__(self, value: Value) -> None:
        super().__init__("a comprehension that its source understands")
        self.value = value


class _UnclearError(Exception):
    def __init__(self, value: NotKnown) -> None:
        super().__init__(value.reason)
        self.value = value


def comprehension(ev: Evaluator, node: ast.ListComp | ast.GeneratorExp) -> Value:
    """Returns the list that a list comprehension or a generator expression gives."""
    return _run(ev, node, lambda: ev.eval(node.elt))


def set_comprehension(ev: Evaluator, node: ast.SetComp) -> Value:
    """Returns the set that a set comprehension gives."""
    found = _run(ev, node, lambda: ev.eval(node.elt))
    if isinstance(found, list):
        return set(found) if all(map(hashable, found)) else tainted(ev, ev.unknown(node), found)
    return found


def dict_comprehension(ev: Evaluator, node: ast.DictComp) -> Value:
    """Returns the dict that a dict comprehension gives."""
    found = _run(ev, node, lambda: (ev.eval(node.key), ev.eval(node.value)))
    if isinstance(found, list):
        if all(hashable(key) for key, _ in found):
            return dict(found)
        return tainted(ev, ev.unknown(node), found)
    return found


def _run(ev: Evaluator, node: Comprehension, element: Callable[[], Value]) -> Value:
    outer = ev.scope
    ev.scope = Scope(outer.module, outer, "inner")
    ev.live.append(ev.scope)
    found: list[Value] = []
    try:
        _loop(ev, node.generators, 0, found, element)
        return found
    except _WholeError as whole:
        return whole.value
    except _UnclearError as unclear:
        return _unknown(ev, node, element, unclear.value, found)
    finally:
        ev.live.pop()
        ev.scope = outer


def _loop(
    ev: Evaluator,
    loops: list[ast.comprehension],
    index: int,
    found: list[Value],
    element: Callable[[], Value],
) -> None:
    if index == len(loops):
        found.append(element())
        if len(found) > MAX_SIZE // 10:
            raise TooLongError("a comprehension is too long")
        return
    loop = loops[index]
    source = ev.eval(loop.iter)
    if isinstance(source, FrameworkValue) and len(loops) == 1:
        _symbolic(ev, source, loop, element)
    items = items_of(ev, source, loop.iter)
    if isinstance(items, NotKnown):
        raise _UnclearError(items)
    for item in items:
        ev.step()
        assign(ev, loop.target, item)
        if all(_passes(ev, test) for test in loop.ifs):
            _loop(ev, loops, index + 1, found, element)


def _symbolic(
    ev: Evaluator, source: FrameworkValue, loop: ast.comprehension, element: Callable[[], Value]
) -> None:
    """Raises _WholeError when a framework value can tell what a comprehension over its items gives."""
    call = ev.new_call(loop.iter, ev.text(loop.iter), (), {})
    one = ev.explain(f"{type(source).__name__}.each", lambda: source.each(call))
    if one is None:
        return
    mark = len(ev.operations)
    assign(ev, loop.target, one)
    tests = [ev.eval(test) for test in loop.ifs]
    made = element()
    if any(operation.has_effect for operation in ev.operations[mark:]):
        del ev.operations[mark:]
        return
    raise _WholeError(
        ev.explain(f"{type(source).__name__}.collect", lambda: source.collect(made, tests, call))
    )


def _passes(ev: Evaluator, test: ast.expr) -> bool:
    holds = truth(ev, ev.eval(test), test)
    if isinstance(holds, bool):
        return holds
    raise _UnclearError(ev.unknown(test))


def _unknown(
    ev: Evaluator, node: Comprehension, element: Callable[[], Value], value: NotKnown, found: list[Value]
) -> NotKnown:
    """Evaluates the element once, under a condition, for what it may do; the result is not known."""
    held: list[Value] = [value, *found]

    def once() -> None:
        for loop in node.generators:
            source = items_of(ev, ev.eval(loop.iter), loop.iter)
            inner: Any = tainted(
                ev, ev.unknown(loop.target), [source if isinstance(source, NotKnown) else tuple(source)]
            )
            assign(ev, loop.target, inner)
            for test in loop.ifs:
                ev.eval(test)
        held.append(element())

    guard = ev.undecided(node, f"loop over {ev.text(node.generators[0].iter)}")
    ev.fork([(guard, once), (ALWAYS if guard == ALWAYS else _not(guard), lambda: None)])
    return tainted(ev, ev.unknown(node), held)


def _not(guard: Any) -> Any:
    from mrt_lint.ops.guard import negate

    return negate(guard)
