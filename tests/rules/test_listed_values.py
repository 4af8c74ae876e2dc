"""A CHECK that lists values: what the upgrade makes narrower, the downgrade widens (MRT805)."""

from __future__ import annotations

import pytest

from tests.rules.linting import found

CHECK = 'op.create_check_constraint("ck_state", "crates", "state in ({})")'
DROP = 'op.drop_constraint("ck_state", "crates", type_="check")'
CRATES = f"""
op.create_table("crates", sa.Column("id", sa.Integer, primary_key=True), sa.Column("state", sa.String(9)))
{CHECK.format("'new', 'lost', 'gone'")}
"""


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ("'new', 'lost'", []),
        ("'lost', 'new', 'gone'", []),
        ("'new'", []),
        ("'new', 'old'", ["MRT805"]),
        ("'new', 'lost', 'gone', 'old'", ["MRT805"]),
    ],
)
def test_a_check_that_comes_back(values: str, codes: list[str]) -> None:
    upgrade = f"{DROP}\n{CHECK.format(values)}"
    downgrade = f"{DROP}\n{CHECK.format(repr('new') + ', ' + repr('lost') + ', ' + repr('gone'))}"
    assert found("MRT805", upgrade, downgrade, given=CRATES) == codes
    assert found("MRT805", DROP, downgrade.partition("\n")[2], given=CRATES) == ["MRT805"]
