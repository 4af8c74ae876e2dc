"""Splits the tokens of a text into statements; a semicolon inside a routine's body does not split."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sqlglot.tokenizer_core import Token, TokenType

from mrt_lint.schema.dialects import Dialect
from mrt_lint.sql.parsing import STRINGS

_ROUTINES: Final = frozenset({"TRIGGER", "PROCEDURE", "PROC", "FUNCTION", "EVENT", "PACKAGE"})
_BEFORE: Final = frozenset(
    {
        "OR",
        "REPLACE",
        "ALTER",
        "TEMP",
        "TEMPORARY",
        "CONSTRAINT",
        "AGGREGATE",
        "EDITIONABLE",
        "NONEDITIONABLE",
    }
)
_AFTER_END: Final = frozenset({"IF", "LOOP", "WHILE", "REPEAT", "FOR"})
_TRANSACTION: Final = frozenset(
    {"", ";", "TRANSACTION", "TRAN", "WORK", "READ", "ISOLATION", "IMMEDIATE", "DEFERRED", "EXCLUSIVE"}
)


def statements(tokens: Sequence[Token], dialect: Dialect) -> Iterator[list[Token]]:
    """Yields the tokens of each statement, without its semicolon; empty statements are left out."""
    current: list[Token] = []
    depth = 0
    body = False
    for index, token in enumerate(tokens):
        if not current and token.token_type is not TokenType.SEMICOLON:
            body = _has_body(tokens, index, dialect)
            depth = 0
        if body and _takes_all(tokens, index - len(current), dialect):
            yield list(tokens[index - len(current) :])
            return
        if token.token_type is TokenType.SEMICOLON and depth <= 0:
            if current:
                yield current
            current = []
            continue
        if body:
            depth += _step(tokens, index)
        current.append(token)
    if current:
        yield current


def _word(tokens: Sequence[Token], index: int) -> str:
    """Returns the unquoted word at `index` in upper case, empty for anything else."""
    if not 0 <= index < len(tokens):
        return ""
    token = tokens[index]
    if token.token_type in STRINGS or token.token_type is TokenType.IDENTIFIER:
        return ""
    return token.text.upper()


def _has_body(tokens: Sequence[Token], index: int, dialect: Dialect) -> bool:
    """Returns whether the statement that starts here may hold a BEGIN .. END body with semicolons."""
    if _is_routine(tokens, index, dialect):
        return True
    first = _word(tokens, index)
    if dialect == "oracle" and first == "DECLARE":
        return True
    return dialect != "postgresql" and first == "BEGIN" and _word(tokens, index + 1) not in _TRANSACTION


def _takes_all(tokens: Sequence[Token], index: int, dialect: Dialect) -> bool:
    """Returns whether the statement goes to the end of the text.

    So do routines in SQL Server and Oracle, whose bodies need no BEGIN, and Oracle's blocks.
    """
    if dialect == "oracle":
        return True
    return dialect == "mssql" and _is_routine(tokens, index, dialect)


def _is_routine(tokens: Sequence[Token], index: int, dialect: Dialect) -> bool:
    first = _word(tokens, index)
    if first == "ALTER" and dialect == "mssql":
        return _word(tokens, index + 1) in _ROUTINES
    if first != "CREATE":
        return False
    for ahead in range(index + 1, index + 12):
        word = _word(tokens, ahead)
        if word in _ROUTINES:
            return True
        if word == "DEFINER":
            return any(_word(tokens, later) in _ROUTINES for later in range(ahead, ahead + 8))
        if word not in _BEFORE:
            return False
    return False


def _step(tokens: Sequence[Token], index: int) -> int:
    """Returns how the depth of BEGIN .. END changes at a token."""
    word = _word(tokens, index)
    if word in ("BEGIN", "CASE"):
        return 0 if _word(tokens, index - 1) == "END" else 1
    if word == "END":
        return 0 if _word(tokens, index + 1) in _AFTER_END else -1
    return 0
