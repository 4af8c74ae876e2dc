"""`isolation = "in-place"`: only in an empty database, which is empty again afterwards."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL, Engine

from mrt_dynamic.errors import ConnectError, RefusedError
from mrt_dynamic.guard.statements import guarded
from mrt_dynamic.scratch.contents import contents, remove
from mrt_dynamic.scratch.in_place import in_place_on
from mrt_dynamic.scratch.session import Session
from mrt_lint.errors import ConfigError
from mrt_lint.schema.dialects import Dialect
from tests.backends import need
from tests.backends import scratch as named_database
from tests.dynamic.conftest import MakeScratch
from tests.dynamic.watching import everything, fill, on, populated

ONE_OBJECT = {
    "postgresql": [
        "CREATE TABLE t (a int)",
        "CREATE VIEW v AS SELECT 1 AS a",
        "CREATE MATERIALIZED VIEW v AS SELECT 1 AS a",
        "CREATE SEQUENCE s",
        "CREATE TYPE e AS ENUM ('a')",
        "CREATE TYPE c AS (a int)",
        "CREATE TYPE r AS RANGE (subtype = float8)",
        "CREATE DOMAIN d AS int",
        "CREATE SCHEMA app CREATE TABLE t (a int)",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE COLLATION german (provider = libc, locale = 'C')",
        "CREATE TEXT SEARCH CONFIGURATION mine (COPY = simple)",
        "SELECT lo_create(0)",
    ],
    "mariadb": [
        "CREATE TABLE t (a INT)",
        "CREATE VIEW v AS SELECT 1 AS a",
        "CREATE SEQUENCE s",
        "CREATE FUNCTION f() RETURNS INT RETURN 1",
        "CREATE PROCEDURE p() SELECT 1",
        "CREATE EVENT e ON SCHEDULE EVERY 1 YEAR DO SELECT 1",
    ],
    "sqlite": ["CREATE TABLE t (a INTEGER)", "CREATE VIEW v AS SELECT 1 AS a"],
}
MANY = {
    "postgresql": [
        "CREATE SCHEMA app",
        "CREATE TYPE app.mood AS ENUM ('a', 'b')",
        "CREATE TYPE app.pair AS (a int, b app.mood)",
        "CREATE DOMAIN positive AS int CHECK (VALUE > 0)",
        'CREATE TABLE "Odd ""name" (id serial PRIMARY KEY, m app.mood, p positive)',
        'CREATE TABLE app.child (id int GENERATED ALWAYS AS IDENTITY, up int REFERENCES "Odd ""name" (id))',
        "CREATE TABLE parted (a int) PARTITION BY RANGE (a)",
        "CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (9)",
        "CREATE VIEW v AS SELECT * FROM app.child",
        "CREATE MATERIALIZED VIEW mv AS SELECT * FROM v",
        "CREATE FUNCTION f(a int, b app.mood) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE FUNCTION f(a text) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1'",
        "CREATE AGGREGATE total (int) (sfunc = int4pl, stype = int, initcond = '0')",
        "CREATE OPERATOR === (leftarg = int, rightarg = int, function = int4eq)",
        "CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE TRIGGER t BEFORE INSERT ON app.child FOR EACH ROW EXECUTE FUNCTION g()",
        "CREATE STATISTICS st ON id, up FROM app.child",
        "CREATE PUBLICATION pub FOR TABLE app.child",
        "CREATE FOREIGN DATA WRAPPER w",
        "CREATE SERVER far FOREIGN DATA WRAPPER w",
        "CREATE FOREIGN TABLE ft (a int) SERVER far",
        "CREATE COLLATION german (provider = libc, locale = 'C')",
        "SELECT lo_create(0)",
    ],
    "mariadb": [
        "CREATE TABLE a (id INT PRIMARY KEY, b INT)",
        "CREATE TABLE b (id INT PRIMARY KEY, a INT, FOREIGN KEY (a) REFERENCES a (id))",
        "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b (id)",
        "CREATE TABLE `odd``name` (id INT)",
        "CREATE VIEW v AS SELECT * FROM a",
        "CREATE SEQUENCE s",
        "CREATE FUNCTION f() RETURNS INT RETURN 1",
        "CREATE PROCEDURE p() SELECT 1",
        "CREATE TRIGGER g BEFORE INSERT ON a FOR EACH ROW SET NEW.b = 1",
        "CREATE EVENT e ON SCHEDULE EVERY 1 YEAR DO SELECT 1",
    ],
    "sqlite": ["CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT)", "CREATE VIEW v AS SELECT * FROM a"],
}


@pytest.fixture
def empty(database: str, tmp_path: Path) -> Iterator[Engine]:
    """Yields an engine on an empty database of the user's."""
    with named_database(database, tmp_path, "mrt_user") as engine:
        yield engine


