"""The plan of a verification: which revisions are applied in which order, and which of them are tested."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mrt_dynamic.engine.base import Revision
from mrt_lint.errors import UsageError
from mrt_lint.phrases import listed

if TYPE_CHECKING:
    from mrt_dynamic.verify.settings import VerifySettings

_SHRINKING = 0.5
"""The size of a part against the one before it, since a worker first applies all that comes before its part.
Measured on a chain of 200 create_table: to test a step takes 1.7 (SQLite) to 2.0 (PostgreSQL) times as long
as to apply it; at 2 all parts take equally long with this."""


@dataclass(frozen=True, slots=True)
class Step:
    """One revision to apply. `tested`: also taken down again; else `skip_reason` says why it is not.

    `shown`: whether it is reported on at all.
    """

    revision: Revision
    tested: bool = True
    shown: bool = True
    skip_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps in order of application. `whole`: the entire history is to be tested."""

    steps: tuple[Step, ...]
    whole: bool = True

    def without(self, failing: str) -> tuple[Plan, tuple[Step, ...]]:
        """Returns the plan without a revision that cannot be applied, and the steps that need it."""
        lost = {failing}
        for step in self.steps:
            if lost.intersection(step.revision.parents):
                lost.add(step.revision.id)
        kept = tuple(step for step in self.steps if step.revision.id not in lost)
        needing = tuple(
            step for step in self.steps if step.revision.id in lost and step.revision.id != failing
        )
        return Plan(kept, False), needing

    def begins_like(self, other: Plan, count: int) -> bool:
        """Returns whether another plan takes the same first steps."""
        ours, theirs = ([each.revision.id for each in plan.steps[:count]] for plan in (self, other))
        return ours == theirs

    def part(self, number: int, count: int) -> Plan:
        """Returns one of `count` contiguous parts, from 0: what comes before it is applied, not tested.

        Parts that come later are smaller; of more parts than steps some are empty. The last one takes the
        whole way.
        """
        count = max(1, min(count, len(self.steps)))
        if number >= count:
            return Plan((), False)
        bounds = _bounds(len(self.steps), count)
        before = (replace(step, tested=False, shown=False) for step in self.steps[: bounds[number]])
        own = self.steps[bounds[number] : bounds[number + 1]]
        return Plan((*before, *own), self.whole and number == count - 1)


def plan(
    revisions: Sequence[Revision],
    asked: Iterable[str] = (),
    since: Collection[str] | None = None,
    floor: Collection[str] = (),
    skip: Mapping[str, str] | None = None,
) -> Plan:
    """Returns the plan. `revisions`: in order of application, parents first; all names are full ids.

    `asked`: test these alone (none: all). `since`: only what comes after these; None: everything.
    `floor`: at these and before them nothing is tested. `skip`: revisions to reasons.
    """
    wanted = set(asked)
    above = _descendants(revisions, since) if since is not None else {each.id for each in revisions}
    below = _ancestors(revisions, floor)
    steps = []
    for revision in revisions:
        shown = revision.id in above and (not wanted or revision.id in wanted)
        reason = (skip or {}).get(revision.id)
        if reason is None and revision.id in below:
            reason = f"at or before the floor {listed(sorted(floor))} (minimum-downgrade-revision)"
        steps.append(Step(revision, shown and reason is None, shown, reason))
    while steps and not steps[-1].shown:
        steps.pop()
    return Plan(tuple(steps), not wanted and since is None)


def left_out(
    settings: VerifySettings, resolve: Callable[[str], tuple[str, ...]]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Returns the revisions to skip with their reasons, and the floor, all by full id. Raises UsageError."""

    def found(key: str, word: str) -> tuple[str, ...]:
        try:
            return resolve(word)
        except UsageError as error:
            raise UsageError(f"{key}: {error}") from error

    skip = {name: reason for word, reason in settings.skip.items() for name in found("skip", word)}
    floor = settings.minimum_downgrade_revision
    return skip, found("minimum-downgrade-revision", floor) if floor else ()


def _bounds(steps: int, count: int) -> list[int]:
    """Returns where each of the parts begins, and where the last one ends; none is empty.

    >>> _bounds(50, 2), _bounds(3, 3)
    ([0, 33, 50], [0, 1, 2, 3])
    """
    weights = [_SHRINKING**number for number in range(count)]
    bounds = [round(steps * sum(weights[:number]) / sum(weights)) for number in range(count + 1)]
    for number in range(1, count):
        bounds[number] = min(max(bounds[number], bounds[number - 1] + 1), steps - (count - number))
    return bounds


def _descendants(revisions: Sequence[Revision], start: Collection[str]) -> set[str]:
    if not start:
        return {each.id for each in revisions}
    found = set(start)
    for revision in revisions:
        if found.intersection(revision.parents):
            found.add(revision.id)
    return found.difference(start)


def _ancestors(revisions: Sequence[Revision], end: Collection[str]) -> set[str]:
    found = set(end)
    for revision in reversed(revisions):
        if revision.id in found:
            found.update(revision.parents)
    return found
