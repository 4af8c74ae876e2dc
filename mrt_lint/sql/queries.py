"""Queries as sources of rows and values: what an UPDATE writes, what CREATE TABLE AS copies."""

from __future__ import annotations

from typing import Any, Final

from sqlglot import exp

from mrt_lint.ops.contents import Expression
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Name
from mrt_lint.sql.canonical import canonical
from mrt_lint.sql.conditions import column_tests, condition_text, is_literal, looked_up, plain_column
from mrt_lint.sql.failure import NotUnderstoodError
from mrt_lint.sql.functions import is_pure, own_calls
from mrt_lint.sql.holes import has_hole
from mrt_lint.sql.mappings import cases_of
from mrt_lint.sql.reads import reads_of
from mrt_lint.sql.scopes import Scope, ctes_of, identifier, is_shaped, scope_of, select_items, table_name
from mrt_lint.sql.tokens import TokenReader
from mrt_lint.sql.words import words


def value_of(node: exp.Expr, scope: Scope, own: Name | None = None, place: int | None = None) -> Expression:
    """Returns what is written to a column; `own`: the table that is written, for UPDATE.

    `place`: the expression gives a row, and the column gets what stands there in it.
    """
    while isinstance(node, exp.Paren):
        node = node.this
    if isinstance(node, exp.Column) and node.name.upper() == "DEFAULT" and not node.this.args.get("quoted"):
        return Expression(sql="DEFAULT")
    if isinstance(node, exp.Var) and str(node.this).upper() == "DEFAULT":
        return Expression(sql="DEFAULT")
    text = canonical(node, scope.dialect)
    literal = is_literal(node) and not has_hole(text)
    reads = reads_of(node, scope)
    found = looked_up(node, scope, own, place) if own is not None and isinstance(node, exp.Subquery) else None
    if found is not None:
        return Expression(sql=text, column=found[0], reads=reads, lookup=found[1])
    if place is not None:
        return Expression(sql=text, reads=reads)
    spelled = plain_column(_without_text_cast(node, scope.dialect), scope, own)
    column = plain_column(node, scope, own)
    cases = cases_of(node, scope)
    return Expression(sql=text, column=column, reads=reads, literal=literal, spelled=spelled, cases=cases)


def _without_text_cast(node: exp.Expr, dialect: Dialect) -> exp.Expr:
    """Returns what is cast to text without a length: PostgreSQL writes it as it would in an assignment."""
    if dialect != "postgresql" or type(node) is not exp.Cast:
        return node
    kind = node.to
    if kind.this not in (exp.DataType.Type.TEXT, exp.DataType.Type.VARCHAR) or kind.expressions:
        return node
    inner: exp.Expr = node.this
    while isinstance(inner, exp.Paren):
        inner = inner.this
    return inner


def with_definitions(query: exp.Expr, ctes: dict[str, exp.Expr]) -> exp.Expr:
    """Returns a query with those that it names by WITH in its statement, so that it says what it reads."""
    found: dict[str, exp.Expr] = {}
    waiting = [query]
    while waiting:
        for node in waiting.pop().find_all(exp.Table):
            name = node.name.lower()
            if name in ctes and name not in found and isinstance(ctes[name], exp.Query):
                found[name] = ctes[name]
                waiting.append(ctes[name])
    if not found or query.args.get("with_") or not isinstance(query, exp.Select):
        return query
    whole: exp.Expr = query.copy()
    named = [
        exp.CTE(this=inner.copy(), alias=exp.TableAlias(this=exp.to_identifier(name)))
        for name, inner in reversed(found.items())
    ]
    whole.set("with_", exp.With(expressions=named))
    return whole


def plain_source(query: object, dialect: Dialect, ctes: dict[str, exp.Expr]) -> Name | None:
    """Returns the table of a SELECT that gives one row per row of one plain table, else None."""
    while isinstance(query, exp.Subquery):
        query = query.this
    if not isinstance(query, exp.Select) or is_shaped(query):
        return None
    source = query.args.get("from_")
    if source is None or not isinstance(source.this, exp.Table) or query.args.get("with_"):
        return None
    name = table_name(source.this, dialect)
    if name is None or source.this.args.get("joins") or source.this.args.get("sample"):
        return None
    if name.schema is None and name.name.lower() in ctes:
        return None
    for node in query.find_all(exp.AggFunc, exp.Window, exp.UDTF, exp.Explode, exp.Anonymous):
        if not isinstance(node, exp.Anonymous):
            return None
        called = str(node.this).lower()
        if called in _ROW_CHANGING or not is_pure(called, dialect):
            return None
    return name


_ROW_CHANGING: Final = words(
    """
    count sum avg min max array_agg string_agg json_agg jsonb_agg json_object_agg jsonb_object_agg
    group_concat bool_and bool_or every bit_and bit_or stddev variance unnest generate_series
    generate_subscripts regexp_split_to_table regexp_matches string_to_table jsonb_array_elements
    json_array_elements jsonb_array_elements_text json_array_elements_text jsonb_each json_each
    jsonb_each_text json_each_text jsonb_object_keys json_object_keys percentile_cont percentile_disc
    mode corr xmlagg listagg total
    """
)
"""Aggregates and set-returning functions: with these a SELECT does not give one row per row."""


def table_from_query(reader: TokenReader, names: tuple[str, ...] | None) -> dict[str, Any]:
    """Returns the fields of CreateTableAs for the query that the reader holds."""
    dialect = reader.dialect
    tree = reader.query("the query")
    return fields_from_query(tree, names, dialect)


def fields_from_query(tree: exp.Expr, names: tuple[str, ...] | None, dialect: Dialect) -> dict[str, Any]:
    """Returns the fields of CreateTableAs for a query; `names`: the columns named before it."""
    while isinstance(tree, exp.Subquery) and not tree.alias:
        tree = tree.this
    if not isinstance(tree, exp.Query):
        raise NotUnderstoodError("CREATE TABLE AS something that is no query")
    refuse_writes(tree)
    for name in own_calls(tree, dialect):
        raise NotUnderstoodError(f"function {name}() may change anything")
    ctes = ctes_of(tree, dialect)
    source = plain_source(tree, dialect, ctes)
    columns: list[tuple[str, str | None]] | None = []
    for projection in tree.selects:
        inner = projection.unalias()
        if projection.is_star:
            columns = None
            break
        plain = identifier(inner.this, dialect) if isinstance(inner, exp.Column) and source else None
        output = projection.output_name
        if isinstance(projection, exp.Alias):
            output = identifier(projection.args.get("alias"), dialect)
        elif isinstance(inner, exp.Column):
            output = identifier(inner.this, dialect)
        assert columns is not None
        columns.append((output, plain))
    if columns is not None and names is not None:
        columns = [(name, old[1]) for name, old in zip(names, columns, strict=False)]
    result: dict[str, Any] = {
        "source": source,
        "columns": tuple(columns) if columns is not None else None,
        "query": canonical(tree, dialect),
    }
    if source is not None and isinstance(tree, exp.Select):
        where = tree.args.get("where")
        result["where"] = condition_text(where, dialect)
        if where is not None:
            scope = scope_of(select_items(tree), dialect, ctes)
            result["tests"] = column_tests(where, scope, source)
    return result


def refuse_writes(tree: exp.Expr) -> None:
    """Raises NotUnderstoodError if a query holds a data-modifying CTE."""
    for node in tree.find_all(exp.Insert, exp.Update, exp.Delete, exp.Merge):
        raise NotUnderstoodError(f"{type(node).__name__.upper()} inside a query")
