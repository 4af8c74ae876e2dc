"""The judgement on one revision: from what was found to a verdict, and whether it lets the run pass."""

from __future__ import annotations

from collections.abc import Sequence

from mrt_dynamic.results import Failure, Kind, Seeding, Unseeded
from mrt_dynamic.verify.cycle import Outcome
from mrt_dynamic.verify.settings import VerifySettings
from mrt_lint.verdict import Verdict


def verdict_of(failures: Sequence[Failure], declared: bool = False) -> Verdict:
    """Returns the worst verdict that the failures give; `declared`: the downgrade refused on purpose."""
    found = [failure.kind.verdict for failure in failures]
    if declared:
        found.append(Verdict.IRREVERSIBLE)
    return min(found, key=lambda verdict: verdict.rank, default=Verdict.REVERSIBLE)


def passes(verdict: Verdict, settings: VerifySettings) -> bool:
    """Returns whether a revision with this verdict lets the run pass."""
    if verdict is Verdict.IRREVERSIBLE:
        return not settings.fail_on_irreversible
    if verdict is Verdict.UNVERIFIED:
        return settings.allow_unverified
    return verdict is Verdict.REVERSIBLE


def unseeded(
    outcome: Outcome, seeding: Seeding, settings: VerifySettings
) -> tuple[tuple[Failure, ...], tuple[str, ...]]:
    """Returns failures for tables without rows that the revision touches, and notes on the others."""
    touched = {str(name) for name in outcome.touched}
    failures, notes = [_unseeded(each) for each in outcome.empty], []
    told = {each.table for each in outcome.empty}
    for each in seeding.unseeded:
        if each.table in told:
            continue
        if each.table in touched or settings.strict_seeding:
            failures.append(_unseeded(each))
        else:
            notes.append(f"{each.table} has no rows ({each.reason}); this revision does not touch it")
    return tuple(failures), tuple(notes)


def _unseeded(table: Unseeded) -> Failure:
    seed = f" Give it rows of your own:\n{table.seed}" if table.seed else ""
    return Failure(
        Kind.UNSEEDED,
        f"{table.table} has no rows, so nothing is known of its data: {table.reason}",
        table.table,
        help=f"--allow-unverified lets this pass.{seed}",
    )
