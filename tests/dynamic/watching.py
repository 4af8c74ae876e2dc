"""What tests look at beside the scratch databases: which ones a server has, and what other databases hold."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Engine
from sqlalchemy.pool import NullPool

from tests.backends import scratch as named_database
from tests.backends import server_url, sqlite_engine

TABLES = {
    "people": "CREATE TABLE people (id INTEGER PRIMARY KEY, name VARCHAR(40), note VARCHAR(200))",
    "orders": "CREATE TABLE orders (id INTEGER PRIMARY KEY, person INTEGER REFERENCES people (id), total NUMERIC(9, 2))",
}
ROWS: dict[str, list[tuple[Any, ...]]] = {
    "people": [(1, "Ada", None), (2, "Größe 'x'", ""), (3, None, "two\nlines")],
    "orders": [(1, 1, 10), (2, 3, -1)],
}


def fill(engine: Engine) -> None:
    """Makes two tables with rows."""
    with engine.begin() as connection:
        for name, statement in TABLES.items():
            connection.exec_driver_sql(statement)
            for row in ROWS[name]:
                values = ", ".join(
                    sa.literal(value).compile(engine, compile_kwargs={"literal_binds": True}).string
                    for value in row
                )
                connection.exec_driver_sql(f"INSERT INTO {name} VALUES ({values})".replace("%", "%%"))


def everything(engine: Engine) -> dict[str, Any]:
    """Returns the tables of a database with all their rows."""
    with engine.connect() as connection:
        names = sorted(sa.inspect(connection).get_table_names())
        return {
            name: sorted(connection.exec_driver_sql(f"SELECT * FROM {name}").all(), key=repr)
            for name in names
        }


@contextmanager
def populated(database: str, folder: Path) -> Iterator[Engine]:
    """Yields an engine on a user's database, which holds rows; its URL carries the password."""
    with named_database(database, folder, "mrt_user") as engine:
        fill(engine)
        engine.dispose()
        yield engine


def databases(database: str, folder: Path) -> set[str]:
    """Returns the names of all databases on the server, or in the folder."""
    if database == "sqlite":
        return {path.stem for path in folder.glob("*.db")}
    query = "SELECT datname FROM pg_database" if database == "postgresql" else "SHOW DATABASES"
    engine = sa.create_engine(server_url(database), poolclass=NullPool)
    with engine.connect() as connection:
        return set(connection.exec_driver_sql(query).scalars())


def on(url: URL) -> Engine:
    """Returns an engine as env.py would make it: with the URL, and nothing else."""
    if url.get_backend_name() == "sqlite":
        return sqlite_engine(Path(str(url.database)))
    return sa.create_engine(url, poolclass=NullPool)


def eventually(condition: Callable[[], bool], tries: int = 200) -> bool:
    """Returns whether the condition comes true; a server takes a moment to see that a process died."""
    for _ in range(tries):
        if condition():
            return True
        time.sleep(0.05)
    return False
