"""Reads a live database into the State that the replay works on, so that one comparison judges both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Name
from mrt_lint.schema.state import State

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class _Reader(Protocol):
    def read(self, connection: Connection, _working: Connection | None = None, /) -> State: ...


class Reader:
    """Reads the schema of one database again and again; what did not change is not read twice.

    A table that is as it was is the very same object in both States, and a State knows what was
    written since the one before it: comparing two costs what changed, not what there is.
    """

    def __init__(self, dialect: Dialect, version_table: Name) -> None:
        self._reader = _reader(dialect, version_table)

    def read(self, connection: Connection, working: Connection | None = None) -> State:
        """Returns everything the database holds but rows, without the version table.

        `working`: the connection that made the last changes, where it is another one and is asked faster.
        A transaction that is open stays open, and settings of the session are as before. Raises
        sqlalchemy.exc.SQLAlchemyError when the database refuses a catalogue.
        """
        return self._reader.read(connection, working)


def _reader(dialect: Dialect, version_table: Name) -> _Reader:
    if dialect == "postgresql":
        from mrt_dynamic.snapshot.postgresql import PostgresqlReader

        return PostgresqlReader(version_table)
    if dialect == "sqlite":
        from mrt_dynamic.snapshot.sqlite import SqliteReader

        return SqliteReader(version_table)
    if dialect in ("mysql", "mariadb"):
        from mrt_dynamic.snapshot.mariadb import MariadbReader

        return MariadbReader(dialect, version_table)
    from mrt_dynamic.snapshot.inspected import InspectedReader

    return InspectedReader(dialect, version_table)
