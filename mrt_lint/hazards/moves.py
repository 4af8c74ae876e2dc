"""Columns whose data is copied elsewhere before they are dropped, and drops that are renames in disguise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mrt_lint.hazards.columns import LostColumn, lost_column
from mrt_lint.ops import AddColumn, CreateTableAs, DropColumn, Expression, Insert, Operation, Update
from mrt_lint.replay.contents import leaves
from mrt_lint.roundtrip import RoundTrip
from mrt_lint.schema.expressions import identifiers
from mrt_lint.schema.names import Key, Name, Unknown
from mrt_lint.schema.objects import Column, Table
from mrt_lint.schema.origin import Kept
from mrt_lint.schema.state import State
from mrt_lint.schema.types import SqlType

Data = tuple[Key, str]
"""The data that a column (folded) of a table had before the migration."""


@dataclass(frozen=True, slots=True)
class MoveAndDrop:
    """A migration that copies data out of columns (`copied`) and drops them; `lost`: what does not come back.

    `drop`: the first of these columns to go.
    """

    drop: DropColumn
    copied: tuple[str, ...]
    lost: tuple[str, ...]


def move_and_drop(trip: RoundTrip) -> MoveAndDrop | None:
    """Returns the columns that the upgrade copies from and then drops, None if the downgrade refills them.

    It must refill every column that the upgrade drops, also one that was not copied.
    """
    if not any(isinstance(step, DropColumn) for _, step in trip.upgrade_steps):
        return None
    copied: set[Data] = set()
    drops: list[DropColumn] = []
    lost: list[str] = []
    for state, step in trip.upgrade_steps:
        if not isinstance(step, DropColumn):
            copied.update(_copied(step, state))
            continue
        found = lost_column(step, state, trip)
        if found is not None and found.sure:
            lost.append(found.subject)
        table, column = state.table(step.table), state.column(step.table, step.name)
        if table is not None and column is not None and copied.intersection(_data(state, table, column)):
            drops.append(step)
    if not drops or not lost:
        return None
    return MoveAndDrop(drops[0], tuple(f"{drop.table}.{drop.name}" for drop in drops), tuple(lost))


def _data(state: State, table: Table, column: Column) -> Iterator[Data]:
    for leaf in leaves(state.origin(table, column)):
        if isinstance(leaf, Kept):
            yield state.key("table", leaf.table), state.fold(leaf.column)


def _copied(step: Operation, state: State) -> Iterator[Data]:
    """Yields the data of before that an operation puts into other columns."""
    if isinstance(step, Update):
        for name, value in step.assignments or ():
            written = (state.key("table", step.table), state.fold(name))
            yield from _of(state, (place for place in _read(state, value, step.table) if place != written))
    elif isinstance(step, Insert) and step.values:
        yield from _of(state, (place for value in step.values for place in _read(state, value, step.source)))
    elif isinstance(step, Insert) and (step.source is not None or step.query):
        everything = "*" in step.query or not step.query
        yield from _of(state, _named(state, step.query, step.source, everything))
    elif isinstance(step, CreateTableAs) and step.with_rows:
        computed = any(old is None for _, old in step.columns or ())
        copied = [old for _, old in step.columns or () if old is not None]
        if step.source is not None:
            yield from _of(state, ((state.key("table", step.source), state.fold(old)) for old in copied))
        if computed or step.columns is None:
            yield from _of(state, _named(state, step.query, step.source, step.columns is None))


def _of(state: State, places: Iterable[Data]) -> Iterator[Data]:
    """Yields where the data of columns, as they are called now, was before the migration."""
    for key, name in places:
        table = state.objects.get(key)
        if isinstance(table, Table):
            yield from _data(state, table, table.columns.get(name) or Column(name))


def _read(state: State, value: Expression, source: Name | None) -> Iterator[Data]:
    """Yields the columns that a value is computed from; a plain column is one of `source`."""
    if value.column is not None and value.lookup is not None:
        yield state.key("table", value.lookup.source), state.fold(value.column)
    elif value.reads:
        for read in value.reads:
            for name in read.relations if read.column is not None else ():
                table = state.table(name)
                columns = table.columns if table is not None else {}
                wanted = state.fold(read.column or "")
                yield from ((state.key("table", name), key) for key in columns if wanted in (key, "*"))
    elif value.column is not None and source is not None:
        yield state.key("table", source), state.fold(value.column)


def _named(state: State, query: str, source: Name | None, everything: bool) -> Iterator[Data]:
    """Yields the columns that the words of a query may mean, in the tables that they may mean."""
    words = identifiers(query)
    folded = set(map(state.fold, words))
    names = {*map(Name, words), *([source] if source is not None else [])}
    for name in sorted(names, key=str):
        table = state.table(name)
        if table is not None:
            key = state.key("table", name)
            yield from ((key, column) for column in table.columns if everything or column in folded)


@dataclass(frozen=True, slots=True)
class DisguisedRename:
    """A dropped column and one of the same type that is added to the same table under another name."""

    lost: LostColumn
    added: AddColumn


def disguised_rename(drop: DropColumn, state: State, trip: RoundTrip) -> DisguisedRename | None:
    """Returns the added column that looks like the dropped one under a new name, None if there is none.

    Silent where the migration copies the old data (then it knows what it does), and for a column that
    another dropped column is nearer to: the n-th dropped of a type goes with the n-th added.
    """
    lost = lost_column(drop, state, trip)
    kind = _type(lost, trip) if lost is not None else None
    if lost is None or kind is None:
        return None
    drops, adds = [], []
    for before, step in trip.upgrade_steps:
        if not isinstance(step, AddColumn | DropColumn):
            continue
        table = before.table(step.table)
        if table is None or before.key("table", before.base_name(table)) != trip.before.key(
            "table", lost.table
        ):
            continue
        if isinstance(step, AddColumn):
            if _same(step.column.type, kind, state) and _is_empty(step, trip):
                adds.append(step)
            continue
        other = lost_column(step, before, trip)
        if other is not None and _same(_type(other, trip), kind, state):
            drops.append(step)
    names = {state.fold(step.name) for step in drops}
    adds = [step for step in adds if state.fold(step.column.name) not in names]
    place = next((place for place, step in enumerate(drops) if step is drop or step == drop), len(adds))
    return DisguisedRename(lost, adds[place]) if place < len(adds) else None


def _type(lost: LostColumn | None, trip: RoundTrip) -> SqlType | None:
    """Returns the type of a dropped column, as the downgrade adds it again where the history is silent."""
    if lost is None:
        return None
    kind = lost.column.type
    if isinstance(kind, Unknown):
        again = trip.after.column(lost.table, lost.column.name)
        kind = again.type if again is not None else kind
    return kind if isinstance(kind, SqlType) and kind.exact else None


def _same(one: SqlType | Unknown | None, other: SqlType, state: State) -> bool:
    from mrt_lint.ops.adopting import adopt_type

    if one is None or isinstance(one, Unknown):
        return False
    return adopt_type(state, one) == adopt_type(state, other)


def _is_empty(add: AddColumn, trip: RoundTrip) -> bool:
    """Returns whether the upgrade leaves the added column as it was added: nothing is copied into it."""
    if add.column.generated is not None or add.column.identity or add.column.autoincrement:
        return False
    column = trip.between.column(add.table, add.column.name)
    table = trip.between.table(add.table)
    return column is not None and table is not None and not any(_data(trip.between, table, column))
