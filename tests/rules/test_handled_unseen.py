"""A downgrade that tightens after code which is not understood: that may have handled the new rows."""

from __future__ import annotations

import pytest

from tests.rules.linting import findings

PANS = """
op.create_table("pans", sa.Column("id", sa.Integer), sa.Column("lid", sa.Integer, nullable=False))
"""
UP = 'op.alter_column("pans", "lid", nullable=True)'
TIGHTEN = 'op.alter_column("pans", "lid", nullable=False)'
UNSEEN = """
from kitchen import models
op.execute(models.Pan.__table__.delete().where(models.Pan.__table__.c.lid.is_(None)))
"""


def told(downgrade: str) -> str:
    (one,) = findings("MRT805", UP, downgrade, given=PANS, database="postgresql")
    return one.message


def test_code_before_it_may_handle_them() -> None:
    assert told(f"{UNSEEN}\n{TIGHTEN}").endswith("unless code before it that is not understood handles them")


@pytest.mark.parametrize("downgrade", [TIGHTEN, f"{TIGHTEN}\n{UNSEEN}"])
def test_code_after_it_does_not(downgrade: str) -> None:
    assert told(downgrade).endswith("rows with NULL in lid")


def test_what_is_understood_handles_them_for_sure() -> None:
    downgrade = f'op.execute("DELETE FROM pans WHERE lid IS NULL")\n{TIGHTEN}'
    assert findings("MRT805", UP, downgrade, given=PANS, database="postgresql") == []


def test_a_directive_leaves_the_rows_alone() -> None:
    unclear = "from kitchen import spare\nop.drop_index(spare, 'pans')"
    assert told(f"{unclear}\n{TIGHTEN}").endswith("rows with NULL in lid")
