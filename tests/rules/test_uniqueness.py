"""Unique keys on rows that are there (MRT406), and indexes built while others wait (MRT407)."""

from __future__ import annotations

import pytest

from tests.rules.linting import findings, found

USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String(80)),
    sa.Column("team", sa.Integer),
)
"""
UNIQUE = 'op.create_unique_constraint("uq", "users", ["email"])'
INDEX = 'op.create_index("ix", "users", ["email"], unique=True)'
LOGIN = 'op.add_column("users", sa.Column("login", sa.String(80){}))'
ON_LOGIN = 'op.create_unique_constraint("uq", "users", ["login"])'

KEYS = {
    "a constraint": ([USERS], UNIQUE, 1),
    "an index": ([USERS], INDEX, 1),
    "an index of an expression": ([USERS], INDEX.replace('"email"', 'sa.text("lower(email)")'), 1),
    "an index that is not unique": ([USERS], 'op.create_index("ix", "users", ["email"])', 0),
    "SQL": ([USERS], 'op.execute("ALTER TABLE users ADD UNIQUE (email)")', 1),
    "a new table": ([], USERS + UNIQUE, 0),
    "a table that is not known": ([], UNIQUE, 1),
    "over the primary key": ([USERS], UNIQUE.replace('["email"]', '["id", "email"]'), 0),
    "a new column": ([USERS], f"{LOGIN.format('')}\n{ON_LOGIN}", 0),
    "a new column that is unique": ([USERS], LOGIN.format(", unique=True"), 0),
    "a new column with a default": ([USERS], LOGIN.format(', unique=True, server_default="x"'), 1),
    "a new column with values of its own": (
        [USERS],
        LOGIN.format(', unique=True, server_default=sa.text("gen_random_uuid()::text")'),
        0,
    ),
    "a new column that counts": (
        [USERS],
        'op.add_column("users", sa.Column("x", sa.Integer, sa.Identity(), unique=True))',
        0,
    ),
    "a new column with a default that is not known": (
        [USERS],
        LOGIN.format(", server_default=unknown()") + "\n" + ON_LOGIN,
        1,
    ),
    "instead of one that is not known": (
        [],
        'op.drop_constraint("uq", "users", type_="unique")\n' + UNIQUE,
        1,
    ),
    "a new column that is filled": (
        [USERS],
        f"{LOGIN.format('')}\nop.execute(\"UPDATE users SET login = 'u' || id\")\n{ON_LOGIN}",
        0,
    ),
    "a new column that is filled with one value": (
        [USERS],
        f"{LOGIN.format('')}\nop.execute(\"UPDATE users SET login = 'u'\")\n{ON_LOGIN}",
        1,
    ),
    "NULLs that are equal": (
        [USERS],
        LOGIN.format("") + '\nop.execute("ALTER TABLE users ADD UNIQUE NULLS NOT DISTINCT (login)")',
        1,
    ),
    "old and new columns": ([USERS], LOGIN.format("") + "\n" + UNIQUE.replace("]", ', "login"]'), 0),
    "instead of an index": (
        [USERS, INDEX],
        f'op.drop_index("ix", table_name="users")\n{UNIQUE}',
        0,
    ),
    "instead of one on fewer columns": (
        [USERS, INDEX],
        'op.drop_index("ix", table_name="users")\n' + UNIQUE.replace("]", ', "team"]'),
        0,
    ),
    "instead of one on more columns": (
        [USERS, INDEX.replace("]", ', "team"]')],
        'op.drop_index("ix", table_name="users")\n' + UNIQUE,
        1,
    ),
    "instead of one on some rows": (
        [USERS, INDEX.replace("unique=True", 'unique=True, postgresql_where=sa.text("team = 1")')],
        'op.drop_index("ix", table_name="users")\n' + UNIQUE,
        1,
    ),
    "again after a rename": (
        [USERS, UNIQUE],
        """
        op.drop_constraint("uq", "users")
        op.alter_column("users", "email", new_column_name="mail")
        op.rename_table("users", "people")
        op.create_unique_constraint("uq_mail", "people", ["mail"])
        """,
        0,
    ),
    "of a unique index": (
        [USERS, INDEX],
        'op.execute("ALTER TABLE users ADD CONSTRAINT uq UNIQUE USING INDEX ix")',
        0,
    ),
}


@pytest.mark.parametrize("case", KEYS)
def test_rows_of_before_may_be_equal(case: str) -> None:
    given, upgrade, count = KEYS[case]
    assert found("MRT406", upgrade, given=given) == ["MRT406"] * count


@pytest.mark.parametrize("database", ["mysql", "sqlite", None])
def test_every_database_refuses_equal_rows(database: str) -> None:
    assert found("MRT406", INDEX, given=USERS, database=database) == ["MRT406"]


def test_a_function_of_one_target_counts_on_all() -> None:
    add = LOGIN.format(', unique=True, server_default=sa.text("uuid_generate_v4()")')
    assert found("MRT406", add, given=USERS, database=None) == []


def test_the_name_that_the_database_gives_is_told() -> None:
    (finding,) = findings("MRT406", 'op.execute("ALTER TABLE users ADD UNIQUE (email)")', given=USERS)
    assert finding.subject == "users.users_email_key"
    (finding,) = findings("MRT406", 'op.execute("CREATE UNIQUE INDEX ON users (email)")', given=USERS)
    assert finding.subject == "users.users_email_idx"


PARTS = 'op.execute("CREATE TABLE parts (a int, b int) PARTITION BY RANGE (a)")'
BUILDS = {
    "an index": ([USERS], 'op.create_index("ix", "users", ["team"])', True),
    "SQL": ([USERS], 'op.execute("CREATE INDEX ix ON users (team)")', True),
    "a column with an index": (
        [USERS],
        'op.add_column("users", sa.Column("x", sa.Integer, index=True))',
        True,
    ),
    "of a new column": (
        [USERS],
        'op.add_column("users", sa.Column("x", sa.Integer))\nop.create_index("ix", "users", ["x"])',
        True,
    ),
    "concurrently": (
        [USERS],
        """
        with op.get_context().autocommit_block():
            op.create_index("ix", "users", ["team"], postgresql_concurrently=True)
        """,
        False,
    ),
    "a new table": ([], USERS + 'op.create_index("ix", "users", ["team"])', False),
    "a new table with rows": (
        [],
        USERS + 'op.execute("INSERT INTO users (id) VALUES (1)")\nop.create_index("ix", "users", ["team"])',
        False,
    ),
    "a partitioned table": ([PARTS], 'op.create_index("ix", "parts", ["b"])', False),
    "the parent alone": ([], 'op.execute("CREATE INDEX ix ON ONLY parts (b)")', False),
    "one that is there": (
        [USERS, 'op.create_index("ix", "users", ["team"])'],
        'op.create_index("ix", "users", ["team"], if_not_exists=True)',
        False,
    ),
    "a column that is not there": ([USERS], 'op.create_index("ix", "users", ["nowhere"])', False),
}


@pytest.mark.parametrize("case", BUILDS)
def test_an_index_is_built_while_nothing_can_write(case: str) -> None:
    given, upgrade, fires = BUILDS[case]
    assert found("MRT407", upgrade, given=given) == ["MRT407"] * fires


@pytest.mark.parametrize(("database", "codes"), [("mysql", []), ("sqlite", []), (None, ["MRT407"])])
def test_only_postgresql_keeps_writers_waiting(database: str, codes: list[str]) -> None:
    upgrade = 'op.create_index("ix", "users", ["team"])'
    assert found("MRT407", upgrade, given=USERS, database=database) == codes


def test_duplicates_and_the_lock_are_two_harms() -> None:
    assert found("MRT406 MRT407", INDEX, given=USERS) == ["MRT406", "MRT407"]


def test_a_key_that_the_database_names_is_called_by_its_columns() -> None:
    """PostgreSQL calls it users_email_key, MySQL email, Oracle SYS_C0012: it is one finding in the words of none."""
    everywhere = 'op.create_unique_constraint(None, "users", ["email"])'
    (told,) = findings("MRT406", everywhere, given=USERS, database=None)
    assert "unique constraint on users (email)" in told.message
    some = f'if op.get_bind().dialect.name in ("oracle", "mysql"):\n    {everywhere}'
    (told,) = findings("MRT406", some, given=USERS, database=None)
    assert "unique constraint on users (email)" in told.message
    (told,) = findings("MRT406", UNIQUE, given=USERS, database=None)
    assert "unique constraint uq on users (email)" in told.message
