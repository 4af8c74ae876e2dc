"""Scratch databases on SQL Server. Written by its manual; not exercised against a live server."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from mrt_dynamic.scratch.names import new_name, original
from mrt_dynamic.scratch.server import ServerScratch
from mrt_dynamic.scratch.session import Session, first_value
from mrt_dynamic.scratch.trouble import shown, told

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

LOCK: Final = (
    "DECLARE @taken int; EXEC @taken = sp_getapplock @Resource = N'{name}', @LockMode = 'Exclusive',"
    " @LockOwner = 'Session', @LockTimeout = 0; SELECT @taken"
)
"""Source: https://learn.microsoft.com/sql/relational-databases/system-stored-procedures/sp-getapplock-transact-sql"""
UNLOCK: Final = "EXEC sp_releaseapplock @Resource = N'{name}', @LockOwner = 'Session'"
DROP: Final = (
    "IF DB_ID(N'{name}') IS NOT NULL BEGIN"
    " ALTER DATABASE [{name}] SET SINGLE_USER WITH ROLLBACK IMMEDIATE; DROP DATABASE [{name}] END"
)
RUNNING: Final = (
    "SELECT session_id FROM sys.dm_exec_requests"
    " WHERE database_id = DB_ID(N'{name}') AND session_id <> @@SPID"
)


class SqlServerScratch(ServerScratch):
    """A database of its own; `url` may name any database there.

    A session in `master` holds an application lock of the database's name as long as the run lives.
    """

    dialect = "mssql"

    def __init__(self, url: URL) -> None:
        """Makes it, after removing what crashed runs left. Raises ConnectError."""
        self.marker = new_name()
        self.url = url.set(database=self.marker)
        self.place = shown(url)
        self._home = url.set(database="master")
        self._keeper = Session(self._home)
        with self._making(url, f"GRANT CREATE ANY DATABASE TO [{url.username or '...'}]"):
            version = str(self._keeper.value("SELECT CAST(SERVERPROPERTY('ProductVersion') AS varchar(40))"))
            self.title = f"SQL Server {version}"
            self._hold()
            remove_stale(self._keeper)
            self._keeper.run(f"CREATE DATABASE [{self.marker}]")

    def holds(self, raw: Any) -> bool:
        """Returns whether a DBAPI connection is on it: no other database anywhere has its name."""
        return bool(first_value(raw, "SELECT DB_NAME()") == self.marker)

    def clear(self) -> None:
        """Makes it anew; ends every other connection."""
        with told(self.place, self._keeper.errors):
            self._remove()
            self._keeper.run(f"CREATE DATABASE [{self.marker}]")

    def cancel(self) -> None:
        """Ends the sessions that run something in it: SQL Server cancels no statement from outside."""
        with Session(self._home) as session:
            for (number,) in session.rows(RUNNING.format(name=self.marker)):
                with suppress(session.errors):  # ended meanwhile
                    session.run(f"KILL {int(number)}")

    def _remove(self) -> None:
        _drop(self._server(), self.marker)

    def _hold(self) -> None:
        self._keeper.rows(LOCK.format(name=self.marker))


def remove_stale(server: Session) -> None:
    """Drops what crashed runs left: databases with a name of ours whose lock is free."""
    for (name,) in server.rows("SELECT name FROM sys.databases"):
        run = original(str(name))
        if run is None or server.value(LOCK.format(name=run)) < 0:
            continue
        with suppress(server.errors):  # another start removes it just now
            _drop(server, str(name))
        server.run(UNLOCK.format(name=run))


def _drop(server: Session, name: str) -> None:
    if original(name) is None:
        raise ValueError(f"{name} is not a scratch database")
    server.run(DROP.format(name=name))
