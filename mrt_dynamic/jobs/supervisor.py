"""Starts the workers, shows how far they are, ends what hangs, puts their results together."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from typing import Any, Final

from mrt_dynamic.errors import LateError
from mrt_dynamic.jobs.order import Order
from mrt_dynamic.jobs.part import Part
from mrt_dynamic.jobs.process import INTERRUPTED, Process
from mrt_dynamic.jobs.stopping import answered
from mrt_dynamic.report.evidence import Evidence
from mrt_dynamic.results import Verification, Verified

_TICK: Final = 0.25
"""Seconds between two looks at the clocks and at the processes."""
_AWAITED: Final = ("finished", "elsewhere")
"""Messages after which there may be something to do."""
_LEAVING: Final = 4.0
"""Seconds that workers have to stop by themselves."""
_CLEANING: Final = 20.0
"""Seconds that removing what a killed worker left may take."""

Show = Callable[[str, str, int, int, int], None]
"""Told the revision, the phase, how many are done, how many there are, and the rows compared so far."""

Event = Process | Exception | None
"""A process that is gone, what the run fails with, None: a request to stop."""


@dataclass(frozen=True, slots=True)
class Supervised:
    """What came of it, and what the static half knows of the revisions that fail, if it was asked."""

    verification: Verification
    evidence: Evidence


def supervised(
    order: Order, jobs: int, show: Show, meanwhile: Callable[[], None] = lambda: None
) -> Supervised:
    """Returns what came of the revisions that the order asks for, verified in `jobs` processes.

    `meanwhile`: something short to do as soon as they have begun.
    Raises MrtError when the run itself is wrong, KeyboardInterrupt when it is to stop. Whatever happens,
    no process and no scratch database is left.
    """
    supervisor = Supervisor(order, jobs, show, meanwhile)
    with answered(supervisor.stop):
        return supervisor.run()


class Supervisor:
    """The workers of one verification."""

    def __init__(self, order: Order, jobs: int, show: Show, meanwhile: Callable[[], None]) -> None:
        self._meanwhile = meanwhile
        self._order = replace(order, parts=jobs)
        self._show = show
        # Reentrant, unlike queue.Queue: a signal may come while we wait.
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._parts: list[Part] = []
        self._lock = threading.Lock()
        self._readers: list[threading.Thread] = []

    def stop(self) -> None:
        """Asks for the end, from the handler of a signal."""
        self._events.put(None)

    def run(self) -> Supervised:
        """Returns what came of it."""
        began = time.monotonic()
        try:
            for number in range(self._order.parts):
                order = replace(self._order, part=number)
                self._parts.append(Part(order, Process()))
            for part in self._parts:
                self._begin(part)
            self._meanwhile()
            while not all(part.done for part in self._parts):
                self._wait()
                with self._lock:
                    self._watch()
        except LateError:
            self._abandon(0.0)  # they all hang in the same place
            raise
        except BaseException:
            self._abandon(_LEAVING)
            raise
        self._dismiss()
        return self._outcome(time.monotonic() - began)

    def _begin(self, part: Part) -> None:
        part.process.channel.send(part.order)
        reader = threading.Thread(target=self._read, args=(part, part.process), daemon=True)
        self._readers.append(reader)
        reader.start()

    def _read(self, part: Part, process: Process) -> None:
        """Takes in what a worker tells, until it is gone."""
        try:
            while (message := process.channel.receive()) is not None:
                name, *values = message
                with self._lock:
                    if part.process is process:
                        getattr(part, name)(*values)
                        if name == "progress":
                            self._draw(part)
                if part.failure is not None:
                    self._events.put(part.failure)
                elif name in _AWAITED:
                    self._events.put(process)
        except Exception as error:  # noqa: BLE001 -- raised again where it ends the run
            self._events.put(error)
        process.channel.close()
        with self._lock:
            if part.process is process:
                part.gone = True
        self._events.put(process)

    def _wait(self) -> None:
        """Waits until something is to be done. Raises KeyboardInterrupt, and what the run fails with."""
        lefts = [left for part in self._parts if (left := part.left) is not None]
        try:
            event = self._events.get(timeout=max(0.0, min([_TICK, *lefts])))
        except Empty:
            return
        if event is None:
            raise KeyboardInterrupt
        if isinstance(event, Exception):
            raise event

    def _watch(self) -> None:
        """Ends what hangs, gives to another worker what one has left, answers who asks."""
        for part in self._parts:
            if part.done:
                continue
            if part.gone:
                self._go_on(part)
            elif part.left is not None and part.left <= 0:
                part.end()
            elif part.process.code is not None:
                part.process.kill()  # what it started may still hold the pipe open
        for part in self._parts:
            if part.asks and all(other.done for other in self._parts if other is not part):
                part.hand(self._results(but=part))

    def _go_on(self, part: Part) -> None:
        """Gives the rest of a part to another worker."""
        part.process.kill()
        part.resume(part.rest(), Process())
        self._begin(part)

    def _draw(self, part: Part) -> None:
        ats = [each.at for each in self._parts]
        done, total, rows = (sum(values) for values in zip(*(at[2:] for at in ats), strict=True))
        self._show(part.at.revision, part.at.phase, done, total, rows)

    def _results(self, but: Part | None = None) -> dict[str, Verified]:
        found: dict[str, Verified] = {}
        for part in self._parts:
            if part is not but:
                shown = {*part.shown, *part.handed}
                found |= {name: each for name, each in part.results.items() if name in shown}
        return found

    def _outcome(self, duration: float) -> Supervised:
        results = self._results()
        names = dict.fromkeys(name for part in self._parts for name in part.shown)
        notes = tuple(dict.fromkeys(note for part in self._parts for note in part.notes))
        revisions = tuple(results[name] for name in names if name in results)
        verification = Verification(self._parts[0].title, revisions, duration, notes)
        return Supervised(verification, _merged([part.evidence for part in self._parts]))

    def _dismiss(self) -> None:
        """Lets the workers end, which have tidied up already."""
        for part in self._parts:
            part.process.channel.hang_up()
        end = time.monotonic() + _LEAVING
        for part in self._parts:
            if part.process.wait(end - time.monotonic()) is None:
                part.process.kill()
        self._join()

    def _abandon(self, patience: float) -> None:
        """Stops every worker and removes what they leave; a request to stop no longer counts.

        `patience`: seconds that they have to stop by themselves.
        """
        processes = [part.process for part in self._parts]
        for process in processes:
            process.channel.hang_up()
        end = time.monotonic() + patience
        codes = [process.wait(end - time.monotonic()) for process in processes]
        for process in processes:
            process.kill()
        left = [
            part
            for part, code in zip(self._parts, codes, strict=True)
            if not part.done and part.failure is None and code != INTERRUPTED
        ]
        if left:
            self._clean(left[0])
        self._join()

    def _clean(self, part: Part) -> None:
        """Removes what killed workers left, this one and others; if that fails, the next run does it."""
        order = replace(part.order, clean=True, standing=None, filling=None, legacy=part.legacy)
        with suppress(Exception):
            cleaner = Process()
            cleaner.channel.send(order)
            cleaner.wait(_CLEANING)
            cleaner.kill()
            cleaner.channel.close()

    def _join(self) -> None:
        for reader in self._readers:
            reader.join(_TICK)


def _merged(parts: Iterable[Evidence]) -> Evidence:
    predicted: dict[str, Any] = {}
    places: dict[str, Any] = {}
    lines: dict[str, Any] = {}
    for each in parts:
        predicted |= each.predicted
        places |= each.places
        lines |= each.lines
    return Evidence(predicted, places, lines)
