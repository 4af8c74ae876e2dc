"""What is left or lost is told once, and where it is done (MRT801, MRT802)."""

from __future__ import annotations

import pytest

from mrt_lint.schema.dialects import Dialect
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


TEAMS = """
op.create_table("teams", sa.Column("id", sa.Integer, primary_key=True))
op.create_table(
    "players",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("team_id", sa.Integer, sa.ForeignKey("teams.id")),
    sa.Column("rank", sa.Integer),
)
"""
SECOND = """
op.add_column("players", sa.Column("loan_id", sa.Integer))
op.create_foreign_key("fk_loan", "players", "teams", ["loan_id"], ["id"])
op.create_index("ix_loan", "players", ["loan_id"])
op.create_index("ix_rank", "players", ["rank"])
"""


def test_parts_of_a_column_that_is_left_are_told_with_it() -> None:
    told = findings("MRT801", SECOND, 'op.drop_table("nowhere")', given=TEAMS)
    named = [finding.message.partition(" is still")[0] for finding in told]
    assert named == ["players.loan_id", "index ix_rank of players"]
    told = findings("MRT801", SECOND, 'op.drop_column("players", "loan_id")', given=TEAMS)
    assert ["ix_rank" in finding.message for finding in told] == [True]


def test_an_index_left_on_a_renamed_column_does_not_go_with_it() -> None:
    upgrade = 'op.alter_column("players", "rank", new_column_name="place")\n{}'
    made = upgrade.format('op.create_index("ix_place", "players", ["place"])')
    told = findings("MRT302 MRT801", made, 'op.drop_table("nowhere")', given=TEAMS)
    assert [finding.rule for finding in told] == ["MRT302", "MRT801"]


@pytest.mark.parametrize(
    ("database", "action", "code", "severity"),
    [
        ("postgresql", "", "MRT801", "warning"),
        ("postgresql", ', ondelete="CASCADE"', "MRT801", "error"),
        # The batch of the downgrade does not see the key without a name beside the one with a name.
        ("sqlite", ', ondelete="CASCADE"', "MRT803", "warning"),
        ("sqlite", "", "", ""),
    ],
)
def test_a_key_that_says_again_what_was_said_before_is_a_warning(
    database: Dialect, action: str, code: str, severity: str
) -> None:
    batch = 'with op.batch_alter_table("players") as batch:\n    '
    key = 'batch.create_foreign_key("fk_team", "teams", ["team_id"], ["id"]'
    told = findings(
        "MRT801 MRT802 MRT803 MRT205",
        f'{batch}{key}, ondelete="CASCADE")',
        f'{batch}batch.drop_constraint("fk_team", type_="foreignkey")\n    {key}{action})',
        given=TEAMS,
        database=database,
    )
    assert [(finding.rule, finding.severity.value) for finding in told] == (
        [(code, severity)] if code else []
    )


@pytest.mark.parametrize(
    ("database", "expected"),
    [("postgresql", ["MRT801"]), ("oracle", ["MRT801"]), ("mysql", []), ("mariadb", [])],
)
@pytest.mark.parametrize("given", ["", USERS.replace("ix_users_email", "uq_mail")])
def test_a_constraint_under_the_name_of_an_index(given: str, database: Dialect, expected: list[str]) -> None:
    """The index is not gone to who looks for its name; a constraint is there that was not (tried)."""
    back = 'op.create_unique_constraint("uq_mail", "users", ["email"])'
    told = findings(
        CODES, 'op.drop_index("uq_mail", table_name="users")', back, given=given, database=database
    )
    assert [finding.rule for finding in told] == expected
