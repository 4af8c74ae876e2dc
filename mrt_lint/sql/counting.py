"""Recognises queries that tell whether a table holds any rows: how many there are, or some of them."""

from __future__ import annotations

from typing import Final, Literal

from sqlglot import exp

from mrt_lint.classes import dataclass
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Name
from mrt_lint.sql.failure import NotUnderstoodError
from mrt_lint.sql.holes import has_hole
from mrt_lint.sql.parsing import parse_query, tokenize
from mrt_lint.sql.scopes import table_name
from mrt_lint.sql.tokens import TokenReader, items

_PARTS: Final = frozenset(("expressions", "from_", "limit", "order", "distinct"))
"""What a query may have that gives rows if, and only if, its table has any."""
_COUNTED: Final = (exp.Star, exp.Literal)


@dataclass(frozen=True, slots=True)
class RowsAsked:
    """A query whose result tells whether `table` holds rows.

    `shape`: one row with their number ("count"), one row that says whether there are any ("truth"), or
    rows ("rows"), whose first column cannot be NULL if `filled`.
    """

    table: Name
    shape: Literal["count", "truth", "rows"]
    filled: bool = False


def rows_asked(text: str, dialect: Dialect) -> RowsAsked | None:
    """Returns what a whole text asks of the rows of one table, None if it is anything else; never raises."""
    if "select" not in text.lower():
        return None
    try:
        tokens = tokenize(text, dialect)
        reader = TokenReader(items(tokens), dialect, text)
        tree = parse_query(tokens, dialect) if reader.at("SELECT") else None
    except NotUnderstoodError:
        return None
    if not isinstance(tree, exp.Select):
        return None
    if tree.args.get("from_") is None and len(tree.expressions) == 1 and not _others(tree):
        inner = tree.expressions[0].unalias()
        source = _source(inner.this, dialect) if isinstance(inner, exp.Exists) else None
        return None if source is None or _is_count(inner.this) else RowsAsked(source, "truth")
    source = _source(tree, dialect)
    if source is None:
        return None
    if _is_count(tree):
        return RowsAsked(source, "count")
    return RowsAsked(source, "rows", isinstance(tree.expressions[0].unalias(), exp.Literal))


def any_rows(question: exp.Exists, dialect: Dialect) -> Name | None:
    """Returns the table of which EXISTS (..) tells whether it holds rows, None if it asks anything else."""
    return None if _is_count(question.this) else _source(question.this, dialect)


def _others(query: exp.Select) -> bool:
    return any(value for name, value in query.args.items() if name not in _PARTS)


def _source(query: object, dialect: Dialect) -> Name | None:
    """Returns the table of which a query counts all rows, or shows some if there are any."""
    while isinstance(query, (exp.Paren, exp.Subquery)):
        query = query.this
    if not isinstance(query, exp.Select) or _others(query) or not _gives_rows(query):
        return None
    source = query.args.get("from_")
    name = table_name(source.this, dialect) if source is not None else None
    if source is None or name is None or any(source.this.args.get(part) for part in _NARROWING):
        return None
    return None if has_hole(name.name) or has_hole(name.schema or "") else name


_NARROWING: Final = ("joins", "sample", "only", "partition", "when", "version", "pivots", "laterals")


def _gives_rows(query: exp.Select) -> bool:
    """Returns whether the result has a row for some row of the table: no function may change their number."""
    limit = query.args.get("limit")
    if limit is not None:
        number = limit.args.get("expression") if isinstance(limit, exp.Limit) else None
        if not isinstance(number, exp.Literal) or number.is_string or not str(number.this).isdigit():
            return False
        if int(str(number.this)) < 1:
            return False
    plain = (exp.Column, exp.Star, exp.Literal)
    return _is_count(query) or all(isinstance(item.unalias(), plain) for item in query.expressions)


def _is_count(query: object) -> bool:
    """Returns whether a query gives one row with `count(*)` or `count(1)`."""
    if not isinstance(query, exp.Select) or len(query.expressions) != 1:
        return False
    item = query.expressions[0].unalias()
    if not isinstance(item, exp.Anonymous) or str(item.this).lower() != "count":
        return False
    return len(item.expressions) == 1 and isinstance(item.expressions[0], _COUNTED)
