"""The gate before any parser: refuses text on which a parser would crash or take forever.

libcst 1.9 kills the process at some thousand nested brackets and takes seconds on chains and operators
of some thousand parts (measured: 2,000 brackets exit 139, 2,000 calls in a chain 1 s, 10,000 over 20 s).
The check is one pass over the text, so it costs the same for hostile and for harmless text of one length.
"""

from __future__ import annotations

import re
from typing import Final

from mrt_lint.errors import SourceError

MAX_DEPTH: Final = 200
"""Nested brackets; CPython's own tokenizer refuses more."""
MAX_CHAIN: Final = 500
"""Attributes, calls and subscripts after one another, operators and keywords in one expression."""

_STRING: Final = (
    r"(?:[rRbBuUfFtT]{0,2})"
    r"(?:'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''|'[^'\\\n]*(?:\\.[^'\\\n]*)*'"
    r'|"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""|"[^"\\\n]*(?:\\.[^"\\\n]*)*")'
)
"""A string literal; unrolled, so that text without its end costs no more than its length."""
_TOKEN: Final = re.compile(
    rf"""(?P<comment>\#[^\n]*)
    |(?P<string>{_STRING})
    |(?P<open>[(\[{{])
    |(?P<close>[)\]}}])
    |(?P<end>[,;:\n]|(?<![=!<>])=(?!=))
    |(?P<word>[^\W\d]\w*)
    |(?P<part>\*\*|//|<<|>>|<=|>=|==|!=|\.\.\.|[.+\-*/%@&|^~<>])
    """,
    re.VERBOSE | re.DOTALL,
)
_KEYWORDS: Final = frozenset(
    ("and", "or", "not", "if", "else", "lambda", "await", "in", "is", "for", "yield")
)
_STEPS: Final = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}
_WEIGHTY: Final = "([{.+-*/%@&|^~<>"


def check_text(text: str) -> None:
    """Raises SourceError when brackets nest too deeply or one expression has too many parts."""
    brackets = sum(map(text.count, "([{"))
    if brackets <= MAX_DEPTH and not _many_signs(text) and not _many_keywords(text):
        return
    _scan(text)


def _many_signs(text: str) -> bool:
    return len(text) > MAX_CHAIN and sum(map(text.count, _WEIGHTY)) > MAX_CHAIN


def _many_keywords(text: str) -> bool:
    if len(text) <= 2 * MAX_CHAIN:
        return False  # Each takes two characters at least, as `a=b=c` does.
    return sum(map(text.count, _KEYWORDS)) + text.count("=") + text.count("elif") > MAX_CHAIN


def _scan(text: str) -> None:
    """Walks the tokens with one counter of parts per open bracket.

    A counter starts anew at a comma, a colon or the end of a statement. Two ends of lines do not
    count alike: inside brackets a line break ends nothing.
    """
    counters = [0]
    branches = 0
    assigned = 0
    in_lambda = 0
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind == "comment":
            continue
        part = token.group()
        if kind == "open":
            counters[-1] += 1
            counters.append(0)
            if len(counters) > MAX_DEPTH + 1:
                raise _refused(text, token.start(), f"brackets nest deeper than {MAX_DEPTH}")
        elif kind == "close":
            if len(counters) > 1:
                counters.pop()
        elif kind == "end":
            top = len(counters) == 1
            if part == "\n" and not top:
                continue
            if part == ":" and in_lambda:
                in_lambda -= 1
                continue
            if top:
                assigned = assigned + 1 if part == "=" else 0
            counters[-1] = assigned if top else 0
        elif kind == "word":
            if part in _KEYWORDS:
                counters[-1] += 1
                in_lambda += part == "lambda"
            elif part == "elif":
                branches += 1
                if branches > MAX_CHAIN:
                    raise _refused(text, token.start(), f"more than {MAX_CHAIN} branches in a row")
            elif part == "def":
                branches = 0
        elif kind == "string":
            if "{" in part and "f" in part[:2].lower():
                _check_replacements(text, token.start(), part, len(counters) - 1)
        else:
            counters[-1] += 1
        if counters[-1] > MAX_CHAIN:
            raise _refused(text, token.start(), f"an expression of more than {MAX_CHAIN} parts")


def _check_replacements(text: str, start: int, part: str, outer: int) -> None:
    """Checks the brackets inside an f-string: its `{...}` are parsed as code, its `{{` are text."""
    if sum(map(part.count, "([{")) + outer <= MAX_DEPTH:
        return
    depth = 0
    characters = iter(part)
    for character in characters:
        if not depth and character == "{":
            following = next(characters, "")
            depth = 0 if following == "{" else 1 + _STEPS.get(following, 0)
        elif depth:
            depth += _STEPS.get(character, 0)
        if depth + outer > MAX_DEPTH:
            raise _refused(text, start, f"brackets nest deeper than {MAX_DEPTH} in an f-string")


def _refused(text: str, position: int, reason: str) -> SourceError:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    return SourceError(f"cannot be read safely: {reason}", line, column)
