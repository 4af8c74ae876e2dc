"""The judgement on one revision: from what was found to a verdict, and whether it lets the run pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mrt_dynamic.results import Failure, Kind, Seeding, Unseeded
from mrt_dynamic.verify.cycle import Outcome
from mrt_dynamic.verify.settings import VerifySettings
from mrt_dynamic.verify.trials import Trial
from mrt_lint.verdict import Verdict

_LET_PASS: Final = "--allow-unverified lets this pass."
_OWN_ROWS: Final = "custom-seeds (in the configuration) are rows of your own, on which the upgrade works."


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
    outcome: Outcome, seeding: Seeding, settings: VerifySettings, trial: Trial | None = None
) -> tuple[tuple[Failure, ...], tuple[str, ...]]:
    """Returns failures for tables without rows that the revision touches, and notes on the others.

    `trial`: how rows were found on which the upgrade runs. A table that can hold none is no failure.
    """
    touched = {str(name) for name in outcome.touched}
    failures: list[Failure] = []
    notes: list[str] = []
    told = {each.table for each in outcome.empty}
    for each in outcome.empty:
        column = trial.refuses(each.table) if trial is not None else None
        if column is not None:
            notes.append(
                f"{each.table} cannot hold rows here: the upgrade adds {column}, which must hold a value and"
                " gets none, and so fails on every row"
            )
        else:
            failures.append(_unseeded(each if trial is None else trial.told(each)))
    for table, column in outcome.blank:
        failures.append(
            Failure(
                Kind.UNSEEDED,
                f"{table}.{column} is NULL in every row, so nothing is known of what the upgrade drops",
                table,
                column,
                help=f"{_LET_PASS} {_OWN_ROWS}",
            )
        )
    if trial is not None and trial.without_rows is not None and not failures:
        failures.append(
            Failure(
                Kind.UNSEEDED,
                "tested on empty tables only, so nothing is known of any data: the upgrade fails on all rows"
                f" that were tried: {trial.without_rows}",
                help=f"{_LET_PASS} {_OWN_ROWS}",
            )
        )
    for each in seeding.unseeded:
        if each.table in told:
            continue
        if each.table in touched or settings.strict_seeding:
            failures.append(_unseeded(each))
        else:
            notes.append(f"{each.table} has no rows ({each.reason}); this revision does not touch it")
    return tuple(failures), tuple(notes)


def _unseeded(table: Unseeded) -> Failure:
    own = f"Give it rows of your own:\n{table.seed}" if table.seed else _OWN_ROWS
    return Failure(
        Kind.UNSEEDED,
        f"{table.table} has no rows, so nothing is known of its data: {table.reason}",
        table.table,
        help=f"{_LET_PASS} {own}",
    )
