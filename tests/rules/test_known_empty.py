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
BLOCK = "DO $$ BEGIN IF {} THEN DROP TABLE notes; END IF; END $$"
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


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("NOT EXISTS (SELECT 1 FROM notes)", []),
        ("NOT EXISTS (SELECT FROM notes LIMIT 1)", []),
        ("EXISTS (SELECT FROM pg_tables WHERE tablename = 'notes') AND NOT EXISTS (SELECT * FROM notes)", []),
        ("NOT EXISTS (SELECT 1 FROM notes WHERE id > 7)", ["MRT202"]),
        ("NOT EXISTS (SELECT count(*) FROM notes)", ["MRT202"]),
        ("NOT EXISTS (SELECT 1 FROM books)", ["MRT202"]),
        ("EXISTS (SELECT 1 FROM notes)", ["MRT202"]),
        ("NOT EXISTS (SELECT 1 FROM notes) OR now() > '2020-01-01'", ["MRT202"]),
    ],
)
def test_a_block_that_looks_whether_the_table_is_empty(condition: str, expected: list[str]) -> None:
    upgrade = f'op.execute("{BLOCK.format(condition)}")\n'
    assert found(CODES, upgrade, NOTES, given=NOTES + BOOKS, database="postgresql") == expected


def test_a_block_that_emptied_the_table_before_it_looked() -> None:
    block = BLOCK.format("NOT EXISTS (SELECT 1 FROM notes)").replace("IF NOT", "DELETE FROM notes; IF NOT")
    assert found(CODES, f'op.execute("{block}")\n', NOTES, given=NOTES, database="postgresql") == ["MRT202"]


@pytest.mark.parametrize(
    ("upgrade", "expected"),
    [
        ('op.execute("TRUNCATE notes")\nop.drop_column("notes", "body")', ["MRT203"]),
        ('op.drop_column("notes", "body")\nop.execute("TRUNCATE notes")', ["MRT201", "MRT203"]),
        ('op.execute("TRUNCATE books")\nop.drop_column("notes", "body")', ["MRT201", "MRT203"]),
        ('op.execute("DELETE FROM notes")\nop.drop_column("notes", "body")', ["MRT201"]),
        (
            'if input():\n    op.execute("TRUNCATE notes")\nop.drop_column("notes", "body")',
            ["MRT201", "MRT203"],
        ),
    ],
)
def test_a_column_of_a_truncated_table_has_nothing_left_to_lose(upgrade: str, expected: list[str]) -> None:
    downgrade = 'op.add_column("notes", sa.Column("body", sa.Text))'
    told = found(f"{CODES} MRT203", upgrade, downgrade, given=NOTES + BOOKS, database="postgresql")
    assert sorted(set(told)) == expected


@pytest.mark.parametrize(("table", "codes"), [("past_orders", []), ("orders", ["MRT406", "MRT407"])])
def test_a_table_made_under_a_name_of_which_a_part_is_known_is_new(table: str, codes: list[str]) -> None:
    """A loop makes a table for each of others; what begins with the same letters may be one of them."""
    upgrade = f"""
for name in sa.inspect(op.get_bind()).get_table_names():
    op.create_table("past_" + name, sa.Column("id", sa.Integer), sa.Column("code", sa.Integer))
op.create_index("ux_code", "{table}", ["code"], unique=True)
"""
    assert sorted(found("MRT406 MRT407", upgrade)) == codes


def test_a_table_made_under_a_name_not_known_at_all_says_nothing_of_others() -> None:
    upgrade = """
for name in sa.inspect(op.get_bind()).get_table_names():
    op.create_table(name[1:], sa.Column("id", sa.Integer))
op.create_index("ux_code", "orders", ["code"], unique=True)
"""
    assert found("MRT406", upgrade) == ["MRT406"]
