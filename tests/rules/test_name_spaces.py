"""Names that MySQL and MariaDB give twice in a table: a unique and a foreign key, not their indexes."""

from __future__ import annotations

import pytest

from mrt_lint.schema.dialects import Dialect
from tests.rules.linting import found

GIVEN = """
op.create_table("teams", sa.Column("id", sa.Integer, primary_key=True))
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("team_id", sa.Integer),
    sa.Column("rank", sa.Integer),
)
"""
INDEX = 'op.create_index("ix_team", "users", ["team_id"])'
UNIQUE = 'op.create_unique_constraint("one", "users", ["{0}"])'
FOREIGN = 'op.create_foreign_key("one", "users", "teams", ["team_id"], ["id"])'
CHECK = 'op.create_check_constraint("one", "users", "rank > 0")'


@pytest.mark.parametrize(
    ("first", "second", "mysql", "mariadb"),
    [
        # An index that is there already serves the key, so that it makes none of its name.
        (f"{INDEX}\n{UNIQUE.format('rank')}", FOREIGN, False, False),
        (f"{INDEX}\n{FOREIGN}", UNIQUE.format("rank"), False, False),
        (UNIQUE.format("team_id"), FOREIGN, False, False),
        (FOREIGN, UNIQUE.format("team_id"), False, False),
        # The key makes an index of its name.
        (UNIQUE.format("rank"), FOREIGN, True, True),
        (FOREIGN, UNIQUE.format("rank"), True, True),
        (UNIQUE.format("rank"), UNIQUE.format("team_id"), True, True),
        (f"{INDEX}\n{FOREIGN}", CHECK, False, True),
        (CHECK, UNIQUE.format("rank"), False, True),
    ],
)
def test_two_constraints_of_one_name(first: str, second: str, mysql: bool, mariadb: bool) -> None:
    for database, fails in (("mysql", mysql), ("mariadb", mariadb), ("postgresql", True)):
        told = found(
            "MRT807", second, 'op.drop_column("users", "rank")', given=f"{GIVEN}{first}", database=database
        )
        assert told == (["MRT807"] if fails else []), database


@pytest.mark.parametrize("database", ["mysql", "mariadb"])
def test_the_drop_of_a_kind_leaves_the_namesake_of_the_other(database: Dialect) -> None:
    given = f"{GIVEN}{INDEX}\n{UNIQUE.format('rank')}"
    drop = 'op.drop_constraint("one", "users", type_="foreignkey")'
    assert found("MRT801 MRT802 MRT806", FOREIGN, drop, given=given, database=database) == []
    assert found("MRT801", FOREIGN, "pass", given=given, database=database) == []
    other = 'op.drop_constraint("one", "users", type_="unique")'
    assert found("MRT801 MRT802", FOREIGN, other, given=given, database=database) == ["MRT801"]
