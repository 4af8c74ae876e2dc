"""`isolation = "in-place"`: works in the database that the URL names, if it is empty, and leaves it empty."""

from __future__ import annotations

import secrets
import time
from abc import abstractmethod
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from mrt_dynamic.errors import ConnectError, RefusedError
from mrt_dynamic.scratch.base import Scratch
from mrt_dynamic.scratch.contents import Thing, contents, remove
from mrt_dynamic.scratch.mysql import kill, neighbours, product
from mrt_dynamic.scratch.names import lock_key
from mrt_dynamic.scratch.postgresql import stop_preparing
from mrt_dynamic.scratch.server import ServerScratch
from mrt_dynamic.scratch.session import Session, first_value
from mrt_dynamic.scratch.trouble import first_line, shown, told
from mrt_lint.errors import ConfigError

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

_SHOWN: Final = 3
_MOMENT: Final = 5.0
"""Seconds."""
_MAY_STAY: Final = ("SCHEMA", "EXTENSION")


class InPlace(ServerScratch):
    """A database on a server that was empty when the run began, and is when it ends.

    Empty schemas and extensions may be there: to make them can take another right. A lock that a connection
    holds keeps a second run out; another one, of a random name, is what `holds` asks the server for, so
    that nothing is written to tell the database from others.
    """

    def __init__(self, url: URL, legacy: tuple[Thing, ...] | None = None) -> None:
        """Takes it. Raises ConfigError, ConnectError; RefusedError when it is not empty, or taken.

        `legacy`: what was in it when a process took it that was killed; then it is emptied first.
        """
        self.url = self._home = url
        self.marker = f"mrt-lint {secrets.token_hex(8)}"
        self.place = shown(url)
        self._keeper = Session(url)
        try:
            self._take_from(legacy)
            found = contents(self._keeper, self.dialect)
            self._kept = tuple(thing for thing in found if thing.kind in _MAY_STAY)
            if legacy is not None:
                self._kept = legacy
                self.clear()
            elif len(self._kept) < len(found):
                raise _not_empty(
                    self.place, [f"{t.kind.lower()} {t.name}" for t in found if t not in self._kept]
                )
        except self._keeper.errors as error:
            self._keeper.close()
            raise ConnectError(f"cannot work in {self.place}: {first_line(error)}") from error
        except BaseException:
            self._keeper.close()
            raise

    def clear(self) -> None:
        """Drops all that was not there at first, one object after the other. Raises ConnectError."""
        server = self._server()
        with told(self.place, server.errors):
            self._end_others(server)
            remove(server, self.dialect, self._foreign(server))
            left = self._foreign(server)
        if left:
            raise ConnectError(f"cannot empty {self.place}: {left[0].kind.lower()} {left[0].name} remains")

    def _remove(self) -> None:
        self.clear()

    def _foreign(self, server: Session) -> tuple[Thing, ...]:
        return tuple(thing for thing in contents(server, self.dialect) if thing not in self._kept)

    def legacy(self) -> tuple[Thing, ...]:
        """Returns what was in it when we took it."""
        return self._kept

    def _take_from(self, legacy: tuple[Thing, ...] | None) -> None:
        """Takes both locks; the server may need a moment to see that the process that had them is dead."""
        end = time.monotonic() + _MOMENT
        while True:
            try:
                self._hold()
                return
            except RefusedError:
                if legacy is None or time.monotonic() > end:
                    raise
                time.sleep(0.1)

    @abstractmethod
    def _hold(self) -> None:
        """Takes both locks; raises RefusedError when another run has the database."""

    @abstractmethod
    def _end_others(self, server: Session) -> None:
        """Ends the connections that may keep objects locked."""


class InPlacePostgres(InPlace):
    """A database of the user's on PostgreSQL."""

    dialect = "postgresql"

    def holds(self, raw: Any) -> bool:
        """Returns whether the connection is in the database in which our lock is held."""
        return bool(
            first_value(
                raw,
                "SELECT EXISTS (SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
                " WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.objsubid = 1"
                f" AND (l.classid::bigint << 32) | l.objid::bigint = {lock_key(self.marker)})",
            )
        )

    def adopt(self, raw: Any, record: Any) -> None:
        """Keeps psycopg from preparing statements."""
        stop_preparing(raw)

    def cancel(self) -> None:
        """Cancels the statements that run in it."""
        with Session(self.url) as session, told(self.place, session.errors):
            session.rows(f"SELECT pg_cancel_backend(pid) {_BUSY}")

    def _hold(self) -> None:
        self.title = f"PostgreSQL {str(self._keeper.value('SHOW server_version')).split()[0]}"
        if not self._keeper.value(f"SELECT pg_try_advisory_lock({lock_key('mrt-lint in place')})"):
            raise _taken(self.place)
        self._keeper.rows(f"SELECT pg_advisory_lock({lock_key(self.marker)})")

    def _end_others(self, server: Session) -> None:
        server.rows(f"SELECT pg_terminate_backend(pid) {_BUSY}")


_BUSY: Final = (
    "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND state <> 'idle' AND backend_type = 'client backend'"
)


class InPlaceMySQL(InPlace):
    """A database of the user's on MySQL or MariaDB."""

    def holds(self, raw: Any) -> bool:
        """Returns whether the connection is in the database, on the server on which our lock is held."""
        found = first_value(raw, f"SELECT IF(IS_USED_LOCK('{self.marker}') IS NULL, '', DATABASE())")
        return bool(found) and str(found).lower() == str(self.url.database).lower()

    def cancel(self) -> None:
        """Ends the statements that run in it."""
        with Session(self.url) as session, told(self.place, session.errors):
            kill(session, str(self.url.database), "KILL QUERY")

    def _hold(self) -> None:
        self.dialect, self.title = product(self._keeper)
        self.neighbours = neighbours(self._keeper) - {str(self.url.database).lower()}
        taken = sha256(str(self.url.database).lower().encode()).hexdigest()[:32]
        if self._keeper.value(f"SELECT GET_LOCK('mrt-lint in place {taken}', 0)") != 1:
            raise _taken(self.place)
        self._keeper.rows(f"SELECT GET_LOCK('{self.marker}', 0)")

    def _end_others(self, server: Session) -> None:
        kill(server, str(self.url.database), "KILL", idle=True)


def in_place_on(url: URL, legacy: Any = None) -> Scratch:
    """Returns the database that the URL names, taken. Raises ConfigError, ConnectError, RefusedError."""
    from mrt_dynamic.scratch.in_place_sqlite import InPlaceSQLite

    backend = url.get_backend_name()
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise ConfigError('isolation = "in-place" needs a db-url that names an empty database')
    if backend == "sqlite":
        return InPlaceSQLite(url, legacy)
    if backend == "postgresql":
        return InPlacePostgres(url, legacy)
    if backend in ("mysql", "mariadb"):
        return InPlaceMySQL(url, legacy)
    raise ConfigError('isolation = "in-place" works on PostgreSQL, MySQL, MariaDB and SQLite only')


def _not_empty(place: str, found: list[str]) -> RefusedError:
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return RefusedError(
        f"{place} is not empty ({', '.join(found[:_SHOWN])}{more}), and nothing was touched: name an empty "
        'database for isolation = "in-place", or leave that out to work in one of our own'
    )


def _taken(place: str) -> RefusedError:
    return RefusedError(f"another run works in {place}: wait for its end, or name another database")
