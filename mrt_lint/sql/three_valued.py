"""The truth of conditions in SQL's three values: true, false, and NULL or not known (None)."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp


def truth(tree: exp.Expr, of: Callable[[exp.Expr], bool | None]) -> bool | None:
    """Returns the truth of AND, OR and NOT over conditions of which `of` tells it."""
    if isinstance(tree, exp.Paren):
        return truth(tree.this, of)
    if isinstance(tree, exp.Not):
        inner = truth(tree.this, of)
        return None if inner is None else not inner
    if isinstance(tree, exp.And | exp.Or):
        decisive = isinstance(tree, exp.Or)
        sides = {truth(tree.left, of), truth(tree.right, of)}
        return decisive if decisive in sides else None if None in sides else not decisive
    return of(tree)
