"""match statements."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from mrt_lint.evaluate.builtins import BUILTINS
from mrt_lint.evaluate.iteration import tainted
from mrt_lint.evaluate.operators import compare, equals
from mrt_lint.evaluate.truth import truth
from mrt_lint.evaluate.values import Choice, NotKnown, Value
from mrt_lint.ops.guard import ALWAYS, Guard, both, negate

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator


class _UnclearError(Exception):
    """Whether a pattern matches is known only at run time."""


def run_match(ev: Evaluator, node: ast.Match) -> None:
    """Carries out a `match`: the case that fits, or each possible one under a guard."""
    _subject(ev, node, ev.eval(node.subject))


def _subject(ev: Evaluator, node: ast.Match, subject: Value) -> None:
    if isinstance(subject, Choice):
        ev.each_option(subject.options, lambda option: _subject(ev, node, option))
    else:
        _cases(ev, node, subject, 0)


def _cases(ev: Evaluator, node: ast.Match, subject: Value, index: int) -> None:
    if index == len(node.cases):
        return
    case = node.cases[index]
    names: dict[str, Value] = {}
    holds: bool | Guard
    try:
        holds = _matches(ev, case.pattern, subject, names)
    except _UnclearError:
        holds = ev.undecided(case.pattern, f"{ev.text(node.subject)} matches {ev.text(case.pattern)}")
        names = {
            name: tainted(ev, NotKnown(f"`{name}` is what a pattern finds"), [subject])
            for name in _captures(case.pattern)
        }
    if holds is False:
        _cases(ev, node, subject, index + 1)
        return
    guard: Guard = ALWAYS if holds is True else holds

    def run() -> None:
        for name, value in names.items():
            ev.bind(name, value)
        if case.guard is None:
            ev.execute(case.body)
            return
        passes = truth(ev, ev.eval(case.guard), case.guard)
        if passes is True:
            ev.execute(case.body)
        elif passes is False:
            _cases(ev, node, subject, index + 1)
        else:
            ev.fork(
                [
                    (passes, lambda: ev.execute(case.body)),
                    (negate(passes), lambda: _cases(ev, node, subject, index + 1)),
                ]
            )

    if guard == ALWAYS:
        run()
    else:
        ev.fork([(guard, run), (negate(guard), lambda: _cases(ev, node, subject, index + 1))])


def _captures(pattern: ast.pattern) -> list[str]:
    found = []
    for node in ast.walk(pattern):
        name = getattr(node, "rest" if isinstance(node, ast.MatchMapping) else "name", None)
        if isinstance(name, str):
            found.append(name)
    return found


def _matches(ev: Evaluator, pattern: ast.pattern, subject: Value, names: dict[str, Value]) -> bool | Guard:
    if isinstance(pattern, ast.MatchAs):
        holds: bool | Guard = (
            True if pattern.pattern is None else _matches(ev, pattern.pattern, subject, names)
        )
        if holds is not False and pattern.name is not None:
            names[pattern.name] = subject
        return holds
    if isinstance(pattern, ast.MatchValue):
        return _decided(ev, compare(ev, ast.Eq, subject, ev.eval(pattern.value), pattern), pattern)
    if isinstance(pattern, ast.MatchSingleton):
        return _decided(ev, compare(ev, ast.Is, subject, pattern.value, pattern), pattern)
    if isinstance(pattern, ast.MatchOr):
        return _any_of(ev, pattern, subject, names)
    if isinstance(pattern, ast.MatchSequence) and isinstance(subject, (list, tuple)):
        return _sequence(ev, pattern.patterns, list(subject), names)
    if isinstance(pattern, ast.MatchMapping) and isinstance(subject, dict):
        return _mapping(ev, pattern, subject, names)
    if isinstance(pattern, ast.MatchClass) and not pattern.patterns and not pattern.kwd_patterns:
        call = ev.new_call(pattern, "isinstance", (subject, ev.eval(pattern.cls)), {})
        return _decided(ev, BUILTINS["isinstance"].run(ev, call), pattern)
    if isinstance(subject, (str, int, float, type(None))) and isinstance(
        pattern, (ast.MatchSequence, ast.MatchMapping)
    ):
        return False
    raise _UnclearError


def _decided(ev: Evaluator, value: Value, pattern: ast.pattern) -> bool | Guard:
    if isinstance(value, NotKnown):
        raise _UnclearError
    return truth(ev, value, pattern)


def _any_of(ev: Evaluator, pattern: ast.MatchOr, subject: Value, names: dict[str, Value]) -> bool | Guard:
    from mrt_lint.ops.guard import either

    whole: Guard | None = None
    for part in pattern.patterns:
        holds = _matches(ev, part, subject, names)
        if holds is True:
            return True
        if not isinstance(holds, bool):
            whole = holds if whole is None else either(whole, holds)
    return False if whole is None else whole


def _sequence(
    ev: Evaluator, patterns: list[ast.pattern], items: list[Value], names: dict[str, Value]
) -> bool | Guard:
    star = next((index for index, one in enumerate(patterns) if isinstance(one, ast.MatchStar)), None)
    if star is None:
        if len(items) != len(patterns):
            return False
        return _all_of(ev, list(zip(patterns, items, strict=True)), names)
    after = len(patterns) - star - 1
    if len(items) < star + after:
        return False
    middle = patterns[star]
    if isinstance(middle, ast.MatchStar) and middle.name is not None:
        names[middle.name] = items[star : len(items) - after]
    pairs = [*zip(patterns[:star], items), *zip(patterns[star + 1 :], items[len(items) - after :])]  # noqa: B905
    return _all_of(ev, pairs, names)


def _mapping(
    ev: Evaluator, pattern: ast.MatchMapping, subject: dict[Any, Value], names: dict[str, Value]
) -> bool | Guard:
    pairs = []
    taken = []
    for key_node, part in zip(pattern.keys, pattern.patterns, strict=True):
        wanted = ev.eval(key_node)
        found = [key for key in subject if equals(key, wanted)]
        if not found:
            return False
        taken.append(found[0])
        pairs.append((part, subject[found[0]]))
    if pattern.rest is not None:
        names[pattern.rest] = {key: value for key, value in subject.items() if key not in taken}
    return _all_of(ev, pairs, names)


def _all_of(ev: Evaluator, pairs: list[tuple[ast.pattern, Value]], names: dict[str, Value]) -> bool | Guard:
    whole: Guard = ALWAYS
    for pattern, value in pairs:
        holds = _matches(ev, pattern, value, names)
        if holds is False:
            return False
        if holds is not True:
            whole = both(whole, holds)
    return True if whole == ALWAYS else whole
