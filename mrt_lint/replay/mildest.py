"""Ways down near the mildest, where not all are explored: what every one of them harms is told as sure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mrt_lint.replay.courses import Course, is_bad
from mrt_lint.replay.scenario import SETTING, Outcome, Prepared, run

_RUNS = 32
"""Ways that are tried at most."""


def near(best: Course, downgrade: Prepared, judged: Callable[[Outcome], Course]) -> Iterator[Course]:
    """Yields the courses next to the mildest: one decision of the downgrade otherwise, and again from there.

    Conditions rarely stand in each other's way: what one of them makes up for is made up for by turning it
    over alone, so that not every combination has to be tried. One that harms as much may spare an object.
    `judged`: makes the course of a way down.
    """
    tried = 0
    keys = list(best.down.decisions)
    while keys and tried < _RUNS:
        key = keys.pop(0)
        value = best.down.decisions.get(key)
        if value is None or key.startswith(SETTING):
            continue
        tried += 1
        down = run(best.up.state, downgrade, {**best.down.decisions, key: not value})
        if down.refused is not None:
            continue
        course = judged(down)
        yield course
        if _harm(course) < _harm(best):
            best = course
            keys = [other for other in best.down.decisions if other != key]


def mildest(courses: list[Course]) -> Course:
    """Returns the course that does the least harm."""
    return min(courses, key=_harm)


def _harm(course: Course) -> tuple[int, int, int]:
    """Returns how much a course harms: what is harmed, then what is not proven; the fewest steps last."""
    bad = {reason.subject for reason in course.reasons if is_bad(reason)}
    return (len(bad), -course.verdict.rank, len(course.reasons))
