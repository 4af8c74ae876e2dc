"""Upgrades that fail on the schema that the history builds (MRT807)."""

from __future__ import annotations

import pytest

from mrt_lint.schema.dialects import Dialect
from tests.rules.linting import findings, found

USERS = """
op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("email", sa.String(80)))
"""
WRONG = 'op.drop_column("users", "phone")'

CASES = {
    "a column that is not there": (WRONG, ["MRT807"]),
    "a table that is not there": ('op.add_column("user", sa.Column("x", sa.Integer))', ["MRT807"]),
    "an index that is not there": ('op.drop_index("ix", table_name="users")', ["MRT807"]),
    "a constraint that is not there": ('op.drop_constraint("uq", "users")', ["MRT807"]),
    "a table that is there": ('op.create_table("users", sa.Column("id", sa.Integer))', ["MRT807"]),
    "a table that was just renamed": (
        'op.rename_table("users", "people")\nop.add_column("users", sa.Column("x", sa.Integer))',
        ["MRT807"],
    ),
    "what is there": ('op.drop_column("users", "email")', []),
    "under IF EXISTS": ('op.execute("ALTER TABLE users DROP COLUMN IF EXISTS phone")', []),
    "under a question to the schema": (
        f'if "phone" in [c["name"] for c in sa.inspect(op.get_bind()).get_columns("users")]:\n    {WRONG}',
        [],
    ),
    "under a condition": (f"if op.get_context().opts.get('x'):\n    {WRONG}", []),
    "after something that is not understood": (f"helper_of_ours(op)\n{WRONG}", []),
}


@pytest.mark.parametrize("case", CASES)
def test_an_upgrade_acts_on(case: str) -> None:
    upgrade, codes = CASES[case]
    assert found("MRT807", upgrade, given=USERS) == codes


def test_a_history_may_begin_on_a_database_with_tables() -> None:
    assert found("MRT807", WRONG) == []
    assert found("MRT807", 'op.execute("DROP VIEW v")') == []
    assert found("MRT807", WRONG, given=["pass"]) == []


def test_a_history_that_is_not_understood_says_nothing() -> None:
    assert found("MRT807", WRONG, given=["helper_of_ours(op)", USERS]) == []
    assert found("MRT807", WRONG, given=[USERS, 'op.drop_index("nowhere", table_name="users")']) == []


def test_an_enum_type_does_not_come_with_a_column() -> None:
    """On PostgreSQL; a database that is not known may be that."""
    upgrade = 'op.add_column("users", sa.Column("state", sa.Enum("a", "b", name="state")))'
    assert found("MRT807", upgrade, given=USERS) == ["MRT807"]
    assert found("MRT807", upgrade, given=USERS, database="mysql") == []
    (guess,) = findings("MRT807", upgrade, given=USERS, database=None)
    assert guess.dialects == ("postgresql",)


@pytest.mark.parametrize("database", [None, "mysql"])
def test_a_name_of_another_database(database: Dialect | None) -> None:
    """PostgreSQL calls it so: where the database is not known that one fails elsewhere says nothing."""
    given = [USERS, 'op.create_unique_constraint(None, "users", ["email"])']
    upgrade = 'op.drop_constraint("users_email_key", "users", type_="unique")'
    assert found("MRT807", upgrade, given=given, database=database) == (
        [] if database is None else ["MRT807"]
    )


def test_sqlite_has_no_alter_for_it() -> None:
    upgrade = 'op.alter_column("users", "email", nullable=False)'
    assert found("MRT807", upgrade, given=USERS, database="sqlite") == ["MRT807"]


def test_a_foreign_key_with_use_alter_is_no_part_of_the_table() -> None:
    """Measured with Alembic 1.20: PostgreSQL gets none, SQLite has it in the CREATE TABLE."""
    table = """
    op.create_table(
        "t",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("user_id", sa.Integer),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk", use_alter=True),
    )
    """
    key = 'op.create_foreign_key("fk", "t", "users", ["user_id"], ["id"])'
    assert found("MRT806 MRT807", f"{table}\n    {key}", 'op.drop_table("t")', given=USERS) == []
    drop = 'op.drop_constraint("fk", "t", type_="foreignkey")\nop.drop_table("t")'
    assert found("MRT806", table, drop, given=USERS) == ["MRT806"]
    batch = 'with op.batch_alter_table("t") as b:\n    b.drop_constraint("fk", type_="foreignkey")\n'
    assert found("MRT806", table, f'{batch}op.drop_table("t")', given=USERS, database="sqlite") == []


@pytest.mark.parametrize(("referred", "codes"), [("users", ["MRT807"]), ("customers", [])])
def test_a_first_table_that_refers_to_an_older_one_began_on_a_database_with_tables(
    referred: str, codes: list[str]
) -> None:
    given = [USERS, f'op.create_table("notes", sa.Column("u", sa.Integer, sa.ForeignKey("{referred}.id")))']
    upgrade = 'op.add_column("domains", sa.Column("extra", sa.Integer))'
    assert found("MRT807", upgrade, given=given) == codes


def test_a_key_is_called_by_its_columns_where_the_database_gives_its_name() -> None:
    """PostgreSQL and MySQL give other names; the finding is one for both."""
    made = """
    op.create_table("crews", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table(
        "boats",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("crew_id", sa.Integer, sa.ForeignKey("crews.id")),
        sa.Column("spare_id", sa.Integer, sa.ForeignKey("crews.id", name="fk_spare")),
    )
    """
    (told,) = findings("MRT806", made, 'op.drop_table("crews")\nop.drop_table("boats")', database=None)
    assert told.message.endswith("referenced by foreign key (crew_id) of boats and fk_spare of boats")


def _with_key(table: str) -> str:
    key = 'sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_user")'
    return f'op.create_table("{table}", sa.Column("user_id", sa.Integer), {key})\n'


@pytest.mark.parametrize("database", ["mysql", "mariadb"])
def test_a_name_of_a_foreign_key_that_another_table_has(database: Dialect) -> None:
    (told,) = findings("MRT807", _with_key("b"), given=USERS + _with_key("a"), database=database)
    assert "table a has a foreign key fk_user already" in told.message
    assert told.help.startswith("give it a name of its own")
    assert found("MRT807", _with_key("b"), given=USERS + _with_key("a")) == []


def test_a_history_that_stops_on_a_database_is_not_for_it() -> None:
    """MySQL keeps the index that a foreign key needs; but this history never gets so far there."""
    column = 'op.add_column("a", sa.Column("other_id", sa.Integer))\n'
    key = 'op.create_foreign_key("fk_other", "a", "users", ["other_id"], ["id"])'
    drop = 'op.drop_index("ix", table_name="a")\nop.drop_constraint("fk_other", "a")\nop.drop_column("a", "other_id")'
    upgrade = f'{column}op.create_index("ix", "a", ["other_id"])\n{key}'
    alone = [USERS + _with_key("a")]
    (told,) = findings("MRT806", upgrade, drop, given=alone, database=None)
    assert told.dialects == ("mysql",)
    assert found("MRT806", upgrade, drop, given=[*alone, _with_key("b")], database=None) == []
