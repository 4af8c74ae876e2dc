"""Arithmetic of guards: which are possible at all, what is left of a path after some of it has ended."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from typing import Final

from mrt_lint.ops.guard import (
    ALWAYS,
    NEVER,
    AllOf,
    AnyOf,
    DialectIs,
    Guard,
    Not,
    Test,
    Undecided,
    both,
    either,
    negate,
    parts_of,
    resolve,
    tests_of,
)
from mrt_lint.schema.dialects import DIALECTS

_MOST_TESTS: Final = 8
"""Above this number of different tests a formula is taken to be possible without trying."""

MOST_TESTS: Final = 40
"""A guard of more tests than this, repeats counted, is too long to be worth following."""


@lru_cache(maxsize=4096)
def possible(guard: Guard) -> bool:
    """Returns False only when the guard can hold on no database and under no answers to its tests."""
    if isinstance(guard, (Test, Not)):
        return True
    if not any(isinstance(part, (AllOf, AnyOf, Not)) or _about_dialect(part) for part in guard.parts):
        return guard != NEVER
    tests: list[Test] = []
    for test in tests_of(guard):
        if test not in tests:
            tests.append(test)
            if len(tests) > _MOST_TESTS:
                return True
    free = [test for test in tests if not isinstance(test.predicate, DialectIs)]
    if len(free) == len(tests):
        return _can_hold(guard, {}, free)
    return any(
        _can_hold(
            guard,
            {test: name in test.predicate.names for test in tests if isinstance(test.predicate, DialectIs)},
            free,
        )
        for name in (*DIALECTS, "")
    )


def _about_dialect(guard: Guard) -> bool:
    return isinstance(guard, Test) and isinstance(guard.predicate, DialectIs)


def _can_hold(guard: Guard, answers: dict[Test, bool], free: list[Test]) -> bool:
    known = resolve(guard, answers.get)
    if known is not None:
        return known
    test, rest = free[0], free[1:]
    return any(_can_hold(guard, {**answers, test: answer}, rest) for answer in (True, False))


def is_long(guard: Guard) -> bool:
    """Returns whether a guard has more than MOST_TESTS tests."""
    return next(islice(tests_of(guard), MOST_TESTS, None), None) is not None


def relative(guard: Guard, path: Guard) -> Guard:
    """Returns what the guard asks for beyond what already holds on the path."""
    given = parts_of(path)
    left = tuple(part for part in parts_of(guard) if part not in given)
    return left[0] if len(left) == 1 else AllOf(left)


def along(path: Guard, guard: Guard) -> Guard:
    """Returns the path on which the guard holds too; NEVER when there is none."""
    if guard == ALWAYS or path == NEVER:
        return path
    test = guard.part if isinstance(guard, Not) else guard
    if isinstance(test, Test) and isinstance(test.predicate, Undecided):
        parts = parts_of(path)
        if guard in parts:
            return path
        if negate(guard) in parts:
            return NEVER
        if all(isinstance(part, (Test, Not)) for part in parts):
            return AllOf((*parts, guard)) if parts else guard
    longer = both(path, guard)
    return longer if longer == NEVER or possible(longer) else NEVER


def union(left: Guard, right: Guard) -> Guard:
    """Returns `left or right`; a condition that makes no difference is left out."""
    if NEVER in (left, right):
        return right if left == NEVER else left
    ours, theirs = parts_of(left), parts_of(right)
    common = tuple(part for part in ours if part in theirs)
    if len(common) in (len(ours), len(theirs)):
        return left if len(common) == len(ours) else right
    if len(common) == len(ours) - 1 == len(theirs) - 1:
        (one,) = (part for part in ours if part not in common)
        (other,) = (part for part in theirs if part not in common)
        if negate(one) == other or negate(other) == one:
            return common[0] if len(common) == 1 else AllOf(common)
    return either(left, right)


def minus(path: Guard, ended: list[Guard]) -> Guard:
    """Returns what is left of a path after these parts of it have ended (by return, raise, break)."""
    for guard in ended:
        path = along(path, negate(relative(guard, path)))
        if path == NEVER:
            break
    return path


def without_conditions(guard: Guard) -> Guard:
    """Returns a guard without what is known only at run time; settings and attempts are kept."""
    kept: Guard = ALWAYS
    for part in parts_of(guard):
        found = [test.predicate for test in tests_of(part)]
        loose = [one for one in found if isinstance(one, Undecided) and not one.setting and not one.attempt]
        if not found or len(loose) < len(found):
            kept = both(kept, part)
    return kept
