"""Upgrades that fail where a table has rows, before they take anything away from it."""

from __future__ import annotations

from typing import Final

from mrt_lint.hazards.existing import old_table
from mrt_lint.ops import (
    AddColumn,
    AddConstraint,
    CallFunction,
    Delete,
    DropColumn,
    Insert,
    Merge,
    Opaque,
    Operation,
    PythonCode,
    RenameTable,
    SetVariable,
    Several,
    Truncate,
    Update,
)
from mrt_lint.ops.guard import DialectIs, tests_of
from mrt_lint.roundtrip import RoundTrip
from mrt_lint.schema.casts import is_built_in
from mrt_lint.schema.dialects import FACTS, MYSQL
from mrt_lint.schema.effects import INTEGERS
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column
from mrt_lint.schema.state import State
from mrt_lint.schema.types import SqlType

_FILLING: Final = (
    *(CallFunction, Delete, Insert, Merge, Opaque, PythonCode),
    *(RenameTable, SetVariable, Several, Truncate, Update),
)
"""What may write into a column or into the table that it refers to, take rows away or turn checks off."""


def refused_with_rows(drop: DropColumn, trip: RoundTrip) -> str | None:
    """Returns why the upgrade does not get as far as a drop while the table has rows; None if it may.

    A column was added to the table before, NOT NULL without a default: the database has no value for the
    rows. Not one that is added under a condition or where it is missing, nor one of a domain, which may have
    a default of its own (PostgreSQL manual, CREATE DOMAIN). MySQL and MariaDB write 0, which a foreign key
    to a column that is numbered from 1 does not admit (error 1452; tried on MariaDB 10.11).
    """
    title = FACTS[trip.dialect].title
    failing = [fault.operation for fault in trip.upgrade_faults if fault.sure and fault.problem == "not-null"]
    added: list[tuple[Name, AddColumn]] = []
    zeros: list[tuple[Name, str]] = []
    pointing: set[Name] = set()
    for state, step in trip.upgrade_steps:
        if step == drop:
            base = _base(drop.table, state, trip)
            names = [add.column.name for name, add in added if base is not None and name == base]
            if base in pointing:
                return f"{title} refuses a foreign key before that, of a new column that holds 0 in them"
            return f"{title} refuses {names[0]} before that, NOT NULL without a default" if names else None
        if trip.dialect in MYSQL:
            zeros = _still_zero(zeros, step, state, trip)
            pointing |= {name for name, column in zeros if _points_nowhere(name, column, step, state, trip)}
        if isinstance(step, AddColumn) and any(step == other for other in failing) and _surely(step, state):
            base = _base(step.table, state, trip)
            added += [(base, step)] if base is not None else []
    return None


def _still_zero(
    zeros: list[tuple[Name, str]], step: Operation, state: State, trip: RoundTrip
) -> list[tuple[Name, str]]:
    """Returns the columns, with their tables, that hold 0 in every row of before after a step as well."""
    if isinstance(step, AddColumn):
        column, base = step.column, _base(step.table, state, trip)
        number = isinstance(column.type, SqlType) and column.type.name in INTEGERS
        filled = column.generated is not None or column.identity is not None or column.autoincrement
        filled = filled or column.default is not None or column.nullable is not False
        if base is None or not number or filled or not _surely(step, state):
            return zeros
        return [*zeros, (base, state.fold(column.name))]
    if isinstance(step, _FILLING):
        return []
    return zeros


def _points_nowhere(table: Name, column: str, step: Operation, state: State, trip: RoundTrip) -> bool:
    """Returns whether a step adds a key by which a column refers to one that is numbered."""
    if not isinstance(step, AddConstraint) or _base(step.table, state, trip) != table:
        return False
    key = step.constraint
    if (
        key.kind != "foreign"
        or [state.fold(name) for name in key.columns] != [column]
        or key.ref_table is None
    ):
        return False
    other = state.column(key.ref_table, key.ref_columns[0]) if len(key.ref_columns) == 1 else None
    always = all(isinstance(test.predicate, DialectIs) for test in tests_of(step.guard))
    return always and other is not None and other.autoincrement


def _surely(add: AddColumn, state: State) -> bool:
    """Returns whether the column is added on every way, and nothing but itself would give it a value."""
    always = all(isinstance(test.predicate, DialectIs) for test in tests_of(add.guard))
    return always and not add.conditional and _has_no_default(add.column, state)


def _has_no_default(column: Column, state: State) -> bool:
    """Returns whether the column's type is none that may be a domain, which PostgreSQL alone has."""
    kind = column.type
    if state.dialect != "postgresql":
        return True
    if not isinstance(kind, SqlType):
        return False
    return is_built_in(kind) or kind.is_enum or state.enum(Name(kind.name, kind.schema)) is not None


def _base(name: Name, state: State, trip: RoundTrip) -> Name | None:
    """Returns a table's name before the migration, None if its rows are not those of before."""
    before = old_table(name, state, trip)
    return before.name if before is not None else None
