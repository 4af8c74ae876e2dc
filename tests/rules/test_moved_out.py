"""Rows that the downgrade puts into another table before it empties theirs: lost to it, and a warning."""

from __future__ import annotations

import pytest

from mrt_lint.lint.finding import Severity
from mrt_lint.plugin import migration
from mrt_lint.testing import run
from tests.rules.linting import REGISTRY, findings

TABLES = """
op.create_table(
    "options",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("part", sa.String(20)),
    sa.Column("value", sa.String(80)),
)
op.create_table(
    "badges",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("text", sa.String(80)),
)
"""
UPGRADE = """
op.execute("INSERT INTO badges (text) SELECT value FROM options WHERE part = 'badge'")
op.execute("DELETE FROM options WHERE part = 'badge'")
"""
BACK = "op.execute(\"INSERT INTO options (part, value) SELECT 'badge', text FROM badges\")"
EMPTY = 'op.execute("DELETE FROM badges")'
BY_CODE = """
for text, in op.get_bind().execute(sa.text("SELECT text FROM badges")):
    op.get_bind().execute(sa.text("INSERT INTO options (part, value) VALUES ('badge', :text)"), {"text": text})
"""


@pytest.mark.parametrize("back", [BACK, BY_CODE], ids=["by SQL", "by code"])
def test_rows_put_elsewhere_before_they_are_deleted_are_told_mildly(back: str) -> None:
    (told,) = findings("MRT804", UPGRADE, f"{back}\n{EMPTY}", given=TABLES)
    assert told.severity is Severity.WARNING
    assert told.message == "table badges is empty after the downgrade, which has put its rows into options"
    example = migration(UPGRADE, f"{back}\n{EMPTY}", given=TABLES, database="postgresql")
    assert run(example, REGISTRY).migrations[-1].verdict.value == "lossy"


def test_a_table_in_a_schema_is_found_in_the_text_of_a_query() -> None:
    given = TABLES.replace("80)),\n)", '80)),\n    schema="app",\n)')
    qualified = [
        text.replace(" badges", " app.badges").replace(" options", " app.options")
        for text in (UPGRADE, BY_CODE, EMPTY)
    ]
    (told,) = findings("MRT804", qualified[0], "\n".join(qualified[1:]), given=given)
    assert told.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("upgrade", "downgrade"),
    [
        (UPGRADE, EMPTY),
        (UPGRADE, f"{EMPTY}\n{BACK}"),
        (UPGRADE, f'{BACK[:-2]} WHERE id > 5")\n{EMPTY}'),
        (UPGRADE, f'{BACK}\n{EMPTY}\nop.execute("DELETE FROM options")'),
        ("pass", f"{BACK}\n{EMPTY}"),
    ],
    ids=["nowhere", "too late", "only some", "deleted there too", "not after an upgrade that added rows"],
)
def test_rows_that_are_not_all_elsewhere_are_an_error(upgrade: str, downgrade: str) -> None:
    told = [one for one in findings("MRT804", upgrade, downgrade, given=TABLES) if "badges" in one.message]
    assert [one.severity for one in told] == [Severity.ERROR]
