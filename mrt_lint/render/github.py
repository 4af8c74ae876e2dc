"""The github format: workflow commands that GitHub Actions shows as annotations on a pull request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mrt_lint.lint.finding import Finding, Severity
from mrt_lint.lint.report import MigrationReport, Report
from mrt_lint.render.style import Style
from mrt_lint.render.text import printable
from mrt_lint.render.wording import notes, told

COMMANDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: Report, style: Style) -> str:
    """Returns one annotation a line and nothing else."""
    return "".join(line + "\n" for line in _lines(report, style))


def _lines(report: Report, style: Style) -> Iterator[str]:
    for finding in report.findings:
        yield _finding(finding, COMMANDS[finding.severity])
    for skipped in report.skipped:
        yield _finding(skipped.finding, "notice", f"Skipped: {skipped.reason}")
    if style.verdicts:
        yield from map(_verdict, report.migrations)
    for note in notes(report):
        yield command("notice", {"title": "mrt-lint"}, note)


def _finding(finding: Finding, name: str, more: str = "") -> str:
    title = f"{finding.rule} {finding.name}" + (" (skipped)" if more else "")
    span = finding.span
    place: dict[str, str | int] = {
        "file": finding.path,
        "line": span.line,
        "col": span.column,
        "endLine": span.end_line,
    }
    text = "\n".join(each for each in (told(finding), more or finding.help) if each)
    return command(name, {**place, "title": title}, text)


def _verdict(migration: MigrationReport) -> str:
    title = f"revision {migration.revision}: {migration.verdict.value}"
    reasons = "\n".join(migration.reasons) or "the rollback was looked at"
    return command("notice", {"file": migration.path, "title": title}, reasons)


def command(name: str, properties: dict[str, str | int], message: str) -> str:
    r"""Returns a workflow command, escaped as GitHub's toolkit does it (`core/src/command.ts`).

    >>> command("error", {"file": "a,b.py", "line": 1}, "50% lost\nreally")
    '::error file=a%2Cb.py,line=1::50%25 lost%0Areally'
    """
    listed = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{name} {listed}::{_data(message)}"


def _data(text: str) -> str:
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return printable(escaped)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
