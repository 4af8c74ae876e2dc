"""Weighs the ways in which a round trip can go: what holds in all of them is sure, the rest is a doubt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from mrt_lint.classes import dataclass
from mrt_lint.ops.guard import ABOUT
from mrt_lint.replay.fusing import LUCK
from mrt_lint.replay.scenario import SCHEMA, SETTING, Outcome
from mrt_lint.roundtrip import Harm, Reason
from mrt_lint.schema.state import State
from mrt_lint.verdict import Verdict

_BAD = (Verdict.BROKEN, Verdict.LOSSY)


@dataclass(frozen=True, slots=True)
class Course:
    """One upgrade with one downgrade, and what speaks against it; `before`: the state in which it began."""

    reasons: tuple[Reason, ...]
    before: State
    up: Outcome
    down: Outcome

    @property
    def verdict(self) -> Verdict:
        """Returns the verdict if things go this way."""
        return verdict_of(self.reasons)


def verdict_of(reasons: Iterable[Reason]) -> Verdict:
    """Returns the worst verdict that the reasons give."""
    return min(
        (reason.harm.verdict for reason in reasons), key=lambda found: found.rank, default=Verdict.REVERSIBLE
    )


def sure(courses: Sequence[Course]) -> Course:
    """Returns the mildest course, with what is harmed in every course, and a doubt if they differ.

    An object harmed in every course is harmed for sure, in the mildest way; so are new rows that no
    course provides for (`if there are any: delete them` does). Where only some courses do harm, it
    hangs on a condition: UNPROVEN for the luck of a try or a loop, NOT_UNDERSTOOD for a
    setting or for a schema that the history does not show.
    """
    mildest = max(courses, key=lambda course: (course.verdict.rank, -len(course.reasons)))
    if len(courses) == 1:
        return mildest
    kept = [reason for reason in mildest.reasons if not _weighed(reason) or _everywhere(reason, courses)]
    kept += _unsettled(kept, courses)
    others = {_identity(reason) for course in courses for reason in course.reasons if _weighed(reason)}
    if others <= {_identity(reason) for reason in kept}:
        return replace(mildest, reasons=tuple(kept))
    return replace(mildest, reasons=(*kept, _doubt(courses)))


@dataclass(frozen=True, slots=True)
class Weight:
    """What the courses of one world come to. `counting`: those whose presuppositions count.

    `meant`: these are the courses of the one upgrade that does what the migration is there for;
    `others` are those of the rest. `ways`: what each upgrade comes to by itself.
    """

    course: Course
    counting: tuple[Course, ...]
    ways: tuple[Course, ...]
    meant: bool = False
    others: tuple[Course, ...] = ()

    @property
    def as_doubt(self) -> Weight:
        """Returns the same where it is not likely that things go this way: what is harmed is a doubt."""
        kept = [reason for reason in self.course.reasons if not _weighed(reason)]
        if len(kept) < len(self.course.reasons):
            kept.append(luck("upgrade"))
        return replace(self, course=replace(self.course, reasons=tuple(kept)))


def weighed(ups: Sequence[Sequence[Course]]) -> Weight:
    """Returns what a world comes to in which only questions to an open schema turned out in several ways.

    `ups`: for each upgrade its courses. What an upgrade is meant to do is what it does when it acts
    most: `if not has_table(..)` expects no table, and what no migration made is not expected at all.
    If only another answer harms, or leads to what is not understood, the round trip is likely and not
    proven.
    """
    every = [course for courses in ups for course in courses]
    most = max(courses[0].up.meant for courses in ups)
    meant = [courses for courses in ups if courses[0].up.meant == most]
    ways = tuple(sure(courses) for courses in ups)
    if len(ups) == 1 or len(meant) > 1:
        return Weight(sure(ways), tuple(every), ways)
    natural = sure(meant[0])
    others = tuple(course for courses in ups if courses is not meant[0] for course in courses)
    told = {_identity(reason) for reason in natural.reasons}
    worse = (reason for course in others for reason in course.reasons if is_bad(reason) or _open(reason))
    doubts = [reason for reason in _unsettled(natural.reasons, others) if not _open(reason)]
    if any(_identity(reason) not in told for reason in worse):
        text = f"{_doubt(every).message}; the history does not show it"
        doubts.insert(0, Reason(Harm.UNPROVEN, "migration", None, None, text))
    natural = replace(natural, reasons=(*natural.reasons, *doubts))
    return Weight(natural, tuple(meant[0]), ways, meant=True, others=others)


def _unsettled(told: Sequence[Reason], courses: Sequence[Course]) -> list[Reason]:
    """Returns what other courses leave unproven or not understood: a mild course says nothing of it."""
    seen = {(reason.harm, _identity(reason)) for reason in told}
    found: dict[tuple[Harm, str], Reason] = {}
    for course in courses:
        for reason in course.reasons:
            key = (reason.harm, _identity(reason))
            if reason.harm in (Harm.UNPROVEN, Harm.NOT_UNDERSTOOD) and key not in seen:
                found.setdefault(key, reason)
    return list(found.values())


def is_bad(reason: Reason) -> bool:
    """Returns whether a reason tells of harm: a broken schema or lost data."""
    return reason.harm.verdict in _BAD


def _open(reason: Reason) -> bool:
    return reason.harm is Harm.NOT_UNDERSTOOD


def _weighed(reason: Reason) -> bool:
    return is_bad(reason) or reason.harm is Harm.NEW_ROWS


def _identity(reason: Reason) -> str:
    return reason.subject


def _everywhere(reason: Reason, courses: Sequence[Course]) -> bool:
    wanted = _identity(reason)
    return all(
        any(_weighed(other) and _identity(other) == wanted for other in course.reasons) for course in courses
    )


def _doubt(courses: Sequence[Course]) -> Reason:
    shared = set.intersection(
        *({*course.up.decisions.items(), *course.down.decisions.items()} for course in courses)
    )
    keys = {
        key
        for course in courses
        for item in (course.up, course.down)
        for key, value in item.decisions.items()
        if (key, value) not in shared
    }
    choices = sorted(key for key in keys if not key.startswith(LUCK))
    if not choices:
        return luck("downgrade")
    return hangs_on(choices[0], Harm.NOT_UNDERSTOOD)


def luck(direction: str) -> Reason:
    """Returns the doubt about what is so only if a try or a loop runs through."""
    text = f"part of the {direction} may not run (a try, or a loop over values known only at run time)"
    return Reason(Harm.UNPROVEN, "migration", None, None, text)


def hangs_on(key: str, harm: Harm) -> Reason:
    """Returns the doubt about what is so only if a condition turns out in one way."""
    text = f"what the round trip does hangs on `{condition_of(key)}`, known only at run time"
    return Reason(harm, "migration", None, None, text, condition=key)


def condition_of(key: str) -> str:
    """Returns the condition that is decided under a key, in its own words."""
    return key.removeprefix(SCHEMA).removeprefix(SETTING).partition(ABOUT)[0]
