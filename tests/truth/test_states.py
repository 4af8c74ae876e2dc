"""The model against the truth: the State of the replay is what real Alembic leaves in the database."""

from __future__ import annotations

import pytest

from mrt_lint.schema.state import State
from tests.truth.case import Case
from tests.truth.catalogue import runs
from tests.truth.conftest import Replay, RunCase
from tests.truth.oracle import Outcome
from tests.truth.replayed import Replayed
from tests.truth.states import unknown, wrong

RUNS = [pytest.param(c, d, id=name) for name, c, d in runs()]


def _real(outcome: Outcome, moment: str) -> State:
    found = outcome.seen[moment]
    if isinstance(found, Exception):
        raise found
    return found


def _state(replayed: Replayed, moment: str) -> State:
    trip = replayed.roundtrip
    return {"before": trip.before, "between": trip.between, "after": trip.after}[moment]


def _moments(case: Case, outcome: Outcome) -> list[str]:
    """Returns the moments to compare; where the replay may honestly not know, only the start."""
    return [
        moment
        for moment in outcome.seen
        if moment == "before" or "unknown" not in case.says_on(outcome.database)
    ]


@pytest.mark.parametrize(("case", "database"), RUNS)
def test_the_replay_is_what_the_database_holds(
    case: Case, database: str, run_case: RunCase, replay_case: Replay
) -> None:
    outcome, replayed = run_case(case, database), replay_case(case, database)
    for moment in _moments(case, outcome):
        claims = wrong(_state(replayed, moment), _real(outcome, moment))
        assert not claims, f"{moment} the migration:\n" + "\n".join(claims) + f"\n{replayed.story}"


@pytest.mark.parametrize(("case", "database"), RUNS)
def test_what_the_database_holds_is_known(
    case: Case, database: str, run_case: RunCase, replay_case: Replay
) -> None:
    outcome, replayed = run_case(case, database), replay_case(case, database)
    for moment in _moments(case, outcome):
        missing = unknown(_state(replayed, moment), _real(outcome, moment))
        assert not missing, f"{moment} the migration:\n" + "\n".join(missing) + f"\n{replayed.story}"
