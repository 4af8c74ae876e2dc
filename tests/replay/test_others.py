"""A history that asks for a table that no migration of it makes: others make it, or it was there before."""

from __future__ import annotations

import pytest

from mrt_lint.plugin import migration
from mrt_lint.testing import run
from tests.rules.linting import REGISTRY, found

OTHER = 'op.create_table("notes", sa.Column("id", sa.Integer, primary_key=True))'
ASK = 'if sa.inspect(op.get_bind()).has_table("logs"):\n    '
DROPS = {
    "a column": 'op.drop_column("logs", "text")',
    "the table": 'op.drop_table("logs")',
    "rows": 'op.execute("DELETE FROM logs")',
}


def verdict(upgrade: str, downgrade: str = "pass", given: str | list[str] = ()) -> str:  # type: ignore[assignment]
    example = migration(upgrade, downgrade, given=given, database="postgresql")
    return run(example, REGISTRY).migrations[-1].verdict.value


@pytest.mark.parametrize("given", [[], ["pass"], [OTHER], ["pass", OTHER]], ids=str)
@pytest.mark.parametrize("what", DROPS)
def test_what_is_lost_of_a_table_that_is_asked_for_is_lost(what: str, given: list[str]) -> None:
    assert verdict(ASK + DROPS[what], given=given) in ("lossy", "broken", "plausible")


def test_a_column_that_is_asked_for_tells_as_much_of_its_table() -> None:
    ask = 'names = [c["name"] for c in sa.inspect(op.get_bind()).get_columns("logs")]\nif "text" in names:\n    '
    assert verdict(ask + DROPS["a column"], given=OTHER) in ("lossy", "broken")


def test_a_table_that_the_history_makes_is_not_there_before() -> None:
    make = 'op.create_table("logs", sa.Column("id", sa.Integer, primary_key=True))'
    unless = ASK.replace("if sa", "if not sa")
    assert verdict(f"{unless}{make}", 'op.drop_table("logs")') == "reversible"
    assert verdict(f"{unless}{make}", 'op.drop_table("logs")', given=OTHER) == "reversible"
    moved = ["pass", f'{make}\nop.rename_table("logs", "old_logs")']
    assert verdict(ASK + DROPS["the table"], given=moved) == "reversible"


@pytest.mark.parametrize("name", ["_alembic_tmp_notes", "alembic_version"])
def test_what_alembic_makes_itself_is_made_by_no_others(name: str) -> None:
    drop = f'if sa.inspect(op.get_bind()).has_table("{name}"):\n    op.drop_table("{name}")'
    assert verdict(drop, given=OTHER) == "reversible"


INDEXED = """
if sa.inspect(op.get_bind()).has_table("logs"):
    if "ix" not in [one["name"] for one in sa.inspect(op.get_bind()).get_indexes("logs")]:
        op.create_index("ix", "logs", ["text"])
"""
WIDENED = """
if sa.inspect(op.get_bind()).has_table("logs"):
    if "note" not in [one["name"] for one in sa.inspect(op.get_bind()).get_columns("logs")]:
        op.add_column("logs", sa.Column("note", sa.Text))
"""
NARROWED = """
if sa.inspect(op.get_bind()).has_table("logs"):
    if "note" in [one["name"] for one in sa.inspect(op.get_bind()).get_columns("logs")]:
        op.drop_column("logs", "note")
"""


def test_what_an_earlier_migration_made_sure_of_is_done() -> None:
    """The table that both ask for is the same one, so it has the index; only if made anew since it need not."""
    assert found("MRT102 MRT407", INDEXED) == ["MRT407", "MRT102"]
    for given in ([INDEXED], [OTHER, INDEXED, INDEXED]):
        assert verdict(INDEXED, given=given) == "plausible"
        assert found("MRT102 MRT407", INDEXED, given=given) == []


def test_what_is_found_done_is_harmed_by_a_downgrade_that_undoes_it() -> None:
    assert verdict(WIDENED, NARROWED) == "plausible"
    assert verdict(WIDENED, NARROWED, given=[WIDENED]) in ("lossy", "broken")


@pytest.mark.parametrize(
    "made", [INDEXED, "if os.environ.get('INDEXED'):\n    op.create_index('ix', 'logs', ['text'])"]
)
@pytest.mark.parametrize("by", [ASK, "if os.environ.get('LOGGED'):\n    "], ids=["asked", "set"])
def test_what_only_some_ways_made_is_not_done(made: str, by: str) -> None:
    """The earlier migration made it under one more condition, which the later one does not have."""
    inner = made.replace("\n", "\n    ")
    if made is INDEXED:
        inner = f"if os.environ.get('INDEXED'):{inner}"
    given = f"import os\n{by}{inner if made is not INDEXED else inner.replace(chr(10), chr(10) + '    ')}"
    table = [
        OTHER.replace("notes", "logs").replace(
            "primary_key=True)", 'primary_key=True), sa.Column("text", sa.Text)'
        )
    ]
    assert verdict(INDEXED, given=[*table, given]) not in ("reversible", "plausible")


def test_of_a_table_that_is_not_there_no_part_is() -> None:
    """`has_index` asks for the table first, so that no way has the one without the other."""
    has = """
def has_table(name):
    return name in sa.inspect(op.get_bind()).get_table_names()
def has_index(table, name):
    return has_table(table) and name in [one["name"] for one in sa.inspect(op.get_bind()).get_indexes(table)]
def make():
    if not has_table("logs"):
        return
    if has_index("logs", "ix"):
        return
    op.create_index("ix", "logs", ["text"])
make()
"""
    assert verdict(has, given=[has, has]) == "plausible"


DROPPED = 'op.drop_table("logs")'
NOTED = ASK + 'op.add_column("logs", sa.Column("note", sa.Text))'


def test_what_others_make_may_be_there_again_after_a_drop() -> None:
    """The application makes it when it starts; so the migration that asks finds it, and its downgrade drops it."""
    assert found("MRT802 MRT806", NOTED, DROPPED, given=DROPPED) == ["MRT802"]
    assert verdict(NOTED, DROPPED, given=DROPPED) in ("lossy", "broken")
    assert verdict(NOTED, ASK + 'op.drop_column("logs", "note")', given=DROPPED) in (
        "reversible",
        "plausible",
    )


def test_what_nobody_asks_for_is_gone_after_a_drop() -> None:
    assert found("MRT802 MRT806", OTHER, DROPPED, given=DROPPED) == ["MRT806"]


@pytest.mark.parametrize("first", ["", 'op.execute("INSERT INTO notes (id) SELECT id FROM logs")\n    '])
def test_what_is_cleared_away_once_more_is_hardly_there(first: str) -> None:
    clear = f"{ASK}{first}{DROPPED}"
    assert verdict(clear, given=[OTHER, clear]) == "plausible"
    assert found("MRT202", clear, given=[OTHER, clear]) == []
