"""Rows for a schema that is about to become stricter: the upgrade must be able to run on them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

from mrt_dynamic.plain_sql import run
from mrt_dynamic.seeding import Seeder
from tests.dynamic.seeding.live import ask, built, state_of

PG, MARIA = "postgresql", "mariadb"
P = "CREATE TABLE p (id integer PRIMARY KEY, v varchar(20))"

# database, tables as they are, what the next upgrade does, whether plain rows are in its way.
CASES = {
    "unique": (
        PG,
        ["CREATE TABLE t (id serial PRIMARY KEY, flag boolean NOT NULL)"],
        ["ALTER TABLE t ADD UNIQUE (flag)"],
        True,
    ),
    "unique composite": (
        PG,
        ["CREATE TABLE t (a boolean NOT NULL, b boolean NOT NULL)"],
        ["ALTER TABLE t ADD UNIQUE (a, b)"],
        True,
    ),
    "unique lower": (
        PG,
        ["CREATE TABLE t (id serial PRIMARY KEY, c varchar(2) NOT NULL)"],
        ["CREATE UNIQUE INDEX ix ON t (lower(c))"],
        False,
    ),
    "foreign key": (
        PG,
        [P, "CREATE TABLE t (id serial PRIMARY KEY, p_id integer)"],
        ["ALTER TABLE t ADD FOREIGN KEY (p_id) REFERENCES p (id)"],
        True,
    ),
    "foreign key to oneself": (
        PG,
        ["CREATE TABLE t (id serial PRIMARY KEY, up integer)"],
        ["ALTER TABLE t ADD FOREIGN KEY (up) REFERENCES t (id)"],
        True,
    ),
    "foreign key of a cycle that moves to another table": (
        PG,
        [
            "CREATE TABLE q (id uuid PRIMARY KEY)",
            "CREATE TABLE t (id uuid PRIMARY KEY, p_id uuid)",
            "CREATE TABLE p (id uuid PRIMARY KEY, t_id uuid NOT NULL REFERENCES t (id))",
            "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (p_id) REFERENCES p (id)",
        ],
        ["ALTER TABLE t DROP CONSTRAINT fk", "ALTER TABLE t ADD FOREIGN KEY (p_id) REFERENCES q (id)"],
        True,
    ),
    "foreign key of a new column that closes a cycle": (
        PG,
        [
            "CREATE TABLE p (id integer PRIMARY KEY)",
            "CREATE TABLE t (id serial PRIMARY KEY, p_id integer NOT NULL REFERENCES p (id))",
        ],
        ["ALTER TABLE p ADD t_id integer REFERENCES t (id)"],
        False,
    ),
    "check": (
        PG,
        ["CREATE TABLE t (id serial PRIMARY KEY, n integer NOT NULL)"],
        ["ALTER TABLE t ADD CHECK (n BETWEEN 5 AND 500)"],
        True,
    ),
    "check of two": (PG, ["CREATE TABLE t (a date, b date)"], ["ALTER TABLE t ADD CHECK (a <= b)"], True),
    "not null": (
        PG,
        ["CREATE TABLE t (id serial PRIMARY KEY, v text)"],
        ["ALTER TABLE t ALTER v SET NOT NULL"],
        True,
    ),
    "shorter": (
        PG,
        ["CREATE TABLE t (v varchar(50) NOT NULL UNIQUE)"],
        ["ALTER TABLE t ALTER v TYPE varchar(6)"],
        True,
    ),
    "smaller": (PG, ["CREATE TABLE t (v bigint NOT NULL)"], ["ALTER TABLE t ALTER v TYPE smallint"], True),
    "fewer digits": (
        PG,
        ["CREATE TABLE t (v numeric(12,2) NOT NULL, w numeric)"],
        ["ALTER TABLE t ALTER v TYPE numeric(5,1), ALTER w TYPE integer"],
        True,
    ),
    "text to integer": (
        PG,
        ["CREATE TABLE t (v text NOT NULL)"],
        ["ALTER TABLE t ALTER v TYPE integer USING v::integer"],
        True,
    ),
    "text to date": (
        PG,
        ["CREATE TABLE t (v varchar(30))"],
        ["ALTER TABLE t ALTER v TYPE date USING v::date"],
        True,
    ),
    "text to uuid": (
        PG,
        ["CREATE TABLE t (v varchar(36) NOT NULL)"],
        ["ALTER TABLE t ALTER v TYPE uuid USING v::uuid"],
        True,
    ),
    "text to json": (
        PG,
        ["CREATE TABLE t (v text)"],
        ["ALTER TABLE t ALTER v TYPE jsonb USING v::jsonb"],
        True,
    ),
    "text to boolean": (
        PG,
        ["CREATE TABLE t (v text)"],
        ["ALTER TABLE t ALTER v TYPE boolean USING v::boolean"],
        True,
    ),
    "text to enum": (
        PG,
        ["CREATE TYPE mood AS ENUM ('sad', 'ok')", "CREATE TABLE t (v varchar(10) NOT NULL)"],
        ["ALTER TABLE t ALTER v TYPE mood USING v::mood"],
        True,
    ),
    "text to a new enum": (
        PG,
        ["CREATE TABLE t (v varchar(10) NOT NULL)"],
        ["CREATE TYPE mood AS ENUM ('sad', 'ok')", "ALTER TABLE t ALTER v TYPE mood USING v::mood"],
        True,
    ),
    "exclusion": (
        PG,
        ["CREATE EXTENSION btree_gist", "CREATE TABLE t (a integer NOT NULL, r int4range NOT NULL)"],
        ["ALTER TABLE t ADD EXCLUDE USING gist (r WITH &&)"],
        True,
    ),
    "mariadb unique": (
        MARIA,
        ["CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, f BOOLEAN NOT NULL)"],
        ["ALTER TABLE t ADD UNIQUE (f)"],
        True,
    ),
    "mariadb shorter": (
        MARIA,
        ["CREATE TABLE t (v VARCHAR(50) NOT NULL)"],
        ["ALTER TABLE t MODIFY v VARCHAR(6) NOT NULL"],
        True,
    ),
    "mariadb smaller": (
        MARIA,
        ["CREATE TABLE t (v BIGINT NOT NULL)"],
        ["ALTER TABLE t MODIFY v SMALLINT UNSIGNED NOT NULL"],
        True,
    ),
    "mariadb not null": (
        MARIA,
        ["CREATE TABLE t (v VARCHAR(9))"],
        ["ALTER TABLE t MODIFY v VARCHAR(9) NOT NULL"],
        True,
    ),
    "mariadb foreign key": (
        MARIA,
        [P, "CREATE TABLE t (p_id INT)"],
        ["ALTER TABLE t ADD FOREIGN KEY (p_id) REFERENCES p (id)"],
        True,
    ),
    "mariadb check": (
        MARIA,
        ["CREATE TABLE t (v VARCHAR(9))"],
        ["ALTER TABLE t ADD CHECK (v REGEXP '^[a-c]+$')"],
        True,
    ),
    "sqlite": (
        "sqlite",
        ["CREATE TABLE t (a INTEGER, b TEXT)"],
        [
            "CREATE TABLE u (a INTEGER NOT NULL UNIQUE CHECK (a > 10), b VARCHAR(5) NOT NULL)",
            "INSERT INTO u SELECT * FROM t",
            "DROP TABLE t",
            "ALTER TABLE u RENAME TO t",
        ],
        True,
    ),
}


def upgraded(connection: Connection, statements: list[str]) -> bool:
    """Returns whether the upgrade runs; it is undone again if not."""
    try:
        for statement in statements:
            run(connection, statement)
    except DBAPIError:
        connection.rollback()
        return False
    connection.commit()
    return True


@pytest.mark.parametrize("case", CASES)
def test_rows_satisfy_both_schemas(case: str, engine_of: Callable[[str], Engine]) -> None:
    database, tables, upgrade, in_the_way = CASES[case]
    with built(engine_of(database), database, tables) as connection:
        for statement in upgrade:
            run(connection, statement)
        connection.commit()
        also = state_of(connection, database)
    with built(engine_of(database), database, tables) as connection:
        state = state_of(connection, database)
        assert Seeder(state.dialect).fill(connection, state).unseeded == ()
        connection.commit()
        if in_the_way:
            assert not upgraded(connection, upgrade), "the case shows nothing: plain rows are fine"
    with built(engine_of(database), database, tables) as connection:
        state = state_of(connection, database)
        done = Seeder(state.dialect).fill(connection, state, also=also)
        connection.commit()
        assert done.unseeded == ()
        assert done.rows > 0
        assert upgraded(connection, upgrade)
        assert ask(connection, "SELECT count(*) FROM t") >= 2


def test_lengths_of_the_next_schema_count_already(engine_of: Callable[[str], Engine]) -> None:
    table = "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT{})"
    with built(
        engine_of("sqlite"), "sqlite", [table.format(" NOT NULL CHECK (length(v) = 4)")]
    ) as connection:
        also = state_of(connection, "sqlite")
    with built(engine_of("sqlite"), "sqlite", [table.format("")]) as connection:
        state = state_of(connection, "sqlite")
        Seeder("sqlite").fill(connection, state, also=also)
        assert ask(
            connection,
            "SELECT count(*) >= 3 AND min(length(v)) = 4 AND max(length(v)) = 4 AND count(v) = count(*) FROM t",
        )
