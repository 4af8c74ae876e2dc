"""What a parsed expression reads: its names resolved as far as the text alone tells.

An unqualified column belongs to the innermost query of which a table has it; which one that is, is
known when the statement runs (`mrt_lint/ops/reading.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlglot import exp

from mrt_lint.ops.reading import ColumnRead
from mrt_lint.schema.names import Name
from mrt_lint.sql.holes import is_hole
from mrt_lint.sql.identifiers import is_reserved
from mrt_lint.sql.scopes import (
    Relation,
    Scope,
    identifier,
    scope_at,
    scope_of,
    select_items,
    tables_below,
)
from mrt_lint.sql.words import words

_MAX_DEPTH: Final = 8

_PSEUDO: Final = words(
    """
    current_user session_user system_user current_role current_catalog current_schema current_date
    current_time current_timestamp localtime localtimestamp default true false on off
    """
)
"""Words without brackets that are no columns, on any database."""

_USER: Final = ("mysql", "mariadb", "sqlite")
"""Databases to which `user` without brackets is a name like any other."""

_ORACLE: Final = words("rownum level sysdate systimestamp")
"""Oracle SQL Language Reference, Pseudocolumns; `sysdate` and `systimestamp` are functions."""


def reads_of(tree: object, scope: Scope, depth: int = 0) -> tuple[ColumnRead, ...]:
    """Returns every table and column that an expression reads, tables of its subqueries first."""
    if not isinstance(tree, exp.Expr) or depth > _MAX_DEPTH:
        return ()
    found: dict[ColumnRead, None] = {}
    if depth == 0 and tree.find(exp.Query):
        for table in tables_below(tree, scope.dialect, scope.ctes):
            found[ColumnRead((table,))] = None
    for column in tree.find_all(exp.Column, bfs=False):
        name = identifier(column.this, scope.dialect)
        if not name or is_hole(name) or isinstance(column.this, exp.Star):
            continue
        found.update(dict.fromkeys(resolved(column, name, scope_at(column, tree, scope), depth)))
    return tuple(found)


def resolved(column: exp.Expr, name: str, scope: Scope, depth: int = 0) -> Iterator[ColumnRead]:
    """Yields the table columns that a column of a query may be."""
    qualifier = identifier(column.args.get("table"), scope.dialect)
    if qualifier:
        relation = scope.find(qualifier)
        if relation is None:
            yield ColumnRead((Name(qualifier),), name)
            return
        yield from _behind(relation, name, scope, depth)
        return
    if _is_pseudo(column, name.lower(), scope):
        return
    relations: list[Name] = []
    sure = not _named_elsewhere(column, name) and not _may_be_text(column, scope)
    level: Scope | None = scope
    while level is not None:
        for relation in level.relations:
            if relation.name is not None:
                sure = sure and relation.alias.lower() != name.lower()  # A whole row, in PostgreSQL.
                relations.append(relation.name)
                continue
            behind = _projected(relation, name, level)
            if behind is None:
                sure = False
                relations += tables_below(relation.query, level.dialect, level.ctes) if relation.query else ()
            elif behind and not relations:
                yield from _of_query(relation, name, level, depth)
                return
            elif behind:
                sure = False
                yield from _of_query(relation, name, level, depth)
        level = level.outer
    if relations:
        yield ColumnRead(tuple(dict.fromkeys(relations)), name, sure)


def _is_pseudo(column: exp.Expr, name: str, scope: Scope) -> bool:
    """Returns whether a word stands for a value of the database's own: never one in quotes."""
    if column.this.args.get("quoted"):
        return False
    if name == "user":
        return scope.dialect not in _USER
    return name in _PSEUDO or (scope.dialect == "oracle" and name in _ORACLE)


def _named_elsewhere(column: exp.Expr, name: str) -> bool:
    """Returns whether an output column has the name too, which GROUP BY and ORDER BY may mean."""
    node: exp.Expr | None = column
    while node is not None:
        outputs = node.expressions if isinstance(node, exp.Select) else ()
        if any(isinstance(item, exp.Alias) and item.alias.lower() == name.lower() for item in outputs):
            return True
        node = node.parent
    return False


def _may_be_text(column: exp.Expr, scope: Scope) -> bool:
    """Returns whether SQLite takes the name for a string if no column has it: it stands in double quotes.

    A reserved word has to be quoted to be a name.
    """
    quoted = scope.dialect == "sqlite" and bool(column.this.args.get("quoted"))
    return quoted and not is_reserved(str(column.this.this), scope.dialect)


def _behind(relation: Relation, name: str, scope: Scope, depth: int) -> Iterator[ColumnRead]:
    """Yields the table columns behind a qualified column of a relation."""
    if relation.name is not None:
        yield ColumnRead((relation.name,), name, name.lower() not in _PSEUDO)
    else:
        yield from _of_query(relation, name, scope, depth)


def _of_query(relation: Relation, name: str, scope: Scope, depth: int) -> Iterator[ColumnRead]:
    """Yields the table columns behind an output column of a query in FROM."""
    branches = _projected(relation, name, scope)
    if branches is None:
        query = relation.query
        for table in tables_below(query, scope.dialect, scope.ctes) if query is not None else ():
            yield ColumnRead((table,), name, False)
        return
    for select, projection in branches:
        ctes = {key: value for key, value in scope.ctes.items() if value is not relation.query}
        yield from reads_of(projection, scope_of(select_items(select), scope.dialect, ctes), depth + 1)


def _projected(relation: Relation, name: str, scope: Scope) -> list[tuple[exp.Expr, exp.Expr]] | None:
    """Returns the projections behind an output column, each with its SELECT; None if that is not sure."""
    query = relation.query
    while isinstance(query, exp.Subquery):
        query = query.this
    if not isinstance(query, exp.Query):
        return None
    selects = list(_branches(query))
    if not selects or any(item.is_star for select in selects for item in select.expressions):
        return None
    names = [item.alias_or_name.lower() for item in selects[0].expressions]
    if not all(names) or name.lower() not in names:
        return [] if all(names) else None
    place = names.index(name.lower())
    return [(select, select.expressions[place]) for select in selects if place < len(select.expressions)]


def _branches(query: exp.Expr) -> Iterator[exp.Expr]:
    """Yields the SELECTs of a query, through UNION and its kin, left to right."""
    while isinstance(query, exp.Subquery):
        query = query.this
    if isinstance(query, exp.SetOperation):
        yield from _branches(query.this)
        yield from _branches(query.expression)
    elif isinstance(query, exp.Select):
        yield query
