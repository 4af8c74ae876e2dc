"""One part of the plan as the supervisor knows it: the worker that has it, and what it told so far."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mrt_dynamic.engine.limit import did_not_end
from mrt_dynamic.errors import LateError, ProjectError
from mrt_dynamic.jobs.order import Order
from mrt_dynamic.report.evidence import NOTHING, Evidence
from mrt_dynamic.verify.messages import ended_process, hangs_behind, not_answering, overran
from mrt_dynamic.verify.standing import Standing, Stuck
from mrt_lint.errors import MrtError

if TYPE_CHECKING:
    from mrt_dynamic.jobs.process import Process
    from mrt_dynamic.results import Verified

_MERCY: Final = 1.5
"""Seconds after its limit after which a step is ended with its process."""
_SILENCE: Final = 60.0
"""Seconds, at least, that our own work between two steps may take."""


class At(NamedTuple):
    """How far a worker is: steps done of all of its part, rows compared so far."""

    revision: str = ""
    phase: str = "starting"
    done: int = 0
    total: int = 0
    rows: int = 0


@dataclass(slots=True)
class Part:
    """Each method with the name of a message takes that message in. `done`: nothing more will come.
    `gone`: its worker has ended.

    `results`: by revision; `shown`: which of them are reported, in order. `asks`: it waits for what the
    other parts found; `handed`: which revisions it was told of then. `failure`: why the run itself is wrong.
    """

    order: Order
    process: Process
    results: dict[str, Verified] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    title: str = ""
    evidence: Evidence = NOTHING
    legacy: Any = None
    at: At = field(default_factory=At)
    asks: bool = False
    handed: frozenset[str] = frozenset()
    done: bool = False
    gone: bool = False
    failure: MrtError | Exception | None = None
    _lost: list[str] = field(default_factory=list)
    _stand: tuple[int, int] = (0, 0)
    _filling: bytes | None = None
    _running: tuple[str, str] | None = None
    _limit: float | None = None
    _deadline: float | None = None
    _killed_in: tuple[tuple[str, str] | None] | None = None
    _walks: bool = False

    # Messages

    def made(self, title: str, legacy: Any) -> None:
        """Takes in which database it made."""
        self.title, self.legacy = title, legacy

    def takes(self, shown: list[str]) -> None:
        """Takes in what will be reported."""
        self.shown, self._walks = shown, True

    def progress(self, revision: str, phase: str, done: int, total: int, rows: int) -> None:
        """Takes in how far it is."""
        self.at = At(revision, phase, done, total, rows)
        self._rest()

    def began(self, revision: str, what: str, limit: float | None) -> None:
        """Takes in that a step runs."""
        self._running, self._limit = (revision, what), limit
        self._deadline = time.monotonic() + limit + _MERCY if limit is not None else None

    def ended(self) -> None:
        """Takes in that the step came back."""
        self._running = None
        self._rest()

    def result(self, verified: Verified) -> None:
        """Takes in what came of a revision."""
        self.results[verified.revision] = verified
        self._rest()

    def argued(self, evidence: Evidence) -> None:
        """Takes in what the static half knows of the revisions that fail."""
        self.evidence = evidence

    def lost(self, revision: str) -> None:
        """Takes in that a revision left the plan."""
        self._lost.append(revision)

    def stands(self, goal: int, rows: int, filling: bytes | None) -> None:
        """Takes in from where another worker could go on."""
        self._stand = goal, rows
        self._filling = filling or self._filling
        self._rest()

    def elsewhere(self) -> None:
        """Takes in that it waits for the other parts."""
        self.asks, self._deadline = True, None

    def failed(self, text: str, kind: str, code: int | None, trace: str) -> None:
        """Takes in why the run is wrong. `code`: the exit code, None for a mistake of ours."""
        error: Exception = MrtError(text) if code is not None else type(kind, (Exception,), {})(text)
        if isinstance(error, MrtError) and code is not None:
            error.exit_code = code
        error.__cause__ = _Told(trace)
        self.failure = error

    def finished(self, notes: tuple[str, ...]) -> None:
        """Takes in that there is nothing more to do; the scratch database is gone."""
        self.notes, self.done, self._deadline = notes, True, None

    # What follows from them

    def hand(self, found: Mapping[str, Verified]) -> None:
        """Gives it what the other parts found."""
        self.asks, self.handed = False, frozenset(found)
        self.results |= found  # what the whole way adds to them is told as any other result
        self._rest()
        self.process.channel.send(dict(found))

    @property
    def left(self) -> float | None:
        """Returns the seconds until its time is over, None if that is not limited now."""
        return None if self._deadline is None else self._deadline - time.monotonic()

    def end(self) -> None:
        """Ends a worker whose time is over."""
        self._killed_in = (self._running,)
        self._deadline = None
        self.process.kill()

    def rest(self) -> Order:
        """Returns what is left to do. Raises MrtError when the worker ended for no reason we know."""
        goal, rows = self._stand
        standing = Standing(dict(self.results), tuple(self._lost), goal, rows, stuck=self._stuck())
        return replace(self.order, standing=standing, filling=self._filling, legacy=self.legacy)

    def resume(self, order: Order, process: Process) -> None:
        """Goes on with another worker."""
        self.order, self.process = order, process
        self.asks = self.gone = False
        self._running = self._killed_in = self._deadline = None
        self._walks = False

    def _stuck(self) -> Stuck | None:
        """Returns the step that ended the worker, or that it was ended for."""
        phase = self.at.phase
        if self._killed_in is not None and self._killed_in[0] != self._running:
            return None  # it had come back just before
        if self._running is not None:
            revision, what = self._running
            if not revision:
                return self._outside(what)
            if self._killed_in is None:
                return Stuck(revision, what, phase, ended_process(what, self.process.fate))
            return Stuck(revision, what, phase, overran(what, self._limit or 0.0))
        if self._killed_in is not None and self._walks:
            return Stuck(self.at.revision, "", phase, not_answering(self._patience))
        if self._killed_in is not None:
            raise MrtError(f"nothing was ready to verify within {self._patience:g} seconds")
        raise self._unexpected()

    def _outside(self, what: str) -> Stuck:
        """Returns the revision behind which something else than a migration hangs.

        Raises ProjectError when there is none: nothing can be verified.
        """
        if self._killed_in is None and (self.process.code or 0) < 0:  # by whom ever
            raise self._unexpected()
        if self._killed_in is None:
            raise ProjectError(f"{what} ended the process that ran it ({self.process.fate})")
        if not self._walks:
            raise LateError(did_not_end(what, self._limit or 0.0))
        failure = hangs_behind(what, self._limit or 0.0)
        return Stuck(self.at.revision, "", self.at.phase, failure)

    def _unexpected(self) -> MrtError:
        at = self.at
        where = f"at {at.revision} ({at.phase})" if at.revision else "before the first revision"
        return MrtError(f"the process that verifies ended unexpectedly {where}: {self.process.fate}")

    @property
    def _patience(self) -> float:
        return max(self._limit or 0.0, _SILENCE)

    def _rest(self) -> None:
        """Gives our own work its time, once the limit of steps is known."""
        if self._running is None:
            self._deadline = time.monotonic() + self._patience if self._limit is not None else None


class _Told(Exception):  # noqa: N818 -- only carries the traceback of another process, for --debug
    def __str__(self) -> str:
        return f"\n{self.args[0]}"
