"""Parsed INSERT as an operation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlglot import exp

from mrt_lint.ops.base import Operation
from mrt_lint.ops.data import Insert
from mrt_lint.sql.canonical import canonical
from mrt_lint.sql.conditions import column_tests, condition_text
from mrt_lint.sql.failure import NotUnderstoodError
from mrt_lint.sql.holes import has_hole, is_hole
from mrt_lint.sql.queries import plain_source, value_of, with_definitions
from mrt_lint.sql.scopes import identifier, scope_of
from mrt_lint.sql.writing import Writing, bare

MAX_ROWS: Final = 1000
"""Literal rows of one INSERT that are kept."""


def insert(writing: Writing, tree: exp.Insert, source: exp.Expr | None = None) -> Operation:
    """Returns the Insert; raises NotUnderstoodError if its table is not known, or what it inserts."""
    this = tree.this
    table = writing.target(this, "INSERT")
    columns: tuple[str, ...] | None = None
    if isinstance(this, exp.Schema):
        columns = tuple(identifier(bare(node), writing.dialect) for node in this.expressions)
        if any(not name or is_hole(name) for name in columns):
            columns = None
    fields: dict[str, Any] = {"table": table, "columns": columns, **_conflict(writing, tree)}
    query = tree.expression if source is None else source
    if tree.args.get("default"):
        fields.update(columns=(), rows=((),))
    elif isinstance(query, exp.Values):
        fields.update(_rows(writing, query))
    elif isinstance(query, exp.Query):
        if not isinstance(query, exp.Select) or not query.args.get("with_"):
            writing.refuse_unknown_names(query, table)
        fields.update(_selected(writing, query))
    else:
        raise NotUnderstoodError("INSERT of something that is no rows", (table,), data_only=True)
    return writing.statement.make(Insert, **fields)


def _conflict(writing: Writing, tree: exp.Insert) -> dict[str, Any]:
    alternative = str(tree.args.get("alternative") or "").upper()
    replaces = bool(writing.flags.get("replaces")) or alternative == "REPLACE"
    skips = bool(tree.args.get("ignore")) or alternative == "IGNORE"
    conflict = tree.args.get("conflict")
    if conflict is not None:
        nothing = "NOTHING" in canonical(conflict, writing.dialect).upper().split()
        if not (replaces or nothing):
            return {"replaces": True, "updates": _updated(writing, conflict), "skips": skips}
        skips = skips or nothing
    return {"replaces": replaces, "skips": skips}


def _updated(writing: Writing, conflict: exp.Expr) -> tuple[str, ...] | None:
    """Returns the columns that an upsert writes in a row that is there, None if they are not known."""
    names: list[str] = []
    for item in conflict.expressions:
        target = item.this if isinstance(item, exp.EQ) else item
        places = target.expressions if isinstance(target, exp.Tuple) else [target]
        for place in places:
            name = identifier(place.this, writing.dialect) if isinstance(place, exp.Column) else ""
            if not name or is_hole(name):
                return None
            names.append(name)
    return tuple(names) or None


def _rows(writing: Writing, query: exp.Values) -> dict[str, Any]:
    """Returns literal rows; a cell that is known only at run time is empty text."""
    rows = []
    for row in query.expressions[: MAX_ROWS + 1]:
        cells = row.expressions if isinstance(row, exp.Tuple) else [row]
        rows.append(tuple(_cell(writing, cell) for cell in cells))
    known = len(rows) <= MAX_ROWS and any(cell for row in rows for cell in row)
    return {"rows": tuple(rows) if known else None}


def _cell(writing: Writing, cell: exp.Expr) -> str:
    if cell.find(exp.Query, exp.Placeholder, exp.Parameter, exp.Column):
        name = cell.name if isinstance(cell, exp.Column) and not cell.table else ""
        return "DEFAULT" if name.upper() == "DEFAULT" else ""
    text = canonical(cell, writing.dialect)
    return "" if has_hole(text) else text


def _selected(writing: Writing, query: exp.Expr) -> dict[str, Any]:
    """Returns the fields for INSERT .. SELECT; no values: every column of the source, in order."""
    fields: dict[str, Any] = {"query": canonical(with_definitions(query, writing.ctes), writing.dialect)}
    source = plain_source(query, writing.dialect, writing.ctes)
    while isinstance(query, exp.Subquery):
        query = query.this
    if (constants := _constant_rows(writing, query)) is not None:
        return {**fields, **constants}
    if source is None or is_hole(source.name) or not isinstance(query, exp.Select):
        return fields
    scope = scope_of([query.args["from_"].this], writing.dialect, writing.ctes)
    stars = sum(1 for projection in query.expressions if projection.is_star)
    if stars and len(query.expressions) > 1:
        return fields
    values = [value_of(projection.unalias(), scope) for projection in query.expressions if not stars]
    where = condition_text(query.args.get("where"), writing.dialect)
    tests = column_tests(query.args.get("where"), scope, source) if where else None
    return {**fields, "source": source, "values": tuple(values), "where": where, "tests": tests}


def _constant_rows(writing: Writing, query: exp.Expr) -> dict[str, Any] | None:
    """Returns the rows of `SELECT 1, 'x' [WHERE ..]`, which are written if the condition holds."""
    if not isinstance(query, exp.Select) or query.args.get("from_") is not None:
        return None
    if any(query.args.get(part) for part in ("joins", "laterals", "limit", "offset", "with_", "into")):
        return None
    cells = [projection.unalias() for projection in query.expressions]
    if not cells or any(cell.find(exp.Anonymous, exp.AggFunc, exp.UDTF, exp.Star) for cell in cells):
        return None
    found: dict[str, Any] = _rows(writing, exp.Values(expressions=[exp.Tuple(expressions=cells)]))
    if query.args.get("where") is not None:
        found["skips"] = True
    return found


def insert_all(writing: Writing, tree: exp.MultitableInserts) -> Iterator[Operation]:
    """Oracle's INSERT ALL; with WHEN it is not followed."""
    for part in tree.expressions:
        inner = part.this
        if part.args.get("expression") is not None or not isinstance(inner, exp.Insert):
            raise NotUnderstoodError("INSERT with conditions", data_only=True)
        table = writing.target(inner.this, "INSERT")
        yield writing.statement.make(Insert, table=table, query=canonical(tree, writing.dialect))
