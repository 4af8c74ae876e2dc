"""CASE expressions that give one constant for each of some values of a column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot import exp

from mrt_lint.ops.contents import Compared
from mrt_lint.schema.names import Name
from mrt_lint.sql.canonical import canonical
from mrt_lint.sql.conditions import conjunction, is_literal
from mrt_lint.sql.holes import has_hole, is_hole
from mrt_lint.sql.scopes import Scope, identifier

Cases = tuple[tuple[str, str], ...]
"""Pairs of constants as SQL text, without the types that they are cast to: the value, what it gives."""


def cases_of(node: exp.Expr, scope: Scope) -> Cases:
    """Returns what `CASE column WHEN .. THEN ..` gives for the values that it names; () for anything else.

    Nothing where two values give the same, so that what it gives tells the value.
    """
    return _mapping(node, scope)[1]


def compared_columns(conditions: Sequence[exp.Expr], scope: Scope, own: Name) -> Iterator[Compared]:
    """Yields what equalities compare of the written table, through such a CASE, with a column of another."""
    for part in (part for condition in conditions for part in conjunction(condition)):
        if not isinstance(part, exp.EQ):
            continue
        for mine, theirs in ((part.this, part.expression), (part.expression, part.this)):
            column, cases = _mapping(mine, scope)
            other = _bare(theirs)
            if column is None or not cases or not isinstance(other, exp.Column):
                continue
            first, second = _place(column, scope), _place(other, scope)
            if first is not None and second is not None and first[0] == own != second[0]:
                yield Compared(first[1], second[0], second[1], cases)


def _mapping(node: exp.Expr, scope: Scope) -> tuple[exp.Column | None, Cases]:
    node = _bare(node)
    if not isinstance(node, exp.Case) or node.this is None or not isinstance(_bare(node.this), exp.Column):
        return None, ()
    pairs = []
    for branch in node.args.get("ifs") or ():
        value, given = _bare(branch.this), _bare(branch.args.get("true"))
        if not (is_literal(value) and is_literal(given)):
            return None, ()
        pairs.append((canonical(value, scope.dialect), canonical(given, scope.dialect)))
    clear = all(len({pair[side] for pair in pairs}) == len(pairs) for side in (0, 1))
    told = clear and not any(has_hole(text) or text.upper() == "NULL" for pair in pairs for text in pair)
    column = _bare(node.this)
    return (column, tuple(pairs)) if told and isinstance(column, exp.Column) else (None, ())


def _bare(node: object) -> exp.Expr:
    """Returns an expression without brackets and casts around it."""
    while isinstance(node, (exp.Paren, exp.Cast)):
        node = node.this
    return node if isinstance(node, exp.Expr) else exp.Null()


def _place(column: exp.Column, scope: Scope) -> tuple[Name, str] | None:
    """Returns the table and name of a column that says whose it is."""
    relation = scope.find(identifier(column.args.get("table"), scope.dialect))
    name = identifier(column.this, scope.dialect)
    if relation is None or relation.name is None or not name or is_hole(name):
        return None
    return relation.name, name
