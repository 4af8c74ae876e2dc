"""What a downgrade says that a column was before, where the history does not show it."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.ops import AlterColumnType, RedefineColumn, SetNullable
from mrt_lint.roundtrip import RoundTrip
from mrt_lint.schema.names import Name, Unknown
from mrt_lint.schema.state import State
from mrt_lint.schema.types import SqlType

_Change = AlterColumnType | RedefineColumn | SetNullable


def not_null_again(table: Name, name: str, state: State, trip: RoundTrip) -> bool:
    """Returns whether the downgrade says NOT NULL of the column: whoever wrote it knows that it was.

    Names are compared as the operations have them, so of a renamed column nothing is found.
    """
    for step in _changes(table, name, state, trip):
        if isinstance(step, SetNullable) and step.nullable is False:
            return True
        if isinstance(step, RedefineColumn) and step.column.nullable is False:
            return True
    return False


def type_again(table: Name, name: str, state: State, trip: RoundTrip) -> SqlType | Unknown | None:
    """Returns the type that the downgrade gives to the column last, None if it gives it none.

    Not a type with a name of its own: under that name there may have been another one before.
    """
    found: SqlType | Unknown | None = None
    for step in _changes(table, name, state, trip):
        if isinstance(step, AlterColumnType):
            found = step.type
        elif isinstance(step, RedefineColumn) and not isinstance(step.column.type, Unknown):
            found = step.column.type
    if isinstance(found, SqlType) and (found.labels or not found.exact or _is_named(found, trip)):
        return None
    return found


def _is_named(kind: SqlType, trip: RoundTrip) -> bool:
    """Returns whether a type of the schema has this name somewhere on the way."""
    name = Name(kind.name, kind.schema)
    return any(state.enum(name) is not None for state in (trip.before, trip.between, trip.after))


def _changes(table: Name, name: str, state: State, trip: RoundTrip) -> Iterator[_Change]:
    """Yields the downgrade's changes of the column, in their order."""
    for before, step in trip.downgrade_steps:
        if (
            isinstance(step, _Change)
            and before.key("table", step.table) == state.key("table", table)
            and state.fold(step.name) == state.fold(name)
        ):
            yield step
