"""Views: created, replaced, altered, dropped, and what their queries read and give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlglot import exp

from mrt_lint.ops.base import Operation
from mrt_lint.ops.reading import ColumnRead
from mrt_lint.ops.views import CreateView, DropView
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import UNKNOWN, Name, Unknown
from mrt_lint.sql.canonical import canonical, canonical_of
from mrt_lint.sql.failure import NotUnderstoodError
from mrt_lint.sql.holes import is_hole
from mrt_lint.sql.objects import alter, dropping
from mrt_lint.sql.reads import resolved
from mrt_lint.sql.scopes import (
    Scope,
    ctes_of,
    identifier,
    scope_at,
    scope_of,
    select_items,
    tables_below,
)
from mrt_lint.sql.statement import Handlers, Statement
from mrt_lint.sql.tokens import TokenReader

_VIEW_ENDS: Final = (
    "WITH NO DATA",
    "WITH DATA",
    "WITH CHECK OPTION",
    "WITH CASCADED CHECK OPTION",
    "WITH LOCAL CHECK OPTION",
    "WITH READ ONLY",
)


def create_view(statement: Statement) -> Iterator[Operation]:
    """CREATE [OR REPLACE] [MATERIALIZED] VIEW."""
    reader = statement.reader
    conditional = reader.conditional()
    view = reader.name()
    prefix = ""
    names: tuple[str, ...] | None = None
    if reader.at("("):
        names = reader.listed()
        prefix = "(" + ", ".join(names) + ") AS "
    if reader.take("USING"):
        reader.identifier()
    if reader.at("WITH ("):
        reader.next()
        prefix = f"WITH ({reader.parens().text()}) {prefix}"
    elif reader.dialect == "mssql" and reader.take("WITH"):
        prefix = f"WITH {reader.until('AS').text()} {prefix}"
    if reader.take("TABLESPACE"):
        reader.identifier()
    reader.expect("AS")
    query, facts = _query(reader.until(*_VIEW_ENDS), names)
    if not query:
        raise reader.trouble("a query expected")
    ending = reader.take(*_VIEW_ENDS)
    reader.end()
    if ending and ending not in ("WITH DATA", "WITH NO DATA"):
        query += " " + ending
    yield statement.make(
        CreateView,
        view=view,
        query=prefix + query,
        materialized="MATERIALIZED" in statement.modifiers,
        replace=bool(statement.modifiers & {"OR REPLACE", "OR ALTER"}),
        conditional=conditional,
        **facts,
    )


def _query(reader: TokenReader, names: tuple[str, ...] | None) -> tuple[str, dict[str, Any]]:
    """Returns a view's query in canonical spelling, and what it reads and gives if that is understood."""
    start = reader.position
    try:
        tree = reader.query("the query")
        if not isinstance(tree, exp.Query):
            raise NotUnderstoodError("no query")
        holes = any(is_hole(str(node.this)) for node in tree.find_all(exp.Identifier))
        reads = UNKNOWN if holes else _reads(tree, reader.dialect)
        columns = names if names is not None else UNKNOWN if holes else _columns(tree, reader.dialect)
        text = canonical(_unqualified(tree, reader.dialect), reader.dialect)
    except NotUnderstoodError:
        reader.position = start
        return canonical_of(reader), {}
    return text, {"reads": reads, "columns": columns}


def _reads(tree: exp.Query, dialect: Dialect) -> tuple[ColumnRead, ...] | Unknown:
    """Returns every relation and column that a query reads, with its CTEs; UNKNOWN if it names not all."""
    if any(join.args.get("method") == "NATURAL" for join in tree.find_all(exp.Join)):
        return UNKNOWN
    ctes = ctes_of(tree, dialect)
    found = dict.fromkeys(ColumnRead((name,)) for name in tables_below(tree, dialect, ctes))
    top = Scope([], dialect, None, ctes)
    for column in tree.find_all(exp.Column):
        if not isinstance(column.this, exp.Star):
            text = identifier(column.this, dialect)
            found |= dict.fromkeys(resolved(column, text, scope_at(column, tree, top)) if text else ())
    for select in tree.find_all(exp.Select):
        scope = scope_of(select_items(select), dialect, ctes)
        for name in _whole(select, scope):
            found[ColumnRead((name,), "*")] = None
        for join in select.args.get("joins") or ():
            for column in join.args.get("using") or ():
                for name in scope.base_tables():
                    found[ColumnRead((name,), identifier(column, dialect) or column.name)] = None
    return tuple(found)


