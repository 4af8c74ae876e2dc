"""A table that the migration has seen empty loses no rows (MRT201, MRT202, MRT206); one that it emptied does."""

from __future__ import annotations

import pytest

from tests.rules.linting import findings, found

CODES = "MRT201 MRT202 MRT206"
NOTES = (
    'op.create_table("notes", sa.Column("id", sa.Integer, primary_key=True), sa.Column("body", sa.Text))\n'
)
LINKS = """
op.create_table(
    "links",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("note_id", sa.Integer, sa.ForeignKey("notes.id"), nullable={nullable}),
)
"""
COUNT = 'conn = op.get_bind()\ncount = conn.execute(sa.text("SELECT count(*) FROM notes"))'
DROP = 'op.drop_table("notes")\n'
RAISES = 'raise RuntimeError("there are notes")\n'

EMPTY = {
    "scalar == 0": f"{COUNT}.scalar()\nif count == 0:\n    {DROP}",
    "scalar on the right": f"{COUNT}.scalar()\nif 1 > count:\n    {DROP}",
    "not scalar": f"{COUNT}.scalar_one()\nif not count:\n    {DROP}",
    "a row": f"{COUNT}.fetchone()\nif count[0] > 0:\n    print('kept')\n    return\n{DROP}",
    "unpacked": f"{COUNT}.one()\n(number,) = count\nif number:\n    {RAISES}{DROP}",
    "raise": f"{COUNT}.scalar()\nif count > 0:\n    {RAISES}{DROP}",
    "or": f"{COUNT}.scalar() or 0\nif count != 0 or not op.get_bind():\n    {RAISES}{DROP}",
    "first is None": f"if op.get_bind().execute(sa.text('SELECT 1 FROM notes LIMIT 1')).first() is None:\n    {DROP}",
    "not rows": f"rows = op.get_bind().execute(sa.text('SELECT * FROM notes')).fetchall()\nif not rows:\n    {DROP}",
    "len": f"rows = op.get_bind().execute(sa.text('SELECT id FROM notes')).fetchall()\nif len(rows) == 0:\n    {DROP}",
    "exists": f"if op.get_bind().execute(sa.text('SELECT EXISTS (SELECT 1 FROM notes)')).scalar():\n    {RAISES}{DROP}",
    "select": f"""
notes = sa.table("notes")
if op.get_bind().execute(sa.select(sa.func.count()).select_from(notes)).scalar() == 0:
    {DROP}""",
    "column": f'{COUNT}.scalar()\nif count > 0:\n    {RAISES}op.drop_column("notes", "body")\n',
}
LOST = {
    "some rows": f"{COUNT}.scalar()\nif count > 1:\n    {RAISES}{DROP}",
    "filtered": "n = op.get_bind().execute(sa.text('SELECT count(*) FROM notes WHERE id > 7')).scalar()\n"
    f"if n == 0:\n    {DROP}",
    "count of a column": "n = op.get_bind().execute(sa.text('SELECT count(body) FROM notes')).scalar()\n"
    f"if n == 0:\n    {DROP}",
    "offset": "n = op.get_bind().execute(sa.text('SELECT 1 FROM notes OFFSET 1')).first()\n"
    f"if n is None:\n    {DROP}",
    "another table": f"n = op.get_bind().execute(sa.text('SELECT count(*) FROM books')).scalar()\nif n == 0:\n    {DROP}",
    "not empty": f"{COUNT}.scalar()\nif count > 0:\n    {DROP}",
    "either": f"{COUNT}.scalar()\nif count == 0 or input():\n    {DROP}",
    "emptied before": f"op.execute('DELETE FROM notes')\n{COUNT}.scalar()\nif count == 0:\n    {DROP}",
    "value may be null": "n = op.get_bind().execute(sa.text('SELECT body FROM notes')).scalar()\n"
    f"if n is None:\n    {DROP}",
    "other column's value": f"row = op.get_bind().execute(sa.text('SELECT * FROM notes')).first()\nif row.id:\n    {DROP}",
}
BOOKS = 'op.create_table("books", sa.Column("id", sa.Integer, primary_key=True))\n'


@pytest.mark.parametrize("name", sorted(EMPTY))
@pytest.mark.parametrize("database", ["postgresql", "sqlite", "mysql"])
@pytest.mark.parametrize("downgrade", [NOTES, 'raise NotImplementedError("no way back")'])
def test_what_was_seen_empty_is_not_lost(name: str, database: str, downgrade: str) -> None:
    assert found(CODES, EMPTY[name], downgrade, given=NOTES, database=database) == []


@pytest.mark.parametrize("name", sorted(LOST))
def test_any_other_question_proves_nothing(name: str) -> None:
    assert found(CODES, LOST[name], NOTES, given=NOTES + BOOKS) == ["MRT202"]


@pytest.mark.parametrize(
    ("database", "nullable", "expected"),
    [("postgresql", False, []), ("postgresql", True, ["MRT202"]), ("mysql", False, ["MRT202"])],
)
def test_rows_that_must_refer_to_an_empty_table(database: str, nullable: bool, expected: list[str]) -> None:
    links = LINKS.format(nullable=nullable)
    upgrade = f'{COUNT}.scalar()\nif count > 0:\n    {RAISES}op.drop_table("links")\n'
    assert found(CODES, upgrade, links, given=NOTES + links, database=database) == expected


def test_where_nothing_was_dropped_the_downgrade_fails_once() -> None:
    again = 'op.create_table("notes", sa.Column("id", sa.Integer))\nop.create_primary_key("notes_pkey", "notes", ["id"])'
    upgrade = f"{COUNT}.scalar()\nif count == 0:\n    {DROP}"
    told = findings("MRT806", upgrade, again, given=NOTES)
    assert ["table notes exists" in finding.message for finding in told] == [True]
