"""Live databases for the tests of seeding: made empty again for every shape, read back as text."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection, Engine

from mrt_dynamic.plain_sql import quoted, run, table_of
from mrt_dynamic.snapshot.schema import Reader
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Table
from mrt_lint.schema.state import State
from tests.backends import scratch


def state_of(connection: Connection, database: str) -> State:
    """Returns the live schema."""
    return Reader(database, Name("alembic_version")).read(connection)  # type: ignore[arg-type]


@contextlib.contextmanager
def built(engine: Engine, database: str, statements: Sequence[str]) -> Iterator[Connection]:
    """Yields a connection to the database, emptied and then built by the statements."""
    with engine.connect() as connection:
        _empty(connection, database)
        for statement in statements:
            run(connection, statement)
        connection.commit()
        if database == "sqlite":
            run(connection, "PRAGMA foreign_keys = ON")
        yield connection


@contextlib.contextmanager
def another(database: str, folder: Path, statements: Sequence[str]) -> Iterator[Connection]:
    """Yields a connection to a database of its own, built by the statements."""
    with scratch(database, folder) as engine, built(engine, database, statements) as connection:
        yield connection


def _empty(connection: Connection, database: str) -> None:
    if database == "postgresql":
        query = "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
        for (schema,) in run(connection, query).all():
            run(connection, f'DROP SCHEMA "{schema}" CASCADE')
        run(connection, "CREATE SCHEMA public")
    elif database == "mariadb":
        run(connection, "SET foreign_key_checks = 0")
        for (table,) in run(connection, "SHOW TABLES").all():
            run(connection, f"DROP TABLE {quoted(table, 'mariadb')}")
        run(connection, "SET foreign_key_checks = 1")
    else:
        run(connection, "PRAGMA foreign_keys = OFF")
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        for (table,) in run(connection, query).all():
            run(connection, f"DROP TABLE {quoted(table, 'sqlite')}")
    connection.commit()


def rows_in(connection: Connection, state: State, table: Table) -> list[tuple[Any, ...]]:
    """Returns all rows of a table as the database prints them, sorted."""
    columns = [quoted(column.name, state.dialect) for column in table.columns.values()]
    if state.dialect == "postgresql":
        columns = [f"{column}::text" for column in columns]
    elif state.dialect == "mariadb":
        columns = [f"HEX({column})" for column in columns]
    only = "ONLY " if state.dialect == "postgresql" else ""
    query = f"SELECT {', '.join(columns) or '1'} FROM {only}{table_of(table.name, state.dialect)}"
    return sorted((tuple(row) for row in run(connection, query)), key=repr)


def content(connection: Connection, state: State) -> dict[str, list[tuple[Any, ...]]]:
    """Returns the rows of every table."""
    return {str(table.name): rows_in(connection, state, table) for table in state.tables()}


def ask(connection: Connection, query: str) -> Any:
    """Returns the one value that a query gives."""
    return run(connection, query).scalar()
