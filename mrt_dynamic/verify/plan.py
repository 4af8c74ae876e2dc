"""The plan of a verification: which revisions are applied in which order, and which of them are tested."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from mrt_dynamic.engine.base import Revision
from mrt_lint.phrases import listed


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
