"""Which columns a condition proves to hold no NULL."""

from __future__ import annotations

from functools import cache

from sqlglot import exp

from mrt_lint.schema.dialects import Dialect
from mrt_lint.sql.failure import NotUnderstoodError
from mrt_lint.sql.parsing import parse_expression, tokenize


@cache
def never_null(condition: str, dialect: Dialect = "postgresql") -> frozenset[str]:
    """Returns the columns that a CHECK in canonical SQL proves NOT NULL; total.

    What PostgreSQL proves it from (`ConstraintImpliedByRelConstraint`): IS NOT NULL of the plain
    column, joined by AND, or in every arm of an OR. `y > 0` proves nothing: it is NULL for a NULL.

    >>> sorted(never_null("email IS NOT NULL AND age > 0"))
    ['email']
    """
    try:
        tree = parse_expression(tokenize(condition, dialect), dialect)
    except NotUnderstoodError:
        return frozenset()
    return _proven(tree, True)


def _proven(tree: exp.Expr, truth: bool) -> frozenset[str]:
    """Returns the columns that are not NULL when the condition is true (`truth` False: is false)."""
    if isinstance(tree, exp.Paren):
        return _proven(tree.this, truth)
    if isinstance(tree, exp.Not):
        return _proven(tree.this, not truth)
    if isinstance(tree, exp.And | exp.Or):
        sides = _proven(tree.left, truth), _proven(tree.right, truth)
        together = isinstance(tree, exp.And) is truth
        return sides[0] | sides[1] if together else sides[0] & sides[1]
    if (
        isinstance(tree, exp.Is)
        and isinstance(tree.this, exp.Column)
        and isinstance(tree.expression, exp.Null)
    ):
        return frozenset({tree.this.name} if truth is bool(tree.args.get("negate")) else ())
    return frozenset()
