"""Time limits of single steps: when one is over, whatever the scratch database runs is cancelled."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Final

_EVERY: Final = 0.2
"""Seconds between two looks at the clock, and between two cancellations of a step that goes on."""


class Clock:
    """Watches one step at a time: `with clock:`; `clock.over` tells afterwards whether the limit struck.

    `seconds` None: no limit. `cancel` ends the statement that is running; it is called again until the
    step ends, since a migration may go on with its next statement. Python code that hangs is not ended.
    One thread serves all steps: to start one for each costs as much as a small migration.
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

    def __enter__(self) -> Clock:
        """Starts the time of a step."""
        self.over = False
        if self.seconds is not None:
            self._deadline = time.monotonic() + self.seconds
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="mrt-lint clock", daemon=True)
                self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends the time of a step; nothing is cancelled for it afterwards."""
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
                if self._deadline is not None and time.monotonic() >= self._deadline:
                    self.over = True
                    self._cancel()
