"""Keys dropped and made anew from what an inspector has listed before: not lost for sure (MRT205, MRT409)."""

from __future__ import annotations

from tests.rules.linting import found

TEAMS = 'op.create_table("teams", sa.Column("id", sa.Integer, primary_key=True))'
USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("mail", sa.String(80)),
    sa.Column("team_id", sa.Integer, sa.ForeignKey("teams.id", name="fk_users_team")),
    sa.UniqueConstraint("mail", name="uq_users_mail"),
)
"""
LISTED = """
keys = sa.inspect(op.get_bind()).get_foreign_keys("users")
for key in keys:
    op.drop_constraint(key["name"], "users", type_="foreignkey")
"""
ANEW = """
for key in keys:
    op.create_foreign_key(
        key["name"],
        "users",
        key["referred_table"],
        key["constrained_columns"],
        key["referred_columns"],
        ondelete="CASCADE",
    )
"""
DROP_UNIQUE = 'op.drop_constraint("uq_users_mail", "users", type_="unique")\n'
LOST = "MRT205 MRT409 MRT802"


def lost(upgrade: str) -> list[str]:
    return found(LOST, upgrade, given=[TEAMS, USERS])


def test_keys_that_are_only_dropped_are_lost() -> None:
    assert lost(LISTED) == ["MRT205"]


def test_keys_that_are_made_anew_are_not() -> None:
    assert lost(LISTED + ANEW) == []


def test_another_constraint_is_lost_all_the_same() -> None:
    assert lost(LISTED + DROP_UNIQUE + ANEW) == ["MRT409"]


def test_another_table_is_none_of_it() -> None:
    assert lost(LISTED + ANEW.replace('"users"', '"members"')) == ["MRT205"]
