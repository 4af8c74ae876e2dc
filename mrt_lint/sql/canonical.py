"""Canonical SQL: one spelling for all texts that surely mean the same, never one for two meanings.

A tree is rewritten from the leaves up (names folded, meaningless casts dropped, equal forms made one),
its brackets are taken away and put back only where precedence asks for them, then it is written out.
"""

from __future__ import annotations

from typing import Final

from sqlglot import exp

from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.types import SqlType
from mrt_lint.sql.brackets import bracketed
from mrt_lint.sql.failure import NotUnderstoodError
from mrt_lint.sql.parsing import check_depth, generate, parse_expression, parse_query, tokenize
from mrt_lint.sql.printed import Types, as_stored
from mrt_lint.sql.rewriting import rewritten
from mrt_lint.sql.tokens import TokenReader, items

_QUERY_WORDS: Final = frozenset({"SELECT", "WITH", "VALUES", "INSERT", "UPDATE", "DELETE", "MERGE", "TABLE"})


def canonical_text(sql: str, dialect: Dialect, types: Types | None = None) -> str:
    """Returns the canonical spelling of an expression or query given as text; total.

    What cannot be parsed keeps its tokens, in a normal spelling.
    """
    try:
        content = items(tokenize(sql, dialect))
    except NotUnderstoodError:
        return " ".join(sql.split())
    return canonical_of(TokenReader(content, dialect, sql), types)


def canonical_of(reader: TokenReader, types: Types | None = None) -> str:
    """Moves the reader to its end; returns the canonical spelling of what was passed; total."""
    rest = reader.rest()
    start = rest.peek()
    try:
        check_depth(rest.tokens)
        read = parse_query if start is not None and start.upper in _QUERY_WORDS else parse_expression
        return canonical(read(rest.tokens, rest.dialect), rest.dialect, types)
    except NotUnderstoodError:
        return _as_written(rest)


def _as_written(reader: TokenReader) -> str:
    """Returns a text that cannot be parsed in a normal spelling, without brackets around the whole of it."""
    whole = reader.sub(0, len(reader.items))
    while whole.at("("):
        try:
            inside = whole.parens()
        except NotUnderstoodError:
            break
        if not whole.done or inside.done:
            break
        whole = inside
    return whole.sub(0, len(whole.items)).text()


def canonical_default(sql: str, dialect: Dialect, column: SqlType | None = None) -> str:
    """Returns a column default in canonical spelling; a cast to the column's own type goes; total."""
    try:
        content = items(tokenize(sql, dialect))
    except NotUnderstoodError:
        return " ".join(sql.split())
    return default_of(TokenReader(content, dialect, sql), column)


def default_of(reader: TokenReader, column: SqlType | None) -> str:
    """Moves the reader to its end; returns the default that was passed in canonical spelling; total."""
    rest = reader.rest()
    try:
        tree = rewritten(parse_expression(rest.tokens, rest.dialect), rest.dialect, None)
        return _written(as_stored(tree, rest.dialect, column), rest.dialect)
    except NotUnderstoodError:
        return rest.sub(0, len(rest.items)).text()


def canonical(tree: exp.Expr, dialect: Dialect, types: Types | None = None) -> str:
    """Returns a parsed expression or query in canonical spelling; the tree itself is left alone.

    Raises NotUnderstoodError if sqlglot cannot write it.
    """
    return _written(rewritten(tree.copy(), dialect, types), dialect)


def _written(tree: exp.Expr, dialect: Dialect) -> str:
    return generate(bracketed(tree, dialect), dialect)
