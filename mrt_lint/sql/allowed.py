"""Which values a CHECK that lists them lets a column hold: `state IN ('new', 'done')`."""

from __future__ import annotations

from sqlglot import exp

from mrt_lint.schema.dialects import Dialect
from mrt_lint.sql.parsing import read_expression


def allows_no_more(condition: str, other: str, dialect: Dialect) -> bool:
    """Returns whether two CHECKs list a column's values, the first none that the other lacks; total.

    NULL passes both.

    >>> allows_no_more("state IN ('a', 'b')", "state IN ('b', 'c', 'a')", "postgresql")
    True
    >>> allows_no_more("state IN ('a', 'd')", "state IN ('b', 'c', 'a')", "postgresql")
    False
    """
    one, two = _listed(condition, dialect), _listed(other, dialect)
    return one is not None and two is not None and one[0] == two[0] and one[1] <= two[1]


def _listed(condition: str, dialect: Dialect) -> tuple[str, frozenset[str]] | None:
    """Returns (the column, folded; the literals in SQL), None for a condition of another form."""
    tree = read_expression(condition, dialect)
    while isinstance(tree, exp.Paren):
        tree = tree.this
    if tree is None:
        return None
    column = tree.this if isinstance(tree, exp.In | exp.EQ) else None
    values = tree.expressions if isinstance(tree, exp.In) else [tree.args.get("expression")]
    if not isinstance(column, exp.Column) or column.table or not values:
        return None
    if isinstance(tree, exp.In) and any(tree.args.get(key) for key in ("query", "unnest", "field")):
        return None
    literals = [value.sql() for value in values if isinstance(value, exp.Literal)]
    if len(literals) < len(values):
        return None
    name = column.name if column.this.quoted else column.name.casefold()
    return name, frozenset(literals)
