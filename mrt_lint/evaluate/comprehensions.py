"""Comprehensions and generator expressions over known collections."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from mrt_lint.evaluate.iteration import items_of, tainted
from mrt_lint.evaluate.limits import MAX_SIZE, TooLongError
from mrt_lint.evaluate.plain import hashable
from mrt_lint.evaluate.scopes import Scope
from mrt_lint.evaluate.targets import assign
from mrt_lint.evaluate.truth import truth
from mrt_lint.evaluate.values import Choice, FrameworkValue, NotKnown, Value
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
    return _run(ev, node, lambda: ev.eval(node.elt), lambda found: found)


def set_comprehension(ev: Evaluator, node: ast.SetComp) -> Value:
    """Returns the set that a set comprehension gives."""

    def made(found: list[Value]) -> Value:
        return set(found) if all(map(hashable, found)) else tainted(ev, ev.unknown(node), found)

    return _run(ev, node, lambda: ev.eval(node.elt), made)


def dict_comprehension(ev: Evaluator, node: ast.DictComp) -> Value:
    """Returns the dict that a dict comprehension gives."""

    def made(found: list[Value]) -> Value:
        if all(hashable(key) for key, _ in found):
            return dict(found)
        return tainted(ev, ev.unknown(node), found)

    return _run(ev, node, lambda: (ev.eval(node.key), ev.eval(node.value)), made)


def _run(
    ev: Evaluator, node: Comprehension, element: Callable[[], Value], made: Callable[[list[Value]], Value]
) -> Value:
    """Returns what is made of the elements; what the first loop is over may depend on conditions."""
    source = ev.eval(node.generators[0].iter)
    if isinstance(source, Choice) and _apart(source):
        return ev.each_option(source.options, lambda one: _over(ev, node, one, element, made))
    return _over(ev, node, source, element, made)


_MOST: Final = 2
"""How many lists a comprehension goes through one by one."""


def _apart(source: Choice) -> bool:
    """Returns whether the options are gone through one by one: not all are lists of one length.

    Of more than a few the conditions would multiply: a helper that asks for every spelling of a table's name
    takes the replay minutes.
    """
    sizes = {len(one) if isinstance(one, (list, tuple)) else None for _, one in source.options}
    return len(source.options) <= _MOST and (None in sizes or len(sizes) > 1)


def _over(
    ev: Evaluator,
    node: Comprehension,
    source: Value,
    element: Callable[[], Value],
    made: Callable[[list[Value]], Value],
) -> Value:
    outer = ev.scope
    ev.scope = Scope(outer.module, outer, "inner")
    ev.live.append(ev.scope)
    found: list[Value] = []
    try:
        if isinstance(source, FrameworkValue) and len(node.generators) == 1:
            _symbolic(ev, source, node.generators[0], element)
        _loop(ev, node.generators, source, found, element)
        return made(found)
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
    source: Value,
    found: list[Value],
    element: Callable[[], Value],
) -> None:
    """Goes through the first of these loops, which is over `source`, and in each round through the others."""
    loop = loops[0]
    items = items_of(ev, source, loop.iter)
    if isinstance(items, NotKnown):
        raise _UnclearError(items)
    for item in items:
        ev.step()
        assign(ev, loop.target, item)
        if not all(_passes(ev, test) for test in loop.ifs):
            continue
        if len(loops) > 1:
            _loop(ev, loops[1:], ev.eval(loops[1].iter), found, element)
            continue
        found.append(element())
        if len(found) > MAX_SIZE // 10:
            raise TooLongError("a comprehension is too long")


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
