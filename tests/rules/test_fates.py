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


@pytest.mark.parametrize("database", ["mysql", "postgresql"])
@pytest.mark.parametrize(
    ("kind", "fate"),
    [
        ("nullable=False", "NOT NULL, without its data"),  # MySQL puts zero there.
        ("nullable=True", "empty"),
        ('nullable=False, server_default="3"', "with 3 in every row"),
    ],
)
def test_what_stands_in_a_column_that_must_not_be_null(database: Dialect, kind: str, fate: str) -> None:
    back = f'op.add_column("cards", sa.Column("rank", sa.Integer, {kind}))'
    (told,) = findings("MRT201", 'op.drop_column("cards", "rank")', back, given=CARDS, database=database)
    assert told.message.partition(" is dropped; ")[2] == f"the downgrade re-adds it {fate}"


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


SUITS = 'op.create_table("suits", sa.Column("id", {}, primary_key=True))\n'
POINTING = 'op.create_foreign_key("fk_suit", "cards", "suits", ["suit"], ["id"])\n'


@pytest.mark.parametrize(
    ("between", "number", "severity"),
    [
        (POINTING, "sa.Integer", "warning"),
        (POINTING, "sa.Integer, autoincrement=False", "error"),
        ('op.execute("UPDATE cards SET suit = 1")\n' + POINTING, "sa.Integer", "error"),
        ('op.execute("INSERT INTO suits (id) VALUES (0)")\n' + POINTING, "sa.Integer", "error"),
        ('op.execute("SET foreign_key_checks = 0")\n' + POINTING, "sa.Integer", "error"),
        (f"from project import wanted\nif wanted():\n    {POINTING}", "sa.Integer", "error"),
    ],
)
@pytest.mark.parametrize("database", ["mysql", "mariadb"])
def test_a_key_of_what_mysql_fills_with_0_is_refused_before_the_drop(
    database: Dialect, between: str, number: str, severity: str
) -> None:
    up = REQUIRED.format("sa.Integer()") + between + DROPPED
    back = BACK.replace(
        "op.drop_column", 'op.drop_constraint("fk_suit", "cards", type_="foreignkey")\nop.drop_column'
    )
    (told,) = findings("MRT201", up, back, given=CARDS + SUITS.format(number), database=database)
    assert told.severity.value == severity
    assert ("refuses a foreign key before that" in told.message) is (severity == "warning")
    (told,) = findings(
        "MRT201",
        up.replace("nullable=False", 'nullable=False, server_default="1"'),
        back,
        given=CARDS + SUITS.format(number),
        database=database,
    )
    assert told.severity.value == "error"


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


ONE_BY_ONE = """
op.add_column("cards", sa.Column("rank", sa.Float))
for card in op.get_bind().execute(sa.text("SELECT * FROM cards")).fetchall():
    {}
"""
SET = 'op.get_bind().execute(sa.text("UPDATE cards SET rank = {} WHERE id = :id").bindparams(id=card.id))'


@pytest.mark.parametrize(
    ("body", "fate"),
    [
        (SET.format(7), "re-adds it with 7 in every row that its loop goes through"),
        (f"if card.id % 2:\n        {SET.format(7)}", "re-adds it with values computed from other data"),
        (
            f"if card.id % 2:\n        {SET.format(7)}\n    else:\n        {SET.format(8)}",
            "computed from other data",
        ),
        (SET.format("id / 2"), "re-adds it with values computed from other data"),
    ],
)
def test_a_constant_that_is_written_row_by_row_is_told_as_that(body: str, fate: str) -> None:
    (told,) = findings("MRT201", DROPPED, ONE_BY_ONE.format(body), given=CARDS)
    assert told.message.endswith(fate)


def test_a_constant_in_one_row_is_not_in_every_row() -> None:
    down = 'op.add_column("cards", sa.Column("rank", sa.Float))\nop.execute("UPDATE cards SET rank = 7 WHERE id = 1")'
    (told,) = findings("MRT201", DROPPED, down, given=CARDS)
    assert told.message.endswith("re-adds it with 7 in the rows that it names by their key")


def test_a_table_that_the_upgrade_puts_in_the_old_ones_place_is_made_by_the_upgrade() -> None:
    up = """
    from app.models import Card
    from sqlalchemy import orm
    session = orm.Session(bind=op.get_bind())
    op.create_table("cards_new", sa.Column("id", sa.Integer, primary_key=True), sa.Column("rank", sa.Float))
    for card in session.query(Card).all():
        session.add(Card.copy_of(card))
    op.drop_table("cards")
    op.rename_table("cards_new", "cards")
    """
    (told,) = findings("MRT202", up, NOTHING, given=CARDS)
    assert "the upgrade re-creates it" in told.message
    assert "the downgrade re-creates" not in told.message


PACKS = (
    'op.create_table("packs", sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.Integer))\n'
)


@pytest.mark.parametrize(
    ("filled", "fate"),
    [
        ("INSERT INTO cards (id, rank) SELECT id, n FROM packs", "and puts the rows of packs into it"),
        (
            "INSERT INTO cards (id, rank) SELECT id, n FROM packs WHERE n > 3",
            "and puts rows of another table into it",
        ),
        ("INSERT INTO cards (id, rank) VALUES (1, 2)", "without its rows"),
        ("DELETE FROM packs", "without its rows"),
    ],
)
def test_which_rows_a_table_gets_that_is_made_again(filled: str, fate: str) -> None:
    downgrade = f'{CARDS.strip()}\nop.execute("{filled}")'
    (told,) = findings("MRT202", 'op.drop_table("cards")', downgrade, given=PACKS + CARDS)
    assert f"the downgrade re-creates it {fate}" in told.message
    assert told.severity.value == "error"
