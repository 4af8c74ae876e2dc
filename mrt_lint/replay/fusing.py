"""Fewer conditions to explore: those that only ever decide together become one."""

from __future__ import annotations

from collections.abc import Iterable

from mrt_lint.ops.base import Operation
from mrt_lint.ops.guard import ALWAYS, Guard, Test, Undecided, both, parts_of, tests_of

Guarded = tuple[Operation, Guard]

LUCK = ("the try", "except", "loop", "while")
"""How the text of a condition begins that is no question but the course of the run itself."""


def fused(operations: Iterable[Guarded]) -> list[Guarded]:
    """Returns the operations under guards with fewer tests, which let the same ones run together.

    A part of a guard whose tests stand nowhere else counts as one test; of parts that stand in the
    same guards only, one is kept. Settings stay, since the other direction may ask for them too, and
    so do the course of a `try`, which the replay may know, and what says that a table is empty.
    """
    given = list(operations)
    guards = list(dict.fromkeys(guard for _, guard in given if guard != ALWAYS))
    places: dict[Guard, list[int]] = {}
    owners: dict[str, set[Guard]] = {}
    for number, guard in enumerate(guards):
        for part in parts_of(guard):
            places.setdefault(part, []).append(number)
            for test in tests_of(part):
                owners.setdefault(_key(test), set()).add(part)
    free = {part for part in places if _is_free(part, owners)}
    together: dict[tuple[int, ...], list[Test]] = {}
    for part in places:
        if part in free:
            together.setdefault(tuple(places[part]), []).extend(tests_of(part))
    # A question is asked in the message where one is left open; the course of a loop is none.
    kept = {numbers: next(filter(_is_question, tests), tests[0]) for numbers, tests in together.items()}
    shorter = {guard: _rewritten(number, guard, free, places, kept) for number, guard in enumerate(guards)}
    return [(operation, shorter.get(guard, guard)) for operation, guard in given]


def _rewritten(
    number: int,
    guard: Guard,
    free: set[Guard],
    places: dict[Guard, list[int]],
    kept: dict[tuple[int, ...], Test],
) -> Guard:
    found: Guard = ALWAYS
    for part in parts_of(guard):
        found = both(found, kept[tuple(places[part])] if part in free else part)
    return found


def _is_free(part: Guard, owners: dict[str, set[Guard]]) -> bool:
    tests = list(tests_of(part))
    return bool(tests) and all(
        isinstance(test.predicate, Undecided)
        and not test.predicate.setting
        and not test.predicate.attempt
        and test.predicate.rows_of is None
        and owners[_key(test)] == {part}
        for test in tests
    )


def _is_question(test: Test) -> bool:
    return isinstance(test.predicate, Undecided) and not test.predicate.text.startswith(LUCK)


def _key(test: Test) -> str:
    """Returns what is decided once for all tests that have it."""
    return test.predicate.key if isinstance(test.predicate, Undecided) else repr(test)
