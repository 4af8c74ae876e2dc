"""The table: what it shows, and that it fits."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from mrt_lint.lint.finding import Severity
from mrt_lint.lint.report import MigrationReport, Report, Skipped
from mrt_lint.ops.span import Span
from mrt_lint.render.style import Style
from mrt_lint.render.table import render
from mrt_lint.render.text import STYLES, cells
from mrt_lint.verdict import Verdict
from tests.lint.making import finding

PATH = "versions/b2.py"
DROP = finding(
    "MRT201",
    path=PATH,
    span=Span(10, 5, 10, 7),
    severity=Severity.ERROR,
    message="users.phone is dropped",
    revision="b2",
)
REPORT = Report(
    "0.1.0",
    "",
    findings=(DROP, replace(DROP, span=Span(12, 1, 12, 2), severity=Severity.WARNING)),
    skipped=(Skipped(replace(DROP, path="versions/c3.py"), "exported"),),
    migrations=(MigrationReport("b2", PATH, Verdict.LOSSY, ("users.phone is lost",)),),
    files=1,
    notes=("One thing.",),
)


def test_one_table_for_each_file() -> None:
    text = render(REPORT, Style())
    assert [line for line in text.splitlines() if "versions/" in line] == [
        "versions/b2.py  b2: lossy",
        "versions/c3.py",
    ]
    rows = [line.split(None, 3) for line in text.splitlines() if "MRT201" in line]
    assert rows == [
        ["10", "error", "MRT201", "rule-mrt201: users.phone is dropped"],
        ["12", "warning", "MRT201", "rule-mrt201: users.phone is dropped"],
        ["10", "skipped", "MRT201", "rule-mrt201: users.phone is dropped (skipped: exported)"],
    ]
    assert text.endswith(
        "One thing.\nFound 1 error and 1 warning in 1 migration (1 skipped).\nRollback: 1 lossy.\n"
    )


@pytest.mark.parametrize("width", [60, 80, 200])
@pytest.mark.parametrize("verdicts", [True, False])
def test_lines_fit(width: int, verdicts: bool) -> None:
    wide = replace(DROP, message="word " * 60 + "x" * 300)
    loaded = replace(
        REPORT,
        findings=(wide,),
        migrations=(MigrationReport("b2", PATH, Verdict.LOSSY, ("word " * 60,)),),
    )
    text = render(loaded, Style(width=width, verdicts=verdicts))
    assert max(map(cells, text.splitlines())) <= width
    assert text.replace("\n", "").replace(" ", "").count("x" * 300) == 1


def test_verdicts_are_listed() -> None:
    text = render(REPORT, Style(verdicts=True))
    assert "b2        lossy    versions/b2.py\n                   - users.phone is lost\n" in text


def test_nothing_of_a_source_is_taken_for_markup_or_steers_the_terminal() -> None:
    text = render(replace(REPORT, findings=(replace(DROP, message="[red]a :smile: \x1b[2J[/red]"),)), Style())
    assert "[red]a :smile: \\x1b[2J[/red]" in text
    assert text.isascii()


def test_colours_only_when_asked_for_and_the_same_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    coloured = render(REPORT, Style(color=True))
    assert "\x1b[" in coloured
    plain = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert [line.rstrip() for line in plain.splitlines()] == render(REPORT, Style()).splitlines()
    assert "\x1b" not in render(REPORT, Style())


def luminance(red: int, green: int, blue: int) -> float:
    """Returns the relative luminance of a colour (WCAG 2)."""
    parts = [value / 255 for value in (red, green, blue)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("style", sorted({style for style in STYLES.values() if "color" in style}))
def test_colours_are_seen_on_light_and_on_dark_grounds(style: str) -> None:
    from rich.style import Style as RichStyle

    color = RichStyle.parse(style).color
    assert color is not None
    light = luminance(*color.get_truecolor())
    assert 1.05 / (light + 0.05) > 3.8
    assert (light + 0.05) / 0.05 > 3.8
