"""Foreign keys that delete rows along with those that they refer to."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.classes import dataclass
from mrt_lint.ops import AddColumn, AddConstraint, CreateTable
from mrt_lint.ops.constraints import constraint_words
from mrt_lint.roundtrip import RoundTrip
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Constraint
from mrt_lint.schema.origin import kept_or_cast
from mrt_lint.schema.state import State


@dataclass(frozen=True, slots=True)
class Cascade:
    """A foreign key of `table` that deletes its rows with those of `referred`."""

    table: Name
    referred: Name
    constraint: Constraint

    @property
    def words(self) -> str:
        """Returns the foreign key with its name and columns."""
        return constraint_words(self.constraint)


def cascades(
    operation: AddColumn | AddConstraint | CreateTable, state: State, trip: RoundTrip
) -> Iterator[Cascade]:
    """Yields the foreign keys with ON DELETE CASCADE to or from a table that this migration did not make.

    One that did the same before the migration is nothing new.
    """
    made = (operation.constraint,) if isinstance(operation, AddConstraint) else operation.constraints
    own = isinstance(operation, CreateTable) or _made_here(operation.table, state, trip)
    for constraint in made:
        reference = constraint.ref_table
        if constraint.kind != "foreign" or reference is None:
            continue
        if (constraint.ondelete or "").strip().upper() != "CASCADE":
            continue
        itself = state.key("table", reference) == state.key("table", operation.table)
        if own and (itself or _made_here(reference, state, trip)):
            continue
        if not _did_before(operation.table, constraint, state, trip):
            yield Cascade(operation.table, reference, constraint)


def _made_here(name: Name, state: State, trip: RoundTrip) -> bool:
    """Returns whether the migration created the table; one that is not known is taken for an old one."""
    table = state.table(name)
    return table is not None and trip.before.table(state.base_name(table)) is None


def _did_before(name: Name, wanted: Constraint, state: State, trip: RoundTrip) -> bool:
    """Returns whether the same columns referred to the same table with CASCADE, under whatever names."""
    before = trip.before.table(_base(name, state))
    if before is None or wanted.ref_table is None:
        return False
    columns = {_old_column(name, column, state) for column in wanted.columns}
    target = state.key("table", _base(wanted.ref_table, state))
    return any(
        old.kind == "foreign"
        and old.ondelete == "CASCADE"
        and {state.fold(column) for column in old.columns} == columns
        and old.ref_table is not None
        and state.key("table", old.ref_table) == target
        for old in before.constraints
    )


def _base(name: Name, state: State) -> Name:
    """Returns what a table was called before the migration."""
    table = state.table(name)
    return name if table is None else state.base_name(table)


def _old_column(table: Name, column: str, state: State) -> str:
    """Returns what a column was called before the migration, folded."""
    owner, found = state.table(table), state.column(table, column)
    origin = state.origin(owner, found) if owner is not None and found is not None else None
    kept = kept_or_cast(origin)
    return state.fold(kept.column if kept is not None else column)