def run(engine: Engine, statements: list[str]) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def objects(url: URL) -> list[str]:
    """Returns everything that is in a database, in the words of `contents`."""
    if url.get_backend_name() == "sqlite":
        with on(url).connect() as connection:
            return list(connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars())
    dialect: Dialect = "postgresql" if url.get_backend_name() == "postgresql" else "mariadb"
    with Session(url) as session:
        return [f"{thing.kind} {thing.name}" for thing in contents(session, dialect)]


def test_it_works_in_the_named_database(empty: Engine, database: str) -> None:
    before = objects(empty.url)
    scratch = in_place_on(empty.url)
    assert scratch.url == empty.url
    with guarded(scratch):
        fill(on(empty.url))
        with on(empty.url).connect() as connection:
            assert scratch.owns(connection)
    scratch.clear()
    assert objects(empty.url) == before
    run(empty, MANY[database])
    scratch.drop()
    scratch.drop()
    assert objects(empty.url) == before


def test_anything_in_it_is_refused(empty: Engine, database: str) -> None:
    nothing = objects(empty.url)
    for statement in ONE_OBJECT[database]:
        run(empty, [statement])
        before = objects(empty.url)
        assert before != nothing, statement
        with pytest.raises(RefusedError, match="is not empty"):
            in_place_on(empty.url)
        assert objects(empty.url) == before
        undo(empty, database)
        in_place_on(empty.url).drop()


def undo(engine: Engine, database: str) -> None:
    """Removes what one of ONE_OBJECT made."""
    if database == "sqlite":
        Path(str(engine.url.database)).unlink()
        return
    dialect: Dialect = "postgresql" if database == "postgresql" else "mariadb"
    with Session(engine.url) as session:
        kept = ("EXTENSION plpgsql", "SCHEMA public")
        found = [thing for thing in contents(session, dialect) if f"{thing.kind} {thing.name}" not in kept]
        remove(session, dialect, tuple(found))


def test_a_populated_database_is_refused_and_stays(database: str, tmp_path: Path) -> None:
    with populated(database, tmp_path) as engine:
        before = everything(engine)
        with pytest.raises(RefusedError, match=r"is not empty \(table .*nothing was touched"):
            in_place_on(engine.url)
        assert everything(engine) == before


def test_another_database_is_not_taken_for_it(empty: Engine, database: str, tmp_path: Path) -> None:
    with populated(database, tmp_path) as other:
        scratch = in_place_on(empty.url)
        with other.connect() as connection:
            assert not scratch.owns(connection)
        with guarded(scratch), pytest.raises(RefusedError):
            on(other.url).connect()
        scratch.drop()


def test_two_runs_do_not_share_it(empty: Engine) -> None:
    first = in_place_on(empty.url)
    with pytest.raises(RefusedError, match="another run works in"):
        in_place_on(empty.url)
    first.drop()
    in_place_on(empty.url).drop()


def test_empty_schemas_and_extensions_stay(tmp_path: Path) -> None:
    need("postgresql")
    with named_database("postgresql", tmp_path, "mrt_user") as engine:
        run(engine, ["CREATE SCHEMA app", "CREATE EXTENSION citext SCHEMA app"])
        before = objects(engine.url)
        scratch = in_place_on(engine.url)
        run(engine, ["CREATE TABLE app.t (a app.citext)", "CREATE EXTENSION hstore", "CREATE SCHEMA more"])
        scratch.drop()
        assert objects(engine.url) == before
        assert {"SCHEMA app", "EXTENSION citext"} <= set(before)


