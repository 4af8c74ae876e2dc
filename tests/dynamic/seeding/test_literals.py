"""Rows made of what a migration looks for: its conditions find some of them and just miss others."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.engine import Connection, Engine

from mrt_dynamic.seeding import Literals, Seeder, mined
from mrt_lint.schema.state import State
from tests.alembic.making import lower_file, migration
from tests.backends import DATABASES
from tests.dynamic.seeding.live import ask, built, state_of
from tests.dynamic.seeding.test_determinism import COUNTED

TABLE = """CREATE TABLE users (id {key}, name VARCHAR(50), age INTEGER, role VARCHAR(20) NOT NULL, status VARCHAR(20), email VARCHAR(60) UNIQUE,
    score NUMERIC(6,2), born DATE, active BOOLEAN NOT NULL, deleted_at TIMESTAMP NULL)"""
OTHER = "CREATE TABLE orders (id {key}, user_id INTEGER NOT NULL, state VARCHAR(20) NOT NULL, total INTEGER, FOREIGN KEY (user_id) REFERENCES users (id))"


def look(upgrade: str, state: State, downgrade: str = "pass", before: str = "") -> Literals:
    text = migration(upgrade, downgrade=downgrade, before=before)
    lowered = lower_file(text, dialects=(state.dialect,))
    assert lowered.problem is None
    return mined(lowered.migration, text, state)


def sql(text: str) -> str:
    return f'op.execute("{text}")'


# What a migration does, and conditions each of which must find a row before it runs.
CASES = {
    "equal": (
        sql("UPDATE users SET role = 'root' WHERE name = 'admin'"),
        ["name = 'admin'", "name <> 'admin'", "role = 'root'"],
    ),
    "number": (sql("DELETE FROM users WHERE age > 65"), ["age = 64", "age = 65", "age = 66"]),
    "in": (
        sql("DELETE FROM users WHERE status IN ('dead', 'gone')"),
        ["status = 'dead'", "status = 'gone'", "status NOT IN ('dead', 'gone')"],
    ),
    "both": (
        sql("UPDATE users SET age = 0 WHERE role = 'guest' AND age < 18 AND active = true"),
        [
            "role = 'guest' AND age < 18 AND active = true",
            "role <> 'guest' AND age < 18",
            "role = 'guest' AND age >= 18",
            "role = 'guest' AND age < 18 AND active = false",
        ],
    ),
    "either": (
        sql("DELETE FROM users WHERE role = 'bot' OR age = 999"),
        ["role = 'bot' AND age <> 999", "age = 999 AND role <> 'bot'", "role <> 'bot' AND age <> 999"],
    ),
    "like": (
        sql("DELETE FROM users WHERE email LIKE 'test-%'"),
        ["email LIKE 'test-%'", "email NOT LIKE 'test-%'"],
    ),
    "null": (
        sql("DELETE FROM users WHERE deleted_at IS NOT NULL AND status IS NULL"),
        [
            "deleted_at IS NOT NULL AND status IS NULL",
            "deleted_at IS NULL",
            "deleted_at IS NOT NULL AND status IS NOT NULL",
        ],
    ),
    "between": (
        sql("DELETE FROM users WHERE score BETWEEN 10 AND 20"),
        ["score = 10", "score = 20", "score BETWEEN 10 AND 20", "score > 20"],
    ),
    "date": (
        sql("DELETE FROM users WHERE born < '1950-06-01'"),
        ["born < '1950-06-01'", "born = '1950-06-01'", "born > '1950-06-01'"],
    ),
    "case": (
        sql("UPDATE users SET age = CASE WHEN status = 'vip' THEN 1 WHEN status = 'std' THEN 2 END"),
        ["status = 'vip'", "status = 'std'"],
    ),
    "case of a value": (
        sql("UPDATE users SET role = CASE role WHEN 'a1' THEN 'x1' ELSE role END"),
        ["role = 'a1'"],
    ),
    "length": (
        sql("UPDATE users SET name = 'long' WHERE length(name) > 30"),
        ["length(name) > 30", "length(name) = 30"],
    ),
    "lower": (sql("DELETE FROM users WHERE lower(role) = 'owner'"), ["lower(role) = 'owner'"]),
    "core": (
        'users = sa.table("users", sa.column("role"))\nop.execute(users.update().where(users.c.role == "owner").values(role="boss"))',
        ["role = 'owner'", "role = 'boss'"],
    ),
    "core, several": (
        'users = sa.table("users", sa.column("role"), sa.column("age"))\nop.execute(users.delete().where(sa.and_(users.c.role.in_(["x7", "y7"]), users.c.age >= 40)))',
        [
            "role = 'x7' AND age >= 40",
            "role = 'y7' AND age >= 40",
            "age = 40",
            "age = 39",
            "role IN ('x7', 'y7') AND age < 40",
        ],
    ),
    "where twice": (
        'users = sa.table("users")\nop.execute(users.update().where(users.c.role == "r9", users.c.age == 9).values(age=10))',
        ["role = 'r9' AND age = 9"],
    ),
    "python": (
        'connection = op.get_bind()\nfor row in connection.execute(sa.text("SELECT id, status FROM users")):\n    if row.status == "odd":\n        connection.execute(sa.text("UPDATE users SET age = 1 WHERE id = :id"), {"id": row.id})',
        ["status = 'odd'"],
    ),
    "parameters": (
        'op.get_bind().execute(sa.text("UPDATE users SET age = 1 WHERE role = :role"), {"role": "chief"})',
        ["role = 'chief'"],
    ),
    "mapping": (
        'for old, new in {"draft": "d", "final": "f"}.items():\n    op.get_bind().execute(sa.text("UPDATE users SET status = :new WHERE status = :old"), dict(new=new, old=old))',
        ["status = 'draft'", "status = 'final'"],
    ),
    "subquery": (
        sql("DELETE FROM orders WHERE user_id IN (SELECT id FROM users WHERE role = 'spam')"),
        ["role = 'spam'"],
    ),
}


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def statements(database: str) -> list[str]:
    return [text.format(key=COUNTED[database]) for text in (TABLE, OTHER)]


@pytest.mark.parametrize("case", CASES)
def test_conditions_find_rows_and_miss_rows(
    case: str, database: str, engine_of: Callable[[str], Engine]
) -> None:
    upgrade, wanted = CASES[case]
    with built(engine_of(database), database, statements(database)) as connection:
        state = state_of(connection, database)
        seeder = Seeder(state.dialect)
        seeder.fill(connection, state)
        literals = look(upgrade, state)
        assert literals
        seeder.add(connection, state, literals)
        assert [where for where in wanted if not found(connection, "users", where)] == []


def found(connection: Connection, table: str, where: str) -> bool:
    return bool(ask(connection, f"SELECT count(*) FROM {table} WHERE {where}"))


def test_the_downgrade_is_mined_too_and_can_be_left_out(engine_of: Callable[[str], Engine]) -> None:
    with built(engine_of("sqlite"), "sqlite", statements("sqlite")) as connection:
        state = state_of(connection, "sqlite")
        literals = look(
            sql("UPDATE users SET age = 1 WHERE role = 'up'"),
            state,
            sql("UPDATE users SET age = 2 WHERE role = 'down'"),
        )
        assert [one.direction for one in literals.conditions] == ["upgrade", "downgrade"]
        assert "'down'" not in repr(literals.of("upgrade"))
        Seeder("sqlite").fill(connection, state)
        Seeder("sqlite").add(connection, state, literals)
        assert found(connection, "users", "role = 'up'")
        assert found(connection, "users", "role = 'down'")


def test_rows_that_the_migration_is_about_to_write_are_not_there_already(
    engine_of: Callable[[str], Engine],
) -> None:
    upgrade = sql("INSERT INTO users (id, email, role, active) VALUES (900, 'root@example.org', 'root', 1)")
    upgrade += "\n" + sql("UPDATE users SET email = 'none@example.org' WHERE id = 900")
    with built(engine_of("sqlite"), "sqlite", statements("sqlite")) as connection:
        state = state_of(connection, "sqlite")
        Seeder("sqlite").fill(connection, state)
        Seeder("sqlite").add(connection, state, look(upgrade, state))
        assert not found(connection, "users", "email IN ('root@example.org', 'none@example.org')")


def test_a_condition_that_a_check_forbids_is_left_alone(engine_of: Callable[[str], Engine]) -> None:
    table = "CREATE TABLE users (id INTEGER PRIMARY KEY, role TEXT NOT NULL CHECK (role IN ('a', 'b')))"
    with built(engine_of("sqlite"), "sqlite", [table]) as connection:
        state = state_of(connection, "sqlite")
        done = Seeder("sqlite").add(connection, state, look(sql("DELETE FROM users WHERE role = 'z'"), state))
        assert done.unseeded == ()
        assert not found(connection, "users", "role = 'z'")


@pytest.mark.parametrize(
    "source",
    [
        "",
        "def upgrade(:",
        "x = 1",
        "op.execute('UPDATE')",
        "\x00",
        "def upgrade():\n    op.execute('DELETE FROM nowhere WHERE a = 1')",
    ],
)
def test_what_is_not_understood_is_not_mined(source: str, engine_of: Callable[[str], Engine]) -> None:
    with built(engine_of("sqlite"), "sqlite", statements("sqlite")) as connection:
        assert not mined(None, source, state_of(connection, "sqlite"))
