"""A walk that is taken in pieces; between them, others may use the database."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from mrt_dynamic.verify.ground import Filling
from mrt_dynamic.verify.walk import Walk

if TYPE_CHECKING:
    from mrt_dynamic.results import Verified
    from mrt_dynamic.verify.plan import Plan
    from mrt_dynamic.verify.run import Verifier


class Pieces:
    """Finds out the same as one walk over the plan, whatever is done to the database between the pieces."""

    def __init__(self, verifier: Verifier, planned: Plan) -> None:
        """Prepares; nothing is run yet."""
        self._verifier = verifier
        self._walk = Walk(planned, verifier.ground, verifier.settings, verifier.listener)
        self._filling = Filling()

    def go_to(self, revision: str, seconds: float = 0.0) -> None:
        """Goes on until it is known what comes of a revision, and for so many seconds at least."""
        end = time.monotonic() + seconds
        self.go_on(lambda: self.is_settled(revision) and time.monotonic() >= end)

    def go_on(self, pauses: Callable[[], bool]) -> None:
        """Goes on until `pauses`, asked between two revisions, says so; it has to stay with what it said.

        To run env.py costs more than many a revision: it is not to be run for each of them.
        """
        verifier, walk = self._verifier, self._walk
        ground = verifier.ground
        if verifier.last is not walk:
            ground.forget()
        if verifier.last is not walk or ground.position != walk.goal:
            ground.clean = False
        verifier.last = walk
        ground.filling = self._filling
        walk.pauses = pauses
        verifier.go_on(walk)
        self._filling = ground.filling

    def keep(self) -> None:
        """Keeps a copy of the database, where that can be done, if it still is as the walk left it."""
        ground = self._verifier.ground
        if self._verifier.last is self._walk and ground.clean and ground.position == self._walk.goal > 0:
            ground.save()

    def is_settled(self, revision: str) -> bool:
        """Returns whether it is known what comes of a revision."""
        return self._walk.is_settled(revision)

    @property
    def results(self) -> Mapping[str, Verified]:
        """Returns what came of the revisions so far."""
        return self._walk.results
