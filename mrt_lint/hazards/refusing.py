"""Upgrades that fail where a table has rows, before they take anything away from it."""

from __future__ import annotations

from mrt_lint.hazards.existing import old_table
from mrt_lint.ops import AddColumn, DropColumn
from mrt_lint.ops.guard import DialectIs, tests_of
from mrt_lint.roundtrip import RoundTrip
from mrt_lint.schema.casts import is_built_in
from mrt_lint.schema.dialects import FACTS
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column
from mrt_lint.schema.state import State
from mrt_lint.schema.types import SqlType


def refused_with_rows(drop: DropColumn, trip: RoundTrip) -> str | None:
    """Returns why the upgrade does not get as far as a drop while the table has rows; None if it may.

    A column was added to the table before, NOT NULL without a default: the database has no value for the
    rows. Not one that is added under a condition or where it is missing, nor one of a domain, which may have
    a default of its own (PostgreSQL manual, CREATE DOMAIN).
    """
    failing = [fault.operation for fault in trip.upgrade_faults if fault.sure and fault.problem == "not-null"]
    added: list[tuple[Name, AddColumn]] = []
    for state, step in trip.upgrade_steps:
        if step == drop:
            base = _base(drop.table, state, trip)
            names = [add.column.name for name, add in added if base is not None and name == base]
            title = FACTS[trip.dialect].title
            return f"{title} refuses {names[0]} before that, NOT NULL without a default" if names else None
        if isinstance(step, AddColumn) and any(step == other for other in failing) and _surely(step, state):
            base = _base(step.table, state, trip)
            added += [(base, step)] if base is not None else []
    return None


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
