"""A process in which migrations run: does what it is told, tells what it sees, ends with its supervisor."""

from __future__ import annotations

import atexit
import gc
import os
import pickle
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

from mrt_dynamic.jobs.channel import Channel
from mrt_dynamic.jobs.process import INTERRUPTED
from mrt_dynamic.verify.listener import Listener
from mrt_lint.errors import MrtError, UsageError

if TYPE_CHECKING:
    from mrt_dynamic.jobs.order import Order
    from mrt_dynamic.results import Verified
    from mrt_dynamic.scratch.base import Scratch
    from mrt_dynamic.verify.ground import Filling
    from mrt_dynamic.verify.plan import Plan
    from mrt_dynamic.verify.run import Verifier

_GRACE: Final = 2.0
"""Seconds that a worker has to leave the user's code when it is told to stop."""
_EVERY: Final = 0.2
"""Seconds after which the supervisor knows what happened."""
_TIDYING: Final = 8.0
"""Seconds after which it ends in any case."""


def main() -> None:
    """Does what the order on stdin says; the supervisor reads what becomes of it from our stdout."""
    channel = _private_channel()
    leaving = Leaving()
    try:
        _obey(channel, leaving)
    except KeyboardInterrupt:
        os._exit(INTERRUPTED)
    leaving.done.set()
    # The user's own functions for the end; to take the interpreter apart would take a tenth of a second.
    vars(atexit)["_run_exitfuncs"]()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(0)


def _obey(channel: Channel, leaving: Leaving) -> None:
    message = channel.receive()
    if message is None:
        raise KeyboardInterrupt
    answers: SimpleQueue[Any] = SimpleQueue()
    leaving.begin()
    threading.Thread(target=_listen, args=(channel, answers, leaving), daemon=True).start()
    # As the command line does: one short run that frees little.
    gc.set_threshold(50_000, 50, 50)
    try:
        _work(message[0], channel, answers, leaving)
    except Exception as error:  # noqa: BLE001 -- told by the supervisor, as the command line tells its own
        leaving.tidying()
        _tell_failure(channel, error)


def _private_channel() -> Channel:
    """Returns the pipes, out of reach of the user's code: it has no input, and prints to stderr."""
    reading, writing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 -- the old one may have read ahead
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    return Channel(os.fdopen(reading, "rb"), os.fdopen(writing, "wb"))


def _listen(channel: Channel, answers: SimpleQueue[Any], leaving: Leaving) -> None:
    while (message := channel.receive()) is not None:
        answers.put(message)
    leaving.leave()


