"""Plain texts in a SELECT, which SQLAlchemy before 1.4 takes for columns and tables."""

from __future__ import annotations

import pytest

from mrt_lint.plugin import migration
from mrt_lint.testing import run
from tests.rules.linting import REGISTRY

NOTES = 'op.create_table("notes", sa.Column("id", sa.Integer), sa.Column("body", sa.Text))'
COPIES = {
    'sa.select(["id", "body"]).select_from("notes")': "reversible",
    'sa.select([sa.column("id"), "body"]).select_from(sa.table("notes"))': "reversible",
    'sa.select(["id", "lower(body)"]).select_from("notes")': "lossy",
    'sa.select(["id"]).select_from("notes")': "lossy",
}


@pytest.mark.parametrize("query", COPIES)
def test_a_table_copied_by_the_names_of_its_columns(query: str) -> None:
    names = '["id"]' if '["id"])' in query else '["id", "body"]'
    upgrade = (
        NOTES.replace("op.", "made = op.").replace('"notes"', '"notes_new"')
        + f"\nop.execute(made.insert().from_select({names}, {query}))"
        '\nop.drop_table("notes")\nop.rename_table("notes_new", "notes")'
    )
    example = migration(upgrade, "pass", given=NOTES, database="sqlite")
    assert run(example, REGISTRY).migrations[-1].verdict.value == COPIES[query]
