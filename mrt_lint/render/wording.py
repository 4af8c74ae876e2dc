"""Sentences that several formats share: counts, verdicts, databases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mrt_lint.lint.finding import Finding, Severity
from mrt_lint.lint.report import Report

DATABASES: Final[dict[str, str]] = {
    "postgresql": "PostgreSQL",
    "mysql": "MySQL",
    "mariadb": "MariaDB",
    "sqlite": "SQLite",
    "oracle": "Oracle",
    "mssql": "SQL Server",
}


def database(name: str) -> str:
    """Returns how a database spells itself."""
    return DATABASES.get(name, name)


def listed(items: Sequence[str]) -> str:
    """Returns `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def counted(number: int, noun: str) -> str:
    """Returns `1 error`, `2 errors`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def told(finding: Finding) -> str:
    """Returns the message, with the databases it holds for when it does not hold for all."""
    if not finding.dialects:
        return finding.message
    return f"{finding.message} (on {listed([database(name) for name in finding.dialects])})"


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
    counts = [f"{number} {verdict.value}" for verdict, number in report.verdicts.items()]
    return f"Rollback: {', '.join(counts)}." if counts else ""


def notes(report: Report) -> list[str]:
    """Returns what else the user must know, a sentence each."""
    found = list(report.notes)
    if report.condemned:
        failing = [f"{each.revision} ({each.verdict.value})" for each in report.condemned]
        shown = [*failing[:5], f"{len(failing) - 5} more"] if len(failing) > 6 else failing
        found.append(f"Verdicts that fail the run: {listed(shown)}.")
    if report.guessed:
        names = listed([database(name) for name in report.guessed])
        found.append(
            f"The target database is not known, so hazards of {names} count; name it with --database."
        )
    return found
