"""Unique keys over rows that the same upgrade has made unique (MRT406)."""

from __future__ import annotations

import pytest

from mrt_lint.schema.dialects import Dialect
from tests.rules.linting import findings

GIVEN = """
op.create_table(
    "berths",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("pier", sa.String(9)),
    sa.Column("number", sa.Integer),
    sa.Column("note", sa.String(90)),
)
"""
KEY = 'op.create_unique_constraint("uq_berths", "berths", ["pier", "number"])'

SURE = [
    "DELETE FROM berths WHERE id NOT IN (SELECT min(id) FROM berths GROUP BY pier, number)",
    "DELETE FROM berths WHERE id NOT IN (SELECT max(id) FROM berths WHERE note <> '' GROUP BY number)",
    "DELETE FROM berths WHERE id NOT IN (SELECT DISTINCT ON (pier) id FROM berths ORDER BY pier, id)",
    "DELETE FROM berths a USING berths b WHERE a.id > b.id AND a.pier = b.pier AND a.number = b.number",
    "DELETE FROM berths a USING berths b WHERE a.ctid < b.ctid AND a.pier = b.pier",
    "DELETE FROM berths a USING berths b WHERE (b.id < a.id) AND (b.pier = a.pier AND a.pier IS NOT NULL)",
    "DELETE FROM berths WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY pier, number"
    " ORDER BY note) AS place FROM berths) AS numbered WHERE place > 1)",
    "WITH numbered AS (SELECT id, row_number() OVER (PARTITION BY pier ORDER BY id) AS place FROM berths)"
    " DELETE FROM berths WHERE id IN (SELECT id FROM numbered WHERE place > 1)",
    "UPDATE berths SET number = NULL WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY"
    " pier, number) AS place FROM berths WHERE number IS NOT NULL) x WHERE x.place > 1)",
]
MYSQL = [
    "DELETE a FROM berths a JOIN berths b ON a.pier = b.pier AND a.number = b.number WHERE a.id > b.id",
    "DELETE FROM berths USING berths, berths AS other WHERE berths.id < other.id AND berths.pier = other.pier",
    "DELETE FROM berths WHERE id NOT IN (SELECT * FROM (SELECT min(id) FROM berths GROUP BY pier) x)",
]
UNSURE = [
    "DELETE FROM berths WHERE note = 'double'",
    "DELETE FROM berths WHERE id NOT IN (SELECT min(id) FROM berths GROUP BY note)",
    "DELETE FROM berths WHERE id NOT IN (SELECT min(id) FROM berths GROUP BY pier, number, note)",
    "DELETE FROM berths WHERE id NOT IN (SELECT min(id) FROM berths GROUP BY pier) AND note IS NULL",
    "DELETE FROM berths WHERE note NOT IN (SELECT min(note) FROM berths GROUP BY pier)",
    "DELETE FROM berths WHERE id IN (SELECT min(id) FROM berths GROUP BY pier)",
    "DELETE FROM berths WHERE id NOT IN (SELECT min(id) FROM berths GROUP BY lower(pier))",
    "DELETE FROM berths WHERE id NOT IN (SELECT number FROM berths GROUP BY number)",
    "DELETE FROM berths WHERE id NOT IN (SELECT min(b.id) FROM berths b, berths c GROUP BY b.pier)",
    "DELETE FROM berths a USING berths b WHERE a.id >= b.id AND a.pier = b.pier",
    "DELETE FROM berths a USING berths b WHERE a.id > b.number AND a.pier = b.pier",
    "DELETE FROM berths a USING berths b WHERE a.id > b.id AND a.pier = b.pier AND a.note = 'x'",
    "DELETE FROM berths a USING berths b WHERE a.id > b.id AND a.pier = b.pier AND a.note IS NOT NULL",
    "DELETE FROM berths a USING berths b WHERE a.id > b.id AND a.note = b.note",
    "DELETE FROM berths a USING berths b WHERE a.id > b.id OR a.pier = b.pier",
    "DELETE FROM berths a USING berths b WHERE a.note > b.note AND a.pier = b.pier",
    "DELETE FROM berths WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY pier) AS place"
    " FROM berths) x WHERE place > 2)",
    "DELETE FROM berths WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY pier) AS place"
    " FROM berths WHERE note IS NULL) x WHERE place > 1)",
    "DELETE FROM berths WHERE id IN (SELECT id FROM (SELECT id, rank() OVER (PARTITION BY pier ORDER BY id)"
    " AS place FROM berths) x WHERE place > 1)",
    "UPDATE berths SET number = 0 WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY"
    " pier, number) AS place FROM berths) x WHERE place > 1)",
]


def said(sql: str, *, after: str = "", key: str = KEY, database: Dialect = "postgresql") -> list[str]:
    """Returns what is said of a key added after these statements."""
    upgrade = f'op.execute("{sql}")\n{after}\n{key}'
    return [one.message for one in findings("MRT406", upgrade, given=GIVEN, database=database)]


@pytest.mark.parametrize("sql", SURE)
def test_rows_that_are_surely_unique(sql: str) -> None:
    assert said(sql) == []


@pytest.mark.parametrize("sql", MYSQL)
def test_rows_that_are_surely_unique_on_mysql(sql: str) -> None:
    assert said(sql, database="mysql") == []


@pytest.mark.parametrize("sql", UNSURE)
def test_rows_that_may_still_be_equal(sql: str) -> None:
    (message,) = said(sql)
    assert "when two rows are still equal after what line" in message


def test_values_written_afterwards() -> None:
    assert said(SURE[0], after="op.execute(\"UPDATE berths SET note = 'x'\")") == []
    for after in (
        "op.execute(\"UPDATE berths SET pier = 'x'\")",
        "op.execute(\"INSERT INTO berths (pier) VALUES ('x')\")",
        'op.alter_column("berths", "pier", type_=sa.String(3))',
        'op.alter_column("berths", "note", new_column_name="number")',
        "change(op.get_bind())",
    ):
        assert len(said(SURE[0], after=after)) == 1


def test_nulls_that_count_as_equal_by_an_argument() -> None:
    key = KEY.replace("])", "], postgresql_nulls_not_distinct=True)")
    assert len(said(SURE[3], key=key)) == 1
    assert said(MYSQL[0], key=key, database="mysql") == []


def test_nulls_that_count_as_equal() -> None:
    key = 'op.execute("ALTER TABLE berths ADD CONSTRAINT uq UNIQUE NULLS NOT DISTINCT (pier, number)")'
    assert len(said(SURE[3], key=key)) == 1


def test_a_statement_that_need_not_run() -> None:
    guarded = f'import os\nif os.environ.get("CLEAN"):\n    op.execute("{SURE[0]}")\n{KEY}'
    (one,) = findings("MRT406", guarded, given=GIVEN)
    assert "still equal" in one.message
    both = f'import os\nif os.environ.get("CLEAN"):\n    op.execute("{SURE[0]}")\n    {KEY}'
    assert findings("MRT406", both, given=GIVEN) == []


def test_rows_renumbered_by_a_loop() -> None:
    upgrade = f"""
connection = op.get_bind()
for row in connection.execute(sa.text("SELECT id, pier FROM berths")):
    connection.execute(sa.text("UPDATE berths SET pier = :pier WHERE id = :id"), {{"pier": "x", "id": row.id}})
{KEY}
"""
    (one,) = findings("MRT406", upgrade, given=GIVEN)
    assert "are still equal after what line" in one.message
