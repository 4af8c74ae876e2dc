"""The databases that tests run on: where they are, whether they answer, scratch databases on them.

`MRT_TEST_POSTGRES_URL` and `MRT_TEST_MARIADB_URL` say where the servers are (default: 127.0.0.1 and
the usual port). A test whose server does not answer is skipped with the reason, unless
`MRT_REQUIRE_BACKENDS=sqlite,postgresql,mariadb` names it: then it fails.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.pool import NullPool

DATABASES = ("sqlite", "postgresql", "mariadb")

_SERVERS = {
    "postgresql": ("MRT_TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"),
    "mariadb": ("MRT_TEST_MARIADB_URL", "mysql+pymysql://root@127.0.0.1:3306/"),
}
_DRIVERS = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql", "mariadb": "mariadb+pymysql"}


def server_url(database: str) -> URL:
    """Returns the address of the server, with a driver named."""
    variable, default = _SERVERS[database]
    url = make_url(os.environ.get(variable) or default)
    return url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))


@cache
def why_missing(database: str) -> str:
    """Returns why the database cannot be used, an empty string when it can."""
    if database == "sqlite":
        return ""
    try:
        engine = sa.create_engine(server_url(database), connect_args={"connect_timeout": 3})
        with engine.connect():
            pass
        engine.dispose()
    except (sa.exc.SQLAlchemyError, ImportError) as error:
        return f"no {database} server: {str(error).splitlines()[0]}"
    return ""


def need(database: str) -> None:
    """Skips the test when the database is missing; fails it when `MRT_REQUIRE_BACKENDS` names it."""
    reason = why_missing(database)
    if not reason:
        return
    required = {word.strip() for word in os.environ.get("MRT_REQUIRE_BACKENDS", "").split(",")}
    if database in required:
        pytest.fail(f"{reason} (MRT_REQUIRE_BACKENDS asks for it)", pytrace=False)
    pytest.skip(reason)


@contextmanager
def scratch(database: str, folder: Path, prefix: str = "mrt_test") -> Iterator[Engine]:
    """Yields an engine on a database of its own, which is dropped at the end.

    SQLite: a file in `folder`. The servers: a new database with a random name; it does not wait
    for the disk at commit, since nothing in it is to survive. Every `connect()` gives a connection
    as of a new process: no temporary table or setting survives the one before.
    """
    if database == "sqlite":
        engine = sqlite_engine(folder / f"{prefix}_{secrets.token_hex(4)}.db")
        try:
            yield engine
        finally:
            engine.dispose()
        return
    name = f"{prefix}_{secrets.token_hex(6)}"
    server = sa.create_engine(server_url(database), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        if database == "postgresql":
            options = "TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"
            connection.exec_driver_sql(f"CREATE DATABASE {name} {options}")
            connection.exec_driver_sql(f"ALTER DATABASE {name} SET synchronous_commit TO off")
            connection.exec_driver_sql(f"ALTER DATABASE {name} SET timezone TO 'UTC'")
        else:
            connection.exec_driver_sql(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
    url = server_url(database).set(database=name)
    if database == "postgresql":
        # A statement that psycopg prepared for one schema must not be used again for the next one.
        engine = sa.create_engine(url, connect_args={"prepare_threshold": None})
        event.listen(engine, "reset", _forget_session)
    else:
        engine = sa.create_engine(url, poolclass=NullPool)
    try:
        yield engine
    finally:
        engine.dispose()
        with server.connect() as connection:
            force = " WITH (FORCE)" if database == "postgresql" else ""
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}{force}")
        server.dispose()


def _forget_session(connection: Any, _record: Any, _state: Any) -> None:
    """Makes a pooled connection of PostgreSQL as good as new: opening one costs ten times as much."""
    connection.rollback()
    connection.autocommit = True
    connection.execute("DISCARD ALL")
    connection.autocommit = False


def sqlite_engine(path: Path) -> Engine:
    """Returns an engine on a SQLite file that does not wait for the disk."""
    engine = sa.create_engine(f"sqlite:///{path}", poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def _fast(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA synchronous = OFF")

    return engine
