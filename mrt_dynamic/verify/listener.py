"""What a walk tells of itself while it goes on: to a progress bar, or to the process that watches it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mrt_dynamic.results import Verified
    from mrt_dynamic.verify.ground import Filling


class Listener:
    """Hears everything and does nothing; others override what they are interested in.

    `ends_process`: who hears it ends this process when what began has not ended in time.
    """

    ends_process = False

    def made(self, title: str, legacy: Any) -> None:
        """Hears of the scratch database: product and version, and what another process needs to remove it."""

    def removes(self) -> None:
        """Hears that the scratch database is about to be removed, which nothing should interrupt."""

    def progress(self, revision: str, phase: str, done: int, total: int, rows: int) -> None:
        """Hears what is going on: how many steps are done of how many, and the rows compared so far."""

    def began(self, revision: str, what: str) -> None:
        """Hears that code of the user's runs from now on: the "upgrade" or "downgrade" of a revision.

        What runs outside of all revisions, such as env.py, has none: `revision` is empty.
        """

    def ended(self) -> None:
        """Hears that it has returned or raised."""

    def result(self, verified: Verified) -> None:
        """Hears what came of a revision; of the same one again when more is found."""

    def lost(self, revision: str) -> None:
        """Hears that a revision cannot be applied, so that it and all that need it left the plan."""

    def stands(self, goal: int, rows: int, filling: Filling) -> None:
        """Hears from where the walk could go on anew: behind so many steps, the database filled like this."""
