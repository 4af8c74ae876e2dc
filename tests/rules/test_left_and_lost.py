"""What is left or lost is told once, and where it is done (MRT801, MRT802)."""

from __future__ import annotations

import pytest

from tests.rules.linting import findings

CODES = "MRT801 MRT802 MRT806"
USERS = """
op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("email", sa.String(80)))
op.create_index("ix_users_email", "users", ["email"])
"""
RENAME = 'op.execute("ALTER INDEX {} RENAME TO {}")'


def test_a_rename_back_that_fails_is_told_once() -> None:
    there, back = RENAME.format("ix_users_email", "ix_mail"), RENAME.format("ix_mial", "ix_users_email")
    told = findings(CODES, there, back, given=USERS)
    assert [finding.rule for finding in told] == ["MRT806"]
    right = RENAME.format("ix_mail", "ix_users_email")
    assert not findings(CODES, there, right, given=USERS)
    assert [finding.rule for finding in findings(CODES, there, "pass", given=USERS)] != ["MRT806"]


def test_what_the_downgrade_makes_is_told_there() -> None:
    told = findings(
        CODES,
        """
        op.drop_index("ix_users_email", table_name="users")
        op.create_index("ix_mail", "users", ["email"])
        """,
        """
        op.drop_index("ix_mail", table_name="users")
        op.create_index("ix_users_email", "users", ["email"])
        op.create_unique_constraint("uq_mail", "users", ["email"])
        """,
        given=USERS,
    )
    (left,) = told
    assert "is made by the downgrade" in left.message
    assert left.rule == "MRT801"
    assert "uq_mail" in left.message


KEYED = """
op.create_table(
    "flows",
    sa.Column("name", sa.String(20), nullable=False),
    sa.Column("token", sa.String(20), nullable=False),
    sa.PrimaryKeyConstraint("name", "token"),
)
"""


def test_a_primary_key_of_fewer_columns_is_another_and_no_second_one() -> None:
    told = findings(
        "MRT801 MRT802 MRT803",
        'with op.batch_alter_table("flows") as batch:\n    batch.drop_column("name")',
        'op.add_column("flows", sa.Column("name", sa.String(20)))',
        given=KEYED,
        database="sqlite",
    )
    about_key = [finding.rule for finding in told if "primary key" in finding.message]
    assert about_key == ["MRT803"]


FAMILY = """
op.create_table("flows", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(9)))
op.create_table(
    "runs",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("flow", sa.Integer, sa.ForeignKey("flows.id", ondelete="CASCADE")),
)
"""
DELETE = "op.execute(\"DELETE FROM flows WHERE name = 'x'\")"
MOVE = 'op.execute("UPDATE runs SET flow = 1 WHERE flow = 2")'


OTHER = 'op.create_table("other", sa.Column("id", sa.Integer))'


@pytest.mark.parametrize(("upgrade", "gone"), [(DELETE, True), (f"{MOVE}\n{DELETE}", False)])
def test_rows_that_were_made_to_refer_elsewhere_do_not_surely_go_along(upgrade: str, gone: bool) -> None:
    told = findings("MRT804", upgrade, OTHER, given=FAMILY)
    assert any("table runs loses" in finding.message for finding in told) is gone
