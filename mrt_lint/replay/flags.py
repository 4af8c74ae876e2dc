"""A column of two values that is kept as what another column holds: `SET mode = 3 WHERE NOT restricted`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from mrt_lint.ops.reading import ColumnRead
from mrt_lint.ops.updates import Update
from mrt_lint.replay.contents import from_code, leaves
from mrt_lint.schema.names import Key, Unknown
from mrt_lint.schema.objects import Column, Table
from mrt_lint.schema.origin import Derived, Filled, Kept
from mrt_lint.schema.state import State
from mrt_lint.schema.types import SqlType

if TYPE_CHECKING:
    from mrt_lint.ops.base import Operation

Steps = Iterable[tuple[State, "Operation"]]
Data = tuple[Key, str]


def flag_kept_in(wanted: Data, before: State, upgrade: Steps, downgrade: Steps, again: Column) -> str | None:
    """Returns the column in which the upgrade noted a flag and by which the downgrade sets it, else None.

    `wanted`: table and column as they were before; `again`: the column in the end, whose type counts where
    that of before is not known. Both of its values must be written: one may be the default with which it is
    added again.
    """
    table = before.objects.get(wanted[0])
    column = table.columns.get(wanted[1]) if isinstance(table, Table) else None
    kind = column.type if column is not None else None
    kind = again.type if kind is None or isinstance(kind, Unknown) else kind
    if column is None or not _has_two_values(kind) or not isinstance(again.origin, Derived):
        return None
    noted = set(_noted(wanted, upgrade))
    values = {leaf.value for leaf in leaves(again.origin) if isinstance(leaf, Filled)} - {None, "NULL"}
    found: str | None = None
    for state, step in downgrade if noted else ():
        if not isinstance(step, Update) or state.key("table", step.table) != wanted[0]:
            continue
        for name, value in step.assignments or ():
            if state.fold(name) != wanted[1]:
                continue
            by = [place for place in _places(state, (*step.where_reads, *value.reads)) if place in noted]
            if not by and not step.where and not step.sources:
                found, values = None, set()
            found = f"{by[0][0].name}.{by[0][1]}" if by else found
            values |= {value.sql} if value.literal else set() if from_code(value.sql) else {"a", "b"}
    return found if len(values) > 1 else None


def _has_two_values(kind: SqlType | Unknown | None) -> bool:
    if not isinstance(kind, SqlType):
        return False
    named = kind.name in ("boolean", "bit") or (kind.name, kind.args) == ("tinyint", (1,))
    return named or len(kind.labels) == 2


def _noted(wanted: Data, upgrade: Steps) -> Iterator[Data]:
    """Yields the columns that are written where a column of before says so."""
    for state, step in upgrade:
        if not isinstance(step, Update):
            continue
        if any(_is_old(state, place, wanted) for place in _places(state, step.where_reads)):
            for name, _ in step.assignments or ():
                written = (state.key("table", step.table), state.fold(name))
                if not _is_old(state, written, wanted):
                    yield written


def _is_old(state: State, place: Data, wanted: Data) -> bool:
    """Returns whether a column still holds the data that the wanted one had before."""
    table = state.objects.get(place[0])
    column = table.columns.get(place[1]) if isinstance(table, Table) else None
    if column is None or not isinstance(table, Table):
        return False
    origin = state.origin(table, column)
    return (
        isinstance(origin, Kept) and (state.key("table", origin.table), state.fold(origin.column)) == wanted
    )


def _places(state: State, reads: Iterable[ColumnRead]) -> Iterator[Data]:
    for read in reads:
        for name in read.relations if read.column is not None else ():
            yield state.key("table", name), state.fold(read.column or "")
