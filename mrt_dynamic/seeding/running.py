"""Statements on the live database: queries by column name, attempts that leave no trace when they fail."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Final

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from mrt_dynamic.plain_sql import run
from mrt_dynamic.scratch.varying import steady
from mrt_lint.schema.dialects import Dialect

_SAVEPOINT: Final = "mrt_seed"
_SEVERAL: Final = frozenset({"psycopg", "psycopg2"})
"""Drivers that take several statements at once when there are no parameters."""


def rows_of(connection: Connection, sql: str) -> list[dict[str, Any]]:
    """Returns the rows of a query by column name."""
    return [dict(row) for row in run(connection, sql).mappings()]


class Guarded:
    """An attempt: `with Guarded(...) as attempt: attempt.run(sql)`; `error` says why it came to nothing.

    In PostgreSQL a failed statement ends the transaction, so each attempt has a savepoint; the other
    databases undo the failed statement alone, and a savepoint would only cost time (SQLite's driver
    would even begin a transaction with it and commit at its release).
    """

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self.connection = connection
        self.savepoint = dialect == "postgresql" and not _autocommits(connection)
        self.error: DBAPIError | None = None

    def __enter__(self) -> Guarded:
        if self.savepoint:
            run(self.connection, f"SAVEPOINT {_SAVEPOINT}")
        return self

    def run(self, sql: str) -> Any:
        """Runs one statement of the attempt; its failure ends the `with` block."""
        return run(self.connection, sql)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is None:
            if self.savepoint:
                run(self.connection, f"RELEASE SAVEPOINT {_SAVEPOINT}")
            return False
        if not isinstance(error, DBAPIError) or error.connection_invalidated:
            return False
        if self.savepoint:
            run(self.connection, f"ROLLBACK TO SAVEPOINT {_SAVEPOINT}")
            run(self.connection, f"RELEASE SAVEPOINT {_SAVEPOINT}")
        self.error = error
        return True


def attempted(connection: Connection, dialect: Dialect, statements: Sequence[str]) -> DBAPIError | None:
    """Runs statements as one attempt; returns why they came to nothing, None if they did not.

    psycopg sends several statements in one message, which spares two of three round trips.
    """
    attempt = Guarded(connection, dialect)
    if not attempt.savepoint or connection.dialect.driver not in _SEVERAL:
        with attempt:
            for statement in statements:
                attempt.run(statement)
        return attempt.error
    together = [f"SAVEPOINT {_SAVEPOINT}", *statements, f"RELEASE SAVEPOINT {_SAVEPOINT}"]
    try:
        run(connection, "; ".join(together))
    except DBAPIError as error:
        attempt.__exit__(type(error), error, None)
        if attempt.error is None:
            raise
    return attempt.error


def _autocommits(connection: Connection) -> bool:
    return bool(getattr(connection.connection.dbapi_connection, "autocommit", False))


def reason_of(error: DBAPIError) -> str:
    """Returns what the database said, in one line."""
    arguments = error.orig.args if error.orig is not None else ()
    text = str(arguments[-1] if arguments else error.orig)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    kept = [line for line in lines if not line.startswith(("LINE ", "^"))]
    return steady(" ".join(kept))[:300] or type(error).__name__
