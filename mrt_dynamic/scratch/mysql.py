"""Scratch databases on MySQL and MariaDB: made beside the one that the URL names; they cannot be copied."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from mrt_dynamic.scratch.names import new_name, original
from mrt_dynamic.scratch.server import ServerScratch
from mrt_dynamic.scratch.session import Session, first_value
from mrt_dynamic.scratch.trouble import codes, shown, told
from mrt_lint.schema.dialects import Dialect

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

_LONGEST_WAIT: Final = 31_536_000
"""Seconds: the greatest wait_timeout. Source: https://mariadb.com/kb/en/server-system-variables/#wait_timeout"""
_NO_SUCH_THREAD: Final = "1094"


class MySQLScratch(ServerScratch):
    """A database of its own on a MySQL or MariaDB server; `url` may name any database there, or none.

    A connection holds a user-level lock (GET_LOCK) of the database's name as long as the run lives.
    """

    def __init__(self, url: URL, private_server: bool = False) -> None:
        """Makes it, after removing what crashed runs left. Raises ConnectError."""
        self.private_server = private_server
        self.marker = new_name()
        self.url = url.set(database=self.marker)
        self._home = url.set(database="")  # None would leave it as it is
        self.place = shown(url)
        self._keeper = Session(self._home)
        with self._making(url, f"GRANT ALL ON `mrt\\_%`.* TO '{url.username or '...'}'@'...'"):
            self.dialect, self.title = product(self._keeper)
            self._hold()
            remove_stale(self._keeper)
            self.neighbours = neighbours(self._keeper)
            self._make()

    def holds(self, raw: Any) -> bool:
        """Returns whether a DBAPI connection is on it: no other database anywhere has its name."""
        return bool(first_value(raw, "SELECT DATABASE()") == self.marker)

    def clear(self) -> None:
        """Makes it anew; connections to it remain, with no database selected."""
        with told(self.place, self._keeper.errors):
            self._remove()
            self._make()

    def cancel(self) -> None:
        """Ends the statements that run in it."""
        with Session(self._home) as session, told(self.place, session.errors):
            kill(session, self.marker, "KILL QUERY")

    def _remove(self) -> None:
        server = self._server()
        kill(server, self.marker, "KILL", idle=True)
        _drop(server, self.marker)

    def _hold(self) -> None:
        """Takes the lock that says that this run lives; its session is never ended for being idle."""
        self._keeper.run(f"SET SESSION wait_timeout = {_LONGEST_WAIT}")
        self._keeper.rows(f"SELECT GET_LOCK('{self.marker}', 0)")

    def _make(self) -> None:
        comment = " COMMENT 'scratch database of mrt-lint verify'" if self.dialect == "mariadb" else ""
        try:
            self._keeper.run(f"CREATE DATABASE `{self.marker}`{comment}")
        except self._keeper.errors:
            if not comment:
                raise
            self._keeper.run(f"CREATE DATABASE `{self.marker}`")  # before MariaDB 10.5 it had no comment


def kill(session: Session, database: str, how: str, idle: bool = False) -> None:
    """Ends what other connections run in a database, or (`KILL`, `idle`) the connections themselves.

    One with an open transaction there would keep DROP DATABASE waiting.
    """
    which = "" if idle else " AND COMMAND <> 'Sleep'"
    name = database.replace("'", "''")
    query = f"SELECT ID FROM information_schema.PROCESSLIST WHERE DB = '{name}' AND ID <> CONNECTION_ID()"
    for (thread,) in session.rows(query + which):
        try:
            session.run(f"{how} {int(thread)}")
        except session.errors as error:
            if _NO_SUCH_THREAD not in codes(error):
                raise


def product(session: Session) -> tuple[Dialect, str]:
    """Returns which of the two the server is, and its name with the version."""
    version = str(session.value("SELECT VERSION()"))
    if "mariadb" in version.lower():
        return "mariadb", f"MariaDB {version.removeprefix('5.5.5-').partition('-')[0]}"
    return "mysql", f"MySQL {version.partition('-')[0]}"


def remove_stale(server: Session) -> None:
    """Drops what crashed runs left: databases with a name of ours that no lock says is alive."""
    for (name,) in server.rows("SELECT SCHEMA_NAME FROM information_schema.SCHEMATA"):
        run = original(str(name))
        if run is not None and server.value(f"SELECT IS_FREE_LOCK('{run}')") == 1:
            with suppress(server.errors):  # another start removes it just now
                kill(server, str(name), "KILL", idle=True)
                _drop(server, str(name))


def neighbours(server: Session) -> frozenset[str]:
    """Returns every database of the server but those that only describe it."""
    names = {
        str(name).lower() for (name,) in server.rows("SELECT SCHEMA_NAME FROM information_schema.SCHEMATA")
    }
    return frozenset(names - {"information_schema", "performance_schema", "sys"})


def _drop(server: Session, name: str) -> None:
    if original(name) is None:
        raise ValueError(f"{name} is not a scratch database")
    server.run(f"DROP DATABASE IF EXISTS `{name}`")
