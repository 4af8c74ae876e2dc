"""Columns whose old data does not come back."""

from __future__ import annotations

from collections.abc import Sequence

from mrt_lint.classes import dataclass
from mrt_lint.hazards.caused import caused_by
from mrt_lint.hazards.common import LOST, declared, harms_of, no_way_back, only_not_understood
from mrt_lint.hazards.existing import known_empty
from mrt_lint.hazards.filling import constant_by_key
from mrt_lint.hazards.refusing import refused_with_rows
from mrt_lint.hazards.strength import on_request, told
from mrt_lint.hazards.writes import told_as_emptied
from mrt_lint.ops import AddColumn, DropColumn, Operation
from mrt_lint.replay.carried import BY_CASE, unless_carried
from mrt_lint.replay.contents import Loss, computed_in_code, leaves
from mrt_lint.roundtrip import Harm, RoundTrip
from mrt_lint.schema.casts import Effect, chain_effect
from mrt_lint.schema.names import Name, Unknown
from mrt_lint.schema.objects import Column
from mrt_lint.schema.origin import NUMBERED, Cast, Derived, Filled, Kept, KeptRows, NoRows, Origin
from mrt_lint.schema.state import State


@dataclass(frozen=True, slots=True)
class LostColumn:
    """A column that held data and is dropped. `fate`: what the downgrade does about it, in words.

    `sure` False: part of the migration is not understood, so the data may come back all the same; the upgrade
    fails before where the table has rows; or it is `moved`: it was put into another column first, where it
    stays, and there is no way back at all.
    """

    table: Name
    column: Column
    fate: str
    sure: bool = True
    moved: bool = False

    @property
    def subject(self) -> str:
        """Returns the column as reasons name it."""
        return f"{self.table}.{self.column.name}"

    @property
    def words(self) -> str:
        """Returns the column with its type when that is known."""
        kind = "" if isinstance(self.column.type, Unknown) else f" {self.column.type}"
        return f"{self.subject}{kind}"


def lost_column(drop: DropColumn, state: State, trip: RoundTrip) -> LostColumn | None:
    """Returns the column if it held data before the migration and the round trip does not bring it back."""
    table, column = state.table(drop.table), state.column(drop.table, drop.name)
    if table is None or column is None or known_empty(drop, table, state):
        return None
    if column.generated is not None and not column.generated.stored:
        return None
    base = state.base_name(table)
    name = column.origin.column if isinstance(column.origin, Kept) else column.name
    before = trip.before.column(base, name)
    if before is None or told_as_emptied(drop, table, base, trip):
        return None
    # Under a condition the round trip tells of another course than the one in which the column goes.
    caused = caused_by(drop, trip, Harm.COLUMN_DATA_LOST, Harm.OBJECT_LOST)
    # What goes along with the column (a key, an index) says nothing of its data.
    harmed = [reason for reason in caused if reason.kind in ("column", "table")]
    sure = bool(harmed)
    doubts = [reason for reason in trip.reasons if (reason.harm, reason.part) == (Harm.UNPROVEN, name)]
    if not sure and any(doubt.table == base and doubt.message.endswith(BY_CASE) for doubt in doubts):
        fate = "the downgrade gives back the values that its CASE names, no others"
        return LostColumn(base, before, fate, sure=False)
    if not sure and (_column_elsewhere(trip, base, name) or _column_comes_back(trip, base, name)):
        return None
    if not sure and no_way_back(trip) is None and only_not_understood(trip, base, name):
        back = trip.after.column(base, name) is not None
        fate = "the downgrade re-adds it; whether its data comes back" if back else "whether it comes back"
        return LostColumn(base, before, f"{fate} is not understood", sure=False)
    no_way = no_way_back(trip)
    new = _moved_to(trip, base, name) if no_way is not None else None
    if new is not None:
        fate = f"{no_way}, though its values were put into {new} first"
        return LostColumn(base, before, fate, sure=False, moved=True)
    fate = _fate_of_column(trip, base, name)
    if harmed and all(reason.condition for reason in harmed):
        return LostColumn(base, before, told(fate, harmed[0]), sure=False)
    refused = refused_with_rows(drop, trip)
    if refused is not None:
        return LostColumn(base, before, f"{fate}; but where there are rows, {refused}", sure=False)
    return LostColumn(base, before, on_request(fate, drop))


def _moved_to(trip: RoundTrip, table: Name, name: str) -> str | None:
    """Returns another column of the same rows in which the upgrade leaves every value, if there is one."""
    for owner in trip.between.tables():
        if trip.between.rows(owner) != KeptRows(table):
            continue
        for column in owner.columns.values():
            if _holds(trip.between.origin(owner, column), Kept(table, name), trip):
                return f"{owner.name}.{column.name}"
    return None


