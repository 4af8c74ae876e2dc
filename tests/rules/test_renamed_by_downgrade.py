"""A rename that the downgrade alone makes is one finding, at the rename; one with IF EXISTS presupposes nothing."""

from __future__ import annotations

import pytest

from mrt_lint.plugin import migration
from mrt_lint.testing import run
from tests.rules.linting import REGISTRY, findings

JOBS = """
op.create_table(
    "jobs",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("state", sa.String(20)),
)
op.create_index("ix_state", "jobs", ["state"])
"""


@pytest.mark.parametrize(
    ("downgrade", "message"),
    [
        ('op.rename_table("jobs", "tasks")', "table jobs is renamed to tasks by the downgrade"),
        ('op.alter_column("jobs", "state", new_column_name="phase")', "jobs.state is renamed to phase"),
        (
            'op.execute("ALTER INDEX ix_state RENAME TO ix_phase")',
            "index ix_state of jobs is renamed to ix_phase",
        ),
        ('op.execute("ALTER TABLE IF EXISTS jobs RENAME TO tasks")', "table jobs is renamed to tasks"),
    ],
)
def test_a_rename_of_the_downgrade_alone_is_told_once(downgrade: str, message: str) -> None:
    (told,) = findings("MRT801 MRT802 MRT806", "pass", downgrade, given=JOBS)
    assert told.rule == "MRT802"
    assert told.message.startswith(message)
    assert told.message.endswith("but the upgrade did not rename it")


def test_a_table_renamed_of_a_history_that_is_not_known_is_told_so_too() -> None:
    (told,) = findings("MRT801 MRT802", "pass", 'op.rename_table("runs", "jobs")', given="op.execute(load())")
    assert told.message == "table runs is renamed to jobs by the downgrade, but the upgrade did not rename it"


def test_a_rename_of_what_the_upgrade_may_have_made_is_told_as_one() -> None:
    (told,) = findings("MRT801 MRT802", "op.execute(load())", 'op.rename_table("runs", "jobs")')
    assert told.message == "table jobs is what the downgrade renames runs to, and was not there before"


def test_a_rename_to_another_name_is_none_of_the_downgrade_alone() -> None:
    there, back = 'op.rename_table("jobs", "tasks")', 'op.rename_table("tasks", "job")'
    assert not [one for one in findings("MRT801 MRT802", there, back, given=JOBS) if "did not" in one.message]


def test_a_rename_if_exists_of_what_nothing_speaks_of_harms_nothing_for_sure() -> None:
    """PostgreSQL manual, ALTER TABLE: IF EXISTS, "Do not throw an error if the table does not exist"."""
    downgrade = 'op.execute("ALTER TABLE IF EXISTS runs RENAME TO tasks")'
    assert findings("MRT801 MRT802 MRT806", "op.execute(load())", downgrade) == []
    known = migration("pass", downgrade, given=JOBS, database="postgresql")
    assert run(known, REGISTRY).migrations[-1].verdict.value == "reversible"
    example = migration("op.execute(load())", downgrade, database="postgresql")
    assert run(example, REGISTRY).migrations[-1].verdict.value != "reversible"
