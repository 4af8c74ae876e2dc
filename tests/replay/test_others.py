"""A history that asks for a table that no migration of it makes: others make it, or it was there before."""

from __future__ import annotations

import pytest

from mrt_lint.plugin import migration
from mrt_lint.testing import run
from tests.rules.linting import REGISTRY

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
