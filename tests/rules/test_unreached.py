"""A downgrade that has failed for sure never gets to what would fail after that."""

from __future__ import annotations

import pytest

from mrt_lint.schema.dialects import Dialect
from tests.rules.linting import findings

PETS = """
op.create_table("owners", sa.Column("id", sa.Integer, primary_key=True))
op.create_table(
    "pets",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(9), nullable=False),
    sa.Column("chip", sa.String(9), nullable=False),
)
"""
UP = """
op.create_table("vets", sa.Column("id", sa.Integer, primary_key=True))
op.add_column("pets", sa.Column("vet_id", sa.Integer, sa.ForeignKey("vets.id")))
op.create_index("ix_vets_id", "vets", ["id"])
"""
TABLE = 'op.drop_table("vets")'
COLUMN = 'op.drop_column("pets", "vet_id")'
INDEX = 'op.drop_index("ix_vets_id", table_name="vets")'
AGAIN = 'op.add_column("{}", sa.Column("{}", sa.String(9), nullable=False))'


def lines(upgrade: str, downgrade: str, database: Dialect | None = "postgresql") -> list[str]:
    """Returns what is said of each statement that fails."""
    return [one.message for one in findings("MRT806", upgrade, downgrade, given=PETS, database=database)]


def test_what_comes_after_a_sure_failure_is_not_told() -> None:
    (told,) = lines(UP, f"{TABLE}\n{INDEX}\n{COLUMN}")
    assert "table vets is still referenced" in told
    (told,) = lines(UP, f"{COLUMN}\n{TABLE}\n{INDEX}")
    assert "vets does not exist" in told
    (told,) = lines(UP, 'op.drop_constraint(None, "pets")\nop.drop_constraint(None, "owners")')
    assert "pets" in told


def test_where_the_first_goes_well_the_next_is_told() -> None:
    """SQLite drops a table that others refer to, as long as it is not told to enforce foreign keys."""
    (told,) = lines(UP, f"{TABLE}\n{INDEX}", "sqlite")
    assert "vets does not exist" in told


@pytest.mark.parametrize(
    "first",
    [
        "import os\nif os.environ.get('ALL'):\n    " + TABLE,
        f"try:\n    {TABLE}\nexcept Exception:\n    pass",
    ],
)
def test_what_may_not_run_stops_nothing(first: str) -> None:
    told = lines(UP, f'{first}\nop.drop_index("ix_gone", table_name="owners")')
    assert any("ix_gone" in message for message in told)


def test_a_column_refused_on_rows_stops_no_more_than_what_is_refused_on_the_same_rows() -> None:
    gone = 'op.drop_column("pets", "name")\nop.drop_column("pets", "chip")\nop.drop_table("owners")'
    both = f"{AGAIN.format('pets', 'chip')}\n{AGAIN.format('pets', 'name')}"
    (told,) = lines(gone, f'{both}\nop.create_table("owners", sa.Column("id", sa.Integer, primary_key=True))')
    assert "pets.chip" in told
    told_also = lines(gone, f'{both}\nop.drop_table("owners")')
    assert ["pets.chip" in told_also[0], "owners" in told_also[1], len(told_also)] == [True, True, 2]


def test_a_loop_that_fails_is_one_finding() -> None:
    (told,) = lines(UP, 'for name in ("a", "b"):\n    op.drop_index(name, table_name="owners")')
    assert "1 more would fail at this statement" in told


ASK = 'columns = [one["name"] for one in sa.inspect(op.get_bind()).get_columns("kennels")]\n'
MADE = f"""{ASK}
if "row" not in columns:
    op.add_column("kennels", sa.Column("row", sa.Integer))
    op.create_index("ix_row", "kennels", ["row"])
"""
UNMADE = f"""{ASK}
if "row" in columns:
    op.drop_column("kennels", "row")
    op.drop_index("ix_row", "kennels")
"""


@pytest.mark.parametrize(("database", "refused"), [("sqlite", True), ("postgresql", False), ("mysql", False)])
def test_a_column_that_an_index_made_on_some_ways_may_keep(database: Dialect, refused: bool) -> None:
    """SQLite refuses to drop a column that an index names (manual, ALTER TABLE DROP COLUMN)."""
    codes = "MRT806 MRT909"
    told = [one.message for one in findings(codes, MADE, UNMADE, given=MADE, database=database)]
    assert any("cannot be dropped if index ix_row" in message for message in told) == refused
    (gone,) = [message for message in told if "ix_row does not exist" in message]
    assert gone.endswith("; where it is there, kennels.row cannot be dropped before that") == refused


def test_what_one_database_may_refuse_before_is_told_of_that_one_alone() -> None:
    pool = 'import sqlalchemy.dialects.{0}\nif op.get_bind().dialect.name == "{0}":\n    op.execute("SELECT 1")\n'
    asked = f"{pool.format('sqlite')}{pool.format('postgresql')}{MADE}"
    told = findings("MRT806", asked, UNMADE, given=MADE, database=None)
    hedged = {"before that" in one.message: tuple(one.dialects) for one in told}
    assert len(told) == 2
    assert hedged[True] == ("sqlite",)
    assert "sqlite" not in hedged[False]


def test_what_new_rows_would_stop_is_told_where_the_downgrade_gets_to_it() -> None:
    up = 'op.alter_column("pets", "chip", existing_type=sa.String(9), nullable=True)'
    tight = 'op.alter_column("pets", "chip", existing_type=sa.String(9), nullable=False)'
    vain = 'op.drop_table("cages")'
    for downgrade, expected in ((f"{tight}\n{vain}", ["MRT805", "MRT806"]), (f"{vain}\n{tight}", ["MRT806"])):
        told = findings("MRT805 MRT806", up, downgrade, given=PETS)
        assert [one.rule for one in told] == expected
