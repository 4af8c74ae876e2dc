"""What a WHERE says: plain comparisons with constants, nothing at all, or a row found in another table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlglot import exp

from mrt_lint.ops.contents import ColumnTest, Lookup
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Name
from mrt_lint.sql.canonical import canonical
from mrt_lint.sql.holes import has_hole, is_hole
from mrt_lint.sql.scopes import Scope, identifier, is_shaped, scope_of, select_items


def is_literal(node: object) -> bool:
    """Returns whether an expression is a constant."""
    if isinstance(node, (exp.Neg, exp.Paren, exp.Cast)):
        return is_literal(node.this)
    if isinstance(node, exp.Introducer):
        return is_literal(node.expression)
    return isinstance(
        node,
        (
            exp.Literal,
            exp.Null,
            exp.Boolean,
            exp.HexString,
            exp.BitString,
            exp.ByteString,
            exp.RawString,
            exp.National,
            exp.UnicodeString,
        ),
    )


def plain_column(node: exp.Expr, scope: Scope, own: Name | None) -> str | None:
    """Returns the column that is copied as it is: of the written table or of the only source."""
    if not isinstance(node, exp.Column) or isinstance(node.this, exp.Star):
        return None
    name = identifier(node.this, scope.dialect)
    if not name or is_hole(name):
        return None
    qualifier = identifier(node.args.get("table"), scope.dialect)
    relations = [scope.find(qualifier)] if qualifier else scope.relations
    if len(relations) != 1 or (relation := relations[0]) is None or relation.name is None:
        return None
    written = scope.relation_of(own)
    if relation is written:
        return name
    # Another row of the written table (a self-join) is no plain copy.
    return name if len(scope.others(own)) <= 1 and relation.name != own else None


def column_tests(node: exp.Expr | None, scope: Scope, own: Name) -> tuple[ColumnTest, ...] | None:
    """Returns a WHERE as plain comparisons of columns of `own` with constants, None when it is not that."""
    if isinstance(node, exp.Where):
        node = node.this
    if node is None or _always_true(node, scope.dialect):
        return ()
    while isinstance(node, exp.Paren):
        node = node.this
    if isinstance(node, exp.And):
        left = column_tests(node.this, scope, own)
        right = column_tests(node.expression, scope, own)
        return None if left is None or right is None else left + right
    return _column_test(node, scope, own)


def _column_test(node: exp.Expr, scope: Scope, own: Name) -> tuple[ColumnTest, ...] | None:
    negated = isinstance(node, exp.Not)
    if isinstance(node, exp.Not):
        node = node.this
        while isinstance(node, exp.Paren):
            node = node.this
    if not isinstance(node, (exp.Is, exp.EQ, exp.NEQ, exp.In)) or not isinstance(node.this, exp.Column):
        return None
    column = plain_column(node.this, Scope([r for r in scope.relations if r.name == own], scope.dialect), own)
    if column is None or len(scope.relations) != 1:
        return None
    if isinstance(node, exp.Is):
        if not isinstance(node.expression, exp.Null):
            return None
        present = negated != bool(node.args.get("negate"))
        return (ColumnTest(column, "is not null" if present else "is null"),)
    if isinstance(node, exp.In):
        values = None if node.args.get("query") or node.args.get("unnest") else node.expressions
        operator = "in"
    else:
        values, operator = [node.expression], "=" if isinstance(node, exp.EQ) else "<>"
    texts = _constants(values or [], scope.dialect)
    return None if negated or not texts else (ColumnTest(column, operator, texts),)


def _constants(nodes: Sequence[exp.Expr], dialect: Dialect) -> tuple[str, ...]:
    """Returns the constants as canonical SQL; nothing if one is not known or is NULL."""
    texts = tuple(canonical(node, dialect) for node in nodes if is_literal(node))
    if len(texts) != len(nodes) or any(has_hole(text) or "NULL" in text.upper().split() for text in texts):
        return ()
    return texts


_ALWAYS_TRUE: Final = frozenset({"TRUE", "1", "NOT FALSE", "'1'"})


def condition_text(node: exp.Expr | None, dialect: Dialect) -> str:
    """Returns a WHERE condition in canonical spelling, empty when it is none or always true."""
    if node is None:
        return ""
    if isinstance(node, exp.Where):
        node = node.this
    return "" if _always_true(node, dialect) else canonical(node, dialect)


def _always_true(node: exp.Expr, dialect: Dialect) -> bool:
    while isinstance(node, exp.Paren):
        node = node.this
    if isinstance(node, exp.And):
        return _always_true(node.this, dialect) and _always_true(node.expression, dialect)
    if isinstance(node, exp.Or):
        return _always_true(node.this, dialect) or _always_true(node.expression, dialect)
    if isinstance(node, exp.EQ):
        return is_literal(node.this) and node.this == node.expression and not isinstance(node.this, exp.Null)
    return canonical(node, dialect) in _ALWAYS_TRUE


# Rows of another table, found by equalities


def lookup_of(conditions: Sequence[exp.Expr], scope: Scope, own: Name) -> Lookup | None:
    """Returns the row that a WHERE finds in the one other table of a statement, by equalities and no more."""
    others = scope.others(own)
    if len(others) != 1 or others[0].name is None or others[0].name == own or not conditions:
        return None
    return _paired(conditions, scope, own, Scope(others, scope.dialect))


def looked_up(node: exp.Expr, scope: Scope, own: Name, place: int | None) -> tuple[str, Lookup] | None:
    """Returns the column of another table's row that a subquery gives, and how it finds the row.

    `place`: which of its columns, None: the only one.
    """
    while isinstance(node, (exp.Paren, exp.Subquery)):
        node = node.this
    found = _found_in(node, scope, own)
    if (
        found is None
        or (place is None and len(node.expressions) != 1)
        or (place or 0) >= len(node.expressions)
    ):
        return None
    projection = node.expressions[place or 0].unalias()
    inner = scope_of(select_items(node), scope.dialect, scope.ctes)
    column = _column_in(projection, inner)
    return None if column is None else (column, found)


def row_exists(node: exp.Expr | None, scope: Scope, own: Name) -> Lookup | None:
    """Returns what EXISTS (SELECT .. WHERE ..) or `key IN (SELECT key ..)` finds, if it asks for no more."""
    if isinstance(node, exp.Where):
        node = node.this
    while isinstance(node, exp.Paren):
        node = node.this
    if isinstance(node, exp.Exists):
        return _found_in(node.this, scope, own)
    query = node.args.get("query") if isinstance(node, exp.In) else None
    while isinstance(query, (exp.Paren, exp.Subquery)):
        query = query.this
    if query is None or not _plain(query) or query.args.get("where") is not None:
        return None
    inner = scope_of(select_items(query), scope.dialect, scope.ctes)
    mine = plain_column(node.this, scope, own) if isinstance(node, exp.In) else None
    theirs = _column_in(query.expressions[0].unalias(), inner) if len(query.expressions) == 1 else None
    source = inner.relations[0].name
    if mine is None or theirs is None or source is None or source == own:
        return None
    return Lookup(source, ((mine, theirs),))


def _plain(query: object) -> bool:
    if not isinstance(query, exp.Select) or is_shaped(query) or query.args.get("with_"):
        return False
    items = select_items(query)
    return len(items) == 1 and isinstance(items[0], exp.Table) and not items[0].args.get("sample")


def _found_in(query: object, scope: Scope, own: Name) -> Lookup | None:
    """Returns the row that a SELECT from one other table finds by comparing columns with those outside."""
    while isinstance(query, (exp.Paren, exp.Subquery)):
        query = query.this
    if not isinstance(query, exp.Select) or not _plain(query) or query.args.get("where") is None:
        return None
    inner = scope_of(select_items(query), scope.dialect, scope.ctes, scope)
    source = inner.relations[0].name if len(inner.relations) == 1 else None
    if source is None or source == own or len(scope.relations) != 1:
        return None
    return _paired([query.args["where"].this], inner, own, Scope(inner.relations, scope.dialect))


def _paired(conditions: Sequence[exp.Expr], scope: Scope, own: Name, other: Scope) -> Lookup | None:
    """Returns the equalities between columns of the written table and of the other one."""
    source = other.relations[0].name
    pairs: list[tuple[str, str]] = []
    parts = [part for condition in conditions for part in conjunction(condition)]
    for part in parts:
        if not isinstance(part, exp.EQ):
            return None
        left, right = part.this, part.expression
        pair = _pair(left, right, scope, own, other) or _pair(right, left, scope, own, other)
        if pair is None:
            return None
        pairs.append(pair)
    return Lookup(source, tuple(sorted(pairs))) if pairs and source is not None else None


def conjunction(node: exp.Expr) -> list[exp.Expr]:
    """Returns the conditions that all must hold for this one to do so."""
    while isinstance(node, exp.Paren):
        node = node.this
    if isinstance(node, exp.And):
        return conjunction(node.this) + conjunction(node.expression)
    return [node]


def _pair(mine: exp.Expr, theirs: exp.Expr, scope: Scope, own: Name, other: Scope) -> tuple[str, str] | None:
    if not isinstance(mine, exp.Column) or mine.args.get("table") is None:
        return None
    relation = scope.find(identifier(mine.args["table"], scope.dialect))
    column = identifier(mine.this, scope.dialect)
    if relation is None or relation.name != own or not column or is_hole(column):
        return None
    found = _column_in(theirs, other, qualified=scope.outer is None)
    return None if found is None else (column, found)


def _column_in(node: object, scope: Scope, qualified: bool = False) -> str | None:
    """Returns the column's name if it is one of the only relation in sight."""
    if not isinstance(node, exp.Column) or isinstance(node.this, exp.Star):
        return None
    name = identifier(node.this, scope.dialect)
    qualifier = identifier(node.args.get("table"), scope.dialect)
    if not name or is_hole(name) or len(scope.relations) != 1 or (qualified and not qualifier):
        return None
    return name if not qualifier or scope.find(qualifier) is scope.relations[0] else None
