"""On which lines a suppression counts, and what is told about those that do nothing."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from mrt_lint.lint.suppress import decide, lines_of, unused
from mrt_lint.lowered import Suppression
from mrt_lint.ops.span import Span
from tests.lint.making import finding

CODE = dedent("""\
    revision = (
        "a"
    )
    @decorated
    def upgrade(
        op,
    ):
        with op.batch() as b:
            b.drop(
                "x",
            )
        pass
    match x:
        case 1:
            y = 1
    """)


@pytest.mark.parametrize(
    ("span", "lines"),
    [
        (Span(1, 1, 1, 9), {1, 2, 3}),
        (Span(5, 5, 5, 12), {4, 5, 6, 7}),
        (Span(4, 1, 12, 9), set(range(4, 13))),
        (Span(8, 10, 8, 20), {8}),
        (Span(10, 13, 10, 16), {9, 10, 11}),
        (Span(13, 7, 13, 8), {13}),
        (Span(15, 9, 15, 10), {15}),
        (Span(90, 1, 90, 2), {90}),
    ],
)
def test_lines_of_a_bare_span(span: Span, lines: set[int]) -> None:
    assert set(lines_of(finding(span=span), lambda: ast.parse(CODE))) == lines


def test_lines_of_an_operation_are_its_statement_whatever_the_tree() -> None:
    found = finding(span=Span(10, 13, 10, 16), statement=Span(9, 9, 11, 10))
    assert set(lines_of(found, lambda: None)) == {9, 10, 11}


def test_without_a_tree_the_span_counts() -> None:
    assert set(lines_of(finding(span=Span(3, 1, 4, 1)), lambda: None)) == {3, 4}


def comment(line: int = 1, *codes: str, **fields: object) -> Suppression:
    return Suppression(line, 1, 9, codes, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("suppression", "stands"),
    [
        (comment(3, "TST001"), False),
        (comment(3), False),
        (comment(3, "TST002", "TST001"), False),
        (comment(3, "TST002"), True),
        (comment(4, "TST001"), True),
        (comment(9, "TST001", file=True), False),
        (comment(9, file=True), False),
        (comment(9, "TST002", file=True), True),
        (comment(3, malformed="TST001 TST002"), True),
    ],
)
def test_what_is_suppressed(suppression: Suppression, stands: bool) -> None:
    found = finding("TST001", line=3)
    decided = decide([found], [suppression], lambda each: each.span.lines)
    assert (decided.kept == [found]) is stands
    assert (decided.suppressed == [(found, suppression)]) is not stands
    assert decided.used == [set() if stands else {"TST001"}]


def test_every_comment_that_matches_is_used() -> None:
    comments = [comment(3, "TST001"), comment(1, file=True)]
    assert decide([finding(line=3)], comments, lambda each: each.span.lines).used == [{"TST001"}, {"TST001"}]


KNOWN = {"TST001", "TST002", "ACM1"}


@pytest.mark.parametrize(
    ("suppression", "used", "judged", "told"),
    [
        (comment(1, "TST001"), {"TST001"}, KNOWN, []),
        (comment(1, "TST001"), set(), KNOWN, [("unused", ("TST001",))]),
        (comment(1, "TST001"), set(), {"TST002"}, []),
        (comment(1, "TST001", "TST002"), {"TST001"}, KNOWN, [("unused", ("TST002",))]),
        (comment(1, "TST009"), set(), KNOWN, [("unknown", ("TST009",))]),
        (comment(1, "MRT999"), set(), KNOWN, [("unknown", ("MRT999",))]),
        (comment(1, "E501", "TST001"), {"TST001"}, KNOWN, []),
        (comment(1, "E501"), set(), KNOWN, []),
        (comment(1, "TST009", "TST001"), set(), KNOWN, [("unknown", ("TST009",)), ("unused", ("TST001",))]),
        (comment(1), set(), KNOWN, []),
        (comment(1, ours=True), set(), KNOWN, [("unused", ())]),
        (comment(1, ours=True), {"TST001"}, KNOWN, []),
        (comment(1, ours=True), set(), {"TST002"}, []),
        (comment(1, malformed="MRT2,"), set(), KNOWN, [("malformed", ("MRT2,",))]),
    ],
)
def test_what_is_told_of_suppressions_that_did_nothing(
    suppression: Suppression, used: set[str], judged: set[str], told: list[tuple[str, tuple[str, ...]]]
) -> None:
    found = unused("a.py", [suppression], [used], known=KNOWN, judged=judged, all_judged=judged == KNOWN)
    assert [(each.why, each.codes) for each in found] == told


def test_an_unknown_code_comes_with_the_nearest() -> None:
    (found,) = unused("a.py", [comment(4, "TST0O1")], [set()], known=KNOWN, judged=KNOWN, all_judged=True)
    assert found.suggestion == "; did you mean 'TST001'?"
    assert found.span == Span(4, 1, 4, 9)
