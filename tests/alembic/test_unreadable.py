"""Files that this Python cannot parse, but that say their place in the history."""

from __future__ import annotations

import pytest

from mrt_lint.plugin import Step, history, raw
from mrt_lint.testing import run
from tests.rules.linting import REGISTRY

PRINTS = """
revision = "0002"
down_revision = {parents}


def upgrade():
    print "two"


def downgrade():
    pass
"""


def codes(parents: str, above: str) -> list[str]:
    """Returns what is found in a history with such a file between two others."""
    steps = (
        Step('op.create_table("t", sa.Column("id", sa.Integer))', 'op.drop_table("t")'),
        raw("0002.py", PRINTS.format(parents=parents)),
        Step('op.add_column("t", sa.Column("n", sa.Integer))', 'op.drop_column("t", "n")', parents=above),
    )
    report = run(history(*steps), REGISTRY)
    return sorted(finding.rule for finding in report.findings if finding.severity.name != "INFO")


@pytest.mark.parametrize("parents", ['"0001"', '("0001",)', '[\n    "0001",  # the first\n]'])
def test_what_builds_on_it_is_no_orphan(parents: str) -> None:
    assert codes(parents, '"0002"') == ["MRT902"]


def test_a_parent_that_it_names_and_nobody_has_is_told_all_the_same() -> None:
    assert codes('"lost"', '"0002"') == ["MRT902", "MRT904", "MRT907"]


def test_one_that_computes_its_place_has_none() -> None:
    assert "MRT907" in codes("parent_of(2)", '"0002"')
