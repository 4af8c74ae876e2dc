"""Scratch databases of SQLite: files in a folder of our own in the system's temporary directory."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final
from weakref import WeakSet

from mrt_dynamic.errors import ConnectError
from mrt_dynamic.scratch.base import Scratch
from mrt_dynamic.scratch.engines import engine_on
from mrt_dynamic.scratch.folder import DATABASE, claim, own_folder, remove
from mrt_dynamic.scratch.names import copy_name
from mrt_dynamic.scratch.session import first_value
from mrt_dynamic.scratch.trouble import is_full, no_space

if TYPE_CHECKING:
    from sqlalchemy.engine import URL, Engine

_PATIENCE: Final = 1.0
"""Seconds that a copy waits for a connection that still writes."""


_BUSY: Final = 5
_LOCKED: Final = 6
"""Source: https://www.sqlite.org/rescode.html"""


class SQLiteScratch(Scratch):
    """A file of its own; `url` may name any file, which is never opened.

    `mrt_<random>.db` lies beside `mrt_<random>.lock`, which is locked as long as the run lives.
    """

    dialect = "sqlite"
    thrown_away: ClassVar[bool] = True
    """Whether nobody asks for the file any more once the process that made it is gone."""

    def __init__(self, url: URL, folder: Path | None = None) -> None:
        """Makes it, after removing what crashed runs left. `folder`: where, instead of the usual place.

        Raises ConnectError.
        """
        self.title = f"SQLite {sqlite3.sqlite_version}"
        self._records: WeakSet[Any] = WeakSet()
        self._copies: dict[str, Path] = {}
        try:
            self._folder = folder or own_folder()
            self.place = str(self._folder)
            self.marker, self._lock = claim(self._folder)
        except OSError as error:
            raise ConnectError(f"cannot make a scratch database: {error}") from error
        self.path = self._place(self._folder).resolve()
        self.url = url.set(database=str(self.path), query=_without_file(url))
        try:
            self._empty()
        except BaseException:
            self.drop()
            raise

    def engine(self) -> Engine:
        """Returns our own engine on it."""
        return engine_on(self.url, self)

    def holds(self, raw: Any) -> bool:
        """Returns whether a DBAPI connection has this file as its main database."""
        cursor = raw.cursor()
        try:
            cursor.execute("SELECT file FROM pragma_database_list WHERE name = 'main'")
            row = cursor.fetchone()
        finally:
            cursor.close()
        file = next(iter(row.values())) if isinstance(row, dict) else row[0]
        return bool(file) and self.is_file(Path(file))

    def is_file(self, file: Path) -> bool:
        """Returns whether a file is this one, however it is spelled."""
        try:
            return file.samefile(self.path)
        except OSError:
            return file == self.path

    def adopt(self, raw: Any, record: Any) -> None:
        """Keeps the connection from waiting for the disk, and remembers it for `cancel`."""
        cursor = raw.cursor()
        cursor.execute("PRAGMA synchronous = OFF")
        # What is thrown away after a crash needs no journal in a file. A mode that env.py chose stays.
        if self.thrown_away and first_value(raw, "PRAGMA journal_mode") == "delete":
            cursor.execute("PRAGMA journal_mode = MEMORY")
        cursor.close()
        self._records.add(record)

    def clear(self) -> None:
        """Empties the file; connections outside of a transaction go on."""
        self._empty()

    def save(self, name: str) -> bool:
        """Copies the file."""
        path = self._copies.setdefault(
            name, self._folder / f"{copy_name(self.marker, len(self._copies))}{DATABASE}"
        )
        remove(path)
        self._copy(self.path, path)
        return True

    def restore(self, name: str) -> None:
        """Puts a copy back; raises KeyError for a name that was not saved."""
        self._copy(self._copies[name], self.path)

    def cancel(self) -> None:
        """Interrupts the statements that run on connections known to us."""
        for record in list(self._records):
            raw = record.driver_connection
            connection = getattr(raw, "_conn", raw)  # aiosqlite keeps the real one there
            if isinstance(connection, sqlite3.Connection):
                with suppress(sqlite3.ProgrammingError):  # closed meanwhile
                    connection.interrupt()

    def drop(self) -> None:
        """Removes the file with every copy, and lets go of the lock."""
        for path in (self.path, *self._copies.values()):
            remove(path)
        self._lock.release()

    def _place(self, folder: Path) -> Path:
        return folder / f"{self.marker}{DATABASE}"

    def _empty(self) -> None:
        self._copy(None, self.path)

    def _copy(self, source: Path | None, target: Path) -> None:
        """Copies one database over another, in place if it can be, so that connections go on.

        A connection that keeps it locked is left behind on a file without a name. Raises ConnectError.
        """
        try:
            with closing(_open(source or ":memory:")) as origin:
                try:
                    _backup(origin, target)
                except sqlite3.OperationalError as error:
                    if is_full(error):
                        raise
                    remove(target)
                    _backup(origin, target)
        except sqlite3.Error as error:
            if is_full(error):
                raise no_space(self.place) from error
            raise ConnectError(f"cannot write the scratch database in {self.place}: {error}") from error


def _open(path: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_PATIENCE)
    connection.execute("PRAGMA synchronous = OFF")
    return connection


def _backup(origin: sqlite3.Connection, target: Path) -> None:
    """Copies a whole database; raises OperationalError when the target stays locked."""
    end = time.monotonic() + _PATIENCE

    def waited(status: int, _remaining: int, _total: int) -> None:
        # Python would try for ever. https://docs.python.org/3/library/sqlite3.html#sqlite3.Connection.backup
        if status in (_BUSY, _LOCKED) and time.monotonic() > end:
            raise sqlite3.OperationalError("database is locked")

    with closing(_open(target)) as connection:
        origin.backup(connection, progress=waited, sleep=0.02)


def _without_file(url: URL) -> dict[str, Any]:
    """Returns the query of a URL without what says how to open the named file (`file:...?mode=ro`)."""
    return {key: value for key, value in url.query.items() if key in ("timeout", "detect_types")}
