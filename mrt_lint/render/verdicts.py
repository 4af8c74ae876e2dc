"""The list of verdicts: one line for each migration, its reasons below."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mrt_lint.lint.report import Report
from mrt_lint.render.style import Style
from mrt_lint.render.text import Line, printable, wrapped
from mrt_lint.verdict import Verdict

LOOKS: Final[dict[Verdict, str]] = {
    Verdict.BROKEN: "error",
    Verdict.LOSSY: "error",
    Verdict.IRREVERSIBLE: "warning",
    Verdict.FRAGILE: "warning",
    Verdict.REVERSIBLE: "good",
}


def verdict_lines(report: Report, style: Style) -> Iterator[Line]:
    """Yields revision, verdict and path of every migration, in the report's order."""
    revisions = max((len(printable(each.revision)) for each in report.migrations), default=0)
    verdicts = max((len(each.verdict.value) for each in report.migrations), default=0)
    for migration in report.migrations:
        word = migration.verdict.value
        yield (
            (f"{printable(migration.revision):<{revisions}}  ", ""),
            (f"{word:<{verdicts}}", LOOKS.get(migration.verdict, "info")),
            (f"  {printable(migration.path)}", ""),
        )
        reasons = (*migration.reasons, migration.excused) if migration.excused else migration.reasons
        for reason in reasons:
            for text in wrapped(reason, style.width, "      ", "    - "):
                yield ((text, ""),)
