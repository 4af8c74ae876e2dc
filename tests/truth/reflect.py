"""Reflects a live database into our State, so that the replay can be held against it."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from mrt_lint.schema.state import State
from tests.truth import reflect_mariadb, reflect_postgresql, reflect_sqlite

_READERS = {
    "sqlite": reflect_sqlite.state_of,
    "postgresql": reflect_postgresql.state_of,
    "mysql": reflect_mariadb.state_of,
    "mariadb": reflect_mariadb.state_of,
}


def reflect(connection: Connection) -> State:
    """Returns the State of the database behind the connection, without Alembic's own table.

    Everything is read from the catalogues; texts become canonical through the linter's own
    `canonical_text`, types through `SqlType`. What is left out or made alike on the way is said
    where it happens, with the reason why it is no difference.
    """
    return _READERS[connection.dialect.name](connection)
