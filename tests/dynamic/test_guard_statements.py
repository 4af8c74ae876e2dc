"""While the guard is up, nothing reaches another database than the scratch one: compared row by row."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.pool import NullPool, QueuePool, StaticPool

from mrt_dynamic.errors import RefusedError, ServerWideError
from mrt_dynamic.guard.context import require_scratch
from mrt_dynamic.guard.statements import guarded
from mrt_dynamic.scratch.base import Scratch
from mrt_dynamic.scratch.urls import installed
from tests.dynamic.conftest import MakeScratch
from tests.dynamic.watching import everything, fill, on, populated

DESTROY = "DELETE FROM orders"


def by_connect(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql(DESTROY)
        connection.commit()


def by_begin(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(sa.text(DESTROY))


def by_autocommit(engine: Engine) -> None:
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql(DESTROY)


def by_raw_connection(engine: Engine) -> None:
    raw = engine.raw_connection()
    raw.cursor().execute(DESTROY)
    raw.commit()


def by_inspection(engine: Engine) -> None:
    sa.inspect(engine).get_table_names()


def by_metadata(engine: Engine) -> None:
    metadata = sa.MetaData()
    metadata.reflect(engine)
    metadata.drop_all(engine)


def by_creator(engine: Engine) -> None:
    dialect = engine.dialect
    positional, named = dialect.create_connect_args(engine.url)
    made = sa.create_engine(
        engine.url, creator=lambda: dialect.loaded_dbapi.connect(*positional, **named), poolclass=QueuePool
    )
    try:
        by_connect(made)
    finally:
        made.dispose()


def by_pool(engine: Engine) -> None:
    dialect = engine.dialect
    positional, named = dialect.create_connect_args(engine.url)
    pool = NullPool(lambda: dialect.loaded_dbapi.connect(*positional, **named))
    raw = pool.connect()
    raw.cursor().execute(DESTROY)
    raw.commit()


WAYS = [
    by_connect,
    by_begin,
    by_autocommit,
    by_raw_connection,
    by_inspection,
    by_metadata,
    by_creator,
    by_pool,
]


def test_another_database_is_refused(scratch: Scratch, database: str, tmp_path: Path) -> None:
    with populated(database, tmp_path) as engine:
        before = everything(engine)
        for way in WAYS:
            theirs = on(engine.url)
            with guarded(scratch), pytest.raises(RefusedError) as caught:
                way(theirs)
            theirs.dispose()
            assert everything(engine) == before, way
            assert scratch.marker in str(caught.value)
            assert "\n" not in str(caught.value)


def test_the_scratch_database_is_let_through(scratch: Scratch) -> None:
    with guarded(scratch):
        fill(on(scratch.url))
        with on(scratch.url).connect() as connection:
            require_scratch(connection, scratch)
            assert not connection.in_transaction()
        assert len(everything(scratch.engine())) == 2
    assert len(everything(scratch.engine())) == 2


def test_a_connection_opened_before_is_refused(scratch: Scratch, database: str, tmp_path: Path) -> None:
    with populated(database, tmp_path) as engine:
        before = everything(engine)
        with on(engine.url).connect() as connection:
            connection.exec_driver_sql("SELECT 1").all()
            with guarded(scratch), pytest.raises(RefusedError):
                connection.exec_driver_sql(DESTROY)
        assert everything(engine) == before


def test_a_pooled_connection_opened_before_is_refused(
    scratch: Scratch, database: str, tmp_path: Path
) -> None:
    with populated(database, tmp_path) as engine:
        before = everything(engine)
        theirs = sa.create_engine(engine.url, poolclass=StaticPool)
        by_inspection(theirs)
        with guarded(scratch), pytest.raises(RefusedError):
            by_begin(theirs)
        theirs.dispose()
        assert everything(engine) == before


def test_a_connection_of_the_scratch_database_opened_before_is_let_through(scratch: Scratch) -> None:
    with scratch.engine().connect() as connection, guarded(scratch):
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1


def test_afterwards_everything_is_let_through(scratch: Scratch, database: str, tmp_path: Path) -> None:
    with populated(database, tmp_path) as engine:
        theirs = on(engine.url)
        with guarded(scratch), pytest.raises(RefusedError):
            by_connect(theirs)
        by_connect(theirs)
        assert everything(engine)["orders"] == []


def test_the_guard_ends_with_an_error(scratch: Scratch, database: str, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), guarded(scratch):
        raise ZeroDivisionError
    with populated(database, tmp_path) as engine:
        by_connect(engine)


def test_no_file_is_made_for_a_refused_sqlite_database(make_scratch: MakeScratch, tmp_path: Path) -> None:
    file = tmp_path / "absent.db"
    for url in (f"sqlite:///{file}", f"sqlite:///file:{file}?mode=rwc&uri=true"):
        with guarded(make_scratch("sqlite")), pytest.raises(RefusedError, match=r"absent\.db"):
            sa.create_engine(url).connect()
    assert not file.exists()


def test_sqlite_in_memory_is_nobodys(make_scratch: MakeScratch) -> None:
    with guarded(make_scratch("sqlite")):
        for url in ("sqlite://", "sqlite:///:memory:", "sqlite:///file:x?mode=memory&uri=true"):
            with sa.create_engine(url, poolclass=StaticPool).connect() as connection:
                assert connection.exec_driver_sql("SELECT 1").scalar() == 1


@pytest.mark.parametrize(
    "statement", ["ATTACH DATABASE '{0}' AS other", "attach ? as other", "VACUUM INTO '{0}'"]
)
def test_sqlite_other_files_stay_closed(statement: str, make_scratch: MakeScratch, tmp_path: Path) -> None:
    scratch = make_scratch("sqlite")
    with populated("sqlite", tmp_path) as engine:
        file = str(engine.url.database)
        parameters: tuple[Any, ...] = (file,) if "?" in statement else ()
        target = str(tmp_path / "new.db") if "VACUUM" in statement else file
        with guarded(scratch), on(scratch.url).connect() as connection, pytest.raises(ServerWideError):
            connection.exec_driver_sql(statement.format(target), parameters)
    assert not (tmp_path / "new.db").exists()


def test_sqlite_attaching_memory_is_allowed(make_scratch: MakeScratch) -> None:
    scratch = make_scratch("sqlite")
    with guarded(scratch), on(scratch.url).connect() as connection:
        connection.exec_driver_sql("ATTACH DATABASE ':memory:' AS other")
        connection.exec_driver_sql("CREATE TABLE other.t (a INTEGER)")


def test_mariadb_another_database_by_name(make_scratch: MakeScratch, tmp_path: Path) -> None:
    with populated("mariadb", tmp_path) as engine:
        name = engine.url.database
        before = everything(engine)
        scratch = make_scratch("mariadb")
        statements = [
            f"DELETE FROM {name}.orders",
            f"DELETE FROM `{name}` . `orders`",
            f"UPDATE {name}.people SET name = 'x'",
            f"INSERT INTO {name}.people (id) VALUES (9)",
            f"DROP TABLE IF EXISTS {name}.orders",
            f"TRUNCATE TABLE {name}.orders",
            f"ALTER TABLE {name}.people ADD COLUMN x INT",
            f"CREATE TABLE t AS SELECT * FROM {name}.people",
            f"CREATE INDEX i ON {name}.people (name)",
            f"DELETE o FROM (SELECT 1) d, {name}.orders o",
            f"USE {name}",
            f"USE `{name}`",
            f"DROP DATABASE {name}",
            f"ALTER DATABASE {name} CHARACTER SET latin1",
        ]
        with guarded(scratch), on(scratch.url).connect() as connection:
            connection.exec_driver_sql("CREATE TABLE mine (id INT)")
            for statement in statements:
                with pytest.raises(ServerWideError):
                    connection.exec_driver_sql(statement)
        assert everything(engine) == before


def test_mariadb_a_connection_that_moved_before_is_refused(make_scratch: MakeScratch, tmp_path: Path) -> None:
    scratch = make_scratch("mariadb")
    with populated("mariadb", tmp_path) as engine, on(scratch.url).connect() as connection:
        connection.exec_driver_sql(f"USE {engine.url.database}")
        with guarded(scratch), pytest.raises(RefusedError):
            connection.exec_driver_sql(DESTROY)
        assert everything(engine)["orders"]


@pytest.mark.parametrize("database", ["postgresql"])
def test_postgresql_the_server_stays_as_it_is(database: str, make_scratch: MakeScratch) -> None:
    scratch = make_scratch(database)
    with guarded(scratch), on(scratch.url).connect() as connection:
        with pytest.raises(ServerWideError, match="CREATE ROLE changes the server"):
            connection.exec_driver_sql(f"CREATE ROLE {scratch.marker}")
        with pytest.raises(ServerWideError, match="CREATE ROLE changes the server"):
            connection.exec_driver_sql(
                f"DO $$ BEGIN IF true THEN CREATE ROLE {scratch.marker}; END IF; END $$"
            )
    with scratch.engine().connect() as connection:
        found = connection.exec_driver_sql(f"SELECT 1 FROM pg_roles WHERE rolname = '{scratch.marker}'")
        assert found.all() == []


def test_another_connection_in_the_migration_context(scratch: Scratch, database: str, tmp_path: Path) -> None:
    with (
        populated(database, tmp_path) as engine,
        engine.connect() as connection,
        pytest.raises(RefusedError) as caught,
    ):
        require_scratch(connection, scratch)
    assert str(engine.url.database) in str(caught.value)
    assert str(scratch.url.database) in str(caught.value)
    with sa.create_engine("sqlite://").connect() as connection, pytest.raises(RefusedError):
        require_scratch(connection, scratch)


def test_both_urls_are_shown_without_passwords(make_scratch: MakeScratch) -> None:
    scratch = make_scratch("sqlite")
    url = f"postgresql+{installed('postgresql')}://someone:very-s3cret@localhost:5432/prod?options=-cx%3Dy"
    with guarded(scratch), pytest.raises(RefusedError) as caught:
        sa.create_engine(url).connect()
    message = str(caught.value)
    assert "postgresql://someone@localhost:5432/prod" in message
    assert scratch.url.render_as_string() in message
    assert "very-s3cret" not in message


ASYNC = {"sqlite": ("aiosqlite", "sqlite+aiosqlite"), "postgresql": ("asyncpg", "postgresql+asyncpg")}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql", "psycopg"])
def test_asynchronous_engines(kind: str, make_scratch: MakeScratch, tmp_path: Path) -> None:
    from sqlalchemy.ext.asyncio import create_async_engine

    database = "sqlite" if kind == "sqlite" else "postgresql"
    if kind in ASYNC:
        pytest.importorskip(ASYNC[kind][0])
    driver = ASYNC[kind][1] if kind in ASYNC else "postgresql+psycopg"
    scratch = make_scratch(database)

    async def work(engine: Any, statement: str) -> None:
        try:
            async with engine.begin() as connection:
                await connection.execute(sa.text(statement))
        finally:
            await engine.dispose()

    with populated(database, tmp_path) as engine:
        before = everything(engine)
        with guarded(scratch):
            with pytest.raises(RefusedError):
                asyncio.run(work(create_async_engine(engine.url.set(drivername=driver)), DESTROY))
            asyncio.run(
                work(create_async_engine(scratch.url.set(drivername=driver)), "CREATE TABLE t (a INTEGER)")
            )
        assert everything(engine) == before
    assert set(everything(scratch.engine())) == {"t"}


def test_cancel_reaches_asynchronous_sqlite(make_scratch: MakeScratch) -> None:
    pytest.importorskip("aiosqlite")
    from sqlalchemy.ext.asyncio import create_async_engine

    scratch = make_scratch("sqlite")
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

    async def work() -> None:
        engine = create_async_engine(scratch.url.set(drivername="sqlite+aiosqlite"))
        async with engine.connect() as connection:
            running = asyncio.ensure_future(connection.execute(sa.text(endless)))
            while not running.done():
                scratch.cancel()
                await asyncio.sleep(0.02)
            with pytest.raises(sa.exc.OperationalError, match="interrupted"):
                await running
        await engine.dispose()

    with guarded(scratch):
        asyncio.run(work())


def test_sqlite_does_not_wait_for_the_disk(make_scratch: MakeScratch) -> None:
    scratch = make_scratch("sqlite")
    with guarded(scratch), sa.create_engine(scratch.url).connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 0
    with sqlite3.connect(str(scratch.url.database)) as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    raw.close()
