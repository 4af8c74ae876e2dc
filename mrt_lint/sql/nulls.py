"""Which columns a condition proves to hold no NULL, and which conditions hold where columns hold none."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

from sqlglot import exp

from mrt_lint.schema.dialects import Dialect
from mrt_lint.sql.parsing import read_expression
from mrt_lint.sql.three_valued import truth


@cache
def never_null(condition: str, dialect: Dialect = "postgresql") -> frozenset[str]:
    """Returns the columns that a CHECK in canonical SQL proves NOT NULL; total.

    What PostgreSQL proves it from (`ConstraintImpliedByRelConstraint`): IS NOT NULL of the plain
    column, joined by AND, or in every arm of an OR. `y > 0` proves nothing: it is NULL for a NULL.

    >>> sorted(never_null("email IS NOT NULL AND age > 0"))
    ['email']
    """
    tree = read_expression(condition, dialect)
    return frozenset() if tree is None else _proven(tree, True)


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


def holds_without_nulls(condition: str, present: Callable[[str], bool], dialect: Dialect) -> bool:
    """Returns whether a CHECK in canonical SQL holds for every row with values in `present` columns; total.

    >>> holds_without_nulls("NOT (a IS NULL AND b IS NULL)", {"a"}.__contains__, "postgresql")
    True
    """
    tree = read_expression(condition, dialect)
    return tree is not None and truth(tree, partial(_holds, present)) is True


def _holds(present: Callable[[str], bool], tree: exp.Expr) -> bool | None:
    """Returns the truth of a condition that hangs on nothing but which columns are not NULL, else None."""
    if (
        isinstance(tree, exp.Is)
        and isinstance(tree.this, exp.Column)
        and isinstance(tree.expression, exp.Null)
        and present(tree.this.name)
    ):
        return bool(tree.args.get("negate"))
    return None
