"""A constraint made in the place of one that the upgrade looks up in the database and drops."""

from __future__ import annotations

import pytest

from mrt_lint.schema.dialects import Dialect
from tests.rules.linting import findings

DROP = """
for key in sa.inspect(op.get_bind()).get_foreign_keys("boats"):
    if key["constrained_columns"] == ["pier_id"]:
        op.drop_constraint(key["name"], "boats", type_="foreignkey")
"""
MADE = 'op.create_foreign_key("fk_new", "boats", "piers", ["{}"], ["id"])'
INDEX = 'op.create_index("ix_new", "boats", ["pier_id"])'
UNIQUE = 'op.create_unique_constraint("uq_new", "boats", ["pier_id"])'
OTHER = 'op.add_column("boats", sa.Column("name", sa.String(20)))'
GONE = 'op.drop_column("boats", "name")'
BOATS = """
op.create_table("piers", sa.Column("id", sa.Integer, primary_key=True))
op.create_table(
    "boats",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("pier_id", sa.Integer, sa.ForeignKey("piers.id", name="fk_old")),
)
"""


@pytest.mark.parametrize("database", ["postgresql", "mysql"])
@pytest.mark.parametrize(
    ("made", "told"),
    [
        (MADE.format("pier_id"), []),
        (MADE.format("other_id"), ["foreign key fk_new"]),
        (UNIQUE, ["unique constraint uq_new"]),
    ],
)
def test_a_key_in_the_place_of_one_looked_up(made: str, told: list[str], database: Dialect) -> None:
    found = findings("MRT801", f"{DROP}\n{made}\n{OTHER}", GONE, database=database)
    keys = [one.message.partition(" of ")[0] for one in found if not one.message.startswith("index")]
    assert keys == told


def test_the_index_of_the_key_of_mysql_was_there() -> None:
    upgrade = f"{DROP}\n{MADE.format('pier_id')}\n{OTHER}"
    assert findings("MRT801", upgrade, GONE, database="mysql") == []
    told = findings("MRT909", upgrade, GONE, database="mysql")
    assert any("name is not known" in one.message for one in told)
    (left,) = findings("MRT801", f"{DROP}\n{INDEX}\n{OTHER}", GONE)
    assert left.message.startswith("index ix_new of boats is still there")


def test_a_key_that_the_history_knows_is_replaced_for_sure() -> None:
    upgrade = f"{DROP}\n{MADE.format('pier_id')}\n{OTHER}"
    told = findings("MRT205 MRT801 MRT802 MRT803", upgrade, GONE, given=BOATS)
    assert not [one for one in told if one.severity.value == "error"]
