"""Reflects a live database into our State, so that the replay can be held against it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.engine import Connection

from mrt_dynamic.snapshot.schema import Reader
from mrt_lint.schema.dialects import dialect_named
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import SchemaObject
from mrt_lint.schema.state import State


def reflect(connection: Connection) -> State:
    """Returns the State of the database behind the connection, without Alembic's own table.

    It is read as the verifier reads it, less what no migration's text tells: where a sequence stands,
    how a sequence that stands for itself counts.
    """
    name = connection.dialect.name
    dialect = "mariadb" if name == "mysql" else dialect_named(name)
    assert dialect is not None
    state = Reader(dialect, Name("alembic_version")).read(connection)
    for sequence in state.all("sequence"):
        assert isinstance(sequence, SchemaObject)
        own = tuple(fact for fact in sequence.details if fact[0] == "identity")
        state = state.put(replace(sequence, details=own))
    return state
