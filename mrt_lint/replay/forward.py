"""What an upgrade leaves behind for the next migration, when it can go in several ways.

What hangs on conditions is unsure. Of a table that may not be there, what all ways with it have in common
stays sure: `if has_table("t") and not has_index("t", "i"): create_index("i", "t", ..)` leaves no table `t`
without `i`. Of a table of others that is gone on the first way, nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from mrt_lint.replay.scenario import Outcome
from mrt_lint.schema.names import UNKNOWN
from mrt_lint.schema.objects import AnyObject, Column, Constraint, EnumType, Index, SchemaObject, Table
from mrt_lint.schema.replacing import replace
from mrt_lint.schema.state import Gone, State

Part = TypeVar("Part", Constraint, Index)


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
            if one == two or (isinstance(one, Gone) and state.is_of_others(key)):
                continue
            if isinstance(one, Table) and isinstance(two, Table):
                state = state.put(_either(one, two, state.is_of_others(key)))
                continue
            found = next(
                (item for item in (one, two) if isinstance(item, Table | EnumType | SchemaObject)), None
            )
            if found is not None:
                state = state.put(_unsure(found))
    return state.settled(before)


def _either(one: Table, two: Table, of_others: bool) -> Table:
    """Returns a table that is there in one of two forms; what differs, and what only one has, is unsure.

    An index or a constraint that both have is surely there, though of one form it may be known by name alone.
    """
    columns: dict[str, Column] = {}
    for name in (*one.columns, *(name for name in two.columns if name not in one.columns)):
        columns[name] = _column(one.columns.get(name), two.columns.get(name), of_others)
    alike = one.constraints == two.constraints and one.indexes == two.indexes
    return replace(
        one,
        columns=columns,
        constraints=tuple(_shared(item, two.constraints) for item in one.constraints),
        indexes={key: _shared(item, two.indexes.values()) for key, item in one.indexes.items()},
        complete=one.complete and two.complete and alike,
        sure=one.sure and two.sure,
        gone=one.gone & two.gone,
    )


def _column(left: Column | None, right: Column | None, of_others: bool) -> Column:
    """Returns a column of one or both of two forms of a table, unsure unless it is the same one in both.

    So it is, in a table of others, where one of them has it by name alone: what was only asked for is taken
    to be what is made where it is missing, but for its NOT NULL.
    """
    if left is not None and left is right:
        return left
    if left is None or right is None:
        found = left or right
        assert found is not None
        return replace(found, sure=False)
    if replace(left, origin=None) == replace(right, origin=None):
        return left
    if not of_others or not (left.assumed or right.assumed):
        return replace(left, sure=False)
    nullable = left.nullable if left.nullable == right.nullable else UNKNOWN
    return replace(right if left.assumed else left, nullable=nullable, sure=left.sure and right.sure)


def _shared(item: Part, others: Iterable[Part]) -> Part:
    """Returns a constraint or index, unsure unless one of the others is surely the same or has its name."""
    there = any(
        other.sure and (other == item or (item.name is not None and other.name == item.name))
        for other in others
    )
    return item if there else replace(item, sure=False)


def _unsure(found: AnyObject) -> AnyObject:
    if isinstance(found, Table):
        return replace(found, complete=False, sure=False)
    return replace(found, sure=False)