def _whole(select: exp.Select, scope: Scope) -> Iterator[Name]:
    """Yields the relations of which a SELECT takes every column: `*` and `t.*`, not those in subqueries."""
    for projection in select.expressions:
        if not isinstance(projection, exp.Star | exp.Column) or not projection.is_star:
            continue
        qualifier = projection.args.get("table")
        named = scope.find(identifier(qualifier, scope.dialect)) if qualifier is not None else None
        for relation in scope.relations if qualifier is None else [named]:
            if relation is not None and relation.name is not None:
                yield relation.name


def _columns(tree: exp.Query, dialect: Dialect) -> tuple[str | Name, ...] | Unknown:
    """Returns the output columns of a query: a name, empty where the database chooses it, or whose `*`."""
    while isinstance(tree, (exp.SetOperation, exp.Subquery)):
        tree = tree.this
    if not isinstance(tree, exp.Select):
        return UNKNOWN
    scope = scope_of(select_items(tree), dialect, ctes_of(tree.root(), dialect))
    found: list[str | Name] = []
    for projection in tree.expressions:
        if not projection.is_star:
            found.append(_output(projection, dialect))
            continue
        starred = _starred(projection, scope)
        if starred is None:
            return UNKNOWN
        found += starred
    return tuple(found)


def _output(projection: exp.Expr, dialect: Dialect) -> str:
    """Returns the name of one output column, empty if the database makes one up."""
    if isinstance(projection, exp.Alias):
        return identifier(projection.args.get("alias"), dialect)
    return identifier(projection.this, dialect) if isinstance(projection, exp.Column) else ""


def _starred(projection: exp.Expr, scope: Scope) -> list[str | Name] | None:
    """Returns the relations whose columns `*` stands for, None if one of them is no table or view."""
    if not isinstance(projection, exp.Star | exp.Column) or projection.args.get("except_"):
        return None
    qualifier = projection.args.get("table")
    if qualifier is not None:
        named = scope.find(identifier(qualifier, scope.dialect))
        return [named.name] if named is not None and named.name is not None else None
    select = projection.find_ancestor(exp.Select)
    joins = (select.args.get("joins") or ()) if select is not None else ()
    if any(join.args.get("using") or join.args.get("method") for join in joins):
        return None  # Columns of one name are merged.
    names = [relation.name for relation in scope.relations if relation.name is not None]
    return [*names] if len(names) == len(scope.relations) else None


def _unqualified(tree: exp.Query, dialect: Dialect) -> exp.Query:
    """Returns the query without `t.` before columns where PostgreSQL sees no difference.

    It keeps a tree, not the text; over one table without subqueries a column has one meaning. A name
    that is an output name as well is left alone, for ORDER BY would take it for that.
    """
    if dialect != "postgresql" or not isinstance(tree, exp.Select):
        return tree
    items = select_items(tree)
    if len(items) != 1 or not isinstance(items[0], exp.Table) or len(list(tree.find_all(exp.Query))) != 1:
        return tree
    own = items[0].alias_or_name
    outputs = {item.alias for item in tree.expressions if isinstance(item, exp.Alias)}
    qualified = [column for column in tree.find_all(exp.Column) if column.args.get("table") is not None]
    if any(column.table != own or column.args.get("db") or column.name in outputs for column in qualified):
        return tree
    plain = tree.copy()
    for column in plain.find_all(exp.Column):
        column.set("table", None)
    return plain


def alter_view(statement: Statement) -> Iterator[Operation]:
    """ALTER [MATERIALIZED] VIEW; MySQL and SQL Server give a new query."""
    reader = statement.reader
    if statement.dialect != "postgresql":
        start = reader.position
        reader.name()
        if reader.at("AS", "(", "WITH"):
            reader.position = start
            statement.modifiers = frozenset({"OR REPLACE"})
            yield from create_view(statement)
            return
        reader.position = start
    yield from alter("view")(statement)


HANDLERS: Final[Handlers] = {
    "CREATE VIEW": create_view,
    "ALTER VIEW": alter_view,
    "ALTER MATERIALIZED VIEW": alter_view,
    "DROP VIEW": dropping(DropView, "view"),
    "DROP MATERIALIZED VIEW": dropping(DropView, "view", materialized=True),
}
