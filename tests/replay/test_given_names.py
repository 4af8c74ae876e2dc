"""A constraint that the database named, restored under a name of its own: where that counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from mrt_lint import ops
from mrt_lint.history import History
from mrt_lint.project import Project
from mrt_lint.replay.judge import judge
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column, Constraint
from mrt_lint.schema.types import sql_type
from tests.replay.test_round_trips import history

NOTES = Name("notes")
TITLE = Column("title", sql_type("varchar", 20))


def _made(name: str | None) -> ops.CreateTable:
    return ops.CreateTable(
        table=NOTES, columns=(TITLE,), constraints=(Constraint("unique", name, ("title",)),)
    )


def _reasons(name: str, *dialects: Dialect, known: bool = True, chosen: bool = True) -> set[str]:
    """Returns what is said of a table whose nameless key comes back under a name, but for its rows."""
    pairs = (((_made(None),), ()), ((ops.DropTable(table=NOTES),), (_made(name),)))
    project = Project("alembic", Path(), naming_known=known)
    found = judge(History(history(*pairs).order, project), dialects, chosen=chosen)["1"]
    return {reason.message for reason in found.reasons if reason.harm.value != "rows-lost"}


@pytest.mark.parametrize(
    ("dialect", "was"),
    [
        ("postgresql", "was called notes_title_key"),
        ("sqlite", "had no name"),
        ("mysql", "was called title"),
    ],
)
def test_another_name_counts(dialect: Dialect, was: str) -> None:
    (message,) = _reasons("uq_notes", dialect)
    assert message.endswith(f"{was} and is called uq_notes after the downgrade")


def test_the_name_that_the_database_gave_is_no_other() -> None:
    assert _reasons("notes_title_key", "postgresql") == set()
    assert _reasons("title", "mysql") == set()


def test_a_naming_convention_that_is_not_known_may_have_given_the_name() -> None:
    assert _reasons("uq_notes", "postgresql", known=False) == set()


def test_databases_that_are_only_guessed_give_other_names_each() -> None:
    assert _reasons("notes_title_key", "postgresql", "mysql", chosen=False) == set()
    assert len(_reasons("notes_title_key", "postgresql", "mysql")) == 1
