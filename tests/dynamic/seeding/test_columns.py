"""New columns of tables that have rows: some get values, some stay as they are."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.engine import Engine

from mrt_dynamic.plain_sql import run
from mrt_dynamic.seeding import Seeder
from tests.backends import DATABASES
from tests.dynamic.seeding.live import ask, built, state_of
from tests.dynamic.seeding.test_determinism import COUNTED


@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("key", ["counted", "none"])
def test_old_rows_get_values_in_new_columns(
    database: str, key: str, engine_of: Callable[[str], Engine]
) -> None:
    if key == "none" and database == "mariadb":
        pytest.skip("a row without a key cannot be told from its like")
    own = f"id {COUNTED[database]}, " if key == "counted" else ""
    tables = [
        f"CREATE TABLE p (id {COUNTED[database]}, v INTEGER)",
        f"CREATE TABLE t ({own}v VARCHAR(20) NOT NULL)",
    ]
    with built(engine_of(database), database, tables) as connection:
        state = state_of(connection, database)
        seeder = Seeder(state.dialect)
        seeder.fill(connection, state)
        before = ask(connection, "SELECT count(*) FROM t")
        run(connection, "ALTER TABLE t ADD COLUMN phone VARCHAR(12)")
        run(
            connection,
            "ALTER TABLE t ADD COLUMN kind VARCHAR(9) NOT NULL DEFAULT 'plain' CHECK (kind <> 'x')",
        )
        run(connection, "ALTER TABLE t ADD COLUMN p_id INTEGER REFERENCES p (id)")
        connection.commit()
        state = state_of(connection, database)
        done = seeder.fill(connection, state, [], {"t": ["phone", "kind", "p_id"]})
        assert done.rows > 0
        assert ask(connection, "SELECT count(*) FROM t") == before
        for query in (
            "SELECT count(*) FROM t WHERE phone IS NULL",
            "SELECT count(*) FROM t WHERE phone <> ''",
            "SELECT count(*) FROM t WHERE kind = 'plain'",
            "SELECT count(*) FROM t WHERE kind <> 'plain'",
            "SELECT count(*) FROM t WHERE p_id IS NULL",
            "SELECT count(*) FROM t JOIN p ON p.id = t.p_id",
        ):
            assert ask(connection, query) > 0, query
        length = "length" if database == "sqlite" else "char_length"
        assert ask(connection, f"SELECT max({length}(phone)) FROM t") == 12


def test_new_values_keep_to_conditions_with_old_columns(engine_of: Callable[[str], Engine]) -> None:
    with built(
        engine_of("postgresql"),
        "postgresql",
        ["CREATE TABLE t (id serial PRIMARY KEY, starts date NOT NULL)"],
    ) as connection:
        seeder = Seeder("postgresql")
        seeder.fill(connection, state_of(connection, "postgresql"))
        run(
            connection,
            "ALTER TABLE t ADD ends date UNIQUE CHECK (ends > '1990-01-01'), ADD CONSTRAINT c CHECK (ends > starts)",
        )
        seeder.fill(connection, state_of(connection, "postgresql"), [], {"t": ["ends"]})
        assert ask(connection, "SELECT count(ends) >= 3 AND count(*) > count(ends) FROM t")


def test_an_empty_table_is_filled_instead(engine_of: Callable[[str], Engine]) -> None:
    with built(engine_of("sqlite"), "sqlite", ["CREATE TABLE t (v TEXT, w TEXT)"]) as connection:
        Seeder("sqlite").fill(connection, state_of(connection, "sqlite"), [], {"t": ["w"]})
        assert ask(connection, "SELECT count(v) > 2 AND count(w) > 2 FROM t")
