"""Columns that the downgrade drops and adds again: nothing written meanwhile is in them (MRT804, MRT805)."""

from __future__ import annotations

import pytest

from mrt_lint.schema.dialects import Dialect
from tests.rules.linting import findings, found

SHELVES = 'op.create_table("shelves", sa.Column("id", sa.Integer, primary_key=True))'
BOOKS = """
op.create_table(
    "books",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("shelf_id", sa.Integer, sa.ForeignKey("shelves.id", name="fk_shelf")),
    sa.Column("place", sa.Integer),
    sa.UniqueConstraint("shelf_id", "place", name="uq_place"),
    sa.CheckConstraint("place > 0", name="ck_place"),
)
"""
TEXT = """
op.drop_constraint("uq_place", "books", type_="unique")
op.drop_constraint("fk_shelf", "books", type_="foreignkey")
op.alter_column("books", "shelf_id", type_=sa.String(40), existing_type=sa.Integer)
"""
ANEW = """
op.drop_column("books", "shelf_id")
op.add_column("books", sa.Column("shelf_id", sa.Integer, nullable={nullable}, server_default={default}))
"""
KEYS = """
op.create_foreign_key("fk_shelf", "books", "shelves", ["shelf_id"], ["id"])
op.create_unique_constraint("uq_place", "books", ["shelf_id", "place"])
"""
KEEP = """
op.alter_column("books", "shelf_id", type_=sa.Integer, existing_type=sa.String(40))
"""


def tightened(upgrade: str, downgrade: str) -> list[str]:
    told = findings("MRT805", upgrade, downgrade, given=[SHELVES, BOOKS], database="mysql")
    return sorted(finding.subject.partition(":")[0] for finding in told)


def test_what_is_null_again_meets_no_key() -> None:
    anew = ANEW.format(nullable=True, default=None)
    assert tightened(TEXT, anew + KEYS) == []
    assert tightened(TEXT, KEEP + KEYS) == ["books.fk_shelf", "books.shelf_id", "books.uq_place"]


def test_what_all_rows_get_alike_meets_a_key_of_several_columns_with_rows_of_meanwhile() -> None:
    anew = ANEW.format(nullable=False, default='"1"')
    assert tightened(TEXT, anew + KEYS) == ["books.uq_place"]


def test_a_check_on_a_column_made_anew() -> None:
    upgrade = 'op.drop_constraint("ck_place", "books", type_="check")'
    check = 'op.create_check_constraint("ck_place", "books", "place > 0")'
    anew = 'op.drop_column("books", "place")\nop.add_column("books", sa.Column("place", sa.Integer))'
    given = [SHELVES, BOOKS.replace('    sa.UniqueConstraint("shelf_id", "place", name="uq_place"),\n', "")]
    assert found("MRT805", upgrade, f"{anew}\n{check}", given=given) == []
    assert found("MRT805", upgrade, check, given=given) == ["MRT805"]


@pytest.mark.parametrize("database", ["postgresql", "mysql"])
def test_an_id_that_is_numbered_anew(database: Dialect) -> None:
    """Not computed from anything: the database counts."""
    upgrade = 'op.alter_column("books", "id", type_=sa.String(40), existing_type=sa.Integer)'
    downgrade = """
op.drop_column("books", "id")
op.add_column("books", sa.Column("id", sa.Integer, primary_key=True, autoincrement=True))
"""
    told = findings("MRT804 MRT805", upgrade, downgrade, given=[SHELVES, BOOKS], database=database)
    assert [finding.message for finding in told] == ["books.id is numbered anew in the downgrade"]
