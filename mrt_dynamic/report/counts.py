"""Counts and closing sentences that the formats share."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from mrt_dynamic.results import Verification
from mrt_lint.phrases import counted, listed, rollback
from mrt_lint.verdict import Verdict


def verdict_counts(verification: Verification) -> dict[str, int]:
    """Returns how many revisions have each verdict, worst first, without those that none has."""
    counts = Counter(each.verdict for each in verification.revisions)
    return {verdict.value: counts[verdict] for verdict in Verdict if counts[verdict]}


class Outcomes(NamedTuple):
    """How many revisions passed, failed, and were skipped."""

    passed: int
    failed: int
    skipped: int


def outcomes(verification: Verification) -> Outcomes:
    """Returns the counts; whoever is skipped counts nowhere else."""
    tested = verification.revisions
    skipped = sum(each.skipped for each in tested)
    failed = sum(not each.passed for each in tested)
    return Outcomes(len(tested) - failed - skipped, failed, skipped)


def summary(verification: Verification) -> str:
    """Returns the outcome in one sentence."""
    parts = [f"{number} {what}" for what, number in outcomes(verification)._asdict().items() if number]
    where = f"{counted(len(verification.revisions), 'revision')} on {verification.database}"
    return f"{where}: {listed(parts)}." if parts else f"No revisions to verify on {verification.database}."


def verdicts(verification: Verification) -> str:
    """Returns the verdicts in one sentence, empty when there are none."""
    return rollback(verdict_counts(verification))
