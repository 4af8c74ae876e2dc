"""Sentences that several formats share: messages, counts, verdicts, notes."""

from __future__ import annotations

from mrt_lint import phrases
from mrt_lint.lint.finding import Finding, Severity
from mrt_lint.lint.report import Report
from mrt_lint.phrases import counted, listed
from mrt_lint.schema.dialects import titles


def told(finding: Finding) -> str:
    """Returns the message, with the databases it holds for when it does not hold for all."""
    if not finding.dialects:
        return finding.message
    return f"{finding.message} (on {titles(finding.dialects)})"


def summary(report: Report) -> str:
    """Returns the counts of findings in one sentence."""
    parts = [counted(number, severity.value) for severity in Severity if (number := report.count(severity))]
    where = f" in {counted(report.files, 'migration')}"
    sides = {"suppressed": len(report.suppressed), "skipped": len(report.skipped)}
    sides["in the baseline"] = report.baselined
    besides = ", ".join(f"{number} {side}" for side, number in sides.items() if number)
    aside = f" ({besides})" if besides else ""
    if not parts:
        return f"No problems found{where}{aside}."
    return f"Found {listed(parts)}{where}{aside}."


def rollback(report: Report) -> str:
    """Returns the counts of verdicts in one sentence, empty when there are no migrations."""
    return phrases.rollback({verdict.value: number for verdict, number in report.verdicts.items()})


def notes(report: Report) -> list[str]:
    """Returns what else the user must know, a sentence each."""
    found = list(report.notes)
    if report.condemned:
        failing = [f"{each.revision} ({each.verdict.value})" for each in report.condemned]
        shown = [*failing[:5], f"{len(failing) - 5} more"] if len(failing) > 6 else failing
        found.append(f"Verdicts that fail the run: {listed(shown)}.")
    if report.guessed:
        found.append(
            f"The target database is not known, so hazards of {titles(report.guessed)} count; "
            "name it with --database."
        )
    return found
