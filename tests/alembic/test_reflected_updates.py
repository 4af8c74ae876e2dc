"""Writes through a table of a reflected MetaData: its columns are those of the database."""

from __future__ import annotations

import pytest

from mrt_lint import ops
from tests.alembic.making import lower

REFLECTED = """
meta = sa.MetaData()
meta.reflect(op.get_bind(){only})
boats = sa.Table("boats", meta)
"""
WRITES = {
    "boats.update().values(length=3)": ops.Update,
    "boats.insert().values(length=3)": ops.Insert,
}


@pytest.mark.parametrize("only", ["", ", only=['boats']"])
@pytest.mark.parametrize("write", WRITES)
def test_a_column_of_the_database_is_written(write: str, only: str) -> None:
    found = lower(REFLECTED.format(only=only) + f"op.execute({write})")
    assert [type(one) for one in found if one.has_effect] == [WRITES[write]]
