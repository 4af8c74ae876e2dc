"""A downgrade that writes one value to a unique column of every row fails as soon as there are two rows."""

from __future__ import annotations

import sqlite3

import pytest

from mrt_lint.plugin import migration
from mrt_lint.schema.dialects import Dialect
from mrt_lint.testing import run
from tests.rules.linting import REGISTRY, findings

LAMPS = """
op.create_table(
    "lamps",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("label", sa.String(20), nullable=False, unique=True),
    sa.Column("room", sa.Integer),
    sa.Column("lit", sa.Boolean, nullable=False),
)
op.create_index("ix_place", "lamps", ["room", "lit"], unique=True)
"""
UP = "op.execute(\"UPDATE lamps SET lit = true WHERE label = 'a'\")"
RULES = "MRT103 MRT804 MRT806"


def told(set_: str, database: Dialect = "postgresql", rest: str = "") -> list[tuple[str, str]]:
    down = f'op.execute("UPDATE lamps SET {set_}"){rest}'
    found = findings(RULES, UP, down, given=LAMPS, database=database)
    return [(one.rule, one.message) for one in found]


@pytest.mark.parametrize("database", ["postgresql", "mysql", "sqlite"])
def test_the_same_label_in_every_row(database: Dialect) -> None:
    ((rule, message),) = told("label = 'a', lit = false", database)
    assert rule == "MRT806"
    assert "lamps.label is set to the same in every row" in message
    assert "refuses as soon as there are two" in message


def test_the_same_values_of_a_key_of_two_columns() -> None:
    assert [rule for rule, _ in told("room = 1, lit = false")] == ["MRT806"]
    assert "lamps.room and lamps.lit are set to the same" in told("room = 1, lit = false")[0][1]
    assert [rule for rule, _ in told("room = NULL, lit = false")] == ["MRT804", "MRT804"]
    assert [rule for rule, _ in told("room = 1")] == ["MRT103", "MRT804"]


@pytest.mark.parametrize(
    "set_", ["label = upper(label), lit = false", "label = 'a', lit = false WHERE label = 'a'"]
)
def test_what_need_not_be_the_same_is_not_refused(set_: str) -> None:
    assert "MRT806" not in [rule for rule, _ in told(set_)]


@pytest.mark.parametrize(("database", "word"), [("mysql", "IGNORE"), ("sqlite", "OR IGNORE")])
def test_rows_that_are_passed_over_are_not_refused(database: Dialect, word: str) -> None:
    down = f"op.execute(\"UPDATE {word} lamps SET label = 'a'\")"
    codes = [one.rule for one in findings(RULES, UP, down, given=LAMPS, database=database)]
    assert "MRT806" not in codes
    assert run(migration(UP, down, given=LAMPS, database=database), REGISTRY).migrations[
        -1
    ].verdict.value in (
        "lossy",
        "plausible",
    )


def test_a_key_that_is_gone_refuses_nothing() -> None:
    up = f'{UP}\nop.drop_constraint("lamps_label_key", "lamps", type_="unique")'
    down = "op.execute(\"UPDATE lamps SET label = 'a'\")"
    codes = [one.rule for one in findings("MRT804 MRT806", up, down, given=LAMPS, database="postgresql")]
    assert codes == ["MRT804"]


def test_a_table_that_the_downgrade_makes_and_a_condition() -> None:
    down = """
    op.create_table("one", sa.Column("k", sa.String(9), primary_key=True))
    op.execute("INSERT INTO one (k) VALUES ('a')")
    op.execute("UPDATE one SET k = 'b'")
    """
    up = f'{UP}\nop.drop_table("one")'
    given = LAMPS + 'op.create_table("one", sa.Column("k", sa.String(9), primary_key=True))'
    assert findings("MRT806", up, down, given=given) == []
    maybe = "import os\nif os.environ.get('ALL'):\n    op.execute(\"UPDATE lamps SET label = 'a'\")"
    assert findings("MRT806", UP, maybe, given=LAMPS) == []


def test_an_upgrade_that_ran_has_met_one_row() -> None:
    up, down = (f"op.execute(\"UPDATE lamps SET label = '{one}'\")" for one in "ab")
    codes = [one.rule for one in findings(f"{RULES} MRT807", up, down, given=LAMPS)]
    assert codes == ["MRT806"]
    assert run(migration(up, down, given=LAMPS), REGISTRY).migrations[-1].verdict.value == "broken"


def test_what_a_database_does() -> None:
    """The fact, on SQLite: one row is written, two are refused."""
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE lamps (label TEXT NOT NULL UNIQUE)")
    base.execute("INSERT INTO lamps VALUES ('x')")
    base.execute("UPDATE lamps SET label = 'a'")
    base.execute("INSERT INTO lamps VALUES ('y')")
    with pytest.raises(sqlite3.IntegrityError):
        base.execute("UPDATE lamps SET label = 'a'")
    base.execute("UPDATE OR IGNORE lamps SET label = 'b'")
    assert sorted(base.execute("SELECT label FROM lamps")) == [("b",), ("y",)]
