"""Worker processes: started, and ended with all that they started themselves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import Any, Final

from mrt_dynamic.jobs.channel import Channel
from mrt_lint.errors import MrtError

INTERRUPTED: Final = 130
"""The exit code of a worker that was told to stop and has removed its scratch database."""

_BEGIN: Final = (
    "import sys; sys.path[:] = sys.argv[1:]; del sys.argv[1:];"
    " from mrt_dynamic.jobs.worker import main; main()"
)
_REAPED: Final = 5.0
"""Seconds in which the system ends a process that was killed."""


class Process:
    """A fresh interpreter with the same flags, paths, environment and working directory as this one.

    It is out of reach of the terminal's Ctrl-C, which this process answers for it, and it notices when
    this process is gone. What it prints goes to stderr.
    """

    def __init__(self) -> None:
        """Starts it. Raises MrtError."""
        apart: dict[str, Any] = {"start_new_session": True}
        if sys.platform == "win32":
            apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
        flags: list[str] = vars(subprocess)["_args_from_interpreter_flags"]()
        try:
            self._started = subprocess.Popen(
                [sys.executable, *flags, "-c", _BEGIN, *sys.path],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                **apart,
            )
        except OSError as error:
            raise MrtError(f"cannot start a process to verify in: {error.strerror or error}") from error
        assert self._started.stdin is not None
        assert self._started.stdout is not None
        self.channel = Channel(self._started.stdout, self._started.stdin)

    @property
    def code(self) -> int | None:
        """Returns its exit code, negative for the signal that ended it; None while it lives."""
        return self._started.poll()

    @property
    def fate(self) -> str:
        """Returns how it ended, in words."""
        code = self.wait(_REAPED)
        if code is None:
            return "it closed its output"
        if code >= 0:
            return f"exit code {code}"
        with suppress(ValueError):
            return f"killed by {signal.Signals(-code).name}"
        return f"killed by signal {-code}"

    def wait(self, seconds: float) -> int | None:
        """Returns its exit code as soon as it has one, None after so many seconds."""
        with suppress(subprocess.TimeoutExpired):
            return self._started.wait(max(0.0, seconds))
        return None

    def kill(self) -> None:
        """Ends it at once, and what it started."""
        if sys.platform == "win32":
            with suppress(OSError):
                subprocess.run(
                    ["taskkill", "/F", "/T", "/PID", str(self._started.pid)],
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    check=False,
                )
        else:
            with suppress(OSError):  # its group bears its number, and outlives it if anything is left in it
                os.killpg(self._started.pid, signal.SIGKILL)
        with suppress(OSError):
            self._started.kill()
        self.wait(_REAPED)
