"""Where a statement stands: all of a simple one, only the header of a compound one."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from mrt_lint.ops.span import Span

if TYPE_CHECKING:
    from mrt_lint.source.source import Source

_TO_COLON: Final = re.compile(r"(?:[\s\\),]|#[^\n]*)*:")


def span_of(statement: ast.AST, source: Source) -> Span:
    """Returns the span of a statement, for a compound one up to the colon of its header."""
    whole = source.span(statement)
    if isinstance(statement, ast.Try):
        return Span(whole.line, whole.column, whole.line, whole.column + len("try:"))
    last = _last_of_header(statement)
    if last is None:
        return whole
    end = source.span(last)
    rest = source.lines[end.end_line - 1 : whole.end_line]
    rest[0] = rest[0][end.end_column - 1 :]
    found = _TO_COLON.match("\n".join(rest[:20]))
    if found is None:
        return Span(whole.line, whole.column, end.end_line, end.end_column)
    skipped = found.group().split("\n")
    column = (end.end_column if len(skipped) == 1 else 1) + len(skipped[-1])
    return Span(whole.line, whole.column, end.end_line + len(skipped) - 1, column)


def _last_of_header(statement: ast.AST) -> ast.AST | None:
    if isinstance(statement, (ast.If, ast.While)):
        return statement.test
    if isinstance(statement, (ast.For, ast.AsyncFor)):
        return statement.iter
    if isinstance(statement, (ast.With, ast.AsyncWith)):
        item = statement.items[-1]
        return item.optional_vars or item.context_expr
    if isinstance(statement, ast.Match):
        return statement.subject
    return None
