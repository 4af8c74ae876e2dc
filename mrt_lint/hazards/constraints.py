"""Constraints that are gone after the round trip, and those that nobody can drop by name."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from mrt_lint.classes import dataclass
from mrt_lint.hazards.about import about
from mrt_lint.hazards.common import declared, no_way_back
from mrt_lint.ops import AddConstraint, DropColumn, DropConstraint, DropTable
from mrt_lint.ops.constraints import constraint_words
from mrt_lint.ops.editing import find_constraint
from mrt_lint.replay.differences import structure
from mrt_lint.replay.tracing import column_now, table_now
from mrt_lint.roundtrip import Harm, Reason, RoundTrip
from mrt_lint.schema.dialects import MYSQL
from mrt_lint.schema.names import Name, Unknown
from mrt_lint.schema.objects import CONSTRAINT_WORDS, Constraint, Table
from mrt_lint.schema.state import State

_OTHER: Final = ("kind", "columns")
"""What makes it another constraint; the rest is a changed definition."""


@dataclass(frozen=True, slots=True)
class LostConstraint:
    """A constraint that existed before and is dropped. `fate`: what the downgrade does about it, in words.

    `subject` as reasons name it, or with the field of its definition that comes back otherwise.
    """

    table: Name
    constraint: Constraint
    fate: str
    subject: str

    @property
    def words(self) -> str:
        """Returns the constraint with its kind, columns and table."""
        constraint = self.constraint
        # What a database calls by itself has another name on each.
        unnamed = constraint.kind == "primary" or constraint.automatic
        called = constraint_words(replace(constraint, columns=(), name=None if unnamed else constraint.name))
        columns = f" ({', '.join(constraint.columns)})" if constraint.columns else ""
        to = f" to {constraint.ref_table}" if constraint.ref_table is not None else ""
        unknown = " (kind unknown)" if isinstance(constraint.kind, Unknown) else ""
        return f"{called} of {self.table}{columns}{to}{unknown}"


def lost_foreign_key(drop: DropConstraint, state: State, trip: RoundTrip) -> LostConstraint | None:
    """Returns the foreign key that is lost by itself, not with its table or a column of it.

    One of another name and with other actions on the same columns still keeps the rows together.
    """
    lost = lost_constraint(drop, state, trip)
    if lost is None or lost.constraint.kind != "foreign":
        return None
    return None if _goes_with_column(lost, trip) or _still_refers(lost, trip.after) else lost


def lost_guard(drop: DropConstraint, state: State, trip: RoundTrip) -> LostConstraint | None:
    """Returns the lost constraint of any other kind, or of one that is not known."""
    if declared(trip):
        return None
    lost = lost_constraint(drop, state, trip)
    return None if lost is None or lost.constraint.kind == "foreign" else lost


def lost_constraint(drop: DropConstraint, state: State, trip: RoundTrip) -> LostConstraint | None:
    """Returns the constraint if it was there before and the downgrade does not restore it.

    Restored is one of the same kind on the same columns of the same table, under any name. A downgrade
    that raises on purpose restores nothing: then it counts what the upgrade leaves.
    """
    _, table, found = find_constraint(state, drop, drop.table, drop.name, drop.kind, drop.by_convention)
    if table is None or found is None:
        return None
    base = state.base_name(table)
    before = trip.before.table(base)
    original = _in(trip.before, before, found) if before is not None else None
    if original is None:
        return None
    if declared(trip):
        owner = table_now(trip.before, trip.between, base)
        if owner is None or _in(trip.between, owner, _as_called_now(original, owner, base, trip)) is not None:
            return None
        return LostConstraint(base, original, no_way_back(trip) or "", f"{base}.{original.called}")
    for reason in about(
        trip, base, original.called, CONSTRAINT_WORDS, Harm.OBJECT_LOST, Harm.DEFINITION_CHANGED
    ):
        if reason.harm is Harm.OBJECT_LOST:
            fate = no_way_back(trip) or "the downgrade does not create it again"
            return LostConstraint(base, original, fate, reason.subject)
        other = _other(original, base, trip.after) if reason.field in _OTHER else None
        if other is not None:
            no_way = no_way_back(trip)
            fate = f"{no_way}, and {other}" if no_way else f"after the downgrade {other}"
            return LostConstraint(base, original, fate, reason.aspect)
    return None


def _as_called_now(original: Constraint, owner: Table, base: Name, trip: RoundTrip) -> Constraint:
    """Returns a constraint of before with the names that its columns have after the upgrade."""
    now = {name: column_now(trip.between, owner, base, name) for name in original.columns}
    return replace(original, columns=tuple(found.name if found else name for name, found in now.items()))


def _other(original: Constraint, table: Name, after: State) -> str | None:
    """Returns what is in place of a constraint after the downgrade, None if that does the same.

    The order of columns is no matter of what a constraint keeps out.
    """
    owner = after.table(table)
    back = _in(after, owner, original) if owner is not None else None
    if back is None or back.kind != original.kind:
        return "a constraint of another kind is in its place"
    if {after.fold(name) for name in back.columns} == {after.fold(name) for name in original.columns}:
        return None
    return f"it is on other columns ({', '.join(back.columns)})"


def _in(state: State, table: Table, wanted: Constraint) -> Constraint | None:
    """Returns the constraint of a table with the same name, else with the same kind and columns."""
    for constraint in table.constraints:
        if constraint.name and wanted.name and state.fold(constraint.name) == state.fold(wanted.name):
            return constraint
    for constraint in table.constraints:
        same = constraint.kind == wanted.kind and constraint.expression == wanted.expression
        columns = tuple(map(state.fold, constraint.columns)) == tuple(map(state.fold, wanted.columns))
        if same and columns and (wanted.columns or wanted.expression):
            return constraint
    return None


def _goes_with_column(lost: LostConstraint, trip: RoundTrip) -> bool:
    """Returns whether the upgrade drops the constraint's table, or a column of it, as well.

    Of a constraint whose columns are not known: whether it drops any column of the table.
    """
    now = table_now(trip.before, trip.between, lost.table)
    if now is None:
        return True
    if lost.constraint.columns:
        return any(
            column_now(trip.between, now, lost.table, name) is None for name in lost.constraint.columns
        )
    own = trip.before.key("table", lost.table)
    return any(
        isinstance(operation, DropColumn | DropTable) and state.key("table", operation.table) == own
        for state, operation in trip.upgrade_steps
    )


def _still_refers(lost: LostConstraint, after: State) -> bool:
    """Returns whether a foreign key on the same columns to the same table is there after the downgrade."""
    table, key = after.table(lost.table), lost.constraint
    if table is None or key.ref_table is None or not key.columns:
        return False
    return any(
        other.ref_table is not None
        and after.key("table", other.ref_table) == after.key("table", key.ref_table)
        and {after.fold(name) for name in other.columns} == {after.fold(name) for name in key.columns}
        for other in table.constraints
    )


def equal_constraint(reason: Reason, trip: RoundTrip) -> str | None:
    """Returns the name of a constraint that still does the same as a lost one; None: there were no two."""
    old, new = (
        state.table(reason.table) if reason.table is not None else None for state in (trip.before, trip.after)
    )
    if reason.kind not in CONSTRAINT_WORDS or old is None or new is None:
        return None
    wanted = next((one for one in old.constraints if one.name and one.name == reason.part), None)
    if wanted is None or wanted.assumed:
        return None
    same = (one for one in new.constraints if structure(trip.after, one) == structure(trip.after, wanted))
    return next((one.name for one in same if one.name), None)


def left_without_name(add: AddConstraint, state: State, trip: RoundTrip) -> Reason | None:
    """Returns why a constraint that was created without a name is still there after the downgrade.

    None where it goes after all: by the name that the database gives, with its column or its table.
    MySQL drops a primary key without a name.
    """
    unnamed = add.constraint.name is None and add.constraint.index is None
    if not unnamed or (add.constraint.kind == "primary" and state.dialect in MYSQL):
        return None
    table, later = state.table(add.table), add.apply(state).table(add.table)
    if later is None:
        return None
    made = [c for c in later.constraints if table is None or c not in table.constraints]
    base = state.base_name(table) if table is not None else add.table
    for constraint in made:
        for reason in about(trip, base, constraint.called, CONSTRAINT_WORDS, Harm.OBJECT_LEFT):
            return reason
    return None
