"""Columns without a name and tables without columns, which nothing or not every database takes (MRT806)."""

from __future__ import annotations

import pytest

from mrt_lint.schema.dialects import Dialect
from tests.rules.linting import findings, found

CARDS = """
op.create_table("cards", sa.Column("id", sa.Integer, primary_key=True), sa.Column("rank", sa.Text))
"""
DROPPED = 'op.drop_column("cards", "rank")'


@pytest.mark.parametrize("database", ["postgresql", "mysql", "sqlite"])
def test_a_column_without_a_name_is_added_to_no_table(database: Dialect) -> None:
    down = 'op.add_column("cards", sa.Column(sa.Text()))'
    (told,) = findings("MRT806 MRT909", DROPPED, down, given=CARDS, database=database)
    assert told.rule == "MRT806"
    assert "op.add_column() is given a column without a name: it raises ArgumentError" in told.message
    table = 'op.create_table("cards", sa.Column("id", sa.Integer), sa.Column(sa.Text()))'
    assert found("MRT806", 'op.drop_table("cards")', table, given=CARDS, database=database) == ["MRT806"]


NAMES = {
    "a value that is not known": "column = sa.Column(called())",
    "one beside a type": "column = sa.Column(called(), sa.Text())",
    "arguments that are not known": "column = sa.Column(*called())",
    "options that are not known": "column = sa.Column(sa.Text(), **called())",
    "given later": 'column = sa.Column(sa.Text())\ncolumn.name = "rank"',
    "given later by a value that is not known": "column = sa.Column(sa.Text())\ncolumn.name = called()",
}


@pytest.mark.parametrize("case", NAMES)
def test_a_name_may_stand_in_what_is_not_known(case: str) -> None:
    down = f'from project import called\n{NAMES[case]}\nop.add_column("cards", column)'
    assert found("MRT806", DROPPED, down, given=CARDS) == []


@pytest.mark.parametrize(
    ("database", "codes"),
    [("postgresql", []), ("mysql", ["MRT806"]), ("mariadb", ["MRT806"]), ("sqlite", ["MRT806"])],
)
def test_a_table_without_columns_is_for_postgresql_alone(database: Dialect, codes: list[str]) -> None:
    down = 'op.create_table("cards")'
    assert found("MRT806", 'op.drop_table("cards")', down, given=CARDS, database=database) == codes
    unknown = 'from project import columns\nop.create_table("cards", *columns())'
    assert found("MRT806", 'op.drop_table("cards")', unknown, given=CARDS, database=database) == []
