"""What an operation was written as: rules for Django's own words ask here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mrt_lint.config.option import Option, one_of
from mrt_lint.lint.finding import Finding, Severity
from mrt_lint.lint.rule import Rule
from mrt_lint.lowered import Migration
from mrt_lint.ops import Operation, Refuse
from mrt_rules_django.declared import DeclaredNoop

_FIELDS: Final = ("RemoveField", "AddField", "AlterField", "RenameField")


def is_join_table(operation: Operation) -> bool:
    """Returns whether an operation on a table is about the join table of a ManyToManyField."""
    return not operation.sql and operation.api.endswith(_FIELDS)


def refusals(migration: Migration, kind: str) -> Iterator[Refuse]:
    """Yields what Django raises when it migrates backwards, for operations of this kind with an effect."""
    for refusal in migration.downgrade or ():
        if not isinstance(refusal, Refuse) or not refusal.message.startswith(f"{kind} without"):
            continue
        own = [one for one in migration.upgrade or () if one.span == refusal.span]
        if kind == "RunPython" or any(one.has_effect for one in own):
            yield refusal


NOOP: Final = Option(
    "runpython-noop",
    one_of("info", "warning", "error", "allow"),
    "How RunPython with an explicit noop as its reverse is reported (Django).",
    "info",
    '"allow"',
)


def unreversed(rule: Rule, migration: Migration, noop: str) -> Iterator[Finding]:
    """Yields a finding of the rule for each RunPython without a way back.

    `noop`: how one whose way back is declared to do nothing is reported (see `NOOP`).
    """
    for refusal in refusals(migration, "RunPython"):
        yield rule.finding(
            refusal,
            "RunPython without reverse_code: Django refuses to migrate backwards over it",
            help="give it reverse_code, RunPython.noop if there is nothing to undo",
            subject=f"RunPython:{refusal.span.line}",
            migration=migration,
        )
    if noop == "allow":
        return
    for step in migration.downgrade or ():
        if isinstance(step, DeclaredNoop):
            yield rule.finding(
                step,
                "RunPython declares with RunPython.noop that there is nothing to undo",
                help="nothing to do if that is meant; say what would have to be undone otherwise",
                subject=f"RunPython.noop:{step.span.line}",
                severity=Severity(noop),
                migration=migration,
            )
