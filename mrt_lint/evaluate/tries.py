"""try / except / else / finally."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from mrt_lint.evaluate.branching import begin, run_in_turn, run_on_rest, take_back
from mrt_lint.evaluate.choices import join
from mrt_lint.evaluate.journal import UNSET, Changes
from mrt_lint.evaluate.paths import along, minus
from mrt_lint.evaluate.values import NotKnown
from mrt_lint.ops.guard import ALWAYS, NEVER, Guard, both, negate

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator


def run_try(ev: Evaluator, node: Any) -> None:
    """Carries out a `try`.

    A handler that raises at its end lets the migration fail, so it changes nothing on the way to
    success. One that goes on swallows the error: what the body does is then conditional.
    """
    before, mark = ev.path, len(ev.ended)
    swallowing = [handler for handler in node.handlers if not _always_raises(handler.body)]
    if not swallowing or _only_imports(node.body):
        run_in_turn(ev, [partial(ev.execute, node.body), partial(ev.execute, node.orelse)])
    else:
        steps = [(statement, partial(ev.execute, [statement])) for statement in node.body]
        swallow(ev, node, steps, node.orelse, swallowing)
    if node.finalbody:
        ev.path = minus(before, [end.guard for end in ev.ended[mark:] if end.kind == "raise"])
        ev.execute(node.finalbody)
    ev.path = minus(before, [end.guard for end in ev.ended[mark:]])


def _always_raises(body: Sequence[ast.stmt]) -> bool:
    for statement in body:
        if isinstance(statement, ast.Raise):
            return True
        if (
            isinstance(statement, ast.If)
            and statement.orelse
            and _always_raises(statement.body)
            and _always_raises(statement.orelse)
        ):
            return True
        if isinstance(statement, ast.With) and _always_raises(statement.body):
            return True
    return False


def _only_imports(body: Sequence[ast.stmt]) -> bool:
    return all(isinstance(statement, (ast.Import, ast.ImportFrom)) for statement in body)


def swallow(
    ev: Evaluator,
    node: ast.AST,
    body: Sequence[tuple[ast.AST, Callable[[], None]]],
    orelse: Sequence[ast.stmt],
    handlers: Sequence[ast.ExceptHandler],
) -> None:
    """Runs the steps of a body under the condition that it succeeds, the handlers under the opposite.

    Every statement after one that emitted operations has a condition of its own: an error can come
    between the two.
    """
    before, mark = ev.path, len(ev.ended)
    line = getattr(node, "lineno", 0)
    succeeded = _success(ev, body[0][0] if body else node, line)
    emitted = len(ev.operations)

    def step(statement: ast.AST, run: Callable[[], None]) -> None:
        nonlocal succeeded, emitted
        if len(ev.operations) > emitted:
            emitted = len(ev.operations)
            one_more = _success(ev, statement, line)
            succeeded = both(succeeded, one_more)
            ev.path = along(ev.path, one_more)
        run()

    begin(ev)
    ev.handling += 1
    ev.path = start = along(before, succeeded)
    run_in_turn(ev, [partial(step, *one) for one in body])
    ev.handling -= 1
    ev.ended[mark:] = [end for end in ev.ended[mark:] if end.kind != "raise"]
    if orelse and ev.path != NEVER:
        run_on_rest(ev, start, partial(ev.execute, orelse))
    written: list[tuple[Guard, Changes]] = [(succeeded, take_back(ev))]
    failed = negate(succeeded)
    for index, handler in enumerate(handlers):
        last = index == len(handlers) - 1
        guard = failed if last else both(failed, ev.undecided(handler, f"except in line {handler.lineno}"))
        written.append((guard, _handle(ev, handler, along(before, guard), written[0][1])))
        failed = both(failed, negate(guard)) if not last else failed
    ev.path = before
    if not handlers:
        written.append((failed, Changes({}, {})))
    ev.merge(written)
    ev.path = minus(before, [end.guard for end in ev.ended[mark:]])


def _success(ev: Evaluator, node: ast.AST, line: int) -> Guard:
    return ev.undecided(node, f"the try in line {line} succeeds")


def _handle(ev: Evaluator, handler: ast.ExceptHandler, path: Guard, body: Changes) -> Changes:
    begin(ev)
    ev.path = path
    ev.handling += 1
    _half_done(ev, handler, body)
    if handler.name:
        ev.bind(handler.name, NotKnown(f"the exception `{handler.name}`", handler.lineno))
    ev.execute(handler.body)
    ev.handling -= 1
    return take_back(ev)


def _half_done(ev: Evaluator, handler: ast.ExceptHandler, body: Changes) -> None:
    """Lets a handler see that the body may or may not have set its names before it failed."""
    for names, key, old, new in body.bindings.values():
        if old is UNSET:
            ev.journal.bind(names, key, new)
        elif new is not UNSET:
            reached = ev.undecided(handler, f"`{key}` was set before the error")
            ev.journal.bind(names, key, join([(reached, new), (negate(reached), old)]))
    for container, _old, _new in body.contents.values():
        ev.poison(container, "a collection that is changed in a try")


__all__ = ["ALWAYS", "run_try", "swallow"]
