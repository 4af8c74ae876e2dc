"""A connection of our own to a server, for what is done to whole databases."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from mrt_dynamic.scratch.trouble import cannot_connect
from mrt_dynamic.scratch.urls import synchronous

if TYPE_CHECKING:
    from types import TracebackType

    from sqlalchemy.engine import URL
    from typing_extensions import Self

PATIENCE: Final = 10
"""Seconds to wait for a server to answer, where the URL says nothing else."""

_TIMEOUTS: Final = {
    "psycopg": "connect_timeout",
    "psycopg2": "connect_timeout",
    "psycopg2cffi": "connect_timeout",
    "pg8000": "timeout",
    "pymysql": "connect_timeout",
    "mysqldb": "connect_timeout",
    "cymysql": "connect_timeout",
    "mariadbconnector": "connect_timeout",
    "mysqlconnector": "connection_timeout",
    "oracledb": "tcp_connect_timeout",
    "pyodbc": "timeout",
    "pymssql": "login_timeout",
}


class Session:
    """One DBAPI connection that commits every statement by itself.

    It is opened by SQLAlchemy's dialect, but not through an Engine: the guard on engines does not see
    it, nothing pools it, and the process that holds it holds it alone.
    """

    def __init__(self, url: URL) -> None:
        """Connects. Raises ConnectError, MissingExtraError."""
        url = synchronous(url)
        driver = url.drivername.partition("+")[2]
        kind: Any = url.get_dialect()
        dialect = kind(dbapi=kind.import_dbapi())
        positional, named = dialect.create_connect_args(url)
        if driver in _TIMEOUTS:
            named.setdefault(_TIMEOUTS[driver], PATIENCE)
        errors = dialect.loaded_dbapi.Error
        self.errors: type[Exception] = errors
        """What its methods raise: the driver's own errors."""
        try:
            self.raw: Any = dialect.connect(*positional, **named)
        except (errors, OSError) as error:
            raise cannot_connect(url, error) from error
        try:
            dialect.set_isolation_level(self.raw, "AUTOCOMMIT")
        except errors as error:
            self.close()
            raise cannot_connect(url, error) from error

    def run(self, statement: str) -> None:
        """Runs a statement that returns nothing."""
        cursor = self.raw.cursor()
        try:
            cursor.execute(statement)
        finally:
            cursor.close()

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Returns what a query gives."""
        cursor = self.raw.cursor()
        try:
            cursor.execute(statement)
            return [tuple(row) for row in cursor.fetchall()]
        finally:
            cursor.close()

    def value(self, statement: str) -> Any:
        """Returns the first column of the first row, None when there is no row."""
        rows = self.rows(statement)
        return rows[0][0] if rows else None

    def close(self) -> None:
        """Ends it; one that has ended already is no error."""
        with suppress(self.errors, OSError):
            self.raw.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def first_value(raw: Any, statement: str) -> Any:
    """Returns the first column of the first row on a DBAPI connection that somebody else set up.

    Its cursors may give rows of another kind (dictionaries).
    """
    cursor = raw.cursor()
    try:
        cursor.execute(statement)
        row = cursor.fetchone()
    finally:
        cursor.close()
    if row is None:
        return None
    return next(iter(row.values())) if isinstance(row, dict) else row[0]
