"""Brackets of expressions: taken away where they say nothing, put back where precedence asks for them."""

from __future__ import annotations

from typing import Final

from sqlglot import exp

from mrt_lint.schema.dialects import Dialect

COMPARISONS: Final = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)


def without_brackets(tree: exp.Expr, dialect: Dialect) -> exp.Expr:
    """Returns the tree without Paren nodes, but for those that mean something or may mean something."""
    root = tree
    for node in reversed(list(tree.walk(bfs=True))):
        if not isinstance(node, exp.Paren) or not isinstance(node.this, exp.Expr):
            continue
        parent = node.parent
        if isinstance(node.this, exp.Query) and parent is not None:
            continue
        if parent is None:
            root = node.this
            root.pop()
        elif not isinstance(parent, _KEEPING_BRACKETS) and not _doubtful(
            node.this, parent, node.arg_key, dialect
        ):
            node.replace(node.this)
    return root


_KEEPING_BRACKETS: Final = (
    exp.Dot,
    exp.Bracket,
    exp.From,
    exp.Join,
    exp.Table,
    exp.Subquery,
    exp.SetOperation,
)


_PREDICATE: Final = 5
_OTHER: Final = 6
_ADDITIVE: Final = 7
_UNARY: Final = 9
_TIGHT: Final = 10
_ATOM: Final = 99

_LEVELS: Final[dict[type, int]] = {
    exp.Or: 1,
    exp.Xor: 2,
    exp.And: 3,
    exp.Not: 4,
    **dict.fromkeys(
        (
            *COMPARISONS,
            exp.Is,
            exp.Like,
            exp.ILike,
            exp.In,
            exp.Between,
            exp.SimilarTo,
            exp.RegexpLike,
            exp.RegexpILike,
            exp.NullSafeEQ,
            exp.NullSafeNEQ,
            exp.Escape,
            exp.Glob,
        ),
        _PREDICATE,
    ),
    exp.Add: _ADDITIVE,
    exp.Sub: _ADDITIVE,
    exp.Mul: 8,
    exp.Div: 8,
    exp.Mod: 8,
    exp.IntDiv: 8,
    exp.Neg: _UNARY,
    exp.BitwiseNot: _UNARY,
    exp.AtTimeZone: _TIGHT,
    exp.Collate: _TIGHT,
    exp.Dot: _ATOM,
    exp.Pow: _ATOM,
}
"""How tightly operators bind, loosest first; a Binary that is not listed is an "other operator"."""

_JSON: Final = (exp.JSONExtract, exp.JSONExtractScalar, exp.JSONBExtract, exp.JSONBExtractScalar)


_KNOWN: Final = (
    *_JSON,
    exp.DPipe,
    exp.BitwiseAnd,
    exp.BitwiseOr,
    exp.BitwiseXor,
    exp.BitwiseLeftShift,
    exp.BitwiseRightShift,
)
_REGULAR: Final = (exp.RegexpLike, exp.RegexpILike)


def _alike(node: exp.Expr, parent: exp.Expr) -> bool:
    """Returns whether two operators are of one kind, so that a chain of them reads from left to right."""
    return type(node) is type(parent) or (isinstance(node, _JSON) and isinstance(parent, _JSON))


def _doubtful(node: exp.Expr, parent: exp.Expr, key: str | None, dialect: Dialect) -> bool:
    """Returns whether sqlglot and the database may disagree which of two operators binds tighter.

    PostgreSQL has one level for all its "other operators", sqlglot has several; MySQL has more levels
    for bit operators. Brackets between such operators are kept as written, and none are added: two
    texts that may mean different things do not become one.
    """
    if _is_other(node) and _is_other(parent):
        if _alike(node, parent) and key == "this":
            return False
        return not (dialect == "postgresql" and isinstance(node, _KNOWN) and isinstance(parent, _KNOWN))
    unusual = [part for part in (node, parent) if _is_other(part) and not isinstance(part, _KNOWN)]
    predicates = [part for part in (node, parent) if _level(part) == _PREDICATE]
    return bool(unusual) and any(
        not isinstance(part, COMPARISONS) for part in predicates if part not in unusual
    )


def _is_other(node: exp.Expr) -> bool:
    return _level(node) == _OTHER or isinstance(node, _REGULAR)


def _level(node: exp.Expr) -> int:
    found = _LEVELS.get(type(node))
    if found is not None:
        return found
    return _OTHER if isinstance(node, exp.Binary) else _ATOM


def bracketed(tree: exp.Expr, dialect: Dialect) -> exp.Expr:
    """Returns the tree with brackets where precedence asks for them."""
    for node in list(tree.walk()):
        parent = node.parent
        if node is tree or not isinstance(parent, exp.Expr):
            continue
        if _level(node) >= _ATOM or _level(parent) >= _ATOM:
            continue
        if not _doubtful(node, parent, node.arg_key, dialect) and _needs_brackets(node, parent):
            brackets = exp.Paren()
            node.replace(brackets)
            brackets.set("this", node)
    return tree


def _needs_brackets(node: exp.Expr, parent: exp.Expr) -> bool:
    inner, outer = _level(node), _level(parent)
    if isinstance(parent, exp.Escape) or (isinstance(parent, exp.In) and node.arg_key != "this"):
        return False
    if isinstance(parent, (exp.Not, exp.Or, exp.And, exp.Xor)):
        return inner < outer or (isinstance(parent, exp.Xor) and inner == outer)
    if outer in (_UNARY, _TIGHT):
        return inner <= outer
    if outer == _OTHER:
        return inner < _UNARY and not (_alike(node, parent) and node.arg_key == "this")
    if inner == outer:
        return outer == _PREDICATE or node.arg_key != "this"
    return inner < outer
