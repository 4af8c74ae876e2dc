"""Brackets of expressions: taken away where they say nothing, put back where precedence asks for them."""

from __future__ import annotations

from typing import Final

from sqlglot import exp

COMPARISONS: Final = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)


def without_brackets(tree: exp.Expr) -> exp.Expr:
    """Returns the tree without Paren nodes, but for those that mean something."""
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
        elif not isinstance(parent, _KEEPING_BRACKETS):
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


def _level(node: exp.Expr) -> int:
    found = _LEVELS.get(type(node))
    if found is not None:
        return found
    return _OTHER if isinstance(node, exp.Binary) else _ATOM


def bracketed(tree: exp.Expr) -> exp.Expr:
    """Returns the tree with brackets where precedence asks for them."""
    for node in list(tree.walk()):
        parent = node.parent
        if node is tree or not isinstance(parent, exp.Expr):
            continue
        if _level(node) < _ATOM and _level(parent) < _ATOM and _needs_brackets(node, parent):
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
        alike = type(node) is type(parent) or (isinstance(node, _JSON) and isinstance(parent, _JSON))
        return inner < _UNARY and not (alike and node.arg_key == "this")
    if inner == outer:
        return outer == _PREDICATE or node.arg_key != "this"
    return inner < outer
