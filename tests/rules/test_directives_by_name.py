"""Directives that are imported by their names raise in a `try` as those of `op` do."""

from __future__ import annotations

from mrt_lint.plugin import migration
from mrt_lint.testing import run
from tests.rules.linting import REGISTRY

UP = """
from alembic.op import create_unique_constraint, drop_constraint
try:
    {}drop_constraint("seats_row_key", "seats")
except Exception:
    drop_constraint("seats_row_place_key", "seats")
create_unique_constraint("seats_row_key", "seats", ["row"])
"""
DOWN = """
op.drop_constraint("seats_row_key", "seats")
op.create_unique_constraint("seats_row_key", "seats", ["row", "place"])
"""


def reasons(upgrade: str) -> str:
    example = migration(upgrade, DOWN, database="postgresql")
    report = run(example, REGISTRY).migrations[-1]
    return f"{report.verdict.value}: {report.reasons}"


def test_a_body_of_directives_alone_fails_for_what_they_do_alone() -> None:
    assert reasons(UP.format("")) == reasons(UP.format("op.").replace("op.op.", "op."))
    assert "exists already" not in reasons(UP.format(""))


def test_a_name_that_is_taken_anew_is_there_once() -> None:
    """Other code in the body may raise too; the downgrade then drops what the upgrade made, and all of it."""
    other = UP.format("").replace("try:\n", "from project import look\ntry:\n    look()\n")
    assert "exists already" not in reasons(other)
