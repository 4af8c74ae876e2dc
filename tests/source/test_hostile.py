"""Text made to crash a parser: refused in one line, in a time that grows with its length only."""

from __future__ import annotations

from pathlib import Path

import pytest

from mrt_lint.errors import SourceError
from mrt_lint.source.gate import MAX_CHAIN, MAX_DEPTH, check_text
from mrt_lint.source.source import Source

MANY = 5_000

HOSTILE = {
    "brackets": "x = " + "(" * MANY + ")" * MANY,
    "brackets that never end": "x = " + "[{(" * MANY,
    "brackets over lines": "x = [\n" * MANY,
    "brackets in an f-string": "x = f'{" + "(" * MANY + ")" * MANY + "}'",
    "attributes": "x = a" + ".b" * MANY,
    "attributes over lines": "x = (a\n" + "  .b\n" * MANY + ")",
    "calls": "x = a" + "()" * MANY,
    "subscripts": "x = a" + "[0]" * MANY,
    "a chain of method calls": "x = a" + ".b(c, d)" * MANY,
    "additions": "x = 1" + "+1" * MANY,
    "joined strings": "x = 'a'" + " + 'b'" * MANY,
    "powers": "x = 1" + "**1" * MANY,
    "negations": "x = " + "not " * MANY + "1",
    "minus signs": "x = " + "-" * MANY + "1",
    "lambdas": "x = " + "lambda: " * MANY + "1",
    "conditional expressions": "x = " + "1 if 1 else " * MANY + "1",
    "conjunctions": "x = 1" + " and 1" * MANY,
    "comparisons": "x = 1" + " < 1" * MANY,
    "loops of a comprehension": "x = [1 " + "for a in b " * MANY + "]",
    "branches": "if 1:\n pass\n" + "elif 1:\n pass\n" * MANY,
    "targets": "x = " * MANY + "1",
}

HARMLESS = {
    "brackets as deep as allowed": "x = " + "(" * (MAX_DEPTH - 1) + "1" + ")" * (MAX_DEPTH - 1),
    "brackets in a string": "x = '" + "(" * MANY + "'",
    "brackets in a long string": 'x = """' + "([{\n" * MANY + '"""',
    "brackets in a comment": "# " + "(" * MANY,
    "brackets in the text of an f-string": "x = f'" + "{{" * MANY + "'",
    "brackets behind escaped quotes": "x = 'a\\'" + "(" * MANY + "'",
    "a chain as long as allowed": "x = a" + ".b" * (MAX_CHAIN - 1),
    "many elements": "x = [" + "a.b(1), " * MANY + "]",
    "many keyword arguments": "f(" + "".join(f"a{index}=1, " for index in range(MANY)) + ")",
    "many lines": "op.drop_column('a', 'b')\n" * 20_000,
    "a long string over lines": "x = (\n" + "  'SELECT (1)'\n" * 2_000 + ")",
    "many assignments": "x = y = 1\n" * MANY,
    "many branches in many functions": "def f():\n  if 1:\n    pass\n  elif 1:\n    pass\n" * 1_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_refused(text: str) -> None:
    with pytest.raises(SourceError, match="cannot be read safely") as refusal:
        check_text(text)
    assert "\n" not in str(refusal.value)
    assert refusal.value.line >= 1


@pytest.mark.parametrize("text", HARMLESS.values(), ids=HARMLESS)
def test_harmless_text_passes(text: str) -> None:
    check_text(text)


@pytest.mark.parametrize("kind", ["ast", "tree", "index"])
def test_no_parser_sees_refused_text(kind: str) -> None:
    with pytest.raises(SourceError, match="cannot be read safely"):
        getattr(Source(Path("m.py"), HOSTILE["brackets"].encode()), kind)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x = '''" + "a'" * 400_000, id="a string that does not end"),
        pytest.param("x = '" + "\\" * 400_001, id="backslashes that do not end"),
        pytest.param("'\"'\"\"\"'''" * 100_000, id="quotes of every kind"),
    ],
)
def test_unfinished_strings_end(text: str) -> None:
    check_text(text)
