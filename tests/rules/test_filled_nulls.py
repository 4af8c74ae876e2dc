"""NULL written back where the upgrade filled NULL: exact for those rows, not for rows that held a value."""

from __future__ import annotations

import sqlite3

import pytest

from mrt_lint.plugin import migration
from mrt_lint.testing import run
from tests.rules.linting import REGISTRY, findings

BOATS = """
op.create_table(
    "boats", sa.Column("id", sa.Integer, primary_key=True), sa.Column("berth", sa.Integer)
)
"""
FILL = "UPDATE boats SET berth = 1 WHERE berth IS NULL"


def test_null_in_every_row_takes_what_the_upgrade_left_alone() -> None:
    up, down = f'op.execute("{FILL}")', 'op.execute("UPDATE boats SET berth = NULL")'
    (told,) = findings("MRT103 MRT804", up, down, given=BOATS)
    assert told.message.endswith(
        "in every old row after the downgrade, also where the upgrade left a value alone"
    )
    every = 'op.execute("UPDATE boats SET berth = 1")'
    (told,) = findings("MRT103 MRT804", every, down, given=BOATS)
    assert told.message.endswith("in every old row after the downgrade")


@pytest.mark.parametrize("back", ["berth = NULL WHERE berth = 1", "berth = NULLIF(berth, 1)"])
def test_null_where_the_value_is_that_of_the_upgrade_may_restore_every_row(back: str) -> None:
    """Not proven: a row may have held that very value."""
    up, down = f'op.execute("{FILL}")', f'op.execute("UPDATE boats SET {back}")'
    assert findings("MRT103 MRT804", up, down, given=BOATS) == []
    assert run(migration(up, down, given=BOATS), REGISTRY).migrations[-1].verdict.value == "plausible"


@pytest.mark.parametrize(
    ("back", "kept"),
    [
        ("berth = NULL", [(1, None), (2, None), (3, None)]),
        ("berth = NULL WHERE berth = 1", [(1, None), (2, None), (3, 7)]),
    ],
)
def test_what_a_database_does(back: str, kept: list[tuple[int, int | None]]) -> None:
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE boats (id INTEGER PRIMARY KEY, berth INTEGER)")
    base.executemany("INSERT INTO boats VALUES (?, ?)", [(1, None), (2, 1), (3, 7)])
    base.execute(FILL)
    base.execute(f"UPDATE boats SET {back}")
    assert list(base.execute("SELECT id, berth FROM boats ORDER BY id")) == kept
