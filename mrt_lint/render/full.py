"""The full format: findings by file, each with its code frame, message and help, then the summary."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from mrt_lint.lint.finding import Finding
from mrt_lint.lint.report import Report, Skipped
from mrt_lint.phrases import counted
from mrt_lint.render.frame import frame
from mrt_lint.render.style import Style
from mrt_lint.render.text import Line, cells, joined, printable, wrapped
from mrt_lint.render.verdicts import LOOKS, verdict_lines
from mrt_lint.render.wording import notes, rollback, summary, told

NOTHING: Line = ()


def render(report: Report, style: Style) -> str:
    """Returns the whole report as text of at most `style.width` columns (paths may be longer)."""
    return joined(_lines(report, style), style)


def _lines(report: Report, style: Style) -> Iterator[Line]:
    for path, findings in groupby(report.findings, key=lambda finding: finding.path):
        yield from _header(report, path, style)
        for finding in findings:
            yield NOTHING
            yield from _finding(report, finding, style)
        yield NOTHING
    for skipped in report.skipped:
        yield from _skipped(skipped, style)
    if report.skipped:
        yield NOTHING
    if style.verdicts and report.migrations:
        yield (("Verdicts", "strong"),)
        yield from verdict_lines(report, style)
        yield NOTHING
    yield from _summary(report, style)


def _header(report: Report, path: str, style: Style) -> Iterator[Line]:
    of = [migration for migration in report.migrations if migration.path == path]
    pieces: Line = ()
    for migration in of[:1]:
        pieces = (
            (f"  revision {printable(migration.revision)}, rollback: ", ""),
            (migration.verdict.value, LOOKS.get(migration.verdict, "info")),
        )
    yield from _side_by_side(((printable(path), "path"),), pieces, style)


def _side_by_side(left: Line, right: Line, style: Style) -> Iterator[Line]:
    """Yields both on one line if they fit, else each on its own."""
    if sum(cells(text) for text, _ in (*left, *right)) <= style.width:
        yield (*left, *right)
    else:
        yield left
        yield right


def _finding(report: Report, finding: Finding, style: Style) -> Iterator[Line]:
    look = finding.severity.value
    place = f"{printable(finding.path)}:{finding.span.line}:{finding.span.column}"
    name = ((f"{finding.severity.value}[{finding.rule}]", look), (f" {finding.name}", "strong"))
    yield from _side_by_side(name, ((f"  {place}", ""),), style)
    for text in wrapped(told(finding), style.width, "  "):
        yield ((text, ""),)
    yield from frame(report.frame(finding), finding.span, style.width)
    if finding.help:
        first, *rest = wrapped(finding.help, style.width, "  ", "  help: ")
        yield (("  help:", "strong"), (first.removeprefix("  help:"), ""))
        for text in rest:
            yield ((text, ""),)


def _skipped(skipped: Skipped, style: Style) -> Iterator[Line]:
    finding = skipped.finding
    place = f"{printable(finding.path)}:{finding.span.line}:{finding.span.column}"
    name = ((f"skipped[{finding.rule}]", "info"), (f" {finding.name}", "strong"))
    yield from _side_by_side(name, ((f"  {place}", ""),), style)
    for text in wrapped(f"{told(finding)}\nskipped: {skipped.reason}", style.width, "  "):
        yield ((text, ""),)


def _summary(report: Report, style: Style) -> Iterator[Line]:
    for note in notes(report):
        for text in wrapped(note, style.width):
            yield ((text, ""),)
    if not report.files and not report.findings:
        return
    yield ((summary(report), "strong"),)
    if report.migrations:
        yield ((rollback(report), ""),)
    if report.findings:
        worst = min(report.findings, key=lambda finding: finding.severity.rank)
        yield ((f"To read about a rule: mrt-lint rule {worst.rule}", ""),)
        yield ((f"To accept a finding: # noqa: {worst.rule} -- why  (on its line)", ""),)
    elif doubts := sum(bool(migration.unknown) for migration in report.migrations):
        yield ((f"Not fully understood: {counted(doubts, 'migration')}; see mrt-lint check --verdicts", ""),)
