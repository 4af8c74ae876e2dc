"""Whether a CHECK holds for every row that others let in, when some columns are NULL in all rows.

Every case is looked at: each column is NULL, one of the constants that it is compared with, or something
else; a condition that is not read is true, false or NULL. A CHECK refuses a row only where it is false.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import product
from typing import Final

from sqlglot import exp

from mrt_lint.schema.dialects import Dialect
from mrt_lint.sql.failure import NotUnderstoodError
from mrt_lint.sql.parsing import parse_expression, tokenize
from mrt_lint.sql.three_valued import truth

_MOST_CASES: Final = 20_000
_OTHER: Final = "something else"
_NULL: Final = "NULL"
_NULL_FOR_NULL: Final = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Like)
"""What is NULL when one of its sides is."""

Case = Mapping[str, "str | bool | None"]


def is_implied(
    wanted: str,
    known: Sequence[str],
    dialect: Dialect,
    *,
    absent: Callable[[str], bool],
    present: Callable[[str], bool],
) -> bool:
    """Returns whether no row that passes the `known` CHECKs (canonical SQL) is refused by `wanted`; total.

    `absent`: columns that are NULL in every row; `present`: columns that never are.

    >>> never = lambda name: False
    >>> checks = ["kind <> 2 OR size IS NOT NULL", "kind IN (1, 2)"]
    >>> is_implied("kind <> 2 OR a IS NULL AND size IS NOT NULL", checks, "postgresql",
    ...            absent="a".__eq__, present=never)
    True
    >>> is_implied("kind = 2", checks, "postgresql", absent=never, present=never)
    False
    """
    try:
        first, *others = [parse_expression(tokenize(text, dialect), dialect) for text in (wanted, *known)]
    except NotUnderstoodError:
        return False
    domains: dict[str, tuple[str | bool | None, ...]] = {}
    for tree in (first, *others):
        for name, values in _domains(tree, absent):
            domains[name] = tuple(dict.fromkeys((*domains.get(name, ()), *values)))
    for name in domains:
        if name.startswith("column ") and absent(name[7:]):
            domains[name] = (_NULL,)
        elif name.startswith("column ") and present(name[7:]):
            domains[name] = tuple(value for value in domains[name] if value != _NULL)
    cases = 1
    for values in domains.values():
        cases *= len(values)
    if cases > _MOST_CASES:
        return False
    for values in product(*domains.values()):
        of = partial(_holds, dict(zip(domains, values, strict=True)))
        if truth(first, of) is False and all(truth(tree, of) is not False for tree in others):
            return False
    return True


def _domains(
    tree: exp.Expr, absent: Callable[[str], bool]
) -> Iterator[tuple[str, tuple[str | bool | None, ...]]]:
    """Yields what a condition hangs on: columns and conditions that are not read, with what they may be."""
    if isinstance(tree, (exp.Paren, exp.Not)):
        yield from _domains(tree.this, absent)
    elif isinstance(tree, (exp.And, exp.Or)):
        yield from _domains(tree.left, absent)
        yield from _domains(tree.right, absent)
    elif isinstance(tree, exp.Boolean):
        return
    elif (read := _comparison(tree)) is not None:
        yield f"column {read[0]}", (_NULL, _OTHER, *read[1])
    elif _is_null(tree, absent):
        yield tree.sql(), (None,)
    else:
        yield tree.sql(), (True, False, None)


def _comparison(tree: exp.Expr) -> tuple[str, tuple[str, ...]] | None:
    """Returns the column and the constants of `column IS NULL`, `column = 1`, `column IN (1, 2)`."""
    if not isinstance(tree, (exp.Is, exp.EQ, exp.NEQ, exp.In)) or not isinstance(tree.this, exp.Column):
        return None
    if isinstance(tree, exp.Is):
        return (tree.this.name, ()) if isinstance(tree.expression, exp.Null) else None
    constants = tree.expressions if isinstance(tree, exp.In) else [tree.expression]
    if not constants or not all(isinstance(one, exp.Literal) and one.name.isdigit() for one in constants):
        return None
    return tree.this.name, tuple(one.sql() for one in constants)


def _is_null(tree: exp.Expr, absent: Callable[[str], bool]) -> bool:
    """Returns whether a condition is NULL since a column is: a comparison of the column, or a cast of it."""
    if not isinstance(tree, _NULL_FOR_NULL):
        return False
    sides = (side.this if isinstance(side, exp.Cast) else side for side in (tree.this, tree.expression))
    return any(isinstance(side, exp.Column) and absent(side.name) for side in sides)


def _holds(case: Case, tree: exp.Expr) -> bool | None:
    """Returns the truth of one condition in one case, None for NULL."""
    if isinstance(tree, exp.Boolean):
        return bool(tree.this)
    read = _comparison(tree)
    if read is None:
        value = case[tree.sql()]
        return value if isinstance(value, bool) else None
    held = case[f"column {read[0]}"]
    if isinstance(tree, exp.Is):
        return (held == _NULL) is not bool(tree.args.get("negate"))
    if held == _NULL:
        return None
    return (held in read[1]) is not isinstance(tree, exp.NEQ)
