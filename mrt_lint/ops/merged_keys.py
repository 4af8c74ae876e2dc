"""Keys of one statement that PostgreSQL makes only once.

PostgreSQL, `transformIndexConstraints` (parse_utilcmd.c): of the keys in one CREATE TABLE, or beside one
column of ADD COLUMN, that have the same columns in the same order and are deferrable alike, it makes the
first, the primary key before others; one without a name takes that of the next. ADD CONSTRAINT makes its own.
Measured on 15: `PRIMARY KEY (a), CONSTRAINT u UNIQUE (a)` makes one constraint, a primary key named u.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mrt_lint.schema.replacing import replace

if TYPE_CHECKING:
    from mrt_lint.schema.objects import Constraint
    from mrt_lint.schema.state import State


def merged_keys(state: State, constraints: Iterable[Constraint]) -> tuple[Constraint, ...]:
    """Returns the constraints of a statement that this database makes, under the names that they get."""
    given = tuple(constraints)
    if state.dialect != "postgresql" or sum(_is_key(one) for one in given) < 2:
        return given
    found: list[Constraint] = []
    for one in sorted(given, key=lambda each: each.kind != "primary"):
        place = next((i for i, prior in enumerate(found) if _same_key(state, prior, one)), None)
        if place is None:
            found.append(one)
        elif found[place].name is None:
            found[place] = replace(found[place], name=one.name)
    return tuple(found)


def _is_key(constraint: Constraint) -> bool:
    return constraint.kind in ("primary", "unique") and constraint.index is None and bool(constraint.columns)


def _same_key(state: State, one: Constraint, other: Constraint) -> bool:
    return (
        _is_key(one)
        and _is_key(other)
        and [*map(state.fold, one.columns)] == [*map(state.fold, other.columns)]
        and one.nulls_not_distinct == other.nulls_not_distinct
        and _deferred(one) == _deferred(other)
    )


def _deferred(constraint: Constraint) -> tuple[bool, bool]:
    deferred = (constraint.initially or "").upper() == "DEFERRED"
    return constraint.deferrable or deferred, deferred
