"""Scratch schemas on Oracle, where each is a user. By the manual; not exercised against a live server."""

from __future__ import annotations

import secrets
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from mrt_dynamic.scratch.masking import remember
from mrt_dynamic.scratch.names import new_name, original
from mrt_dynamic.scratch.server import ServerScratch
from mrt_dynamic.scratch.session import Session, first_value
from mrt_dynamic.scratch.trouble import shown, told

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

CREATE: Final = 'CREATE USER "{name}" IDENTIFIED BY "{password}" QUOTA UNLIMITED ON {tablespace}'
GRANT: Final = (
    "GRANT CREATE SESSION, CREATE TABLE, CREATE VIEW, CREATE SEQUENCE, CREATE PROCEDURE, CREATE TRIGGER,"
    ' CREATE TYPE, CREATE SYNONYM, CREATE MATERIALIZED VIEW TO "{name}"'
)
TABLESPACE: Final = (
    "SELECT property_value FROM database_properties WHERE property_name = 'DEFAULT_PERMANENT_TABLESPACE'"
)
SESSIONS: Final = "SELECT sid, serial# FROM v$session WHERE username = '{name}'"
USER: Final = "SELECT SYS_CONTEXT('USERENV', 'SESSION_USER') FROM dual"
SCHEMA: Final = "SELECT SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA') FROM dual"


class OracleScratch(ServerScratch):
    """A user of its own with a random password; `url` names one who may make users.

    That it lives is seen by a session of that user, which is kept open.
    """

    dialect = "oracle"

    def __init__(self, url: URL) -> None:
        """Makes it, after removing what crashed runs left. Raises ConnectError."""
        # Unquoted names are in upper case; SQLAlchemy logs in with what the URL says.
        self.marker = new_name()
        self._name = self.marker.upper()
        self._password = f"P{secrets.token_hex(12)}"
        self.url = url.set(username=self.marker, password=self._password)
        remember(self.url)
        self.place = shown(url)
        self._home = url
        self._alive: Session | None = None
        self._keeper = Session(url)
        who = url.username or "..."
        with self._making(url, f"GRANT CREATE USER, DROP USER, ALTER SYSTEM, GRANT ANY PRIVILEGE TO {who}"):
            version = self._keeper.value("SELECT version FROM product_component_version")
            self.title = f"Oracle {version}"
            remove_stale(self._keeper)
            self._make()

    def holds(self, raw: Any) -> bool:
        """Returns whether a DBAPI connection is logged in as the scratch user, and in its schema."""
        return [first_value(raw, query) for query in (USER, SCHEMA)] == [self._name] * 2

    def clear(self) -> None:
        """Makes it anew; ends every other connection."""
        with told(self.place, self._keeper.errors):
            self._remove()
            self._make()

    def cancel(self) -> None:
        """Ends the sessions of the scratch user but the one that says that it lives."""
        with Session(self._home) as session:
            _end_sessions(session, self._name, f"{SESSIONS} AND status = 'ACTIVE'")

    def _make(self) -> None:
        tablespace = self._keeper.value(TABLESPACE)
        password = self._password
        self._keeper.run(CREATE.format(name=self._name, password=password, tablespace=tablespace))
        self._keeper.run(GRANT.format(name=self._name))
        self._hold()

    def _hold(self) -> None:
        self._alive = Session(self.url)

    def _remove(self) -> None:
        if self._alive is not None:
            self._alive.close()
        _drop(self._keeper, self._name)


def remove_stale(server: Session) -> None:
    """Drops what crashed runs left: users with a name of ours who are not logged in."""
    for (name,) in server.rows("SELECT username FROM all_users"):
        if original(str(name).lower()) is None or server.rows(SESSIONS.format(name=name)):
            continue
        with suppress(server.errors):  # another start removes it just now
            _drop(server, str(name))


def _end_sessions(server: Session, name: str, query: str = SESSIONS) -> None:
    for sid, serial in server.rows(query.format(name=name)):
        with suppress(server.errors):  # ended meanwhile
            server.run(f"ALTER SYSTEM KILL SESSION '{int(sid)},{int(serial)}' IMMEDIATE")


def _drop(server: Session, name: str) -> None:
    if original(name.lower()) is None:
        raise ValueError(f"{name} is not a scratch schema")
    _end_sessions(server, name)
    if server.rows(f"SELECT 1 FROM all_users WHERE username = '{name}'"):
        server.run(f'DROP USER "{name}" CASCADE')
