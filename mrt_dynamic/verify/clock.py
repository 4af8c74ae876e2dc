"""Time limits of single steps: when one is over, what runs in the database is cancelled, then the Python."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Final

from mrt_dynamic.verify.expiry import Expired, Expiry
from mrt_lint.errors import MrtError

_EVERY: Final = 0.2
"""Seconds between two looks at the clock, and between two attempts to end a step that goes on."""
_ROLLBACK: Final = 0.6
"""Seconds after the limit that a step has to end by itself once its statement was cancelled."""
_AGAIN: Final = 1.0
"""Seconds that interrupted Python code has to tidy up before it is interrupted again."""


class Clock:
    """Watches one step at a time: `clock.run(step)`; `clock.over` tells afterwards whether the limit struck.

    `seconds` None: no limit. `cancel` ends the statement that is running; it is called again until the
    step ends, since a migration may go on with its next statement. Python code that still runs then is
    interrupted (Expired, from `run`); whether that ends it depends on what it does, see Expiry. One thread
    serves all steps: to start one for each costs as much as a small migration.
    """

    def __init__(self, seconds: float | None, cancel: Callable[[], None]) -> None:
        """Prepares; the thread starts with the first step."""
        self.seconds = seconds
        self.over = False
        self._cancel = cancel
        self._deadline: float | None = None
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None
        self._expiry = Expiry()
        self._strike_at = 0.0

    def run(self, step: Callable[[], object]) -> None:
        """Takes a step; raises what it raises. Nothing is cancelled for it afterwards."""
        try:
            with self:
                step()
        except Expired:
            self.stop()  # it may have struck on the way out
            raise

    @property
    def running(self) -> bool:
        """Returns whether it watches something now."""
        return self._deadline is not None

    def __enter__(self) -> Clock:
        """Starts the time of a step."""
        self.over = False
        if self.seconds is not None:
            self._expiry.begin()
            self._deadline = time.monotonic() + self.seconds
            self._strike_at = self._deadline + _ROLLBACK
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="mrt-lint clock", daemon=True)
                self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends the time of a step."""
        self.stop()

    def stop(self) -> None:
        """Ends the time of the step, however it was left; a second time does nothing."""
        self._expiry.end()
        with self._lock:
            self._deadline = None

    def close(self) -> None:
        """Ends the thread."""
        self._closed.set()
        if self._thread is not None:
            self._thread.join()

    def _watch(self) -> None:
        while not self._closed.wait(_EVERY):
            with self._lock:
                if self._deadline is None or time.monotonic() < self._deadline:
                    continue
                self.over = True
                with suppress(MrtError):  # the server does not answer just now
                    self._cancel()
                if time.monotonic() >= self._strike_at:
                    self._strike_at = time.monotonic() + _AGAIN
                    self._expiry.strike()
