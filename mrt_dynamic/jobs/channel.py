"""Messages between two processes over a pair of pipes."""

from __future__ import annotations

import pickle
import struct
import threading
from contextlib import suppress
from typing import IO, Any, Final

_LENGTH: Final = struct.Struct(">Q")

Message = tuple[Any, ...]
"""The name of a message, then its values."""


class Channel:
    """Sends and receives tuples of plain values. Both ends are ours: what arrives is trusted."""

    def __init__(self, reading: IO[bytes], writing: IO[bytes]) -> None:
        self._reading = reading
        self._writing = writing
        self._lock = threading.Lock()

    def send(self, *message: Any, at_once: bool = True) -> None:
        """Sends a message, from any thread; to a process that is gone it is lost without a word.

        Not `at_once`: with the next one, or with `flush`. To wake the other process takes longer than
        all the rest.
        """
        data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        with self._lock, suppress(OSError, ValueError):
            self._writing.write(_LENGTH.pack(len(data)) + data)
            if at_once:
                self._writing.flush()

    def flush(self) -> None:
        """Sends what waits to be sent."""
        with self._lock, suppress(OSError, ValueError):
            self._writing.flush()

    def receive(self) -> Message | None:
        """Returns the next message, None once the other end is gone."""
        try:
            head = self._reading.read(_LENGTH.size)
            if len(head) < _LENGTH.size:
                return None
            (length,) = _LENGTH.unpack(head)
            data = self._reading.read(length)
        except (OSError, ValueError):
            return None
        if len(data) < length:
            return None
        message: Message = pickle.loads(data)
        return message

    def hang_up(self) -> None:
        """Sends nothing any more: the other end receives None."""
        with suppress(OSError, ValueError):
            self._writing.close()

    def close(self) -> None:
        """Ends both directions; to be called by whoever receives."""
        self.hang_up()
        with suppress(OSError):
            self._reading.close()
