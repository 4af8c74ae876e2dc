"""Scratch databases on PostgreSQL: made beside the one that the URL names, copied as templates."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from mrt_dynamic.errors import ConnectError
from mrt_dynamic.scratch.names import copy_name, lock_key, new_name, original
from mrt_dynamic.scratch.postgresql_settings import Settings
from mrt_dynamic.scratch.server import ServerScratch
from mrt_dynamic.scratch.session import Session, first_value
from mrt_dynamic.scratch.trouble import codes, shown, told

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

COMMENT: Final = "scratch database of mrt-lint verify; its next start removes it when this run is over"

_IN_USE: Final = "55006"
"""SQLSTATE object_in_use: somebody is connected to the template."""


class PostgresScratch(ServerScratch):
    """A database of its own on a PostgreSQL server; `url` may name any database there.

    A connection to a maintenance database holds an advisory lock as long as the run lives. The database
    does not wait for the disk at commit, since nothing in it is to survive.
    """

    dialect = "postgresql"

    def __init__(self, url: URL, private_server: bool = False) -> None:
        """Makes it, after removing what crashed runs left. Raises ConnectError."""
        self.private_server = private_server
        self.marker = new_name()
        self.url = url.set(database=self.marker)
        self._copies: dict[str, tuple[str, Settings]] = {}
        self.place = shown(url)
        self._keeper, self._home = _maintenance(url)
        with self._making(url, f'ALTER ROLE "{url.username or "..."}" CREATEDB'):
            self._hold()
            self.title = f"PostgreSQL {str(self._keeper.value('SHOW server_version')).split()[0]}"
            remove_stale(self._keeper)
            self._make(self.marker)

    def holds(self, raw: Any) -> bool:
        """Returns whether a DBAPI connection is on it: no other database anywhere has its name."""
        return bool(first_value(raw, "SELECT current_database()") == self.marker)

    def adopt(self, raw: Any, record: Any) -> None:
        """Keeps psycopg from preparing statements."""
        stop_preparing(raw)

    def clear(self) -> None:
        """Makes it anew."""
        with told(self.place, self._keeper.errors):
            self._replace(None)

    def save(self, name: str) -> bool:
        """Keeps a copy, made as from a template; ends every other connection."""
        server = self._server()
        with told(self.place, server.errors):
            self._forget(name)
            number = 1 + max((int(copy.rpartition("_")[2]) for copy, _ in self._copies.values()), default=0)
            copy = copy_name(self.marker, number)
            self._copies[name] = copy, Settings.of(server, self.marker)
            self._end_others()
            server.run(f'CREATE DATABASE "{copy}" TEMPLATE "{self.marker}"')
        return True

    def restore(self, name: str) -> None:
        """Puts a copy back; raises KeyError for a name that was not saved."""
        with told(self.place, self._keeper.errors):
            self._replace(name)

    def cancel(self) -> None:
        """Cancels the statements that run in it."""
        with Session(self._home) as session, told(self.place, session.errors):
            session.rows(
                "SELECT pg_cancel_backend(pid) FROM pg_stat_activity"
                f" WHERE datname = '{self.marker}' AND state <> 'idle' AND backend_type = 'client backend'"
            )

    def _remove(self) -> None:
        server = self._server()
        for name in (self.marker, *(copy for copy, _ in self._copies.values())):
            _drop(server, name)

    def _hold(self) -> None:
        """Takes the lock that says that this run lives; its session is never ended for being idle."""
        with suppress(self._keeper.errors):  # before PostgreSQL 14
            self._keeper.run("SET idle_session_timeout = 0")
        self._keeper.rows(f"SELECT pg_advisory_lock({lock_key(self.marker)})")

    def _make(self, name: str) -> None:
        server = self._keeper
        try:
            server.run(f'CREATE DATABASE "{name}"')
        except server.errors as error:
            if _IN_USE not in codes(error):
                raise
            server.run(f'CREATE DATABASE "{name}" TEMPLATE template0')
        self._describe()

    def _describe(self) -> None:
        self._keeper.run(f"COMMENT ON DATABASE \"{self.marker}\" IS '{COMMENT}'")
        self._keeper.run(f'ALTER DATABASE "{self.marker}" SET synchronous_commit TO off')

    def _replace(self, name: str | None) -> None:
        server = self._server()
        copy, settings = self._copies[name] if name is not None else ("", None)
        _drop(server, self.marker)
        if settings is None:
            self._make(self.marker)
            return
        server.run(f'CREATE DATABASE "{self.marker}" TEMPLATE "{copy}"')
        self._describe()
        settings.put_back(server, self.marker)

    def _forget(self, name: str) -> None:
        if name in self._copies:
            _drop(self._keeper, self._copies[name][0])
            del self._copies[name]

    def _end_others(self) -> None:
        """Ends every connection to it, and waits until the server has let go of them."""
        self._keeper.rows(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self.marker}'"
        )


def stop_preparing(raw: Any) -> None:
    """Keeps psycopg from preparing statements: a plan made for one schema fails after the next step."""
    # The adapter of asynchronous psycopg in SQLAlchemy 2.0.0 lets this attribute be read, not set.
    driver = getattr(raw, "driver_connection", raw)
    if hasattr(driver, "prepare_threshold"):
        driver.prepare_threshold = None


def remove_stale(server: Session) -> None:
    """Drops what crashed runs left: databases with a name of ours that no lock says is alive."""
    names = [name for (name,) in server.rows("SELECT datname FROM pg_database")]
    ours = {name: run for name in names if (run := original(name))}
    if not ours:
        return
    # Advisory locks belong to one database each; this list shows those of the whole server.
    held = {
        key
        for (key,) in server.rows(
            "SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks"
            " WHERE locktype = 'advisory' AND objsubid = 1 AND granted"
        )
    }
    for name, run in ours.items():
        if lock_key(run) not in held:
            with suppress(server.errors):  # another user's, or another start removes it just now
                _drop(server, name)


def _drop(server: Session, name: str) -> None:
    if original(name) is None:
        raise ValueError(f"{name} is not a scratch database")
    try:
        server.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    except server.errors as error:
        if "42601" not in codes(error):
            raise
        # Before PostgreSQL 13 there was no FORCE.
        server.rows(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        server.run(f'DROP DATABASE IF EXISTS "{name}"')


def _maintenance(url: URL) -> tuple[Session, URL]:
    """Returns a connection from which databases are made, and where it leads.

    First to `postgres`, which is there by default, then to what the URL names. Raises ConnectError.
    """
    places = [url.set(database="postgres")]
    if url.database and url.database != "postgres":
        places.append(url)
    failures: list[ConnectError] = []
    for place in places:
        try:
            return Session(place), place
        except ConnectError as error:
            failures.append(error)
    raise failures[-1]
