"""Files that say whether the process that made them still lives: it holds a system's lock on them."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class LockFile:
    """A locked file. The operating system lets go of the lock when the process ends, however it ends."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor: int | None = descriptor

    @classmethod
    def take(cls, path: Path) -> LockFile | None:
        """Returns the lock on a file, which is made if need be; None while another process holds it.

        Raises OSError when the file cannot be made.
        """
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(descriptor)
            # Between opening and locking, another start may have removed the file as a stale one.
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                return cls(path, descriptor)
        except OSError:
            pass
        os.close(descriptor)
        return None

    def release(self) -> None:
        """Removes the file and lets go of the lock; a second time does nothing."""
        if self._descriptor is None:
            return
        with suppress(OSError):
            if sys.platform != "win32":
                self.path.unlink()
        os.close(self._descriptor)
        self._descriptor = None
        if sys.platform == "win32":  # an open file cannot be removed there
            with suppress(OSError):
                self.path.unlink()
