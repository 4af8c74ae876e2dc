"""Finds columns that one migration drops and a later one adds again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from mrt_lint.classes import dataclass
from mrt_lint.history import History
from mrt_lint.lowered import Migration
from mrt_lint.roundtrip import RoundTrip
from mrt_lint.schema.names import Key, Name
from mrt_lint.schema.objects import Table
from mrt_lint.schema.origin import Kept
from mrt_lint.schema.state import State


@dataclass(frozen=True, slots=True)
class Hole:
    """A column (of `table`, as it is called when re-added) that is dropped and added again later."""

    table: Name
    column: str
    dropped: Migration
    added: Migration


def column_holes(history: History, trips: Sequence[RoundTrip]) -> Iterator[Hole]:
    """Yields every hole, in the order of the trips (one per migration, in topological order).

    A table that is renamed takes its dropped columns along.
    """
    dropped: dict[tuple[Key, str], Migration] = {}
    for trip in trips:
        before, between = trip.before, trip.between
        changed = between.changed_since(before) or []
        renamed = _renamed(before, between, changed)
        for key in changed:
            table = between.objects.get(key)
            if not isinstance(table, Table):
                continue
            base = before.key("table", between.base_name(table))
            old = before.objects.get(base)
            # A new table by the name of one that was renamed has none of its columns to lose.
            if not isinstance(old, Table) or (base == key and key in renamed):
                continue
            if base != key:
                dropped |= {(key, name): by for (place, name), by in dropped.items() if place == base}
            kept = _kept(between, table, base)
            for was, name in kept.items():
                if was != name:  # Another column takes over the name, with its data.
                    dropped.pop((key, name), None)
            for name in table.columns:
                by = dropped.get((key, name))
                is_new = name not in old.columns or (name in kept and kept[name] != name)
                if by is not None and is_new and by.id in history.ancestors(trip.migration.id):
                    yield Hole(table.name, table.columns[name].name, by, trip.migration)
                    del dropped[key, name]
            for name in old.columns:
                if name not in table.columns and name not in kept:
                    dropped[key, name] = trip.migration


def _renamed(before: State, between: State, changed: Iterable[Key]) -> set[Key]:
    """Returns the old names of the tables that have another name now."""
    found = set()
    for key in changed:
        table = between.objects.get(key)
        if isinstance(table, Table) and (base := before.key("table", between.base_name(table))) != key:
            found.add(base)
    return found


def _kept(state: State, table: Table, base: Key) -> dict[str, str]:
    """Returns old folded column names to new ones, for columns that hold their old data under a new name."""
    return {
        state.fold(column.origin.column): name
        for name, column in table.columns.items()
        if isinstance(column.origin, Kept) and state.key("table", column.origin.table) == base
    }
