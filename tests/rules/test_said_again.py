"""What a column was before that the history does not make, as the downgrade says it (MRT402, 213, 303)."""

from __future__ import annotations

import pytest

from mrt_lint.schema.dialects import Dialect
from tests.rules.linting import found

UP = 'op.alter_column("boats", "name", type_=sa.String(90), nullable=False)'
CODES = "MRT213 MRT303 MRT402"


def down(kind: str = "sa.String(30)", nullable: str = ", nullable=False", name: str = "name") -> str:
    return f'op.alter_column("boats", "{name}", type_={kind}{nullable})'


@pytest.mark.parametrize("database", ["postgresql", "mysql"])
def test_what_both_directions_say_was_so_before(database: Dialect) -> None:
    assert found(CODES, UP, down(), database=database) == []


@pytest.mark.parametrize(
    ("downgrade", "codes"),
    [
        ("pass", ["MRT213", "MRT303", "MRT402"]),
        (down(nullable=""), ["MRT213", "MRT402"]),
        (down(nullable=", nullable=True"), ["MRT213"]),
        (down(name="owner"), ["MRT213", "MRT303", "MRT402"]),
        (down("sa.String(120)"), ["MRT303"]),
    ],
)
def test_what_it_says_otherwise_or_not_at_all(downgrade: str, codes: list[str]) -> None:
    assert found(CODES, UP, downgrade) == codes


def test_what_the_history_shows_counts_for_more() -> None:
    given = 'op.create_table("boats", sa.Column("name", sa.String(120)))'
    assert found(CODES, UP, down(), given=given) == CODES.split()


ENUM = 'op.execute("ALTER TYPE rig RENAME TO rig_old")\nop.execute("CREATE TYPE rig AS ENUM ({})")\n'
RETYPED = 'op.execute("ALTER TABLE boats ALTER COLUMN rig TYPE rig USING rig::text::rig")\n'


def test_a_type_with_a_name_may_have_been_another_one() -> None:
    up, back = ENUM.format("'sloop'") + RETYPED, ENUM.format("'sloop', 'ketch'") + RETYPED
    assert found("MRT303", up, back) == ["MRT303"]
