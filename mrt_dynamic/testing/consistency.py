"""What comes of single revisions: verified in the order of the history, each once, divided among workers.

A test asks for one revision after the other, in whatever order. Those before it that are asked for too are
verified on the way: the history is walked once. With pytest-xdist each worker walks one contiguous part,
and goes on with it while it waits for what another one is about to find out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from mrt_dynamic.verify.pieces import Pieces
from mrt_dynamic.verify.plan import Plan
from mrt_dynamic.verify.request import Request

if TYPE_CHECKING:
    from mrt_dynamic.results import Verified
    from mrt_dynamic.testing.sharing import Share
    from mrt_dynamic.verify.run import Verifier

_PAUSE: Final = 0.02
"""Seconds between two looks whether another worker has found out what is asked for."""


_STRETCH: Final = 0.3
"""Seconds of work ahead of what is asked for, where nobody else waits for this process."""


class Consistency:
    """The revisions of one run of pytest. `asked`: all that it will ask for."""

    def __init__(self, verifier: Verifier, asked: Sequence[str], share: Share | None = None) -> None:
        """Divides the work; nothing is run yet."""
        self._verifier = verifier
        self._share = share
        planned = verifier.plan(Request(tuple(asked)))
        count = share.parts if share is not None else 1
        self._parts = [planned.part(number, count) for number in range(count)] if count > 1 else [planned]
        self._places = {
            step.revision.id: number
            for number, part in enumerate(self._parts)
            for step in part.steps
            if step.shown
        }
        self._walks: dict[int, _Own] = {}

    def has(self, revision: str) -> bool:
        """Returns whether it is one of the revisions."""
        return revision in self._places

    def result(self, revision: str) -> Verified:
        """Returns what came of one of the revisions. Raises MrtError."""
        number, share = self._places[revision], self._share
        while True:
            found = share.published(revision) if share is not None else None
            if found is not None:
                return found
            with self._at_work(number, revision) as walk:
                if walk is not None:
                    return walk.upto(revision) or self._alone(revision)
            assert share is not None
            if not self._something_else(share, revision):
                share.want(revision)
                time.sleep(_PAUSE)

    def finish(self, everything: bool) -> None:
        """Ends this worker's parts, others will ask for it: this one has nothing else to do any more.

        `everything` False: only what others wait for already, since the run may be about to be ended.
        """
        share = self._share
        if share is None:
            return
        for number in list(self._walks):
            with self._at_work(number) as walk:
                while walk is not None and walk.ahead:
                    waited = [each for each in walk.ahead if everything or share.wanted(each)]
                    if not waited:
                        break
                    walk.upto(waited[-1])
            share.leave(number)

    def keep(self) -> None:
        """Keeps a copy of the database for the walk: it is about to be used for something else."""
        for walk in self._walks.values():
            walk.pieces.keep()

    @contextmanager
    def _at_work(self, number: int, wanted: str = "") -> Iterator[_Own | None]:
        """Yields the walk over a part, None while it is another worker's."""
        if self._share is None:
            yield self._walk(number, wanted)
            return
        with self._share.working(number) as mine:
            yield self._walk(number, wanted) if mine else None

    def _walk(self, number: int, wanted: str) -> _Own:
        found = self._walks.get(number)
        if found is None:
            part = self._parts[number]
            found = self._walks[number] = _Own(self._verifier, part, self._share, wanted)
        return found

    def _something_else(self, share: Share, revision: str) -> bool:
        """Verifies the next revisions of a part that is ours, or can be; False if there is nothing to do.

        Until another worker has found out what this one waits for, or might have come to its end.
        """
        end = time.monotonic() + _STRETCH
        for number in sorted(set(self._places.values()), key=lambda each: each not in self._walks):
            with self._at_work(number) as walk:
                if walk is not None and walk.ahead:
                    walk.further(lambda: share.has(revision) or time.monotonic() >= end)
                    return True
        return False

    def _alone(self, revision: str) -> Verified:
        """Returns what comes of a revision that was left out: the worker before ended in it."""
        found = self._verifier.walk(self._verifier.plan(Request((revision,))))[revision]
        if self._share is not None:
            self._share.publish(found)
        return found


class _Own:
    """A part that this process walks. `ahead`: the revisions that are not settled, in order."""

    def __init__(self, verifier: Verifier, part: Plan, share: Share | None, wanted: str) -> None:
        """Leaves out what another worker took up, which is published or what it died of, unless `wanted`."""
        known: Callable[[str], bool] = share.begun if share is not None else lambda name: False
        steps = [
            replace(step, tested=False, shown=False)
            if step.shown and step.revision.id != wanted and known(step.revision.id)
            else step
            for step in part.steps
        ]
        self.ahead = [step.revision.id for step in steps if step.shown]
        self._own = frozenset(self.ahead)
        self.pieces = Pieces(verifier, Plan(tuple(steps), False))
        self._share = share

    def upto(self, revision: str) -> Verified | None:
        """Returns what came of a revision, those before it settled too; None if it was left out."""
        if revision in self.ahead and self._share is None:
            self.pieces.go_to(revision, _STRETCH)
            self.ahead = [each for each in self.ahead if not self.pieces.is_settled(each)]
        elif revision in self.ahead:
            # No further: should one end this process, pytest-xdist names the revision that is asked for.
            self.further(lambda: revision not in self.ahead)
        return self.pieces.results[revision] if revision in self._own else None

    def further(self, enough: Callable[[], bool]) -> None:
        """Settles the next revision, and those behind it until it is `enough`; each is published at once."""
        share = self._share
        assert share is not None
        share.begin(self.ahead[0])
        over = False

        def pauses() -> bool:
            nonlocal over
            while not over and self.pieces.is_settled(self.ahead[0]):
                share.publish(self.pieces.results[self.ahead.pop(0)])
                over = not self.ahead or enough()
                if not over:
                    share.begin(self.ahead[0])
            return over

        self.pieces.go_on(pauses)
        pauses()  # nobody asks behind the last revision
