"""What a migration demands of the rows of existing tables from now on, which old code may not keep to."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.classes import dataclass
from mrt_lint.hazards.compat import now
from mrt_lint.hazards.existing import old_column, old_table
from mrt_lint.hazards.nullability import tightened
from mrt_lint.hazards.uniqueness import is_there_already, names_before, unique_already
from mrt_lint.ops import AddColumn, AddConstraint, CreateIndex, RedefineColumn, SetNullable
from mrt_lint.ops.adopting import automatic_index_name, automatic_name
from mrt_lint.ops.constraints import constraint_words
from mrt_lint.roundtrip import RoundTrip
from mrt_lint.schema.expressions import identifiers
from mrt_lint.schema.names import Key, Name, Unknown
from mrt_lint.schema.objects import Column, Constraint, Index, Table
from mrt_lint.schema.state import State
from mrt_lint.schema.volatility import Volatility, default_volatility

Enforcing = AddConstraint | CreateIndex | AddColumn | SetNullable | RedefineColumn


@dataclass(frozen=True, slots=True)
class Enforced:
    """What a row that the old code writes may now violate, in words."""

    table: Name
    part: str
    words: str

    @property
    def subject(self) -> str:
        """Returns it as reasons name it."""
        return f"{self.table}.{self.part}"


def enforced(operation: Enforcing, state: State, trip: RoundTrip) -> Iterator[Enforced]:
    """Yields what the operation demands of rows of a table of before and was not demanded of them already."""
    if isinstance(operation, SetNullable | RedefineColumn):
        yield from _not_null(operation, state, trip)
        return
    table, before = state.table(operation.table), old_table(operation.table, state, trip)
    if table is None or before is None or is_there_already(operation, state):
        return
    for item in _demands(operation):
        if not _concerns_old_code(item, operation, state, trip):
            continue
        if _demanded_before(item, before, operation.table, state):
            continue
        if isinstance(item, Index):
            name = item.name or automatic_index_name(state, table, item)
            words = f"unique index {name}"
        else:
            name = item.name or automatic_name(state, table, item) or ", ".join(item.columns)
            words = constraint_words(item)
        yield Enforced(operation.table, name, f"{words} on {operation.table}")


def _not_null(operation: SetNullable | RedefineColumn, state: State, trip: RoundTrip) -> Iterator[Enforced]:
    found = tightened(operation, state, trip)
    if found is None or found.column.nullable is False:
        return
    later = now(found.table, trip)
    name = operation.column.name if isinstance(operation, RedefineColumn) else operation.name
    column = later.columns.get(trip.between.fold(name)) if later is not None else None
    if column is None or column.nullable is False:
        yield Enforced(found.table, found.column.name, f"NOT NULL on {found.subject}")


def _demands(operation: AddConstraint | CreateIndex | AddColumn) -> Iterator[Constraint | Index]:
    """Yields the constraints and unique indexes; one that takes over a unique index demands nothing new."""
    items: tuple[Constraint | Index, ...]
    if isinstance(operation, CreateIndex):
        items = (operation.index,)
    elif isinstance(operation, AddConstraint):
        items = (operation.constraint,)
    else:
        items = (*operation.constraints, *operation.indexes)
    for item in items:
        if item.unique is True if isinstance(item, Index) else item.index is None:
            yield item


def _concerns_old_code(
    item: Constraint | Index,
    operation: AddConstraint | CreateIndex | AddColumn,
    state: State,
    trip: RoundTrip,
) -> bool:
    """Returns whether rows that the old code writes can violate it.

    It writes the columns of before; a new one that it does not name gets its default. A NULL satisfies
    every key, and a constant violates a unique key at the second row.
    """
    columns = _columns_of(item, operation, state)
    new = [_new_column(operation, name, state, trip) for name in columns]
    if not columns or (isinstance(item, Constraint) and item.kind in ("check", "exclude")):
        return None in new or not columns
    defaults = [column.default for column in new if column is not None]
    if None in new:
        return None not in defaults
    if isinstance(item, Constraint) and item.kind == "foreign":
        return False
    return all(
        isinstance(default, str) and default_volatility(default, state)[0] is Volatility.FIXED
        for default in defaults
    )


def _new_column(
    operation: AddConstraint | CreateIndex | AddColumn, name: str, state: State, trip: RoundTrip
) -> Column | None:
    """Returns the column if this migration made it, None for one of before."""
    if isinstance(operation, AddColumn) and state.fold(operation.column.name) == state.fold(name):
        return operation.column
    column = state.column(operation.table, name)
    old = column is None or old_column(operation.table, name, state, trip) is not None
    return None if old else column


def _columns_of(
    item: Constraint | Index, operation: AddConstraint | CreateIndex | AddColumn, state: State
) -> tuple[str, ...]:
    """Returns the columns of the table that a constraint or index is about; empty: not known."""
    table = state.table(operation.table)
    if isinstance(item, Constraint) and item.kind in ("unique", "primary", "foreign"):
        return item.columns
    if isinstance(item, Constraint):
        words = identifiers(item.expression or "")
    else:
        words = set() if isinstance(item.columns, Unknown) else set().union(*map(identifiers, item.columns))
    known = {*(table.columns if table is not None else ())}
    if isinstance(operation, AddColumn):
        known.add(state.fold(operation.column.name))
    return tuple(sorted(word for word in words if state.fold(word) in known))


def _demanded_before(item: Constraint | Index, before: Table, table: Name, state: State) -> bool:
    """Returns whether the table demanded the same of its rows before the migration."""
    if isinstance(item, Index) or item.kind in ("unique", "primary"):
        return unique_already(item, before, table, state)
    return any(_same_demand(item, one, table, state) for one in before.constraints)


def _same_demand(item: Constraint, one: Constraint, table: Name, state: State) -> bool:
    if item.kind != one.kind or one.assumed or not one.sure:
        return False
    if item.kind != "foreign":
        before = names_before((item.expression or "",), table, state)
        return item.expression is not None and before == (one.expression,)
    columns = [
        tuple(map(state.fold, names)) for names in (names_before(item.columns, table, state), one.columns)
    ]
    return columns[0] == columns[1] and _referred(item, state) == _referred(one, state)


def _referred(key: Constraint, state: State) -> Key | None:
    """Returns the table that a foreign key refers to, as it was called before the migration."""
    if key.ref_table is None:
        return None
    target = state.table(key.ref_table)
    return state.key("table", state.base_name(target) if target is not None else key.ref_table)
