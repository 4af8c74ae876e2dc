"""The verdicts against the truth: what the static half says of a round trip is what happens to it."""

from __future__ import annotations

import pytest

from mrt_lint.roundtrip import Harm, Reason
from tests.truth.case import Case
from tests.truth.catalogue import runs
from tests.truth.conftest import Replay, RunCase

# The reasons name a constraint by its kind.
CONSTRAINTS = ("foreign key", "unique constraint", "primary key", "check", "exclusion", "constraint")
IN_A_TABLE = ("column", "index", "constraint")


def _names(reason: Reason, kind: str) -> bool:
    """Returns whether a reason speaks of `column users.phone` and the like, in whatever words.

    What a statement finds missing is known by the name that the statement has for it.
    """
    what, _, name = kind.partition(" ")
    table, _, part = name.rpartition(".")
    said = "constraint" if reason.kind in CONSTRAINTS else reason.kind
    text = f"{reason.subject} {reason.message}"
    qualified = what in IN_A_TABLE and reason.harm is not Harm.CANNOT_RUN
    return said == what and part in text and (table in text or not qualified)


RUNS = [pytest.param(c, d, id=name) for name, c, d in runs()]


@pytest.mark.parametrize(("case", "database"), RUNS)
def test_the_verdict_is_honest(case: Case, database: str, replay_case: Replay) -> None:
    replayed = replay_case(case, database)
    says, truth = case.says_on(database), case.truth_on(database)
    message = f"truth: {truth}; honest: {sorted(says)}\n{replayed.story}"
    assert replayed.roundtrip.verdict.value in says, message


@pytest.mark.parametrize(("case", "database"), RUNS)
def test_what_is_lost_or_broken_is_named(case: Case, database: str, replay_case: Replay) -> None:
    replayed = replay_case(case, database)
    if replayed.roundtrip.verdict.value == "unknown":
        return
    reasons = replayed.roundtrip.reasons
    missing = [
        kind for kind in case.kinds_on(database) if not any(_names(reason, kind) for reason in reasons)
    ]
    assert not missing, f"not named: {missing}\n{replayed.story}"


@pytest.mark.parametrize(("case", "database"), RUNS)
def test_what_runs_is_not_said_to_fail(
    case: Case, database: str, run_case: RunCase, replay_case: Replay
) -> None:
    if "unknown" in case.says_on(database):
        return
    outcome, trip = run_case(case, database), replay_case(case, database).roundtrip
    faults = [fault for fault in trip.upgrade_faults if fault.sure]
    assert not faults, f"the upgrade runs; the replay says: {[fault.message for fault in faults]}"
    if outcome.failed != "downgrade":
        fails = [reason.message for reason in trip.reasons if reason.harm is Harm.CANNOT_RUN]
        assert not fails, f"the downgrade runs; the replay says: {fails}"
