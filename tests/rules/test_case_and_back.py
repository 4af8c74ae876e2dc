"""Rows of another table found by a CASE over a column's values, which another CASE gives back."""

from __future__ import annotations

import sqlite3

import pytest

from mrt_lint.plugin import Severity, migration
from mrt_lint.schema.dialects import Dialect
from mrt_lint.testing import run
from tests.rules.linting import REGISTRY, findings

GRADES = """
op.create_table(
    "grades", sa.Column("id", sa.Integer, primary_key=True), sa.Column("code", sa.String(20), unique=True)
)
op.create_table(
    "eggs", sa.Column("id", sa.Integer, primary_key=True), sa.Column("size", sa.String(9)),
    sa.Column("layer", sa.Integer)
)
"""
FIND = """
UPDATE eggs SET grade_id = g.id FROM grades AS g
WHERE g.code = CASE eggs.size WHEN 'S' THEN 'egg-small' WHEN 'L' THEN '{large}' END
"""
UP = """
op.add_column("eggs", sa.Column("grade_id", sa.Integer))
op.execute(\"\"\"{find}\"\"\")
op.drop_column("eggs", "size")
"""
DOWN = """
op.add_column("eggs", sa.Column("size", sa.String(9)))
op.execute(\"\"\"
UPDATE eggs SET size = CASE g.code WHEN 'egg-small' THEN 'S' WHEN 'egg-large' THEN '{large}' ELSE 'S' END
FROM grades AS g WHERE g.id = {by}
\"\"\")
op.drop_column("eggs", "grade_id")
"""


def verdict(find: str, down: str, database: Dialect = "postgresql") -> str:
    example = migration(UP.format(find=find), down, given=GRADES, database=database)
    return run(example, REGISTRY).migrations[-1].verdict.value


INVERSE = DOWN.format(large="L", by="eggs.grade_id")


@pytest.mark.parametrize("database", ["postgresql", "sqlite"])
def test_two_mappings_that_are_inverse_to_each_other(database: Dialect) -> None:
    """Not proven: a row may have found none."""
    assert verdict(FIND.format(large="egg-large"), INVERSE, database) == "plausible"
    up = UP.format(find=FIND.format(large="egg-large"))
    (told,) = findings("MRT201 MRT208 MRT804", up, INVERSE, given=GRADES, database=database)
    assert (told.rule, told.severity) == ("MRT201", Severity.WARNING)
    assert "gives back the values that its CASE names" in told.message


def test_casts_of_the_values_do_not_matter() -> None:
    find = FIND.format(large="egg-large").replace("CASE eggs.size", "CASE eggs.size::text")
    down = INVERSE.replace("THEN 'S'", "THEN 'S'::varchar").replace("THEN 'L'", "THEN CAST('L' AS varchar)")
    assert verdict(find, down) == "plausible"


@pytest.mark.parametrize(
    ("find", "down"),
    [
        # Two values find the same row.
        (FIND.format(large="egg-small"), INVERSE),
        # What comes back is another value.
        (FIND.format(large="egg-large"), DOWN.format(large="XL", by="eggs.grade_id")),
        # One of the values does not come back.
        (FIND.format(large="egg-large"), INVERSE.replace("WHEN 'egg-large' THEN 'L'", "")),
        # The rows were not found by the column.
        (FIND.format(large="egg-large").replace("eggs.size", "eggs.id"), INVERSE),
    ],
)
def test_mappings_that_are_not(find: str, down: str) -> None:
    assert verdict(find, down) == "lossy"


def test_what_a_database_does() -> None:
    base = sqlite3.connect(":memory:")
    base.executescript(
        "CREATE TABLE grades (id INTEGER PRIMARY KEY, code TEXT); CREATE TABLE eggs (size TEXT, grade_id INTEGER);"
        "INSERT INTO grades VALUES (1, 'egg-small'), (2, 'egg-large');"
        "INSERT INTO eggs (size) VALUES ('S'), ('L'), ('L');"
    )
    base.execute(FIND.format(large="egg-large"))
    base.execute("UPDATE eggs SET size = 'S'")
    base.execute(
        "UPDATE eggs SET size = CASE g.code WHEN 'egg-small' THEN 'S' WHEN 'egg-large' THEN 'L' END "
        "FROM grades AS g WHERE g.id = eggs.grade_id"
    )
    assert list(base.execute("SELECT size FROM eggs")) == [("S",), ("L",), ("L",)]
