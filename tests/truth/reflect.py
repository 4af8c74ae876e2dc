"""Reflects a live database into our State, so that the replay can be held against it."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from mrt_lint.schema.state import State
from tests.truth import reflect_postgresql, reflect_sqlite

REFLECTED = ("sqlite", "postgresql")


def reflect(connection: Connection) -> State:
    """Returns the State of the database behind the connection, without Alembic's own table.

    Everything is read from the catalogues; texts become canonical through the linter's own
    `canonical_text`, types through `SqlType`. What is left out or made alike on the way is said
    where it happens, with the reason why it is no difference.
    """
    read = reflect_sqlite if connection.dialect.name == "sqlite" else reflect_postgresql
    return read.state_of(connection)
