"""Which constraints of one table a MariaDB server gives the same name, and what the replay says of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DatabaseError

from mrt_lint.schema.state import State
from mrt_lint.sql import lower_sql
from tests.backends import need, scratch

INDEX, KEY = "CREATE INDEX kx ON t (x)", "ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (x) REFERENCES p (id)"
CHECK = "ALTER TABLE t ADD CONSTRAINT k CHECK (y > 0)"
UNIQUE = "ALTER TABLE t ADD CONSTRAINT k UNIQUE ({})"

TAKEN = [
    ((INDEX, UNIQUE.format("y"), KEY), True),
    ((INDEX, KEY, UNIQUE.format("y")), True),
    ((UNIQUE.format("x"), KEY), True),
    ((KEY, UNIQUE.format("x")), True),
    ((KEY, UNIQUE.format("x, y")), True),
    ((UNIQUE.format("y"), KEY), False),
    ((KEY, UNIQUE.format("y")), False),
    ((UNIQUE.format("x"), UNIQUE.format("y")), False),
    ((UNIQUE.format("x"), CHECK), False),
    ((CHECK, UNIQUE.format("x")), False),
    ((INDEX, KEY, CHECK), False),
]
"""Statements that give the name k, and whether MariaDB takes the last of them."""


@pytest.fixture(scope="module")
def mariadb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Returns an engine on a database of its own."""
    need("mariadb")
    with scratch("mariadb", tmp_path_factory.mktemp("names")) as engine:
        yield engine


@pytest.mark.parametrize(("statements", "taken"), TAKEN)
def test_a_name_for_two_constraints(statements: tuple[str, ...], taken: bool, mariadb: Engine) -> None:
    given = ("CREATE TABLE p (id int PRIMARY KEY)", "CREATE TABLE t (x int, y int)")
    state = State("mariadb")
    for statement in (*given, *statements):
        for operation in lower_sql(statement, ("mariadb",), {}):
            state = operation.apply(state)
    with mariadb.connect() as connection:
        for statement in ("DROP TABLE IF EXISTS t", "DROP TABLE IF EXISTS p", *given, *statements[:-1]):
            connection.exec_driver_sql(statement)
        try:
            connection.exec_driver_sql(statements[-1])
            took = True
        except DatabaseError:
            took = False
    assert took is taken
    assert (not state.faults) is taken
