"""`values()` that names a column which the statement's table object lacks: SQLAlchemy raises (MRT806, MRT807)."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import CompileError

from tests.rules.linting import findings, found

USERS = """
op.create_table(
    "users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("age", sa.Integer), sa.Column("rank", sa.Integer)
)
"""
ADD = 'op.add_column("users", sa.Column("level", sa.Integer))'
DROP = 'op.drop_column("users", "level")'

RAISING = [
    'sa.table("users", sa.column("age")).update().values(rank=1)',
    'sa.table("users", sa.column("age")).update().values({"rank": 1})',
    'sa.table("users").update().values(rank=1)',
    'sa.Table("users", sa.MetaData(), sa.Column("age", sa.Integer)).update().values(rank=1)',
    'sa.update(sa.table("users", sa.column("age"))).values(age=2, rank=1)',
    'sa.table("users", sa.column("age")).insert().values(rank=1)',
    'sa.insert(sa.table("users", sa.column("age"))).values([{"age": 1, "rank": 1}])',
]
FINE = [
    'sa.table("users", sa.column("age"), sa.column("rank")).update().values(rank=1)',
    'sa.table("users", sa.column("age")).update().values({"age": 1})',
    'sa.Table("users", sa.MetaData(), sa.Column("rank", sa.Integer, key="place")).update().values(place=1)',
    'sa.text("UPDATE users SET rank = 1")',
]


@pytest.mark.parametrize("statement", RAISING)
def test_it_fails_in_both_directions(statement: str) -> None:
    with pytest.raises(CompileError, match="Unconsumed column names"):
        eval(statement, {"sa": sa}).compile()
    run = f"op.execute({statement})"
    (told,) = findings("MRT806", ADD, f"{DROP}\n{run}", given=USERS)
    assert "rank of values() is not given to the table users" in told.message
    assert found("MRT807", f"{ADD}\n{run}", DROP, given=USERS) == ["MRT807"]


@pytest.mark.parametrize("statement", FINE)
def test_what_the_table_has_does_not(statement: str) -> None:
    eval(statement, {"sa": sa}).compile()
    run = f"op.execute({statement})"
    assert found("MRT806 MRT807", f"{ADD}\n{run}", f"{run}\n{DROP}", given=USERS) == []


@pytest.mark.parametrize(
    "table",
    [
        'sa.Table("users", sa.MetaData(), autoload_with=op.get_bind())',
        'sa.table("users", *ours)',
        'sa.Table("users", sa.MetaData(), sa.Column("age", sa.Integer), extend_existing=True)',
    ],
)
def test_a_table_that_may_have_more_columns(table: str) -> None:
    run = f"from ours import ours\nop.execute({table}.update().values(rank=1))"
    assert found("MRT806", ADD, f"{DROP}\n{run}", given=USERS) == []


def test_parameters_of_an_executed_insert_are_passed_over() -> None:
    rows = 'op.bulk_insert(sa.table("users", sa.column("age")), [{"age": 1, "rank": 1}])'
    assert found("MRT806 MRT807", f"{ADD}\n{rows}", DROP, given=USERS) == []


def test_the_write_of_an_upgrade_counts_all_the_same() -> None:
    run = f"op.execute({RAISING[0]})"
    assert found("MRT103 MRT807", f"{ADD}\n{run}", DROP, given=USERS) == ["MRT103", "MRT807"]
