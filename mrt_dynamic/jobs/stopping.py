"""Requests to stop: Ctrl-C, `kill`, a terminal that is closed."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

_NAMES: Final = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


@contextmanager
def answered(stop: Callable[[], None]) -> Iterator[None]:
    """Calls `stop` for every request, instead of ending the process; what is ignored stays ignored.

    Outside of the main thread nothing can be answered; then others have to see to it.
    """
    before = {}
    if threading.current_thread() is threading.main_thread():
        for name in _NAMES:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) not in (signal.SIG_IGN, None):
                before[number] = signal.signal(number, lambda _number, _frame: stop())
    try:
        yield
    finally:
        for number, answer in before.items():
            signal.signal(number, answer)
