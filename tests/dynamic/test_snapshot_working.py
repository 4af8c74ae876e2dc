"""SQLite's schema asked of the connection that changed it: the same answer, and only where it is committed."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.pool import StaticPool

from mrt_dynamic.snapshot.schema import Reader
from mrt_dynamic.snapshot.sqlite import Statement, _others
from mrt_lint.schema.state import State
from tests.backends import sqlite_engine
from tests.dynamic.snapshots import VERSION_TABLE

USERS = "CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL)"


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Connection]:
    with sqlite_engine(tmp_path / "one.db").connect() as connection:
        yield connection


def tables(state: State) -> list[str]:
    return [str(table.name) for table in state.tables()]


def on(driver: sqlite3.Connection) -> Connection:
    """Returns a connection of SQLAlchemy's over one of the driver's, as an env.py may give it."""
    return sa.create_engine("sqlite://", creator=lambda: driver, poolclass=StaticPool).connect()


def test_the_connection_that_changed_it_is_asked(own: Connection, tmp_path: Path) -> None:
    reader = Reader("sqlite", VERSION_TABLE)
    heard: list[str] = []
    with sqlite_engine(tmp_path / "one.db").connect() as working:
        working.exec_driver_sql(USERS)
        working.commit()
        driver = working.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.set_trace_callback(heard.append)
        state = reader.read(own, working)
    assert tables(state) == ["users"]
    assert any("sqlite_master" in statement for statement in heard)
    assert state == Reader("sqlite", VERSION_TABLE).read(own)


def test_what_is_not_committed_is_not_there(own: Connection, tmp_path: Path) -> None:
    with sqlite_engine(tmp_path / "one.db").connect() as working:
        working.exec_driver_sql("BEGIN")
        working.exec_driver_sql(USERS)
        assert tables(Reader("sqlite", VERSION_TABLE).read(own, working)) == []


def test_what_the_connection_is_set_to_changes_nothing(own: Connection, tmp_path: Path) -> None:
    own.exec_driver_sql(USERS)
    own.commit()
    place = tmp_path / "one.db"
    expected = Reader("sqlite", VERSION_TABLE).read(own)

    def refuse(*_: object) -> int:
        return sqlite3.SQLITE_DENY

    with (
        closing(sqlite3.connect(place)) as rows,
        closing(sqlite3.connect(place)) as texts,
        closing(sqlite3.connect(place, detect_types=sqlite3.PARSE_DECLTYPES)) as types,
        closing(sqlite3.connect(place)) as refusing,
    ):
        for driver in (rows, texts, types, refusing):
            with on(driver) as working:
                if driver is rows:
                    driver.row_factory = lambda _cursor, row: {"all": row}
                if driver is texts:
                    driver.text_factory = bytes
                if driver is refusing:
                    driver.set_authorizer(refuse)
                sqlite3.register_converter("TEXT", lambda value: value[::-1])
                try:
                    assert Reader("sqlite", VERSION_TABLE).read(own, working) == expected
                finally:
                    del sqlite3.converters["TEXT"]


def test_a_connection_that_stands_at_an_earlier_moment_is_not_asked(own: Connection, tmp_path: Path) -> None:
    own.exec_driver_sql("PRAGMA journal_mode = WAL")
    own.exec_driver_sql("CREATE TABLE numbers (a INTEGER)")
    own.exec_driver_sql("INSERT INTO numbers VALUES (1), (2)")
    own.commit()
    with sqlite_engine(tmp_path / "one.db").connect() as working:
        driver = working.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        reading = driver.execute("SELECT a FROM numbers")
        reading.fetchone()
        own.exec_driver_sql(USERS)
        own.commit()
        assert driver.execute("SELECT count(*) FROM sqlite_master WHERE name = 'users'").fetchone() == (0,)
        assert not driver.in_transaction
        assert tables(Reader("sqlite", VERSION_TABLE).read(own, working)) == ["numbers", "users"]
        reading.close()


def test_a_closed_connection_is_not_asked(own: Connection, tmp_path: Path) -> None:
    own.exec_driver_sql(USERS)
    own.commit()
    with sqlite_engine(tmp_path / "one.db").connect() as working:
        pass
    assert tables(Reader("sqlite", VERSION_TABLE).read(own, working)) == ["users"]


@pytest.mark.parametrize("seed", range(50))
def test_what_is_in_one_of_two_lists_only(seed: int) -> None:
    chance = random.Random(seed)

    def some() -> list[Statement]:
        numbers = sorted(chance.sample(range(12), chance.randrange(12)))
        return [
            ("table", str(each), str(each), chance.choice("ab" if each % 5 == 0 else "a")) for each in numbers
        ]

    one, other = some(), some()
    assert _others(one, other) == set(one) ^ set(other)
    assert _others(one, one) == set()