def _holds(origin: Origin, data: Kept, trip: RoundTrip) -> bool:
    """Returns whether contents are this data, cast at most in ways that are not known to lose any."""
    if isinstance(origin, Cast) and origin.source == data:
        return chain_effect(origin.types, trip.dialect, origin.copied) is not Effect.LOSSY
    return origin == data


def _column_elsewhere(trip: RoundTrip, table: Name, name: str) -> bool:
    """Returns whether the upgrade leaves the data under the same table and name after all.

    A rebuild, or a copy into a column of another type that is not known to lose any.
    """
    kept = trip.between.column(table, name)
    owner = trip.between.table(table)
    if kept is None or owner is None:
        return False
    return _holds(trip.between.origin(owner, kept), Kept(table, name), trip)


def _column_comes_back(trip: RoundTrip, table: Name, name: str) -> bool:
    if declared(trip) or trip.migration.downgrade is None:
        return False
    column, owner = trip.after.column(table, name), trip.after.table(table)
    if column is None or owner is None:
        return False
    harms = set(harms_of(trip, table, name)).intersection(LOST)
    if harms == {Harm.ROWS_LOST} and not isinstance(owner.rows, NoRows):
        # Some rows go; what the rest holds is judged by where it comes from.
        origin = trip.after.origin(owner, column)
        kept = [leaf for leaf in leaves(origin) if isinstance(leaf, Kept)]
        if any(_is_own(trip, leaf, table, name) for leaf in kept) or computed_in_code(origin):
            return True
        loss = Loss(Harm.COLUMN_DATA_LOST, table, name, "", "column")
        steps = trip.upgrade_steps, trip.downgrade_steps
        return unless_carried(loss, trip.before, *steps, trip.after).harm is Harm.UNPROVEN
    return not harms


def _is_own(trip: RoundTrip, leaf: Kept, table: Name, name: str) -> bool:
    state = trip.before
    same = state.key("table", leaf.table) == state.key("table", table)
    return same and state.fold(leaf.column) == state.fold(name)


def _fate_of_column(trip: RoundTrip, table: Name, name: str) -> str:
    no_way = no_way_back(trip)
    if no_way is not None:
        return no_way
    column = trip.after.column(table, name)
    if column is None:
        return "the downgrade does not bring it back"
    left = trip.between.column(table, name)
    stays = left is not None and not _added_again(trip.downgrade_steps, trip.between, table, name)
    if stays and isinstance(column.origin, Derived | Filled):
        again = _added_again(trip.upgrade_steps, trip.before, table, name)
        if isinstance(column.origin, Filled) and left is not None and left.origin == column.origin and again:
            required = _is_required(trip.upgrade_steps, trip.before, table, name)
            return f"the upgrade re-adds it {_contents(column.origin, required)}, and so it stays"
        return "other values stand under its name, also after the downgrade"
    if isinstance(column.origin, Filled):
        required = _is_required(trip.downgrade_steps, trip.between, table, name)
        return f"the downgrade re-adds it {_contents(column.origin, required)}"
    if isinstance(column.origin, Derived):
        if column.origin == NUMBERED:
            return "the downgrade re-adds it with new numbers"
        constant = constant_by_key(trip, name, column.origin)
        if constant is not None:
            return f"the downgrade re-adds it {constant}"
        read = any(isinstance(leaf, Kept) for leaf in leaves(column.origin))
        # What is written in some rows alone is chosen by what stands in them.
        computed = read or column.origin.partial or computed_in_code(column.origin)
        values = "values computed from other data" if computed else "other values"
        return f"the downgrade re-adds it with {values}"
    return "the downgrade re-adds it without its data"


def _contents(filled: Filled, required: bool) -> str:
    """Returns what stands in every row of a column that was just added, in words."""
    if required and filled.value is None:
        return "NOT NULL, without its data"  # MySQL puts the type's zero value there, others refuse rows.
    return "empty" if filled.value in (None, "NULL") else f"with {filled.value} in every row"


def _is_required(steps: Sequence[tuple[State, Operation]], state: State, table: Name, name: str) -> bool:
    """Returns whether a column of this name is added NOT NULL without a default."""
    return any(
        isinstance(step, AddColumn) and step.column.nullable is False and step.column.default is None
        for one in steps
        if _added_again([one], state, table, name)
        for step in one[1:]
    )


def _added_again(steps: Sequence[tuple[State, Operation]], state: State, table: Name, name: str) -> bool:
    """Returns whether a step adds a column of this name; what stood under it before is gone then."""
    key, fold = state.key, state.fold
    return any(
        isinstance(step, AddColumn)
        and key("table", step.table) == key("table", table)
        and fold(step.column.name) == fold(name)
        for _, step in steps
    )
