"""Foreign keys that delete rows along (MRT204)."""

from __future__ import annotations

import pytest

from mrt_lint.schema.dialects import Dialect
from tests.rules.linting import found

GIVEN = """
op.create_table("users", sa.Column("id", sa.Integer, primary_key=True))
op.create_table("orders", sa.Column("id", sa.Integer, primary_key=True), sa.Column("user_id", sa.Integer))
"""
KEY = 'op.create_foreign_key("{}", "orders", "users", ["user_id"], ["id"], ondelete="{}")'
TABLE = 'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("x", sa.Integer, {}))'

CASES = {
    "a directive": (KEY.format("fk", "CASCADE"), ["MRT204"]),
    "in lower case": (KEY.format("fk", "cascade"), ["MRT204"]),
    "another action": (KEY.format("fk", "SET NULL"), []),
    "SQL": (
        'op.execute("ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users ON DELETE CASCADE")',
        ["MRT204"],
    ),
    "a column": (
        'op.add_column("orders", sa.Column("x", sa.Integer, sa.ForeignKey("users.id", ondelete="CASCADE")))',
        ["MRT204"],
    ),
    "a column in SQL": (
        'op.execute("ALTER TABLE orders ADD COLUMN x int REFERENCES users ON DELETE CASCADE")',
        ["MRT204"],
    ),
    "a batch": (
        'with op.batch_alter_table("orders") as batch_op:\n'
        '    batch_op.create_foreign_key("fk", "users", ["user_id"], ["id"], ondelete="CASCADE")',
        ["MRT204"],
    ),
    "a new table to an old one": (
        TABLE.format('sa.ForeignKey("users.id", ondelete="CASCADE")'),
        ["MRT204"],
    ),
    "a new table to itself": (TABLE.format('sa.ForeignKey("t.id", ondelete="CASCADE")'), []),
    "a new table to a new one": (
        'op.create_table("p", sa.Column("id", sa.Integer, primary_key=True))\n'
        + TABLE.format('sa.ForeignKey("p.id", ondelete="CASCADE")'),
        [],
    ),
    "an old table to a new one": (
        f'op.create_table("p", sa.Column("id", sa.Integer, primary_key=True))\n'
        f"{KEY.format('fk', 'CASCADE').replace('users', 'p')}",
        ["MRT204"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_foreign_key_is_added_by(case: str) -> None:
    upgrade, codes = CASES[case]
    assert found("MRT204", upgrade, given=GIVEN) == codes
    assert found("MRT204", upgrade, "raise NotImplementedError", given=GIVEN) == codes


@pytest.mark.parametrize("database", [None, "postgresql", "mysql"])
def test_the_history_does_not_show_the_tables(database: Dialect | None) -> None:
    assert found("MRT204", KEY.format("fk", "CASCADE"), database=database) == ["MRT204"]


def test_new_tables_may_be_allowed() -> None:
    allowed = {"cascade-in-new-tables": "allow"}
    upgrade = TABLE.format('sa.ForeignKey("users.id", ondelete="CASCADE")')
    assert found("MRT204", upgrade, given=GIVEN, settings=allowed) == []
    assert found("MRT204", KEY.format("fk", "CASCADE"), given=GIVEN, settings=allowed) == ["MRT204"]


def test_what_did_so_before_is_nothing_new() -> None:
    """Under another name, and with its table and column renamed."""
    given = f"{GIVEN}\n{KEY.format('fk', 'CASCADE')}"
    drop = 'op.drop_constraint("fk", "orders", type_="foreignkey")'
    assert found("MRT204", f"{drop}\n{KEY.format('other', 'CASCADE')}", given=given) == []
    renamed = f"""
    {drop}
    op.rename_table("users", "people")
    op.alter_column("orders", "user_id", new_column_name="person_id")
    op.create_foreign_key("fk", "orders", "people", ["person_id"], ["id"], ondelete="CASCADE")
    """
    assert found("MRT204", renamed, given=given) == []
    plain = f"{GIVEN}\n{KEY.format('fk', 'SET NULL')}"
    assert found("MRT204", f"{drop}\n{KEY.format('fk', 'CASCADE')}", given=plain) == ["MRT204"]


def test_a_foreign_key_that_is_left_is_told_of_too() -> None:
    """What it deletes and that it stays are two harms."""
    downgrade = 'op.drop_index("ix")'
    assert sorted(found("MRT204 MRT801", KEY.format("fk", "CASCADE"), downgrade, given=GIVEN)) == [
        "MRT204",
        "MRT801",
    ]