class Leaving:
    """The end of the worker on request: the user's code is interrupted once, then we tidy up."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.verifier: Verifier | None = None
        self._interruptible = True
        self._tidies = False

    def begin(self) -> None:
        """Answers interrupts from now on."""
        signal.signal(signal.SIGINT, self._interrupted)

    def tidying(self) -> None:
        """Lets nothing interrupt us any more: the scratch database is about to be removed."""
        self._tidies, self._interruptible = True, False

    def leave(self) -> None:
        """Ends the process, from another thread than the one that works."""
        end = time.monotonic() + _GRACE
        last = threading.Timer(_TIDYING, os._exit, (1,))
        last.daemon = True
        last.start()
        if sys.platform != "win32" and (main_thread := threading.main_thread().ident) is not None:
            signal.pthread_kill(main_thread, signal.SIGINT)
        else:
            signal.raise_signal(signal.SIGINT)
        while time.monotonic() < end and not self.done.wait(0.2):
            if self._scratch is not None and not self._tidies:
                with suppress(MrtError):
                    self._scratch.cancel()
        if self._tidies:
            self.done.wait()
            return
        if self._scratch is not None:
            self._scratch.drop()
        os._exit(INTERRUPTED)

    @property
    def _scratch(self) -> Scratch | None:
        """Returns the scratch database from the moment on in which it is there."""
        return getattr(self.verifier, "scratch", None)

    def _interrupted(self, number: int, frame: FrameType | None) -> None:
        if self._interruptible:
            self._interruptible = False
            raise KeyboardInterrupt


def _work(order: Order, channel: Channel, answers: SimpleQueue[Any], leaving: Leaving) -> None:
    from mrt_dynamic.verify.configuration import configuration
    from mrt_dynamic.verify.settings import verify_settings

    cwd = order.request.cwd
    configured = configuration(cwd, order.config)
    settings = verify_settings(configured, order.given, cwd)
    if order.clean:
        from mrt_dynamic.jobs.cleaning import clean

        clean(settings, order.legacy)
        return
    from mrt_dynamic.verify.run import Verifier

    if order.parts > 1 and settings.isolation == "in-place":
        raise UsageError("--jobs needs a scratch database for each job: isolation in-place has only one")
    told = Telling(channel, answers, cwd, settings.timeout, leaving.tidying)
    leaving.verifier = Verifier(settings, told, order.legacy)
    with told.regularly(), leaving.verifier as verifier:
        try:
            whole = verifier.plan(order.request)
            planned = whole.part(order.part, order.parts)
            told.takes(planned)
            standing = order.standing
            if standing is not None and order.filling is not None:
                standing = replace(standing, filling=pickle.loads(order.filling))
            told.knows(standing.results if standing is not None else {})
            verifier.walk(planned, standing, told.elsewhere if order.parts > 1 else None)
            notes = verifier.notes
        finally:
            leaving.tidying()
    if order.argues and (failing := told.failing):
        from mrt_dynamic.static import evidence, findings, predictions

        ini = settings.alembic_ini
        predicted = predictions(lambda: findings(ini, configured, cwd))
        channel.send("argued", evidence(ini, configured, cwd, failing, predicted))
    channel.send("finished", notes)


class Telling(Listener):
    """Sends what a walk tells to the supervisor."""

    ends_process = True

    def __init__(
        self,
        channel: Channel,
        answers: SimpleQueue[Any],
        cwd: Path,
        limit: float | None,
        tidying: Callable[[], None],
    ) -> None:
        self._tidying = tidying
        self._channel = channel
        self._answers = answers
        self._cwd = cwd
        self._limit = limit
        self._offset = 0
        self._filling: Filling | None = None
        self._results: dict[str, Verified] = {}

    @property
    def failing(self) -> list[Verified]:
        """Returns the revisions that fail, with their files as they are reported."""
        return [each for each in self._results.values() if not each.passed]

    def knows(self, results: Mapping[str, Verified]) -> None:
        """Takes in what a worker before has told."""
        self._results |= results

    def takes(self, planned: Plan) -> None:
        """Tells which revisions will be reported, in order."""
        steps = planned.steps
        self._offset = next((place for place, step in enumerate(steps) if step.shown), 0)
        self._channel.send("takes", [step.revision.id for step in steps if step.shown])

    def made(self, title: str, legacy: Any) -> None:
        """Tells of the scratch database."""
        self._channel.send("made", title, legacy)

    def removes(self) -> None:
        """Lets nothing interrupt us from here on."""
        self._tidying()

    def progress(self, revision: str, phase: str, done: int, total: int, rows: int) -> None:
        """Tells how far our part is."""
        offset = self._offset
        self._post("progress", revision, phase, max(0, done - offset), total - offset, rows)

    def began(self, revision: str, what: str) -> None:
        """Tells that the user's code runs, and for how many seconds it may."""
        self._channel.send("began", revision, what, self._limit)

    def ended(self) -> None:
        """Tells that it has come back."""
        self._post("ended")

    def result(self, verified: Verified) -> None:
        """Tells what came of a revision."""
        from mrt_dynamic.verify.run import displayed

        shown = displayed(verified, self._cwd)
        self._results[shown.revision] = shown
        self._post("result", shown)

    def lost(self, revision: str) -> None:
        """Tells that a revision left the plan."""
        self._post("lost", revision)

    def stands(self, goal: int, rows: int, filling: Filling) -> None:
        """Tells from where another worker could go on; the filling only when it is another."""
        packed = None
        if filling is not self._filling:
            self._filling = filling
            packed = pickle.dumps(filling)
        self._post("stands", goal, rows, packed)

    def elsewhere(self) -> Mapping[str, Verified]:
        """Returns what the other workers found; waits for them."""
        self._channel.send("elsewhere")
        found: Mapping[str, Verified] = self._answers.get()[0]
        return found

    def _post(self, *message: Any) -> None:
        self._channel.send(*message, at_once=False)

    @contextmanager
    def regularly(self) -> Iterator[None]:
        """Sends at least that often what waits to be sent; what the user's code begins is told at once."""
        over = threading.Event()

        def tick() -> None:
            while not over.wait(_EVERY):
                self._channel.flush()

        threading.Thread(target=tick, name="mrt-lint telling", daemon=True).start()
        try:
            yield
        finally:
            over.set()


def _tell_failure(channel: Channel, error: Exception) -> None:
    """Tells why nothing can be said at all: a wrong run, or a mistake of ours."""
    from mrt_dynamic.scratch.masking import masked

    known = error if isinstance(error, MrtError) else None
    trace = masked("".join(traceback.format_exception(error)))
    channel.send("failed", masked(error), type(error).__name__, known.exit_code if known else None, trace)
