"""Indexes that are gone after the round trip."""

from __future__ import annotations

from mrt_lint.classes import dataclass
from mrt_lint.hazards.common import declared
from mrt_lint.ops import CreateIndex, DropIndex
from mrt_lint.ops.conventions import may_be_called_otherwise, may_name
from mrt_lint.roundtrip import Reason, RoundTrip
from mrt_lint.schema.names import Name, Unknown
from mrt_lint.schema.objects import Constraint, Index, Table
from mrt_lint.schema.state import State


@dataclass(frozen=True, slots=True)
class LostIndex:
    """An index that existed before and is neither kept by the upgrade nor made again by the downgrade."""

    table: Name | None
    index: Index | Constraint

    @property
    def columns(self) -> str:
        """Returns the indexed columns in words, empty when they are not known."""
        if isinstance(self.index.columns, Unknown) or not self.index.columns:
            return ""
        return ", ".join(self.index.columns)


def lost_index(drop: DropIndex, state: State, trip: RoundTrip) -> LostIndex | None:
    """Returns the index if it was there before the migration and is gone after the round trip."""
    if declared(trip) or _looked_for_in_vain(drop, state):
        return None
    found = _index_of(drop, state)
    folded = state.fold(drop.name.name)
    if found is None:
        if any(_named_somewhere(later, drop.name.name) for later in (trip.between, trip.after)):
            return None
        return None if _made_by(trip, folded) else LostIndex(None, Index(drop.name.name, assumed=True))
    table, index = found
    base = state.base_name(table)
    before = trip.before.table(base)
    if before is None or not _has(trip.before, before, index):
        return None
    known = before.indexes.get(folded)
    if known is not None and known.assumed and _made_by(trip, folded):
        return None
    for later in (trip.between, trip.after):
        owner = later.table(base)
        if owner is None:
            return None
        if _has(later, owner, index):
            return None
    return LostIndex(base, index)


def _looked_for_in_vain(drop: DropIndex, state: State) -> bool:
    """Returns whether the index is surely not there: the drop fails, or IF EXISTS makes it do nothing."""
    table = state.table(drop.table) if drop.table is not None else None
    if table is None or _index_of(drop, state) is not None:
        return False
    return state.knows_all_of(table) or ("index", state.fold(drop.name.name)) in table.gone


def _made_by(trip: RoundTrip, folded: str) -> bool:
    """Returns whether the upgrade itself creates an index of this name, on whatever way."""
    created = (step.index.name for step in trip.migration.upgrade or () if isinstance(step, CreateIndex))
    return any(name is not None and trip.before.fold(name) == folded for name in created)


def _index_of(drop: DropIndex, state: State) -> tuple[Table, Index | Constraint] | None:
    folded = state.fold(drop.name.name)
    for table in [state.table(drop.table)] if drop.table is not None else state.tables():
        if table is None:
            continue
        if folded in table.indexes:
            return table, table.indexes[folded]
        for constraint in table.constraints:
            if constraint.kind == "unique" and constraint.name and state.fold(constraint.name) == folded:
                return table, constraint
    return None


def _has(state: State, table: Table, wanted: Index | Constraint) -> bool:
    """Returns whether a table has an index of the same name, or on the same columns.

    One that a naming convention of the project may call so counts where only the name is known.
    """
    constraints = [c for c in table.constraints if c.kind == "unique"]
    items: list[Index | Constraint] = [*table.indexes.values(), *constraints]
    named = {state.fold(item.name) for item in items if item.name}
    if wanted.name is not None and state.fold(wanted.name) in named:
        return True
    if isinstance(wanted.columns, Unknown):
        loose = (one for one in table.indexes.values() if may_be_called_otherwise(state, table.name, one))
        return any(may_name(state, wanted.name, one.columns) for one in loose)
    return any(
        not isinstance(item.columns, Unknown)
        and bool(item.columns)
        and tuple(map(state.fold, item.columns)) == tuple(map(state.fold, wanted.columns))
        for item in items
    )


def equal_index(reason: Reason, trip: RoundTrip) -> str | None:
    """Returns the name of an index that still does the same as a lost one; None: there is none."""
    old, new = (
        state.table(reason.table) if reason.table is not None else None for state in (trip.before, trip.after)
    )
    if reason.kind != "index" or old is None or new is None:
        return None
    wanted = next((one for one in old.indexes.values() if one.name == reason.part), None)
    if wanted is None or wanted.assumed or not isinstance(wanted.columns, tuple):
        return None
    there = (one for one in new.indexes.values() if one.sure and not one.assumed)
    same = (one for one in there if _does(one) == _does(wanted))
    return next((one.name for one in same if one.name), None)


def _does(index: Index) -> tuple[object, ...]:
    """Returns what an index does, whatever it is called."""
    return (index.columns, index.unique, index.method, index.where, index.include, index.options)


def _named_somewhere(state: State, name: str) -> bool:
    folded = state.fold(name)
    return any(folded in table.indexes for table in state.tables())
