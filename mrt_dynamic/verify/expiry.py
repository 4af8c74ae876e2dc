"""Ends Python code whose time is over, in the process that runs it."""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Any, Final

_SIGNAL: Final[Any] = getattr(signal, "SIGURG", None)
"""Nothing happens where nobody handles it, and hardly any program does; Windows has none.
Source: https://man7.org/linux/man-pages/man7/signal.7.html"""


class Expired(BaseException):
    """The time of a step is over. No Exception: migrations catch those and go on."""


class Expiry:
    """Raises Expired in the thread that made it present, from another one.

    In the main thread a signal does it, where there are signals: it ends `sleep`, waiting for a lock or a
    socket, and loops. Elsewhere Python raises it before its next instruction, so that code which waits
    is ended only when it goes on. Code in C that does not return is never ended by this.
    """

    def __init__(self) -> None:
        """Prepares; `present` False: nothing is raised."""
        self.present = False
        self._thread = 0
        self._before: Any = None
        self._signals = False
        self._answers = False

    def begin(self) -> None:
        """Makes the calling thread the one in which it is raised."""
        self._thread = threading.get_ident()
        self._signals = _SIGNAL is not None and threading.current_thread() is threading.main_thread()
        if self._signals and not self._answers:
            before = signal.signal(_SIGNAL, self._raise)
            self._before = signal.SIG_DFL if before is None else before
            self._answers = True
        self.present = True

    def end(self) -> None:
        """Lets nothing be raised any more; a second time does nothing.

        From another thread than the main one it leaves the signal ours, which then does nothing, until a
        second call in the main thread.
        """
        present, self.present = self.present, False
        if present and not self._signals:
            _raise_in(self._thread, None)
        if self._answers and threading.current_thread() is threading.main_thread():
            signal.signal(_SIGNAL, self._before)
            self._answers = False

    def strike(self) -> None:
        """Raises Expired there. Code may catch it and go on: then once more."""
        if not self.present:
            return
        if self._signals:
            signal.pthread_kill(self._thread, _SIGNAL)
        else:
            _raise_in(self._thread, Expired)

    def _raise(self, number: int, frame: FrameType | None) -> None:
        if self.present:
            raise Expired


def _raise_in(thread: int, kind: type[BaseException] | None) -> None:
    """Raises an exception in a thread, or takes back one that was not raised yet.

    Source: https://docs.python.org/3/c-api/threads.html#c.PyThreadState_SetAsyncExc
    """
    import ctypes

    raised = ctypes.py_object(kind) if kind is not None else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), raised)
