"""A progress line on stderr for runs that take long."""

from __future__ import annotations

import sys
import time
from types import TracebackType

AFTER = 1.0
"""Seconds before anything is shown."""
EVERY = 0.1
"""Seconds between two updates."""


class Progress:
    """Shows `reading 120/288` on a terminal once a run takes longer than a second; else nothing."""

    def __init__(self) -> None:
        """Starts the clock."""
        self.shows = sys.stderr.isatty()
        self.due = time.monotonic() + AFTER
        self.written = 0

    def __call__(self, what: str, done: int, total: int) -> None:
        """Updates the line if it is time."""
        if not self.shows or (now := time.monotonic()) < self.due:
            return
        self.due = now + EVERY
        line = f"mrt-lint: {what} {done}/{total}"
        sys.stderr.write("\r" + line.ljust(self.written))
        sys.stderr.flush()
        self.written = len(line)

    def __enter__(self) -> Progress:
        """Returns itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wipes the line."""
        if self.written:
            sys.stderr.write("\r" + " " * self.written + "\r")
            sys.stderr.flush()
