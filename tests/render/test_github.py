"""Workflow commands, escaped as GitHub's toolkit escapes them."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote

import pytest

from mrt_lint.lint.finding import Severity
from mrt_lint.lint.report import MigrationReport, Report, Skipped
from mrt_lint.ops.span import Span
from mrt_lint.render.github import command, render
from mrt_lint.render.style import Style
from mrt_lint.verdict import Verdict
from tests.lint.making import finding

DROP = finding(
    "MRT201",
    path="versions/b2.py",
    span=Span(10, 5, 12, 7),
    severity=Severity.ERROR,
    message="users.phone is dropped",
)


def lines(*findings: object, verdicts: bool = False, **fields: object) -> list[str]:
    report = Report("0.1.0", "", findings=findings, **fields)  # type: ignore[arg-type]
    return render(report, Style(verdicts=verdicts)).splitlines()


def test_one_annotation_for_each_finding_and_nothing_else() -> None:
    assert lines(DROP, files=1) == [
        "::error file=versions/b2.py,line=10,col=5,endLine=12,title=MRT201 rule-mrt201::users.phone is dropped"
    ]


@pytest.mark.parametrize(
    ("severity", "name"),
    [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "notice")],
)
def test_severities(severity: Severity, name: str) -> None:
    assert lines(replace(DROP, severity=severity))[0].startswith(f"::{name} file=")


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("100% sure", "100%25 sure"),
        ("a\nb\r\nc", "a%0Ab%0D%0Ac"),
        ("%0A stays text", "%250A stays text"),
        ("a, b: c", "a, b: c"),
        ("::error::x", "::error::x"),
        ("na\u00efve \u540d", "na\u00efve \u540d"),
        ("\x1b[2J", "\\x1b[2J"),
    ],
)
def test_messages(text: str, escaped: str) -> None:
    (line,) = lines(replace(DROP, message=text))
    assert line.partition("title=")[2].partition("::")[2] == escaped


@pytest.mark.parametrize(
    ("text", "escaped"),
    [("a,b.py", "a%2Cb.py"), ("C:/x.py", "C%3A/x.py"), ("50%.py", "50%25.py"), ("a\nb.py", "a%0Ab.py")],
)
def test_properties(text: str, escaped: str) -> None:
    (line,) = lines(replace(DROP, path=text))
    assert line.startswith(f"::error file={escaped},line=10,")


def test_the_help_stands_below_the_message() -> None:
    (line,) = lines(replace(DROP, help="in two steps"))
    assert line.endswith("::users.phone is dropped%0Ain two steps")


def test_whatever_is_put_in_comes_out_again() -> None:
    value = "%,:\r\n%25"
    line = command("error", {"file": value}, value)
    _, properties, message = line.split("::")
    assert unquote(properties.removeprefix("error file=")) == value
    assert unquote(message) == value


def test_what_else_there_is_to_say_is_a_notice() -> None:
    migration = MigrationReport("b2", "versions/b2.py", Verdict.LOSSY, ("phone is lost",))
    told = lines(
        verdicts=True,
        skipped=(Skipped(DROP, "exported"),),
        migrations=(migration,),
        notes=("No migration comes after b2.",),
    )
    assert told == [
        "::notice file=versions/b2.py,line=10,col=5,endLine=12,title=MRT201 rule-mrt201 (skipped)"
        "::users.phone is dropped%0ASkipped: exported",
        "::notice file=versions/b2.py,title=revision b2%3A lossy::phone is lost",
        "::notice title=mrt-lint::No migration comes after b2.",
    ]
