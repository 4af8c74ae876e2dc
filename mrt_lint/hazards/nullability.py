"""NOT NULL: columns added with it, columns that get it, and whether they lose it again."""

from __future__ import annotations

from typing import Final

from mrt_lint.classes import dataclass
from mrt_lint.hazards.common import declared
from mrt_lint.hazards.existing import old_column, old_table
from mrt_lint.hazards.said_again import not_null_again
from mrt_lint.ops import AddColumn, RedefineColumn, SetNullable
from mrt_lint.roundtrip import RoundTrip
from mrt_lint.schema.names import Name, Unknown
from mrt_lint.schema.objects import Column, Table
from mrt_lint.schema.state import State

PROVES_NOT_NULL: Final = (12,)
"""Since which PostgreSQL a valid CHECK spares SET NOT NULL the scan (release notes)."""


def required(column: Column) -> bool:
    """Returns whether a row that does not name the column is refused: NOT NULL, and nothing fills it."""
    if column.nullable is not False or column.default is not None:
        return False
    return not (column.identity or column.autoincrement or column.generated is not None)


def added_required(add: AddColumn, state: State, trip: RoundTrip) -> bool:
    """Returns whether a column that rows need a value for is added to a table that may have rows."""
    return required(add.column) and extended_table(add, state, trip) is not None


def extended_table(add: AddColumn, state: State, trip: RoundTrip) -> Table | None:
    """Returns the table of before, as it is now, that gets the column; None too if it has it already."""
    table = state.table(add.table)
    if table is None or old_table(add.table, state, trip) is None:
        return None
    found = table.columns.get(state.fold(add.column.name))
    return None if found is not None and not found.assumed else table


@dataclass(frozen=True, slots=True)
class Tightened:
    """A column of before that gets NOT NULL. `column`: as it was before the migration."""

    table: Name
    column: Column

    @property
    def subject(self) -> str:
        """Returns the column as reasons name it."""
        return f"{self.table}.{self.column.name}"


def tightened(operation: SetNullable | RedefineColumn, state: State, trip: RoundTrip) -> Tightened | None:
    """Returns the column if it existed before the migration, may hold NULL and is NOT NULL from now on."""
    if _nullable(operation) is not False:
        return None
    table, column = state.table(operation.table), state.column(operation.table, operation.name)
    before = old_column(operation.table, operation.name, state, trip)
    if table is None or column is None or before is None:
        return None
    if (
        column.nullable is False
        or _in_primary_key(table, operation.name, state)
        or (isinstance(column.nullable, Unknown) and not _may_be_null(operation, state, trip))
    ):
        return None
    return Tightened(state.base_name(table), before)


def _in_primary_key(table: Table, name: str, state: State) -> bool:
    """Returns whether the primary key keeps the column NOT NULL already (SQLite's does not)."""
    if state.dialect == "sqlite":
        return False
    keys = (c for c in table.constraints if c.kind == "primary" and c.sure)
    return any(state.fold(name) in map(state.fold, key.columns) for key in keys)


def _nullable(operation: SetNullable | RedefineColumn) -> bool | Unknown:
    return operation.nullable if isinstance(operation, SetNullable) else operation.column.nullable


def _may_be_null(operation: SetNullable | RedefineColumn, state: State, trip: RoundTrip) -> bool:
    """Returns whether nothing says that a column, of which the history does not tell, was NOT NULL before."""
    if operation.existing_nullable is False:
        return False
    return not not_null_again(operation.table, operation.name, state, trip)


def stays_tightened(
    operation: SetNullable | RedefineColumn, state: State, trip: RoundTrip
) -> Tightened | None:
    """Returns the column if the downgrade leaves it NOT NULL that was not before."""
    found = tightened(operation, state, trip)
    if found is None or declared(trip) or found.column.nullable is False:
        return None
    after = trip.after.column(found.table, found.column.name)
    return found if after is not None and after.nullable is False else None


def scanned(
    operation: SetNullable, state: State, trip: RoundTrip, version: tuple[int, ...] | None
) -> Tightened | None:
    """Returns the column if PostgreSQL reads the whole table to see that it holds no NULL.

    A valid CHECK that says so spares the scan (PostgreSQL manual, ALTER TABLE, SET NOT NULL).
    """
    found = tightened(operation, state, trip)
    table = state.table(operation.table)
    if found is None or table is None or table.rebuilding is not None:
        return None
    if version is not None and version < PROVES_NOT_NULL:
        return found
    from mrt_lint.sql.nulls import never_null

    for check in table.constraints:
        if check.kind != "check" or check.expression is None or not check.validated or not check.sure:
            continue
        if state.fold(operation.name) in {state.fold(name) for name in never_null(check.expression)}:
            return None
    return found
