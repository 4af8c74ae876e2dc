"""Counts and closing sentences that the formats share."""

from __future__ import annotations

from collections import Counter

from mrt_dynamic.results import Verification
from mrt_lint.phrases import counted, listed
from mrt_lint.verdict import Verdict


def verdict_counts(verification: Verification) -> dict[str, int]:
    """Returns how many revisions have each verdict, worst first, without those that none has."""
    counts = Counter(each.verdict for each in verification.revisions)
    return {verdict.value: counts[verdict] for verdict in Verdict if counts[verdict]}


def summary(verification: Verification) -> str:
    """Returns the outcome in one sentence."""
    tested = verification.revisions
    skipped = sum(each.skipped for each in tested)
    failed = sum(not each.passed for each in tested)
    parts = [f"{number} {what}" for what, number in (
        ("passed", len(tested) - failed - skipped), ("failed", failed), ("skipped", skipped)
    ) if number]  # fmt: skip
    where = f"{counted(len(tested), 'revision')} on {verification.database}"
    return f"{where}: {listed(parts)}." if parts else f"No revisions to verify on {verification.database}."


def verdicts(verification: Verification) -> str:
    """Returns the verdicts in one sentence, empty when there are none."""
    counts = [f"{number} {verdict}" for verdict, number in verdict_counts(verification).items()]
    return f"Rollback: {', '.join(counts)}." if counts else ""