def test_the_owner_needs_no_other_right(private_server: URL) -> None:
    admin = sa.create_engine(private_server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql("CREATE ROLE mrt_plain LOGIN PASSWORD 'plain-pw'")
        connection.exec_driver_sql("CREATE DATABASE mrt_plain OWNER mrt_plain")
        connection.exec_driver_sql("CREATE DATABASE mrt_closed")
        connection.exec_driver_sql("REVOKE CONNECT ON DATABASE mrt_closed FROM PUBLIC")
    url = private_server.set(username="mrt_plain", password="plain-pw", database="mrt_plain")
    before = objects(url)
    with in_place_on(url) as scratch:
        run(
            scratch.engine(),
            [text for text in MANY["postgresql"] if "WRAPPER" not in text and "far" not in text],
        )
        scratch.clear()
        assert objects(url) == before
        scratch.cancel()
    with pytest.raises(ConnectError, match="cannot connect") as caught:
        in_place_on(url.set(database="mrt_closed"))
    assert "plain-pw" not in str(caught.value)
    with admin.connect() as connection:
        for statement in ("DROP DATABASE mrt_plain", "DROP DATABASE mrt_closed", "DROP ROLE mrt_plain"):
            connection.exec_driver_sql(statement)
    admin.dispose()


def test_a_journal_in_memory_is_for_files_that_are_thrown_away(
    make_scratch: MakeScratch, tmp_path: Path
) -> None:
    """A crash in the midst of a transaction would leave the user's own file damaged."""
    modes = []
    with in_place_on(sa.make_url(f"sqlite+pysqlite:///{tmp_path / 'own.db'}")) as own:
        for scratch in (own, make_scratch("sqlite")):
            with scratch.own.connect() as connection:
                modes.append(connection.exec_driver_sql("PRAGMA journal_mode").scalar_one())
    assert modes == ["delete", "memory"]


def test_a_journal_that_was_chosen_stays(make_scratch: MakeScratch) -> None:
    scratch = make_scratch("sqlite")
    with scratch.own.connect() as one:
        assert one.exec_driver_sql("PRAGMA journal_mode = WAL").scalar_one() == "wal"
        one.exec_driver_sql("CREATE TABLE t (a INTEGER)")
        one.commit()
        with scratch.own.connect() as other:
            assert other.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
            assert other.exec_driver_sql("SELECT count(*) FROM t").scalar_one() == 0


@pytest.mark.parametrize("content", ["absent", "no bytes", "emptied"])
def test_a_sqlite_file_has_its_bytes_again(content: str, tmp_path: Path) -> None:
    file = tmp_path / "user.db"
    if content == "no bytes":
        file.touch()
    elif content == "emptied":
        with sqlite3.connect(file) as connection:
            connection.execute("CREATE TABLE t (a)")
            connection.execute("DROP TABLE t")
            connection.execute("PRAGMA user_version = 7")
        connection.close()
    before = file.read_bytes() if file.exists() else None
    with in_place_on(sa.make_url(f"sqlite+pysqlite:///{file}")) as scratch:
        fill(scratch.engine())
        assert scratch.save("copy")
        scratch.clear()
        scratch.restore("copy")
        assert len(everything(scratch.engine())) == 2
    assert (file.read_bytes() if file.exists() else None) == before
    assert [path.name for path in tmp_path.iterdir()] == (["user.db"] if before is not None else [])


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    file = tmp_path / "user.db"
    file.write_bytes(b"no database at all" * 100)
    with pytest.raises(ConnectError, match="file is not a database"):
        in_place_on(sa.make_url(f"sqlite+pysqlite:///{file}"))
    assert file.read_bytes() == b"no database at all" * 100


@pytest.mark.parametrize(
    "text",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "mysql+pymysql://root@127.0.0.1",
        "oracle+oracledb://h/d",
        "sqlite:///file:x.db?uri=true",
    ],
)
def test_what_cannot_be_worked_in(text: str) -> None:
    with pytest.raises(ConfigError, match="in-place"):
        in_place_on(sa.make_url(text))
