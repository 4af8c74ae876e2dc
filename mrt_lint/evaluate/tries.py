"""try / except / else / finally."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from mrt_lint.evaluate.branching import begin, run_in_turn, run_on_rest, take_back
from mrt_lint.evaluate.choices import join
from mrt_lint.evaluate.journal import UNSET, Changes
from mrt_lint.evaluate.paths import along, minus
from mrt_lint.evaluate.values import NotKnown, Symbol
from mrt_lint.ops.control import Probe
from mrt_lint.ops.guard import ALWAYS, NEVER, Guard, Test, Undecided, both, negate

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
    between the two. When nothing but operations can raise, the replay is told so.
    """
    before, mark = ev.path, len(ev.ended)
    attempt = _Attempt(ev, node)
    succeeded: Guard = attempt.test(body[0][0] if body else node)
    emitted = len(ev.operations)

    def step(statement: ast.AST, run: Callable[[], None]) -> None:
        nonlocal succeeded, emitted
        if len(ev.operations) > emitted:
            emitted = len(ev.operations)
            one_more = attempt.test(statement)
            succeeded = both(succeeded, one_more)
            ev.path = along(ev.path, one_more)
        run()
        done = sum(not isinstance(operation, Probe) for operation in ev.operations[emitted:])
        if not _only_operations(ev, statement) or done < _calls(statement):
            attempt.other_code = True

    begin(ev)
    ev.handling += 1
    ev.path = start = along(before, succeeded)
    run_in_turn(ev, [partial(step, *one) for one in body])
    attempt.end()
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


class _Attempt:
    """One run of a `try`: makes its tests. `other_code`: more than operations can raise in it."""

    def __init__(self, ev: Evaluator, node: ast.AST) -> None:
        self.ev = ev
        self.call = ev.new_call(node, "try", (), {})
        self.text = f"the try in line {getattr(node, 'lineno', 0)} succeeds"
        self.id = ev.fresh_id(self.call)
        self.other_code = False

    def test(self, node: ast.AST) -> Test:
        """Returns a new test that nothing has raised when this statement is done."""
        call = self.ev.new_call(node, "try", (), {})
        return Test(Undecided(self.text, attempt=self.id), self.ev.fresh_id(call), call.span.line)

    def end(self) -> None:
        """Marks the end of a body in which only operations can raise."""
        if not self.other_code and self.ev.path != NEVER:
            self.call.emit(Probe, test=self.test(self.ev.current_statement))


_HARMLESS: Final = (
    ast.Name, ast.Constant, ast.Compare, ast.BoolOp, ast.UnaryOp, ast.Not,
    ast.And, ast.Or, ast.In, ast.NotIn, ast.Eq, ast.NotEq, ast.Is, ast.IsNot, ast.Load,
)  # fmt: skip
"""What a condition may be made of that surely raises nothing."""


def _only_operations(ev: Evaluator, statement: ast.AST) -> bool:
    """Returns whether a statement calls a method or a directive, or is a `with` or `if` of such calls."""
    if isinstance(statement, ast.If):
        return all(isinstance(part, _HARMLESS) for part in ast.walk(statement.test)) and all(
            _only_operations(ev, inner) for inner in (*statement.body, *statement.orelse)
        )
    if isinstance(statement, ast.Pass):
        return True
    if isinstance(statement, ast.With):
        return all(isinstance(item.context_expr, ast.Call) for item in statement.items) and all(
            _only_operations(ev, inner) for inner in statement.body
        )
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call):
        return False
    if isinstance(call.func, ast.Name):
        value = ev.lookup(call.func.id)  # from alembic.op import drop_column
        return isinstance(value, Symbol) and value.path.startswith("alembic.op.")
    return isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name)


def _calls(statement: ast.AST) -> int:
    """Returns how many operations a statement makes at least if each of its calls makes one."""
    return sum(isinstance(part, ast.Expr) for part in ast.walk(statement))


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
