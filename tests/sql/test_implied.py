"""CHECKs that hold for every row that others let in."""

from __future__ import annotations

import pytest

from mrt_lint.sql.implied import is_implied

ROWS = ["kind IN (1, 2)", "kind <> 1 OR mast IS NOT NULL AND oars IS NULL", "kind <> 2 OR oars IS NOT NULL"]

HOLD = [
    "kind IN (1, 2, 3)",
    "kind <> 3 OR old IS NOT NULL",
    "kind <> 1 OR old IS NULL AND mast IS NOT NULL AND oars IS NULL",
    "old IS NULL OR lower(old) = 'x'",
    "old > 3",
    "NOT (kind = 1 AND mast IS NULL)",
    "kind IS NULL OR mast IS NOT NULL OR oars IS NOT NULL",
]
FAIL = [
    "kind IN (2, 3)",
    "kind <> 2 OR old IS NOT NULL",
    "kind <> 2 OR oars IS NOT NULL AND mast IS NULL",
    "old IS NOT NULL",
    "coalesce(old, 1) > 3",
    "mast > 3",
    "kind IS NOT NULL",
    "kind <> 2 OR length(oars) > 3",
    "not to be read (",
]


@pytest.mark.parametrize("check", HOLD)
def test_a_check_that_no_row_violates(check: str) -> None:
    assert is_implied(check, ROWS, "postgresql", absent="old".__eq__, present=lambda name: False)


@pytest.mark.parametrize("check", FAIL)
def test_a_check_that_a_row_may_violate(check: str) -> None:
    assert not is_implied(check, ROWS, "postgresql", absent="old".__eq__, present=lambda name: False)


def test_what_is_not_null() -> None:
    check = "kind IS NOT NULL AND (kind = 1 OR oars IS NOT NULL)"
    assert is_implied(check, ROWS, "postgresql", absent="old".__eq__, present="kind".__eq__)


def test_conditions_that_are_not_read_count_as_themselves() -> None:
    same = ["length(mast) > 3"]
    assert is_implied("length(mast) > 3 OR kind = 1", same, "mysql", absent="x".__eq__, present="x".__eq__)
    assert not is_implied("length(mast) > 4", same, "mysql", absent="x".__eq__, present="x".__eq__)


def test_too_many_cases_are_not_looked_at() -> None:
    check = " OR ".join(f"c{number} IS NULL" for number in range(30))
    assert not is_implied(check, [check], "postgresql", absent="x".__eq__, present="x".__eq__)
