"""The table format: a table of findings for each file, made by rich, readable at 80 columns."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from itertools import groupby
from typing import TYPE_CHECKING, Final

from mrt_lint.lint.finding import Finding
from mrt_lint.lint.report import Report
from mrt_lint.render.style import Style
from mrt_lint.render.text import STYLES, flat, printable
from mrt_lint.render.verdicts import LOOKS
from mrt_lint.render.wording import notes, rollback, summary, told

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

NARROWEST: Final = 60
"""Columns below which a table is not squeezed any more."""


def render(report: Report, style: Style) -> str:
    """Returns the tables, then the counts."""
    from mrt_lint.render.text import console

    out = StringIO()
    shown = console(out, style.color, max(style.width, NARROWEST))
    for path, found in groupby(_everything(report), key=lambda each: each[0].path):
        _title(shown, report, path)
        shown.print(_findings(list(found)))
    if style.verdicts and report.migrations:
        shown.print("Verdicts", style=STYLES["strong"])
        shown.print(_verdicts(report))
    for note in notes(report):
        shown.print(flat(note))
    if report.files or report.findings:
        shown.print(summary(report), style=STYLES["strong"])
    if report.migrations:
        shown.print(rollback(report))
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))


def _everything(report: Report) -> list[tuple[Finding, str]]:
    """Returns the findings and the skipped ones with their reasons, in the order of every report."""
    all_of_them = [(finding, "") for finding in report.findings]
    all_of_them += [(each.finding, each.reason) for each in report.skipped]
    return sorted(all_of_them, key=lambda each: each[0].sort_key)


def _title(shown: Console, report: Report, path: str) -> None:
    from rich.text import Text

    title = Text(printable(path), style=STYLES["path"])
    for migration in [each for each in report.migrations if each.path == path][:1]:
        title.append(f"  {printable(migration.revision)}: ", style="not bold")
        title.append(migration.verdict.value, style=STYLES[LOOKS.get(migration.verdict, "info")])
    shown.print(title)


def _table(*columns: str) -> Table:
    from rich.box import Box
    from rich.table import Table

    plain = Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)
    table = Table(box=plain, expand=True, header_style="", padding=(0, 1, 0, 0), show_edge=False)
    for name in columns[:-1]:
        table.add_column(name, no_wrap=True)
    table.add_column(columns[-1], ratio=1, overflow="fold")
    return table


def _findings(found: list[tuple[Finding, str]]) -> Table:
    from rich.text import Text

    table = _table("line", "severity", "rule", "what")
    for finding, reason in found:
        severity = "skipped" if reason else finding.severity.value
        message = flat(told(finding)) + (f" (skipped: {flat(reason)})" if reason else "")
        what = Text.assemble((finding.name, STYLES["strong"]), ": ", message)
        look = STYLES["info" if reason else severity]
        table.add_row(str(finding.span.line), Text(severity, look), finding.rule, what)
    table.add_row()
    return table


def _verdicts(report: Report) -> Table:
    from rich.text import Text

    table = _table("revision", "verdict", "migration")
    for migration in report.migrations:
        verdict = Text(migration.verdict.value, STYLES[LOOKS.get(migration.verdict, "info")])
        told_of = [printable(migration.path), *(flat(reason) for reason in _reasons(migration.reasons))]
        table.add_row(printable(migration.revision), verdict, Text("\n".join(told_of)))
    table.add_row()
    return table


def _reasons(reasons: tuple[str, ...]) -> Iterator[str]:
    for reason in reasons:
        yield f"- {reason}"
