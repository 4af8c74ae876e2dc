"""`isolation = "in-place"` on SQLite: an empty file, or one that is not there yet."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from mrt_dynamic.errors import ConnectError, RefusedError
from mrt_dynamic.scratch.folder import LOCK, own_folder
from mrt_dynamic.scratch.lockfile import LockFile
from mrt_dynamic.scratch.sqlite import SQLiteScratch
from mrt_dynamic.scratch.trouble import first_line

if TYPE_CHECKING:
    from sqlalchemy.engine import URL


class InPlaceSQLite(SQLiteScratch):
    """The file that the URL names. At the end it has the bytes that it had, or is gone again."""

    thrown_away = False

    def __init__(self, url: URL, legacy: tuple[bytes | None] | None = None) -> None:
        """Takes it. Raises ConnectError; RefusedError when it is not empty, or taken.

        `legacy`: its bytes (None: there was no file) when a process took it that was killed.
        """
        self._file = Path(str(url.database)).absolute()
        self._original = _empty_content(self._file) if legacy is None else legacy[0]
        key = sha256(str(self._file).encode()).hexdigest()[:32]
        try:
            taken = LockFile.take(own_folder() / f"in-place-{key}{LOCK}")
        except OSError as error:
            raise ConnectError(f"cannot work in {self._file}: {error}") from error
        if taken is None:
            raise RefusedError(f"another run works in {self._file}: wait for its end, or name another file")
        self._taken = taken
        try:
            super().__init__(url)
        except BaseException:
            taken.release()
            raise

    def legacy(self) -> tuple[bytes | None]:
        """Returns the bytes that it had."""
        return (self._original,)

    def drop(self) -> None:
        """Puts the file back as it was, removes the copies, lets go of the locks."""
        super().drop()
        if self._original is not None:
            with suppress(OSError):
                self._file.write_bytes(self._original)
        self._taken.release()

    def _place(self, folder: Path) -> Path:
        return self._file


def _empty_content(file: Path) -> bytes | None:
    """Returns the bytes of an empty database, None without a file. Raises RefusedError, ConnectError."""
    if not file.exists():
        return None
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute("SELECT type || ' ' || name FROM sqlite_master ORDER BY 1").fetchall()
        content = file.read_bytes()
    except (sqlite3.Error, OSError) as error:
        raise ConnectError(f"cannot work in {file}: {first_line(error)}") from error
    if found:
        raise RefusedError(
            f"{file} is not empty ({found[0][0]}), and nothing was touched: name an empty file "
            'for isolation = "in-place", or leave that out to work in one of our own'
        )
    return content
