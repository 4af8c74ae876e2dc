"""Constraints that are dropped for good, or that nobody can drop (MRT205, MRT409, MRT410, MRT809)."""

from __future__ import annotations

import pytest

from mrt_lint.schema.dialects import Dialect
from tests.rules.linting import findings, found

DROPS = "MRT205 MRT409 MRT410 MRT802 MRT803"
GIVEN = """
op.create_table("teams", sa.Column("id", sa.Integer, primary_key=True))
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String(80)),
    sa.Column("team_id", sa.Integer),
    sa.UniqueConstraint("email", "id", name="uq_email"),
    sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_team"),
)
"""
OTHER = 'op.create_table("other", sa.Column("id", sa.Integer))'
DROP_KEY = 'op.drop_constraint("fk_team", "users", type_="foreignkey")'
DROP_UNIQUE = 'op.drop_constraint("uq_email", "users", type_="unique")'
ADD_KEY = 'op.create_foreign_key("{}", "users", "teams", ["team_id"], ["id"]{})'
ADD_UNIQUE = 'op.create_unique_constraint("uq_email", "users", {})'
BATCH = 'with op.batch_alter_table("users") as batch_op:\n    {}'
COLUMN = 'op.add_column("users", sa.Column("team_id", sa.Integer))'

CASES = {
    "a foreign key": (DROP_KEY, OTHER, ["MRT205"]),
    "a foreign key whose kind only the history tells": (
        'op.drop_constraint("fk_team", "users")',
        OTHER,
        ["MRT205"],
    ),
    "in SQL": ('op.execute("ALTER TABLE users DROP CONSTRAINT fk_team")', OTHER, ["MRT205"]),
    "restored": (DROP_KEY, ADD_KEY.format("fk_team", ""), []),
    "restored by SQL": (
        DROP_KEY,
        'op.execute("ALTER TABLE users ADD CONSTRAINT fk_team FOREIGN KEY (team_id) REFERENCES teams (id)")',
        [],
    ),
    "restored with another action": (
        DROP_KEY,
        ADD_KEY.format("fk_team", ', ondelete="CASCADE"'),
        ["MRT803"],
    ),
    "restored on another column": (
        DROP_KEY,
        'op.create_foreign_key("fk_team", "users", "teams", ["id"], ["id"])',
        ["MRT205"],
    ),
    "another one on the same columns in its place": (
        f"{DROP_KEY}\n{ADD_KEY.format('fk_team', ', ondelete=' + repr('CASCADE'))}",
        OTHER,
        ["MRT803"],
    ),
    "with its column": (
        f'{DROP_KEY}\nop.drop_column("users", "team_id")',
        f"{COLUMN}\n{ADD_KEY.format('fk_team', '')}",
        [],
    ),
    "with its table": (f'{DROP_KEY}\nop.drop_table("users")', GIVEN, []),
    "a unique constraint": (DROP_UNIQUE, OTHER, ["MRT409"]),
    "a unique constraint, restored": (DROP_UNIQUE, ADD_UNIQUE.format(["email", "id"]), []),
    "its columns in another order": (DROP_UNIQUE, ADD_UNIQUE.format(["id", "email"]), ["MRT803"]),
    "a unique constraint on other columns": (DROP_UNIQUE, ADD_UNIQUE.format(["team_id"]), ["MRT409"]),
    "a primary key": ('op.drop_constraint("users_pkey", "users", type_="primary")', OTHER, ["MRT409"]),
    "added by the same migration": (
        'op.create_check_constraint("ck", "users", "id > 0")\nop.drop_constraint("ck", "users")',
        OTHER,
        [],
    ),
    "in a batch": (BATCH.format('batch_op.drop_constraint("uq_email", type_="unique")'), OTHER, ["MRT410"]),
    "a foreign key in a batch": (BATCH.format('batch_op.drop_constraint("fk_team")'), OTHER, ["MRT205"]),
    "SQL in a batch": (
        BATCH.format('batch_op.execute("ALTER TABLE users DROP CONSTRAINT uq_email")'),
        OTHER,
        ["MRT409"],
    ),
    "declared irreversible": (f"{DROP_KEY}\n{DROP_UNIQUE}", "raise NotImplementedError", ["MRT205"]),
    "declared irreversible, put back on its renamed column": (
        f'{DROP_KEY}\nop.alter_column("users", "team_id", new_column_name="group_id")\n'
        'op.rename_table("teams", "groups")\n'
        'op.create_foreign_key("fk_group", "users", "groups", ["group_id"], ["id"])',
        "raise NotImplementedError",
        [],
    ),
    "declared irreversible, put back on another column": (
        f'{DROP_KEY}\nop.create_foreign_key("fk_other", "users", "teams", ["id"], ["id"])',
        "raise NotImplementedError",
        ["MRT205"],
    ),
    "the downgrade is not understood": (
        f"{DROP_KEY}\n{DROP_UNIQUE}",
        "from ours import helper\nhelper(op)",
        [],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_constraint_is_dropped(case: str) -> None:
    upgrade, downgrade, codes = CASES[case]
    assert found(DROPS, upgrade, downgrade, given=GIVEN) == codes


UNKNOWN = {
    "a foreign key": ('op.drop_constraint("fk", "users", type_="foreignkey")', "pass", ["MRT205"]),
    "a foreign key with a column": (
        'op.drop_constraint("fk", "users", type_="foreignkey")\nop.drop_column("users", "x")',
        "pass",
        [],
    ),
    "of unknown kind": ('op.drop_constraint("x", "users")', "pass", ["MRT409"]),
    "restored as some kind": (
        'op.drop_constraint("x", "users")',
        'op.create_unique_constraint("x", "users", ["email"])',
        [],
    ),
    "in a batch": (BATCH.format('batch_op.drop_constraint("x", type_="check")'), "pass", ["MRT410"]),
}


@pytest.mark.parametrize("case", UNKNOWN)
@pytest.mark.parametrize("database", [None, "postgresql"])
def test_the_history_does_not_show_the_constraint(case: str, database: Dialect | None) -> None:
    upgrade, downgrade, codes = UNKNOWN[case]
    assert found("MRT205 MRT409 MRT410", upgrade, downgrade, database=database) == codes


def test_the_message_names_kind_and_columns() -> None:
    (key,) = findings(DROPS, DROP_KEY, given=GIVEN)
    assert key.message.startswith("foreign key fk_team of users (team_id) to teams is dropped; ")
    (unknown,) = findings(DROPS, 'op.drop_constraint("x", "users")')
    assert unknown.message.startswith("constraint x of users (kind unknown) is dropped; ")


def test_a_name_of_the_database_is_not_told() -> None:
    """The primary key is called otherwise on every database: it is one finding all the same."""
    upgrade = 'op.execute("ALTER TABLE users DROP PRIMARY KEY")'
    (finding,) = findings("MRT409", upgrade, OTHER, given=GIVEN, database="mysql")
    assert finding.message.startswith("primary key of users (id) is dropped; ")


def test_mysql_drops_a_foreign_key() -> None:
    assert found(
        DROPS,
        'op.execute("ALTER TABLE users DROP FOREIGN KEY fk_team")',
        OTHER,
        given=GIVEN,
        database="mysql",
    ) == ["MRT205"]


NAMELESS = {
    "autogenerate's": (
        'op.create_foreign_key(None, "users", "teams", ["team_id"], ["id"])',
        'op.drop_constraint(None, "users", type_="foreignkey")',
        ["MRT806", "MRT809"],
    ),
    "by the name that PostgreSQL gives": (
        'op.create_unique_constraint(None, "users", ["email"])',
        'op.drop_constraint("users_email_key", "users", type_="unique")',
        [],
    ),
    "by another name": (
        'op.create_unique_constraint(None, "users", ["email"])',
        'op.drop_constraint("uq_users_email", "users", type_="unique")',
        ["MRT806", "MRT809"],
    ),
    "with its column": (
        'op.add_column("users", sa.Column("x", sa.Integer))\nop.create_unique_constraint(None, "users", ["x"])',
        'op.drop_column("users", "x")',
        [],
    ),
    "with its table": (
        'op.create_table("t", sa.Column("x", sa.Integer))\nop.create_unique_constraint(None, "t", ["x"])',
        'op.drop_table("t")',
        [],
    ),
    "not dropped at all": (
        'op.create_unique_constraint(None, "users", ["email"])',
        OTHER,
        ["MRT801", "MRT801", "MRT809"],
    ),
    "an empty downgrade": ('op.create_unique_constraint(None, "users", ["email"])', "pass", ["MRT809"]),
    "declared irreversible": (
        'op.create_unique_constraint(None, "users", ["email"])',
        "raise NotImplementedError",
        [],
    ),
}


@pytest.mark.parametrize("case", NAMELESS)
def test_a_constraint_has_no_name(case: str) -> None:
    upgrade, downgrade, codes = NAMELESS[case]
    assert sorted(found("MRT801 MRT806 MRT809", upgrade, downgrade, given=GIVEN)) == codes


def test_a_batch_of_sqlite_makes_a_constraint_without_a_name() -> None:
    upgrade = BATCH.format('batch_op.create_unique_constraint(None, ["email"])')
    downgrade = BATCH.format('batch_op.drop_constraint(None, type_="unique")')
    assert found("MRT809", upgrade, downgrade, given=GIVEN, database="sqlite") == ["MRT809"]


def test_mysql_drops_a_primary_key_without_a_name() -> None:
    given = 'op.create_table("t", sa.Column("id", sa.Integer, nullable=False))'
    upgrade = 'op.create_primary_key(None, "t", ["id"])'
    assert found("MRT809", upgrade, OTHER, given=given, database="mysql") == []


@pytest.mark.parametrize(
    ("given", "condition", "codes"),
    [
        ("", "IF EXISTS ", []),
        ("", "", ["MRT409"]),
        (
            'op.create_table("t", sa.Column("id", sa.Integer), sa.CheckConstraint("id > 0", name="ck"))',
            "IF EXISTS ",
            ["MRT409"],
        ),
    ],
)
def test_a_constraint_of_which_only_a_drop_if_exists_speaks(
    given: str, condition: str, codes: list[str]
) -> None:
    upgrade = f'op.execute("ALTER TABLE t DROP CONSTRAINT {condition}ck")'
    assert found("MRT409", upgrade, 'op.drop_column("t", "x")', given=given or []) == codes


@pytest.mark.parametrize("database", ["mysql", "sqlite", "oracle", "mssql"])
def test_names_in_a_check_compare_as_the_database_folds_them(database: Dialect) -> None:
    given = """op.create_table("t", sa.Column("s", sa.String(1)), sa.CheckConstraint("S IN ('Q', 'w')", name="ck"))"""
    batch = 'with op.batch_alter_table("t") as batch:\n    batch.'
    upgrade = f'{batch}drop_constraint("ck", type_="check")'
    same, other = (f"{batch}create_check_constraint(\"ck\", \"s in ('Q', '{letter}')\")" for letter in "wW")
    assert found("MRT802 MRT803 MRT410", upgrade, same, given=given, database=database) == []
    told = found("MRT802 MRT803 MRT410", upgrade, other, given=given, database=database)
    assert told == ["MRT803"]
