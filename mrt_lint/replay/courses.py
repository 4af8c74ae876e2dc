"""Weighs the ways in which a round trip can go: what holds in all of them is sure, the rest is a doubt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from mrt_lint.replay.fusing import LUCK
from mrt_lint.replay.scenario import SCHEMA, SETTING, Outcome
from mrt_lint.roundtrip import Harm, Reason
from mrt_lint.verdict import Verdict

_BAD = (Verdict.BROKEN, Verdict.LOSSY)


@dataclass(frozen=True, slots=True)
class Course:
    """One upgrade with one downgrade, and what speaks against it."""

    reasons: tuple[Reason, ...]
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

    An object harmed in every course is harmed for sure, in the mildest way. Where only some courses
    do harm, it hangs on a condition: UNPROVEN for the luck of a try or a loop, NOT_UNDERSTOOD for a
    setting or for a schema that the history does not show.
    """
    mildest = max(courses, key=lambda course: (course.verdict.rank, -len(course.reasons)))
    if len(courses) == 1:
        return mildest
    kept = [reason for reason in mildest.reasons if _bad(reason) is False or _everywhere(reason, courses)]
    others = {_identity(reason) for course in courses for reason in course.reasons if _bad(reason)}
    if others <= {_identity(reason) for reason in kept}:
        return replace(mildest, reasons=tuple(kept))
    return replace(mildest, reasons=(*kept, _doubt(courses)))


def _bad(reason: Reason) -> bool:
    return reason.harm.verdict in _BAD


def _identity(reason: Reason) -> str:
    return reason.subject


def _everywhere(reason: Reason, courses: Sequence[Course]) -> bool:
    wanted = _identity(reason)
    return all(
        any(_bad(other) and _identity(other) == wanted for other in course.reasons) for course in courses
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
        text = "part of the downgrade may not run (a try, or a loop over values known only at run time)"
        return Reason(Harm.UNPROVEN, "migration", None, None, text)
    question = choices[0].removeprefix(SCHEMA).removeprefix(SETTING)
    text = f"what the round trip does hangs on `{question}`, known only at run time"
    return Reason(Harm.NOT_UNDERSTOOD, "migration", None, None, text, condition=choices[0])
