"""Databases that are read through SQLAlchemy's inspector: shown on SQLite, whose inspector tells the most."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Connection

from mrt_dynamic.snapshot.compare import schema_failures
from mrt_dynamic.snapshot.inspected import InspectedReader
from mrt_dynamic.snapshot.rows import read_rows
from mrt_lint.schema.names import Name
from mrt_lint.schema.state import State
from tests.backends import sqlite_engine
from tests.dynamic.snapshots import brief

GIVEN = (
    "CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(20) NOT NULL, age INTEGER, CONSTRAINT u UNIQUE (name), CONSTRAINT c CHECK (age > 1))",
    "CREATE TABLE posts (author INTEGER, CONSTRAINT f FOREIGN KEY (author) REFERENCES users (id))",
    "CREATE INDEX i ON users (age)",
    "CREATE VIEW v AS SELECT id FROM users",
    "CREATE TABLE alembic_version (version_num VARCHAR(32))",
    "INSERT INTO users VALUES (1, 'a', 2)",
)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    engine = sqlite_engine(tmp_path / "live.db")
    with engine.connect() as connection:
        for statement in GIVEN:
            connection.exec_driver_sql(statement)
        connection.commit()
        yield connection
    engine.dispose()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("SELECT 1", []),
        ("CREATE TABLE more (a INTEGER)", ["schema-extra more"]),
        ("DROP TABLE posts", ["schema-missing posts"]),
        ("ALTER TABLE posts ADD text VARCHAR(9)", ["schema-extra posts text"]),
        ("DROP INDEX i", ["schema-missing users"]),
        ("DROP VIEW v", ["schema-missing"]),
        ("DROP INDEX i; CREATE INDEX i ON users (name)", ["schema-changed users"]),
        ("DROP TABLE posts; CREATE TABLE posts (author VARCHAR(5), CONSTRAINT f FOREIGN KEY (author) REFERENCES users (id))", ["schema-changed posts author"]),
        ("DROP TABLE posts; CREATE TABLE posts (author INTEGER NOT NULL, CONSTRAINT f FOREIGN KEY (author) REFERENCES users (id))", ["schema-changed posts author"]),
        ("DROP TABLE posts; CREATE TABLE posts (author INTEGER DEFAULT 3, CONSTRAINT f FOREIGN KEY (author) REFERENCES users (id))", ["schema-changed posts author"]),
        ("DROP TABLE posts; CREATE TABLE posts (author INTEGER)", ["schema-missing posts"]),
        ("DROP TABLE posts; CREATE TABLE posts (author INTEGER, CONSTRAINT f FOREIGN KEY (author) REFERENCES users (id) ON DELETE CASCADE)", ["schema-changed posts"]),
    ],
)  # fmt: skip
def test_changes_are_seen(connection: Connection, change: str, expected: list[str]) -> None:
    reader = InspectedReader("mssql", Name("alembic_version"))
    before = reader.read(connection)
    for statement in change.split(";"):
        connection.exec_driver_sql(statement)
    connection.commit()
    failures = schema_failures(before, reader.read(connection))
    assert [brief(failure) for failure in failures] == expected
    assert not connection.in_transaction()


def test_rows_are_read_with_their_python_types(connection: Connection) -> None:
    state = InspectedReader("oracle", Name("alembic_version")).read(connection)
    assert isinstance(state, State)
    (users,) = [table for table in read_rows(connection, state).tables.values() if table.total]
    assert dict(users.rows) == {("2", "1", "'a'"): 1}
