"""The concise format: `path:line:column: CODE message`, one line for each finding."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.lint.report import Report, Skipped
from mrt_lint.render.style import Style
from mrt_lint.render.text import Line, Piece, flat, joined
from mrt_lint.render.verdicts import verdict_lines
from mrt_lint.render.wording import notes, rollback, summary, told


def render(report: Report, style: Style) -> str:
    """Returns the findings, then the counts."""
    return joined(_lines(report, style), style)


def _lines(report: Report, style: Style) -> Iterator[Line]:
    for finding in report.findings:
        place = f"{flat(finding.path)}:{finding.span.line}:{finding.span.column}: "
        yield ((place, ""), (finding.rule, finding.severity.value), (f" {flat(told(finding))}", ""))
    for skipped in report.skipped:
        finding = skipped.finding
        place = f"{flat(finding.path)}:{finding.span.line}:{finding.span.column}: "
        yield ((place, ""), (finding.rule, "info"), (f" {flat(told(finding))}", ""), _reason(skipped))
    if style.verdicts:
        yield from verdict_lines(report, style)
    for note in notes(report):
        yield ((flat(note), ""),)
    if report.files or report.findings:
        yield ((summary(report), ""),)
    if report.migrations:
        yield ((rollback(report), ""),)


def _reason(skipped: Skipped) -> Piece:
    return (f" (skipped: {flat(skipped.reason)})", "")
