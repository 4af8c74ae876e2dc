"""How long env.py itself may take, before and after the steps that are taken inside of it."""

from __future__ import annotations

from collections.abc import Callable


class Limit:
    """No limit: `begin` and `end` enclose the time in which env.py alone runs; others make something of it.

    `seconds`: how many it has; `over`: whether it did not end within them the last time.
    """

    seconds = 0.0
    over = False

    def begin(self, what: str, inside: bool = True) -> None:
        """Starts the time of `what`. `inside` False: the steps are over, env.py only has to end."""

    def end(self) -> None:
        """Ends the time; a second time does nothing."""

    def is_end(self, error: BaseException) -> bool:
        """Returns whether an error was raised because the time was over."""
        return False

    def within(self, what: str, action: Callable[[], object]) -> BaseException | None:
        """Does something within the limit; returns what it raised besides an interrupt by someone else."""
        try:
            try:
                self.begin(what)
                action()
            finally:
                self.end()
        except BaseException as error:
            self.end()  # its time may have been over on the way out
            if isinstance(error, (Exception, SystemExit)) or self.is_end(error):
                return error
            raise
        return None


def did_not_end(what: str, seconds: float) -> str:
    """Returns the sentence on what a project runs before its migrations; `what`: its file and line."""
    return (
        f"{what}: this did not end within {seconds:g} seconds; no migration can be run before it has"
        " (--timeout or migration-timeout raises the limit)"
    )
