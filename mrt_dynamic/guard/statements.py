"""Refuses every connection and statement of SQLAlchemy that is not on the scratch database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from mrt_dynamic.errors import ServerWideError
from mrt_dynamic.guard.reach import reaches_out
from mrt_dynamic.guard.wrong import (
    database_in,
    described,
    family_of,
    sqlite_file,
    wrong_database,
)
from mrt_dynamic.scratch.trouble import is_full, no_space, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mrt_dynamic.scratch.base import Scratch

_ALLOWED: Final = "mrt_allowed"
_WHERE: Final = "mrt_where"


@contextmanager
def guarded(scratch: Scratch) -> Iterator[None]:
    """While it lasts, nothing in this process runs SQL through SQLAlchemy but on the scratch database.

    To be entered before env.py is imported. Holds for every engine and pool, old and new, synchronous
    and asynchronous (an AsyncEngine drives an Engine). What is refused raises RefusedError: connecting
    (before the driver does, where it is told the database's name), a statement on a connection opened
    earlier, and (ServerWideError) one that reaches out of its database. A database in memory is nobody's
    data and is let through. Not seen: drivers used without SQLAlchemy, what the server itself does for a
    statement (dblink, foreign tables). Two guards at a time refuse each other's database.
    """
    from sqlalchemy import event
    from sqlalchemy.engine import Engine
    from sqlalchemy.pool import Pool

    guard = _Guard(scratch)
    listeners: list[tuple[type, str, Any]] = [
        (Engine, "do_connect", guard.connecting),
        (Pool, "connect", guard.connected),
        # Of the dialect, not of the connection: these reach connections opened before, too.
        (Engine, "do_execute", guard.executing),
        (Engine, "do_executemany", guard.executing),
        (Engine, "do_execute_no_params", guard.executing_bare),
        (Engine, "handle_error", guard.failed),
    ]
    for target, name, function in listeners:
        event.listen(target, name, function)
    try:
        yield
    finally:
        for target, name, function in listeners:
            event.remove(target, name, function)


class _Guard:
    """The listeners. What was found out about a DBAPI connection is kept in the `record_info` of its pool's
    entry, which every kind of proxy gives, and forgotten when the entry connects anew.
    """

    def __init__(self, scratch: Scratch) -> None:
        self.scratch = scratch
        self.family = "mysql" if scratch.dialect == "mariadb" else scratch.dialect

    def connecting(self, dialect: Any, record: Any, positional: Sequence[Any], named: dict[str, Any]) -> None:
        """Refuses to connect where the driver is told another database; else `connected` asks."""
        name = "mysql" if dialect.name == "mariadb" else dialect.name
        where = described(name, positional, named)
        if record is not None:
            record.record_info[_WHERE] = where
        if name == "sqlite":
            file = sqlite_file(positional, named)
            if file is not None and not self.scratch.is_file(file):
                raise wrong_database(where, self.scratch)
            return
        database = database_in(named)
        if name != self.family or (database is not None and database != self.scratch.url.database):
            raise wrong_database(where, self.scratch)

    def connected(self, raw: Any, record: Any) -> None:
        """Asks a new connection where it is, before anything else runs on it."""
        record.record_info.pop(_ALLOWED, None)
        try:
            self._admit(raw, record.record_info, record)
        except BaseException:
            with suppress(Exception):  # whatever the driver says to closing; the refusal counts
                raw.close()
            raise

    def executing(self, cursor: Any, statement: str, parameters: Any, context: Any) -> None:
        """Refuses a statement on a connection elsewhere, and one that reaches out of the database."""
        self._check(cursor, statement, context)

    def executing_bare(self, cursor: Any, statement: str, context: Any) -> None:
        """Refuses likewise a statement without parameters."""
        self._check(cursor, statement, context)

    def failed(self, context: Any) -> None:
        """Turns a full disk into one clear line: it is not the migration's fault."""
        error = context.original_exception
        if is_full(error):
            raise no_space(self.scratch.place) from error

    def _check(self, cursor: Any, statement: str, context: Any) -> None:
        if context is not None:
            proxied = context.root_connection.connection
            info = proxied.record_info
            if info is None:  # it was taken out of its pool
                info = {}
            if info.get(_ALLOWED) is not self:
                self._admit(proxied.dbapi_connection, info, None)
        if self.scratch.private_server:
            return
        own = self.scratch.url.database or ""
        reason = reaches_out(statement, self.scratch.dialect, own, self.scratch.neighbours)
        if reason is not None:
            raise ServerWideError(
                f"a statement was not run on the server of {shown(self.scratch.url)}: {reason}"
            )

    def _admit(self, raw: Any, info: dict[Any, Any], record: Any) -> None:
        family = family_of(raw)
        where = info.get(_WHERE) or f"another database ({type(raw).__module__})"
        if family == self.family and self.scratch.holds(raw):
            if record is not None:
                raw.rollback()
                self.scratch.adopt(raw, record)
        elif family != "sqlite" or not _in_memory(raw):
            raise wrong_database(where, self.scratch)
        info[_ALLOWED] = self


def _in_memory(raw: Any) -> bool:
    cursor = raw.cursor()
    try:
        cursor.execute("PRAGMA database_list")
        return not any(row[2] for row in cursor.fetchall())
    finally:
        cursor.close()
