"""What the old code meets in a rolling deploy (MRT701-706)."""

from __future__ import annotations

import pytest

from mrt_lint.plugin import migration
from mrt_lint.testing import run
from tests.rules.linting import REGISTRY, findings, found

ALL = "MRT701 MRT702 MRT703 MRT704 MRT705 MRT706"
USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String(80)),
    sa.Column("age", sa.Integer),
    sa.Column("price", sa.Numeric(8, 2)),
)
op.create_table("teams", sa.Column("id", sa.Integer, primary_key=True))
"""
RENAMED = 'op.rename_table("users", "people")'
ADD = 'op.add_column("users", sa.Column("x", sa.String(20){}))'
UNIQUE = 'op.create_unique_constraint("uq", "users", ["email"])'
CHECK = 'op.create_check_constraint("ck", "users", "age > 0")'
KEY = 'op.create_foreign_key("fk", "users", "teams", ["age"], ["id"])'

CASES = {
    "drop a column": ('op.drop_column("users", "email")', ["MRT701"]),
    "drop a column by SQL": ('op.execute("ALTER TABLE users DROP COLUMN email")', ["MRT701"]),
    "drop a new column": (f'{ADD.format("")}\nop.drop_column("users", "x")', []),
    "drop a column of a new table": (
        'op.create_table("t", sa.Column("a", sa.Integer), sa.Column("b", sa.Integer))\nop.drop_column("t", "a")',
        [],
    ),
    "drop a column and its table": ('op.drop_column("users", "email")\nop.drop_table("users")', ["MRT703"]),
    "drop a column and add it anew": (
        'op.drop_column("users", "email")\nop.add_column("users", sa.Column("email", sa.Text))',
        [],
    ),
    "rename a column": ('op.alter_column("users", "email", new_column_name="mail")', ["MRT702"]),
    "rename a column and add the old name": (
        """
        op.alter_column("users", "email", new_column_name="mail")
        op.add_column("users", sa.Column("email", sa.String(80)))
        """,
        [],
    ),
    "rename a column there and back": (
        """
        op.alter_column("users", "email", new_column_name="mail")
        op.alter_column("users", "mail", new_column_name="email")
        """,
        [],
    ),
    "drop a table": ('op.drop_table("users")', ["MRT703"]),
    "rename a table": (RENAMED, ["MRT703"]),
    "move a table": ('op.execute("ALTER TABLE users SET SCHEMA old")', ["MRT703"]),
    "a view instead": (f'{RENAMED}\nop.execute("CREATE VIEW users AS SELECT * FROM people")', []),
    "another table instead": (f'{RENAMED}\nop.create_table("users", sa.Column("id", sa.Integer))', []),
    "rename the column of a table seen through a view": (
        f"""
        {RENAMED}
        op.alter_column("people", "email", new_column_name="mail")
        op.execute("CREATE VIEW users AS SELECT id, mail AS email, age, price FROM people")
        """,
        [],
    ),
    "rename a new table": ('op.create_table("t", sa.Column("a", sa.Integer))\nop.rename_table("t", "s")', []),
    "add a required column": (ADD.format(", nullable=False"), ["MRT704"]),
    "add one with a default": (ADD.format(', nullable=False, server_default="a"'), []),
    "drop the default again": (
        ADD.format(', nullable=False, server_default="a"')
        + '\nop.alter_column("users", "x", server_default=None)',
        ["MRT704"],
    ),
    "require it in the end": (
        ADD.format("") + '\nop.alter_column("users", "x", nullable=False)',
        ["MRT704"],
    ),
    "require it for a while": (
        ADD.format(", nullable=False") + '\nop.alter_column("users", "x", nullable=True)',
        [],
    ),
    "require it under another name": (
        RENAMED + "\n" + ADD.format(", nullable=False").replace("users", "people"),
        ["MRT703", "MRT704"],
    ),
    "a new required column that is dropped": (
        ADD.format(", nullable=False") + '\nop.drop_column("users", "x")',
        [],
    ),
    "change a type": ('op.alter_column("users", "age", type_=sa.BigInteger())', ["MRT705"]),
    "a longer text": ('op.alter_column("users", "email", type_=sa.String(90))', []),
    "any text": ('op.alter_column("users", "email", type_=sa.Text())', []),
    "a shorter text": ('op.alter_column("users", "email", type_=sa.String(20))', ["MRT705"]),
    "more digits": ('op.alter_column("users", "price", type_=sa.Numeric(12, 2))', []),
    "more decimals": ('op.alter_column("users", "price", type_=sa.Numeric(12, 4))', ["MRT705"]),
    "the same type": ('op.alter_column("users", "age", type_=sa.Integer())', []),
    "the type of a new column": (ADD.format("") + '\nop.alter_column("users", "x", type_=sa.Integer())', []),
    "a unique constraint": (UNIQUE, ["MRT706"]),
    "a unique index": ('op.create_index("ix", "users", ["email"], unique=True)', ["MRT706"]),
    "an index": ('op.create_index("ix", "users", ["email"])', []),
    "a check": (CHECK, ["MRT706"]),
    "a check that is not valid": (CHECK.replace('0"', '0", postgresql_not_valid=True'), ["MRT706"]),
    "a foreign key": (KEY, ["MRT706"]),
    "NOT NULL": ('op.alter_column("users", "email", nullable=False)', ["MRT706"]),
    "NOT NULL for a while": (
        'op.alter_column("users", "email", nullable=False)\nop.alter_column("users", "email", nullable=True)',
        [],
    ),
    "a check of a new column": (
        ADD.format("") + '\nop.create_check_constraint("ck", "users", "x > \'a\'")',
        [],
    ),
    "a check of SQL in a new column": ('op.execute("ALTER TABLE users ADD COLUMN x int CHECK (x > 0)")', []),
    "a check of a new column and an old one": (
        'op.execute("ALTER TABLE users ADD COLUMN x int CHECK (x > age)")',
        ["MRT706"],
    ),
    "a foreign key of a new column": (
        'op.add_column("users", sa.Column("team", sa.Integer, sa.ForeignKey("teams.id")))',
        [],
    ),
    "a unique new column": (ADD.format(", unique=True"), []),
    "a unique new column with one default": (ADD.format(', unique=True, server_default="a"'), ["MRT706"]),
    "a unique column of SQL": (
        'op.execute("ALTER TABLE users ADD COLUMN x int DEFAULT 1 UNIQUE")',
        ["MRT706"],
    ),
    "unique with a new column that is NULL": (
        ADD.format("") + '\nop.create_unique_constraint("uq", "users", ["email", "x"])',
        [],
    ),
    "an exclusion": ('op.execute("ALTER TABLE users ADD EXCLUDE USING gist (age WITH =)")', ["MRT706"]),
    "a new table with all of it": (
        """
        op.create_table(
            "t",
            sa.Column("a", sa.Integer, sa.ForeignKey("teams.id"), nullable=False, unique=True),
            sa.CheckConstraint("a > 0"),
        )
        """,
        [],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_the_old_code_meets(case: str) -> None:
    upgrade, codes = CASES[case]
    assert found(ALL, upgrade, given=USERS, version="15") == codes


REPLACED = {
    "unique": (UNIQUE, 'op.drop_constraint("uq", "users")\n' + UNIQUE.replace('"uq"', '"uq2"'), []),
    "unique on fewer columns": (
        UNIQUE.replace("]", ', "age"]'),
        'op.drop_constraint("uq", "users")\n' + UNIQUE,
        ["MRT706"],
    ),
    "check": (CHECK, 'op.drop_constraint("ck", "users")\n' + CHECK, []),
    "another check": (CHECK, 'op.drop_constraint("ck", "users")\n' + CHECK.replace("0", "1"), ["MRT706"]),
    "foreign key": (
        KEY,
        'op.drop_constraint("fk", "users")\n'
        + KEY.replace("])", '], ondelete="CASCADE")').replace("])", "]"),
        [],
    ),
    "to another table": (
        KEY,
        'op.drop_constraint("fk", "users")\n' + KEY.replace("teams", "users"),
        ["MRT706"],
    ),
    "after renames": (
        f"{KEY}\n{CHECK}",
        """
        op.drop_constraint("fk", "users")
        op.drop_constraint("ck", "users")
        op.alter_column("users", "age", new_column_name="years")
        op.rename_table("teams", "groups")
        op.create_foreign_key("fk2", "users", "groups", ["years"], ["id"])
        op.create_check_constraint("ck2", "users", "years > 0")
        """,
        [],
    ),
    "to a table that was not known": (
        'op.create_table("other", sa.Column("age", sa.Integer, sa.ForeignKey(unknown())))',
        KEY.replace("users", "other"),
        ["MRT706"],
    ),
    "an index that becomes a constraint": (
        'op.create_index("ix", "users", ["email"], unique=True)',
        'op.execute("ALTER TABLE users ADD CONSTRAINT uq UNIQUE USING INDEX ix")',
        [],
    ),
}


@pytest.mark.parametrize("case", REPLACED)
def test_what_was_demanded_before_is_nothing_new(case: str) -> None:
    before, upgrade, codes = REPLACED[case]
    assert found("MRT706", upgrade, given=[USERS, before]) == codes


MYSQL = {
    "rename": (
        'op.alter_column("users", "email", new_column_name="mail", existing_type=sa.String(80))',
        ["MRT702"],
    ),
    "retype": ('op.alter_column("users", "age", type_=sa.String(9), existing_type=sa.Integer())', ["MRT705"]),
    "require": ('op.alter_column("users", "age", nullable=False, existing_type=sa.Integer())', ["MRT706"]),
    "change by SQL": ('op.execute("ALTER TABLE users CHANGE age years INT NOT NULL")', ["MRT702", "MRT706"]),
}


@pytest.mark.parametrize("case", MYSQL)
def test_mysql_redefines_the_column(case: str) -> None:
    upgrade, codes = MYSQL[case]
    assert found(ALL, upgrade, given=USERS, database="mysql") == codes


def test_a_file_alone() -> None:
    assert found(ALL, 'op.alter_column("users", "age", type_=sa.Text())') == ["MRT705"]
    kept = 'op.alter_column("users", "age", type_=sa.Text(), existing_type=sa.String(9))'
    assert found(ALL, kept) == []
    (finding,) = findings("MRT705", 'op.alter_column("users", "age", type_=Custom())')
    assert "to a type that is not known" in finding.message


def test_a_file_alone_that_states_a_type_again() -> None:
    assert found(ALL, 'op.execute("ALTER TABLE users MODIFY age INT")', database="mysql") == []


def test_the_downgrade_is_not_deployed() -> None:
    downgrade = """
    op.drop_column("users", "x")
    op.add_column("users", sa.Column("y", sa.Integer, nullable=False))
    op.drop_table("teams")
    """
    assert found(ALL, ADD.format(""), downgrade, given=USERS) == []


def test_they_are_asked_for_by_name() -> None:
    example = migration('op.drop_table("users")', 'op.create_table("users", sa.Column("id"))', given=USERS)
    assert not any(finding.rule.startswith("MRT7") for finding in run(example, REGISTRY).findings)
    assert any(finding.rule == "MRT703" for finding in run(example, REGISTRY, "rolling-deploy").findings)
