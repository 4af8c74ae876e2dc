"""What an upgrade leaves behind for the next migration, when it can go in several ways."""

from __future__ import annotations

from collections.abc import Sequence

from mrt_lint.replay.scenario import Outcome
from mrt_lint.schema.objects import AnyObject, Column, EnumType, SchemaObject, Table
from mrt_lint.schema.replacing import replace
from mrt_lint.schema.state import State


def forward(before: State, ups: Sequence[Outcome]) -> State:
    """Returns the state that the next migration finds; what hangs on conditions is unsure."""
    first = ups[0].state
    states = [up.state for up in ups]
    state = replace(
        first,
        complete=all(one.complete for one in states),
        epoch=max(one.epoch for one in states),
    )
    for other in ups[1:]:
        keys = {*(first.changed_since(before) or ()), *(other.state.changed_since(before) or ())}
        for key in sorted(keys):
            one, two = state.objects.get(key), other.state.objects.get(key)
            if one == two:
                continue
            if isinstance(one, Table) and isinstance(two, Table):
                state = state.put(_either(one, two))
                continue
            found = next(
                (item for item in (one, two) if isinstance(item, Table | EnumType | SchemaObject)), None
            )
            if found is not None:
                state = state.put(_unsure(found))
    return state.settled(before)


def _either(one: Table, two: Table) -> Table:
    """Returns a table that is surely there in one of two forms; the columns that differ are unsure."""
    columns: dict[str, Column] = {}
    for name in (*one.columns, *(name for name in two.columns if name not in one.columns)):
        left, right = one.columns.get(name), two.columns.get(name)
        column = left or right
        assert column is not None
        same = (
            left is not None
            and right is not None
            and replace(left, origin=None) == replace(right, origin=None)
        )
        columns[name] = column if same else replace(column, sure=False)
    alike = one.constraints == two.constraints and one.indexes == two.indexes
    return replace(
        one,
        columns=columns,
        complete=one.complete and two.complete and alike,
        sure=one.sure and two.sure,
        gone=one.gone & two.gone,
    )


def _unsure(found: AnyObject) -> AnyObject:
    if isinstance(found, Table):
        columns = {key: replace(column, sure=False) for key, column in found.columns.items()}
        return replace(found, complete=False, columns=columns, sure=False)
    return replace(found, sure=False)
