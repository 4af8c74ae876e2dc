"""Which comments are suppressions, and of what."""

from __future__ import annotations

from pathlib import Path

import pytest

from mrt_lint.source.source import Source


def found(text: str) -> list[tuple[tuple[str, ...], str, bool, str]]:
    one = Source(Path("m.py"), text.encode())
    return [(each.codes, each.reason, each.file, each.malformed) for each in one.suppressions]


@pytest.mark.parametrize(
    ("comment", "codes", "reason"),
    [
        ("# noqa", (), ""),
        ("#noqa", (), ""),
        ("#   NoQA", (), ""),
        ("# noqa some words", (), ""),
        ("# noqa: MRT201", ("MRT201",), ""),
        ("# noqa:MRT201", ("MRT201",), ""),
        ("# noqa : MRT201", ("MRT201",), ""),
        ("# noqa:   MRT201 ,MRT202", ("MRT201", "MRT202"), ""),
        ("# noqa: MRT201 MRT202", ("MRT201", "MRT202"), ""),
        ("# noqa: mrt201", ("MRT201",), ""),
        ("# noqa: MRT201, MRT202 -- backed up in S3", ("MRT201", "MRT202"), "backed up in S3"),
        ("# noqa: MRT201 -- see #12", ("MRT201",), "see #12"),
        ("# noqa: E501, MRT201, W291", ("E501", "MRT201", "W291"), ""),
        ("# noqa: E501", ("E501",), ""),
        ("# type: ignore # noqa: MRT201", ("MRT201",), ""),
        ("# noqa: MRT201 # type: ignore", ("MRT201",), ""),
        ("# mrt: ignore", (), ""),
        ("# mrt:ignore", (), ""),
        ("# MRT: ignore", (), ""),
        ("# mrt: ignore -- empty table", (), "empty table"),
        ("# mrt: ignore[MRT201]", ("MRT201",), ""),
        ("# mrt: ignore[MRT201, mrt202] -- why", ("MRT201", "MRT202"), "why"),
        ("# mrt: ignore[ACME001]", ("ACME001",), ""),
    ],
)
def test_read(comment: str, codes: tuple[str, ...], reason: str) -> None:
    assert found(f"x = 1  {comment}\n") == [(codes, reason, False, "")]


def test_several_in_one_comment() -> None:
    assert found("x = 1  # noqa: E501 # mrt: ignore[MRT201]\n") == [
        (("E501",), "", False, ""),
        (("MRT201",), "", False, ""),
    ]


@pytest.mark.parametrize(
    ("comment", "codes"),
    [("# mrt: ignore-file", ()), ("# mrt: ignore-file[MRT201, MRT202]", ("MRT201", "MRT202"))],
)
def test_whole_file(comment: str, codes: tuple[str, ...]) -> None:
    assert found(f"{comment}\nx = 1\n") == [(codes, "", True, "")]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x = '# noqa: MRT201'\n", id="in a string"),
        pytest.param('"""\n# noqa\n# mrt: ignore\n"""\n', id="in a docstring"),
        pytest.param("x = 1  # noqa: E501 because it is long\n", id="another tool's code and words"),
        pytest.param("x = 1  # noqa:\n", id="an empty list"),
        pytest.param("x = 1  # flake8: noqa\n", id="flake8's own directive"),
        pytest.param("x = 1  # ruff: noqa: MRT201\n", id="ruff's own directive"),
        pytest.param("x = 1  # noqable\n", id="a longer word"),
        pytest.param("x = 1  # no qa, mrt-lint\n", id="prose"),
    ],
)
def test_not_ours(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("comment", "malformed"),
    [
        ("# noqa: MRT201 some text", "some text"),
        ("# noqa: MRT2O1", "MRT2O1"),
        ("# noqa: MRT201, MRT20", "MRT20"),
        ("# noqa: MRT201; MRT202", "MRT201;"),
        ("# noqa: MRT201 - reason", "- reason"),
        ("# noqa MRT201", "MRT201 without a colon after noqa"),
        ("# mrt: ignored", "ignored"),
        ("# mrt: ignore MRT201", "MRT201"),
        ("# mrt: ignore[MRT201", "[MRT201"),
        ("# mrt: ignore[]", "[]"),
        ("# mrt: ignore[drop column]", "drop column"),
        ("# mrt: off", "off"),
    ],
)
def test_malformed_suppresses_nothing_and_is_kept(comment: str, malformed: str) -> None:
    assert found(f"x = 1  {comment}\n") == [((), "", False, malformed)]


def test_several_comments_each_with_its_place() -> None:
    text = "f(  # noqa: MRT201\n  1,\n)  # mrt: ignore[MRT202] -- ok\n"
    suppressions = Source(Path("m.py"), text.encode()).suppressions
    assert [(one.line, one.column, one.end_column, one.codes, one.ours) for one in suppressions] == [
        (1, 5, 19, ("MRT201",), False),
        (3, 4, 31, ("MRT202",), True),
    ]


def test_comments_before_a_syntax_error_count() -> None:
    assert found("x = 1  # noqa: MRT902\ny = (\n") == [(("MRT902",), "", False, "")]
