"""Tables and columns that are renamed for good (MRT301, MRT302)."""

from __future__ import annotations

import pytest

from mrt_lint.schema.dialects import Dialect
from tests.rules.linting import findings, found

CODES = "MRT301 MRT302"
USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String(80)),
    sa.Column("phone", sa.String(20)),
)
"""
OTHER = 'op.create_table("other", sa.Column("id", sa.Integer))'
COLUMN = 'op.alter_column("users", "{}", new_column_name="{}")'
TABLE = 'op.rename_table("{}", "{}")'

CASES = {
    "a column": (COLUMN.format("email", "mail"), OTHER, ["MRT302"]),
    "a column, undone by SQL": (
        COLUMN.format("email", "mail"),
        'op.execute("ALTER TABLE users RENAME mail TO email")',
        [],
    ),
    "two columns, one undone": (
        f"{COLUMN.format('email', 'mail')}\n{COLUMN.format('phone', 'fax')}",
        COLUMN.format("fax", "phone"),
        ["MRT302"],
    ),
    "a column, twice": (
        f"{COLUMN.format('email', 'tmp')}\n{COLUMN.format('tmp', 'mail')}",
        OTHER,
        ["MRT302"],
    ),
    "two columns swapped and swapped back": (
        "\n".join(COLUMN.format(*pair) for pair in (("email", "t"), ("phone", "email"), ("t", "phone"))),
        "\n".join(COLUMN.format(*pair) for pair in (("email", "t"), ("phone", "email"), ("t", "phone"))),
        [],
    ),
    "two columns swapped for good": (
        "\n".join(COLUMN.format(*pair) for pair in (("email", "t"), ("phone", "email"), ("t", "phone"))),
        OTHER,
        ["MRT302", "MRT302"],
    ),
    "a new column of the old name": (
        COLUMN.format("email", "mail"),
        'op.drop_column("users", "mail")\nop.add_column("users", sa.Column("email", sa.String(80)))',
        ["MRT302"],
    ),
    "renamed back, but emptied": (
        f"{COLUMN.format('email', 'mail')}\nop.execute('UPDATE users SET mail = NULL')",
        COLUMN.format("mail", "email"),
        [],
    ),
    "a column that is dropped then": (
        f'{COLUMN.format("email", "mail")}\nop.drop_column("users", "mail")',
        OTHER,
        [],
    ),
    "a column of a renamed table": (
        f"{TABLE.format('users', 'people')}\n{COLUMN.format('email', 'mail').replace('users', 'people')}",
        TABLE.format("people", "users"),
        ["MRT302"],
    ),
    "a column and its table": (
        f"{TABLE.format('users', 'people')}\n{COLUMN.format('email', 'mail').replace('users', 'people')}",
        OTHER,
        ["MRT301"],
    ),
    "a table": (TABLE.format("users", "people"), OTHER, ["MRT301"]),
    "a table, twice": (
        f"{TABLE.format('users', 'tmp')}\n{TABLE.format('tmp', 'people')}",
        OTHER,
        ["MRT301"],
    ),
    "a new table of the old name": (
        TABLE.format("users", "people"),
        f'op.drop_table("people")\n{USERS}',
        ["MRT301"],
    ),
    "a new table": (
        f'op.create_table("a", sa.Column("id", sa.Integer))\n{TABLE.format("a", "b")}',
        OTHER,
        [],
    ),
    "declared irreversible": (
        f"{COLUMN.format('email', 'mail')}\n{TABLE.format('users', 'people')}",
        "raise NotImplementedError",
        [],
    ),
    "the downgrade is not understood": (
        f"{COLUMN.format('email', 'mail')}\n{TABLE.format('users', 'people')}",
        "helper_of_ours(op)",
        [],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_something_is_renamed(case: str) -> None:
    upgrade, downgrade, codes = CASES[case]
    assert found(CODES, upgrade, downgrade, given=USERS) == codes


@pytest.mark.parametrize("database", [None, "postgresql", "mysql"])
def test_the_history_does_not_show_the_column(database: Dialect | None) -> None:
    assert found(CODES, COLUMN.format("email", "mail"), database=database) == ["MRT302"]


def test_change_of_mysql_renames() -> None:
    upgrade = 'op.execute("ALTER TABLE users CHANGE email mail VARCHAR(80)")'
    back = 'op.execute("ALTER TABLE users CHANGE mail email VARCHAR(80)")'
    assert found(CODES, upgrade, OTHER, given=USERS, database="mysql") == ["MRT302"]
    assert found(CODES, upgrade, back, given=USERS, database="mysql") == []


def test_a_batch_renames() -> None:
    upgrade = 'with op.batch_alter_table("users") as batch_op:\n    batch_op.alter_column("email", new_column_name="e")'
    assert found(CODES, upgrade, OTHER, given=USERS, database="sqlite") == ["MRT302"]


def test_a_rename_is_one_finding() -> None:
    """Neither the column that is gone nor the one that is left is told of again."""
    upgrade = COLUMN.format("email", "mail")
    assert found("MRT302 MRT801 MRT802 MRT804", upgrade, 'op.drop_index("i")', given=USERS) == ["MRT302"]


def test_what_a_renamed_column_is_part_of_is_the_same() -> None:
    """Keys, checks and indexes on it are called otherwise because it is; so are foreign keys to its table."""
    given = """
    op.create_table(
        "users",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("email", sa.String(80)),
        sa.UniqueConstraint("email", name="uq"),
        sa.CheckConstraint("email <> ''", name="ck"),
    )
    op.create_index("ix", "users", ["email"])
    op.create_table("orders", sa.Column("user", sa.String(80), sa.ForeignKey("users.email", name="fk")))
    """
    codes = "MRT301 MRT302 MRT801 MRT802 MRT803"
    assert found(codes, COLUMN.format("email", "mail"), 'op.drop_index("i")', given=given) == ["MRT302"]
    assert found(codes, TABLE.format("users", "people"), 'op.drop_index("i")', given=given) == ["MRT301"]
    both = f'{COLUMN.format("email", "mail")}\nop.drop_constraint("ck", "users")'
    other = 'op.create_check_constraint("ck", "users", "mail <> \'x\'")'
    assert found(codes, both, other, given=given) == ["MRT302", "MRT803"]


def test_a_table_moves_to_another_schema() -> None:
    (finding,) = findings(CODES, 'op.execute("ALTER TABLE users SET SCHEMA app")', OTHER, given=USERS)
    assert finding.help == "add op.execute('ALTER TABLE app.users SET SCHEMA public') to downgrade"


SETTING = """
import os
if os.environ.get("MODE", "own").lower() == "own":
    {}
    {}
"""


def test_rows_that_the_downgrade_deletes_are_no_rename_that_is_left() -> None:
    """Also where upgrade and downgrade ask for the same setting, so that not all ways rename back."""
    given = """
    op.create_table("piers", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table("piers_new", sa.Column("id", sa.Integer, primary_key=True))
    """
    there, back = "op.rename_table('{}', '{}')", "op.execute('TRUNCATE TABLE piers_new')"
    upgrade = SETTING.format(there.format("piers", "piers_old"), there.format("piers_new", "piers"))
    downgrade = SETTING.format(
        there.format("piers", "piers_new"), f"{there.format('piers_old', 'piers')}\n    {back}"
    )
    upgrade += 'op.alter_column("piers", "id", server_default=sa.text("7"))'
    told = findings("MRT301 MRT804", upgrade, downgrade, given=given)
    assert [finding.rule for finding in told] == ["MRT804"]
