"""Statistics: how many findings there are of each rule, instead of the findings."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Final

from mrt_lint.lint.report import Report
from mrt_lint.render.style import Style
from mrt_lint.render.text import Line, flat, joined
from mrt_lint.render.wording import notes, rollback, summary

FORMATS: Final = ("full", "concise", "table", "json")
"""The formats that can be counted: text, and a list of objects."""


def render(report: Report, style: Style, form: str = "full") -> str:
    """Returns the counts, the most frequent rule first; as JSON when that is the format."""
    rows = _rows(report)
    if form == "json":
        keys = ("rule", "name", "severity", "count")
        return json.dumps([dict(zip(keys, row, strict=True)) for row in rows], indent=2) + "\n"
    return joined(_lines(rows, report), style)


def _rows(report: Report) -> list[tuple[str, str, str, int]]:
    counts = Counter((each.rule, each.name) for each in report.findings)
    worst = {
        key: min(
            (each.severity for each in report.findings if (each.rule, each.name) == key),
            key=lambda severity: severity.rank,
        )
        for key in counts
    }
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [(rule, name, worst[rule, name].value, count) for (rule, name), count in ordered]


def _lines(rows: list[tuple[str, str, str, int]], report: Report) -> Iterator[Line]:
    gutter = max((len(str(count)) for *_, count in rows), default=0)
    room = max((len(rule) for rule, *_ in rows), default=0)
    for rule, name, severity, count in rows:
        yield ((f"{count:>{gutter}}  ", "strong"), (f"{rule:<{room}}", severity), (f"  {name}", ""))
    for note in notes(report):
        yield ((flat(note), ""),)
    if report.files or report.findings:
        yield ((summary(report), ""),)
    if report.migrations:
        yield ((rollback(report), ""),)
