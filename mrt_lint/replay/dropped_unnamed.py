"""What is left and may stand for a constraint that the upgrade drops by a name from the database."""

from __future__ import annotations

from collections.abc import Sequence

from mrt_lint.ops.base import Operation
from mrt_lint.ops.guard import EntryIs, tests_of
from mrt_lint.ops.listed import DropListed
from mrt_lint.replay.differences import Difference
from mrt_lint.schema.dialects import MYSQL
from mrt_lint.schema.names import Unknown
from mrt_lint.schema.objects import Constraint, Index
from mrt_lint.schema.state import State

_COLUMNS = ("constrained_columns", "column_names")


def stands_for_dropped(difference: Difference, before: State, upgrade: Sequence[Operation]) -> bool:
    """Returns whether one like what is left was there, and the upgrade dropped it by a name it looked up.

    A `DropListed` among the steps is one of which the history does not tell what it comes to. The index of a
    foreign key (MySQL) was there as well: it stays when the key goes.
    """
    new = difference.new
    if difference.table is None or not isinstance(new, Constraint | Index):
        return False
    table = before.key("table", difference.table)
    return any(
        isinstance(step, DropListed)
        and before.key("table", step.table) == table
        and _may_be_like(new, step, before)
        for step in upgrade
    )


def _may_be_like(new: Constraint | Index, step: DropListed, before: State) -> bool:
    asked = _asked(step)
    if isinstance(new, Index):
        served = step.kind == "foreign" and before.dialect in MYSQL and not isinstance(new.columns, Unknown)
        return served and asked is not None and _folded(new.columns, before) == _folded(asked, before)
    return new.kind == step.kind and (asked is None or _folded(new.columns, before) == _folded(asked, before))


def _asked(step: DropListed) -> tuple[str, ...] | None:
    """Returns the columns by which it looks for the constraint, None if it looks for something else."""
    for test in tests_of(step.matching):
        if isinstance(test.predicate, EntryIs) and test.predicate.fact in _COLUMNS:
            return test.predicate.values
    return None


def _folded(columns: object, state: State) -> list[str]:
    assert isinstance(columns, tuple)
    return sorted(state.fold(name) for name in columns)
