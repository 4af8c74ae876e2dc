"""What a step may have written is known from the database itself, however it was written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator

import pytest

from mrt_dynamic.snapshot.touched import Watch
from tests.backends import DATABASES
from tests.dynamic.snapshots import Grounds, Live


@pytest.fixture(params=DATABASES)
def live(request: pytest.FixtureRequest, grounds: Grounds) -> Iterator[Live]:
    with grounds.live(request.param) as live:
        yield live


def touched(live: Live, step: str | Callable[[], object]) -> set[str] | None:
    watch = Watch(live.dialect)
    watch.start(live.connection, live.reader.read(live.connection))
    if callable(step):
        step()
    else:
        live.run(step)
    names = watch.stop(live.connection, live.reader.read(live.connection))
    return None if names is None else {str(name) for name in names}


TWO = """CREATE TABLE one (id INTEGER NOT NULL PRIMARY KEY, a INTEGER);; INSERT INTO one VALUES (1, 1);;
    CREATE TABLE two (id INTEGER NOT NULL PRIMARY KEY, b INTEGER);; INSERT INTO two VALUES (1, 1)"""


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("SELECT * FROM one", set()),
        ("INSERT INTO one VALUES (2, 2)", {"one"}),
        ("UPDATE one SET a = 5", {"one"}),
        ("DELETE FROM two", {"two"}),
        ("INSERT INTO two SELECT id + 9, a FROM one", {"two"}),
        ("CREATE TABLE three (a INTEGER)", {"three"}),
        ("ALTER TABLE one ADD c INTEGER DEFAULT 4", {"one"}),
        ("ALTER TABLE one RENAME TO uno", {"uno"}),
        ("DROP TABLE one", set()),
        ("DELETE FROM one;; DROP TABLE two", {"one"}),
    ],
)
def test_steps(live: Live, step: str, expected: set[str]) -> None:
    live.run(TWO)
    assert touched(live, step) == expected


def test_a_column_made_again_is_another_one(live: Live) -> None:
    live.run(TWO)
    found = touched(live, "ALTER TABLE one DROP COLUMN a;; ALTER TABLE one ADD a INTEGER")
    assert found == {"one"}


def test_a_trigger_writes_elsewhere(live: Live) -> None:
    live.run(TWO)
    if live.dialect == "postgresql":
        live.run(
            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN UPDATE two SET b = b + 1; RETURN NEW; END'",
            "CREATE TRIGGER t AFTER INSERT ON one FOR EACH ROW EXECUTE FUNCTION f()",
        )
    else:
        each = "" if live.dialect == "sqlite" else "FOR EACH ROW "
        body = (
            "BEGIN UPDATE two SET b = b + 1; END" if live.dialect == "sqlite" else "UPDATE two SET b = b + 1"
        )
        live.run(f"CREATE TRIGGER t AFTER INSERT ON one {each}{body}")
    assert touched(live, "INSERT INTO one VALUES (2, 2)") == {"one", "two"}


def test_a_foreign_key_cascades(live: Live) -> None:
    live.run(TWO)
    live.run(
        "CREATE TABLE three (one INTEGER, FOREIGN KEY (one) REFERENCES one (id) ON DELETE CASCADE)",
        "INSERT INTO three VALUES (1)",
    )
    if live.dialect == "sqlite":
        live.run("PRAGMA foreign_keys = ON")
    assert touched(live, "DELETE FROM one") == {"one", "three"}


@pytest.mark.parametrize("live", DATABASES[1:], indirect=True)
def test_code_of_the_server_writes(live: Live) -> None:
    live.run(TWO)
    if live.dialect == "postgresql":
        step = "DO $$ BEGIN EXECUTE 'UPDATE ' || 'two SET b = 7'; END $$"
    else:
        live.run("CREATE PROCEDURE p() UPDATE two SET b = 7")
        step = "CALL p()"
    assert touched(live, step) == {"two"}


def test_a_cursor_of_the_driver_writes(live: Live) -> None:
    live.run(TWO)
    driver = live.connection.connection.driver_connection
    assert driver is not None

    def write() -> None:
        cursor = driver.cursor()
        cursor.execute("UPDATE two SET b = 9")
        cursor.close()
        driver.commit()

    assert touched(live, write) == {"two"}


def test_another_connection_writes(live: Live) -> None:
    live.run(TWO)

    def write() -> None:
        with live.connection.engine.begin() as other:
            other.exec_driver_sql("UPDATE two SET b = 9")

    assert touched(live, write) in (None, {"two"})


@pytest.fixture
def lite(grounds: Grounds) -> Iterator[Live]:
    with grounds.live("sqlite") as live:
        live.run(TWO)
        yield live


def driver_of(live: Live) -> sqlite3.Connection:
    driver = live.connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def test_a_statement_that_was_prepared_before_is_seen(lite: Live) -> None:
    # The driver keeps it, and would not prepare it again.
    driver_of(lite).execute("UPDATE two SET b = 3")
    driver_of(lite).commit()
    assert touched(
        lite, lambda: (driver_of(lite).execute("UPDATE two SET b = 3"), driver_of(lite).commit())
    ) == {"two"}


def test_an_authorizer_of_the_migrations_own_makes_it_uncertain(lite: Live) -> None:
    assert touched(lite, lambda: driver_of(lite).set_authorizer(lambda *_: sqlite3.SQLITE_OK)) is None


def test_another_connection_makes_it_uncertain(lite: Live) -> None:
    def write() -> None:
        with lite.connection.engine.begin() as other:
            other.exec_driver_sql("UPDATE two SET b = 9")

    assert touched(lite, write) is None


def test_a_virtual_table_makes_it_uncertain(lite: Live) -> None:
    lite.run("CREATE VIRTUAL TABLE notes USING fts4(body)")
    assert touched(lite, "INSERT INTO notes VALUES ('x')") is None


def test_after_the_watch_nobody_is_asked(lite: Live) -> None:
    assert touched(lite, "UPDATE one SET a = 2") == {"one"}
    lite.run("UPDATE two SET b = 2")
    assert touched(lite, "SELECT 1") == set()


def test_a_column_called_as_the_alias(grounds: Grounds) -> None:
    with grounds.live("postgresql") as live:
        live.run("CREATE TABLE t (t integer, a integer);; INSERT INTO t VALUES (1, 1)")
        assert touched(live, "UPDATE t SET a = 2") == {"t"}
