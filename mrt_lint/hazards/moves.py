"""Columns whose data is copied elsewhere before they are dropped, and drops that are renames in disguise."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from mrt_lint.classes import dataclass
from mrt_lint.hazards.columns import LostColumn, lost_column
from mrt_lint.ops import AddColumn, DropColumn
from mrt_lint.replay.carried import Data, copied, data_of
from mrt_lint.roundtrip import RoundTrip
from mrt_lint.schema.names import Key, Unknown
from mrt_lint.schema.origin import Derived
from mrt_lint.schema.state import State
from mrt_lint.schema.types import SqlType

_ALIKE: Final = 0.6
"""The share of letters in common (difflib) from which on two names are taken for versions of one."""


@dataclass(frozen=True, slots=True)
class MoveAndDrop:
    """A migration that copies data out of columns (`copied`) and drops them; `lost`: what does not come back.

    `drop`: the first of these columns to go. `sure` False: the copies hold all that was in the columns.
    `computed`: what the downgrade writes anew, from other data.
    """

    drop: DropColumn
    copied: tuple[str, ...]
    lost: tuple[str, ...]
    sure: bool = True
    computed: tuple[str, ...] = ()


def move_and_drop(trip: RoundTrip) -> MoveAndDrop | None:
    """Returns the columns that the upgrade copies from and then drops, None if the downgrade refills them.

    It must refill every column that the upgrade drops, also one that was not copied.
    """
    if not any(isinstance(step, DropColumn) for _, step in trip.upgrade_steps):
        return None
    taken: set[Data] = set()
    drops: list[DropColumn] = []
    lost: list[LostColumn] = []
    for state, step in trip.upgrade_steps:
        if not isinstance(step, DropColumn):
            taken.update(copied(step, state))
            continue
        found = lost_column(step, state, trip)
        if found is not None and (found.sure or found.moved):
            lost.append(found)
        table, column = state.table(step.table), state.column(step.table, step.name)
        if table is not None and column is not None and taken.intersection(data_of(state, table, column)):
            drops.append(step)
    if not drops or not lost:
        return None
    names = tuple(f"{drop.table}.{drop.name}" for drop in drops)
    computed = tuple(each.subject for each in lost if _is_computed(each, trip))
    gone = tuple(each.subject for each in lost if each.subject not in computed)
    return MoveAndDrop(drops[0], names, gone, any(each.sure for each in lost), computed)


def _is_computed(lost: LostColumn, trip: RoundTrip) -> bool:
    """Returns whether the column is there again, with values that the downgrade computes."""
    table, column = trip.after.table(lost.table), trip.after.column(lost.table, lost.column.name)
    return table is not None and column is not None and isinstance(trip.after.origin(table, column), Derived)


@dataclass(frozen=True, slots=True)
class DisguisedRename:
    """A dropped column and one of the same type that is added to the same table under another name."""

    lost: LostColumn
    added: AddColumn


def disguised_rename(drop: DropColumn, state: State, trip: RoundTrip) -> DisguisedRename | None:
    """Returns the added column that looks like the dropped one under a new name, None if there is none.

    Silent where the migration copies the old data (then it knows what it does), and for a column that
    another dropped column is nearer to: of one type those go together whose names are most alike, and where
    none are, the n-th dropped with the n-th added.
    """
    lost = lost_column(drop, state, trip)
    kind = _type(lost, trip) if lost is not None else None
    if lost is None or kind is None:
        return None
    own = trip.before.key("table", lost.table)
    steps = [
        (before, step)
        for before, step in trip.upgrade_steps
        if isinstance(step, AddColumn | DropColumn) and _key(before, step) == own
    ]
    adds = [
        step
        for _, step in steps
        if isinstance(step, AddColumn) and _same(step.column.type, kind, state) and _is_empty(step, trip)
    ]
    if not adds:
        return None
    drops: list[DropColumn] = []
    for before, step in steps:
        if not isinstance(step, DropColumn):
            continue
        other = lost_column(step, before, trip)
        if other is not None and _same(_type(other, trip), kind, state):
            drops.append(step)
    names = {state.fold(step.name) for step in drops}
    names.add(state.fold(lost.column.name))  # What comes back under the old name is no other column.
    adds = [step for step in adds if state.fold(step.column.name) not in names]
    place = next((place for place, step in enumerate(drops) if step is drop or step == drop), None)
    if place is None:
        return None
    partner = _partners(
        tuple(state.fold(step.name) for step in drops), tuple(state.fold(step.column.name) for step in adds)
    )[place]
    return DisguisedRename(lost, adds[partner]) if partner is not None else None


@lru_cache(maxsize=8)
def _partners(drops: tuple[str, ...], adds: tuple[str, ...]) -> tuple[int | None, ...]:
    """Returns for each dropped name the place of the added one that goes with it, each of these once."""
    from difflib import SequenceMatcher

    alike = sorted(
        (-ratio, at, to)
        for at, old in enumerate(drops)
        for to, new in enumerate(adds)
        if (ratio := SequenceMatcher(None, old, new, autojunk=False).ratio()) >= _ALIKE
    )
    found: dict[int, int] = {}
    for _, at, to in alike:
        if at not in found and to not in found.values():
            found[at] = to
    rest = [to for to in range(len(adds)) if to not in found.values()]
    for at, to in zip((at for at in range(len(drops)) if at not in found), rest, strict=False):
        found[at] = to
    return tuple(found.get(at) for at in range(len(drops)))


def _key(before: State, step: AddColumn | DropColumn) -> Key | None:
    """Returns the key of the step's table under its name before the migration, None without that table."""
    table = before.table(step.table)
    return before.key("table", before.base_name(table)) if table is not None else None


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
    return column is not None and table is not None and not any(data_of(trip.between, table, column))
