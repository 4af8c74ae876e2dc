"""What becomes of a dropped column or table is told as it is (MRT201, MRT202), and what hangs on the run."""

from __future__ import annotations

import pytest

from mrt_lint.schema.dialects import Dialect
from tests.rules.linting import findings, found

CARDS = """
op.create_table("cards", sa.Column("id", sa.Integer, primary_key=True), sa.Column("rank", sa.Float))
"""
REPLACED = """
op.execute("ALTER TABLE cards DROP COLUMN rank")
op.execute("ALTER TABLE cards ADD COLUMN rank {}")
"""
NOTHING = 'op.execute("SELECT 1")'


@pytest.mark.parametrize(
    ("kind", "fate"),
    [
        ("INTEGER NULL", "the upgrade re-adds it empty, and so it stays"),
        ("INTEGER DEFAULT 3", "the upgrade re-adds it with 3 in every row, and so it stays"),
    ],
)
def test_a_column_that_the_upgrade_replaces_holds_what_that_puts_there(kind: str, fate: str) -> None:
    (told,) = findings("MRT201", REPLACED.format(kind), NOTHING, given=CARDS)
    assert told.message.endswith(fate)


def test_what_is_written_into_it_afterwards_is_not_the_default() -> None:
    up = REPLACED.format("INTEGER NULL") + 'op.execute("UPDATE cards SET rank = 4")'
    for upgrade, downgrade in (
        (up, NOTHING),
        (REPLACED.format("INTEGER"), 'op.execute("UPDATE cards SET rank = 4")'),
    ):
        (told,) = findings("MRT201", upgrade, downgrade, given=CARDS)
        assert "re-adds it empty" not in told.message


def test_what_a_column_had_that_is_not_known_is_no_difference() -> None:
    """Of a column that no migration makes only what is said of it is compared."""
    given = 'op.alter_column("cards", "rank", type_=sa.Float(), existing_type=sa.Numeric(4, 2))'
    up = REPLACED.format("INTEGER NULL") + 'op.add_column("cards", sa.Column("suit", sa.Integer))'
    down = 'op.drop_column("cards", "suit")'
    told = [finding.message for finding in findings("MRT803", up, down, given=given)]
    assert len(told) == 1
    assert "another type after the downgrade: INTEGER instead of" in told[0]
    dropped = 'op.alter_column("cards", "rank", server_default=None)'
    assert found("MRT803", f"{dropped}\n{up.splitlines()[-1]}", down, given=given) == ["MRT803"]


REQUIRED = 'op.add_column("cards", sa.Column("suit", {}, nullable=False))\n'
DROPPED = 'op.drop_column("cards", "rank")\n'
BACK = 'op.add_column("cards", sa.Column("rank", sa.Float))\nop.drop_column("cards", "suit")'


@pytest.mark.parametrize(
    ("database", "severity"),
    [
        ("postgresql", "warning"),
        ("sqlite", "warning"),
        ("mysql", "error"),
        ("mariadb", "error"),
        (None, "error"),
    ],
)
def test_an_upgrade_that_fails_on_rows_before_the_drop_loses_none(
    database: Dialect | None, severity: str
) -> None:
    up = REQUIRED.format("sa.Integer()") + DROPPED
    (told,) = findings("MRT201", up, BACK, given=CARDS, database=database)
    assert told.severity.value == severity
    if severity == "warning":
        assert "refuses suit before that, NOT NULL without a default" in told.message


SURE = {
    "the drop comes first": DROPPED + REQUIRED.format("sa.Integer()"),
    "a default": DROPPED.join((REQUIRED.format('sa.Integer(), server_default="0"'), "")),
    "under a condition": f"from project import wanted\nif wanted():\n    {REQUIRED.format('sa.Integer()')}{DROPPED}",
    "where it is missing": 'op.execute("ALTER TABLE cards ADD COLUMN IF NOT EXISTS suit int NOT NULL")\n'
    + DROPPED,
    "of a domain": 'op.execute("ALTER TABLE cards ADD COLUMN suit suits NOT NULL")\n' + DROPPED,
    "to another table": REQUIRED.format("sa.Integer()").replace('"cards"', '"decks"') + DROPPED,
}


@pytest.mark.parametrize("case", SURE)
def test_it_is_lost_for_sure_where_rows_need_not_stop_the_upgrade(case: str) -> None:
    given = [
        CARDS + 'op.create_table("decks", sa.Column("id", sa.Integer, primary_key=True))',
        'op.execute("CREATE DOMAIN suits AS int DEFAULT 1")',
    ]
    (told,) = findings(
        "MRT201", SURE[case], 'op.add_column("cards", sa.Column("rank", sa.Float))', given=given
    )
    assert told.severity.value == "error"


ASKED = "from alembic import context\nif {}context.get_x_argument(as_dictionary=True).get('purge'):\n    "


@pytest.mark.parametrize(("asked", "word"), [(ASKED.format(""), "only if"), (ASKED.format("not "), "unless")])
def test_a_drop_for_which_the_command_line_asks_names_the_argument(asked: str, word: str) -> None:
    (table,) = findings("MRT202", f'{asked}op.drop_table("cards")', CARDS.strip(), given=CARDS)
    assert "the downgrade re-creates it without its rows" in table.message
    assert f"this runs {word} `context.get_x_argument(as_dictionary=True).get('purge')`" in table.message
    (column,) = findings("MRT201", asked + DROPPED, "pass", given=CARDS)
    assert f"this runs {word} `context.get_x_argument" in column.message
    (plain,) = findings("MRT202", 'op.drop_table("cards")', CARDS.strip(), given=CARDS)
    assert "this runs" not in plain.message
