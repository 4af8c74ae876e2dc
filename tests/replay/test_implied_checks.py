"""A check that the downgrade makes again, on a column that it adds again (MRT805)."""

from __future__ import annotations

import pytest

from tests.rules.linting import found

GIVEN = """
op.create_table(
    "boats",
    sa.Column("kind", sa.Integer, nullable=False),
    sa.Column("mast", sa.Integer),
    sa.Column("flag", sa.String(9)),
    sa.CheckConstraint("kind <> 2 OR mast IS NOT NULL AND flag IS NULL", name="ck_mast"),
)
"""
UP = """
op.drop_constraint("ck_mast", "boats")
op.drop_column("boats", "flag")
op.create_check_constraint("ck_mast", "boats", "{}")
"""
DOWN = """
op.drop_constraint("ck_mast", "boats")
{}
op.create_check_constraint("ck_mast", "boats", "kind <> 2 OR mast IS NOT NULL AND flag IS NULL")
"""
AGAIN = 'op.add_column("boats", sa.Column("flag", sa.String(9)))'


@pytest.mark.parametrize(
    ("meanwhile", "again", "codes"),
    [
        ("kind <> 2 OR mast IS NOT NULL", AGAIN, []),
        ("kind <> 3 OR mast IS NOT NULL", AGAIN, ["MRT805"]),
        ("kind <> 2 OR mast IS NOT NULL", AGAIN.replace("(9)", "(9), server_default='x'"), ["MRT805"]),
    ],
)
def test_rows_that_the_other_check_lets_in(meanwhile: str, again: str, codes: list[str]) -> None:
    assert found("MRT805", UP.format(meanwhile), DOWN.format(again), given=GIVEN) == codes
