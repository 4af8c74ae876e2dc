"""How bytes become text, and what is said of files that are no Python text."""

from __future__ import annotations

import ast
import hashlib
import warnings
from pathlib import Path

import pytest

from mrt_lint.errors import SourceError
from mrt_lint.ops.span import Span
from mrt_lint.source.source import Source, read_source


def source(data: bytes | str) -> Source:
    return Source(Path("m.py"), data if isinstance(data, bytes) else data.encode())


@pytest.mark.parametrize(
    ("data", "text"),
    [
        pytest.param(b"", "", id="an empty file"),
        pytest.param(b"x = 1", "x = 1", id="no newline at the end"),
        pytest.param(b"\xef\xbb\xbfx = '\xc3\xa9'\n", "x = 'é'\n", id="a byte order mark"),
        pytest.param(b"x = 1\r\ny = 2\r\n", "x = 1\ny = 2\n", id="CRLF"),
        pytest.param(b"x = 1\ry = 2\r", "x = 1\ny = 2\n", id="old Mac line endings"),
        pytest.param(
            b"# coding: latin-1\nx = '\xe9'\n", "# coding: latin-1\nx = 'é'\n", id="latin-1 declared"
        ),
        pytest.param(
            b"#!x\n# -*- coding: cp1252 -*-\n'\x80'", "#!x\n# -*- coding: cp1252 -*-\n'€'", id="on line two"
        ),
        pytest.param(
            b"\x0c\n# vim: set fileencoding=latin-1 :\n'\xe9'",
            "\x0c\n# vim: set fileencoding=latin-1 :\n'é'",
            id="after a form feed",
        ),
        pytest.param(b"x = 1\n# coding: latin-1\n", "x = 1\n# coding: latin-1\n", id="not after code"),
        pytest.param(b"\xef\xbb\xbf# coding: utf8\n", "# coding: utf8\n", id="mark and declaration agree"),
    ],
)
def test_text(data: bytes, text: str) -> None:
    assert source(data).text == text


@pytest.mark.parametrize(
    ("data", "words", "place"),
    [
        pytest.param(b"x = 1\ny = \0", "binary", (2, 5), id="NUL bytes"),
        pytest.param(b"x = '\xff'", "not utf-8", (1, 6), id="bytes that are not UTF-8"),
        pytest.param(b"# coding: nonsense\n", "unknown encoding nonsense", (1, 1), id="an unknown encoding"),
        pytest.param(b"\n# coding: hex\n", "no text encoding", (2, 1), id="a codec that is no encoding"),
        pytest.param(
            b"\xef\xbb\xbf# coding: latin-1\n", "byte order mark", (1, 1), id="mark against declaration"
        ),
        pytest.param("x = 1".encode("utf-16"), "UTF-16", (1, 1), id="UTF-16"),
    ],
)
def test_refused_text(data: bytes, words: str, place: tuple[int, int]) -> None:
    with pytest.raises(SourceError, match=words) as refusal:
        source(data)
    assert (refusal.value.line, refusal.value.column) == place
    assert "\n" not in str(refusal.value)


def test_unreadable_files_are_one_line(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.py", tmp_path):
        with pytest.raises(SourceError, match="cannot be read: ") as refusal:
            read_source(path)
        assert "\n" not in str(refusal.value)


def test_digest_is_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_bytes(b"x\r\n")
    assert read_source(tmp_path / "m.py").digest == hashlib.sha256(b"x\r\n").hexdigest()


@pytest.mark.parametrize(
    ("data", "words", "place"),
    [
        pytest.param(b"x = (", "never closed", (1, 5), id="an open bracket"),
        pytest.param(b"x = 1\nif x\n", "expected ':'", (2, 5), id="a missing colon"),
        pytest.param(b"print 'x'\n", "syntax error", (1, 1), id="Python 2"),
    ],
)
def test_syntax_errors_say_where(data: bytes, words: str, place: tuple[int, int]) -> None:
    with pytest.raises(SourceError, match=words) as refusal:
        _ = source(data).ast
    assert (refusal.value.line, refusal.value.column) == place
    assert "newer Python" not in str(refusal.value)


def test_what_only_a_newer_python_reads_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def old(text: str) -> ast.Module:
        raise SyntaxError("invalid syntax", ("m.py", 1, 6, text))

    monkeypatch.setattr(ast, "parse", old)
    monkeypatch.setattr("sys.version_info", (3, 10, 0, "final", 0))
    with pytest.raises(SourceError, match=r"needs a newer Python than the 3\.10 that runs mrt-lint"):
        _ = source("type X = int\n").ast


def test_warnings_of_the_file_are_not_shown() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert source("x = '\\d'\nassert (1, 'x')\nif x is 1: pass\n").ast.body


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param("x = f(1)\n", "f(1)", id="one line"),
        pytest.param("é = 'ü'; x = f('ä', g)\n", "f('ä', g)", id="columns are characters, not bytes"),
        pytest.param("x = '''\n\x0cé'''; f(\n  'ö'\n)\n", "f(\n  'ö'\n)", id="several lines"),
        pytest.param("x = '\u2028\x85'; f(1)\n", "f(1)", id="separators of Unicode end no line"),
        pytest.param("if 1:\n\tf('\U0001f600', 1)\n", "f('\U0001f600', 1)", id="a character of four bytes"),
    ],
)
def test_spans_slice_to_the_text(text: str, wanted: str) -> None:
    one = source(text)
    (call,) = [node for node in ast.walk(one.ast) if isinstance(node, ast.Call)]
    assert one.slice(one.span(call)) == wanted


def test_span_counts_from_one() -> None:
    one = source("f(1)\n")
    assert one.span(one.ast.body[0]) == Span(1, 1, 1, 5)


def test_comments_are_not_strings() -> None:
    comments = source("x = '# no'  # yes\n# two\nfoo(  # three\n)\n").comments
    assert [(one.line, one.column, one.text) for one in comments] == [
        (1, 13, "# yes"),
        (2, 1, "# two"),
        (3, 7, "# three"),
    ]


def test_comments_of_a_broken_file_are_those_before_the_error() -> None:
    assert [one.text for one in source("x = 1  # a\ny = '''\n# b\n").comments] == ["# a"]
