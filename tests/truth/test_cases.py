"""The catalogue against the truth: every case really has the outcome that it is said to have."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.truth.case import SAYINGS, TRUTHS, Case
from tests.truth.catalogue import catalogue, runs
from tests.truth.conftest import RunCase


@pytest.mark.parametrize(("case", "database"), [pytest.param(c, d, id=name) for name, c, d in runs()])
def test_what_really_happens(case: Case, database: str, run_case: RunCase) -> None:
    outcome = run_case(case, database)
    assert outcome.verdict == case.truth_on(database), outcome.story
    if outcome.failed or case.unseen:
        return
    real = {f"{difference.kind} {difference.name}" for difference in outcome.differences}
    missing = set(case.kinds_on(database)) - real
    assert not missing, f"{sorted(missing)} are no real differences\n{outcome.story}"


def test_the_catalogue_is_well_formed() -> None:
    cases = [case for family in catalogue().values() for case in family]
    assert [name for name, count in Counter(case.name for case in cases).items() if count > 1] == []
    for case in cases:
        for database in case.databases:
            assert case.truth_on(database) in TRUTHS, case.name
            assert case.says_on(database) <= set(SAYINGS), case.name
            if case.truth_on(database) != "reversible":
                assert "reversible" not in case.says_on(database), case.name


def test_the_catalogue_is_as_large_as_promised() -> None:
    cases = [case for family in catalogue().values() for case in family]
    bad = [case for case in cases if {case.truth_on(d) for d in case.databases} & {"lossy", "broken"}]
    assert len(cases) >= 170
    assert len(bad) >= 55
