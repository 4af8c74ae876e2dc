"""One harm is one finding, whatever the databases call its parts."""

from __future__ import annotations

import random

from mrt_lint.lint.dispatch import Found, merged
from mrt_lint.lint.finding import Finding, Severity
from mrt_lint.ops.span import Span
from mrt_lint.schema.dialects import Dialect

AMONG: tuple[Dialect, ...] = ("postgresql", "mysql", "sqlite")


def finding(message: str, subject: str, severity: Severity = Severity.WARNING, line: int = 4) -> Finding:
    return Finding("MRT803", "changed", severity, "a.py", Span(line, 1, line, 9), message, subject=subject)


def told(*found: tuple[Finding, Dialect]) -> list[tuple[str, str, tuple[str, ...]]]:
    each = [Found(item, dialect, AMONG) for item, dialect in found]
    expected = merged(each)
    random.Random(1).shuffle(each)
    assert merged(each) == expected
    return [(item.message, item.severity.value, item.dialects) for item in expected]


def test_one_subject_in_other_words_is_one_finding() -> None:
    uuid, char = finding("UUID", "t.id:type"), finding("CHAR(32)", "T.id:type", Severity.ERROR)
    assert told((char, "mysql"), (char, "sqlite"), (uuid, "postgresql")) == [("UUID", "error", ())]


def test_the_databases_are_the_union() -> None:
    text, clob = finding("TEXT", "t.id:type"), finding("LONGTEXT", "t.id:type")
    assert told((text, "sqlite"), (clob, "mysql")) == [("LONGTEXT", "warning", ("mysql", "sqlite"))]


def test_two_findings_on_one_database_stay_two() -> None:
    one, two = finding("one", "t.id:type"), finding("two", "t.id:type")
    assert told((one, "mysql"), (two, "mysql")) == [
        ("one", "warning", ("mysql",)),
        ("two", "warning", ("mysql",)),
    ]


def test_other_places_and_findings_without_a_subject_are_left_apart() -> None:
    here, there = finding("a", "t.id:type"), finding("b", "t.id:type", line=5)
    assert len(told((here, "mysql"), (there, "sqlite"))) == 2
    assert len(told((finding("a", ""), "mysql"), (finding("b", ""), "sqlite"))) == 2
