"""The limit of what the project's own code does outside of its migrations."""

from __future__ import annotations

from mrt_dynamic.engine.limit import Limit
from mrt_dynamic.verify.clock import Clock
from mrt_dynamic.verify.expiry import Expired
from mrt_dynamic.verify.listener import Listener


class OutsideSteps(Limit):
    """Gives env.py as many seconds as a step has. Inside of a step its time is the step's.

    `preparing`: no revision has been reached yet. Later on a process that ends this one when the time is
    over does better than to interrupt: a fresh one goes on behind the revision that made env.py hang.
    """

    def __init__(self, clock: Clock, listener: Listener) -> None:
        """Prepares; the clock is that of the steps."""
        self.seconds = clock.seconds or 0.0
        self.over = False
        self.preparing = True
        self._clock = clock
        self._listener = listener
        self._begun = False
        self._watched = False

    def begin(self, what: str, inside: bool = True) -> None:
        """Starts the time of `what`."""
        self.over = False
        if self._clock.running:
            return
        self._begun = True
        self._listener.began("", what)
        self._watched = self.preparing or not inside or not self._listener.ends_process
        if self._watched:
            self._clock.__enter__()

    def end(self) -> None:
        """Ends the time."""
        if not self._begun:
            return
        self._clock.stop()
        self._begun = False
        self.over = self._watched and self._clock.over
        self._listener.ended()

    def is_end(self, error: BaseException) -> bool:
        """Returns whether an error was raised because the time was over."""
        return self.over and isinstance(error, Expired)
