"""Unique keys on rows that are there already: whether duplicates can stand against them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from mrt_lint.classes import dataclass
from mrt_lint.hazards.existing import old_column, old_table
from mrt_lint.hazards.made_unique import last_rewriting, surely_unique
from mrt_lint.ops import AddColumn, AddConstraint, CreateIndex, DropConstraint, DropIndex
from mrt_lint.ops.adopting import automatic_index_name, automatic_name
from mrt_lint.ops.rebuild import BeginRebuild, EndRebuild
from mrt_lint.roundtrip import RoundTrip
from mrt_lint.schema.expressions import identifiers, renamed
from mrt_lint.schema.names import Name, Unknown
from mrt_lint.schema.objects import Column, Constraint, Index, Table
from mrt_lint.schema.origin import Derived, Filled, Kept, UnknownData
from mrt_lint.schema.state import State
from mrt_lint.schema.volatility import Volatility, default_volatility

Keyed = AddConstraint | CreateIndex | AddColumn


@dataclass(frozen=True, slots=True)
class UniqueKey:
    """A unique constraint or index on a table of before. `columns`: in SQL, empty when not known.

    `given`: the database named it, each does that in its own way. `rewritten`: the line of a statement
    before it that may have made the rows unique.
    """

    table: Name
    name: str | None
    columns: tuple[str, ...]
    is_index: bool
    given: bool = False
    rewritten: int | None = None

    @property
    def subject(self) -> str:
        """Returns the key as reasons name it."""
        return f"{self.table}.{self.name or ', '.join(self.columns)}"

    @property
    def words(self) -> str:
        """Returns the key in words: its kind, name and columns."""
        name = f" {self.name}" if self.name else ""
        columns = f" ({', '.join(self.columns)})" if self.columns else ""
        return f"unique {'index' if self.is_index else 'constraint'}{name} on {self.table}{columns}"

    @property
    def on_any(self) -> UniqueKey:
        """Returns the key as it is called where more than one database may name it."""
        return replace(self, name=None) if self.given and self.columns else self


def unproven_keys(operation: Keyed, state: State, trip: RoundTrip) -> Iterator[UniqueKey]:
    """Yields the unique keys that the operation adds and that rows of before may violate.

    Not those whose rows are unique for another reason: a key on some of the same columns that was
    there before, a new column that is NULL in every row, or that counts its rows.
    """
    table, before = state.table(operation.table), old_table(operation.table, state, trip)
    if table is None or before is None or is_there_already(operation, state):
        return
    for item in _added(operation):
        columns = () if isinstance(item.columns, Unknown) else item.columns
        if columns and not _may_repeat(operation, item, columns, state, trip):
            continue
        if unique_already(item, before, operation.table, state):
            continue
        if columns and _replaces(item, columns, operation, state, trip):
            continue
        keyed = (operation, operation.table, columns, state, trip)
        if not _nulls_repeat(item, state) and surely_unique(*keyed):
            continue
        name = item.name if item.name is not None else _given_name(state, table, item)
        is_index, given = isinstance(item, Index), item.name is None
        yield UniqueKey(operation.table, name, columns, is_index, given, last_rewriting(*keyed))


def _added(operation: Keyed) -> Iterator[Constraint | Index]:
    """Yields what may be refused: USING INDEX takes an index that is unique already."""
    if isinstance(operation, CreateIndex):
        items: tuple[Constraint | Index, ...] = (operation.index,)
    elif isinstance(operation, AddConstraint):
        items = (operation.constraint,)
    else:
        items = (*operation.constraints, *operation.indexes)
    for item in items:
        if isinstance(item, Index):
            if item.unique is True:
                yield item
        elif item.kind == "unique" and item.index is None:
            yield item


def _may_repeat(
    operation: Keyed, item: Constraint | Index, columns: tuple[str, ...], state: State, trip: RoundTrip
) -> bool:
    """Returns whether two rows of before may have the same key."""
    table = state.table(operation.table)
    nulls_repeat = _nulls_repeat(item, state)
    old = False
    for text in columns:
        for name in identifiers(text):
            added = operation.column if isinstance(operation, AddColumn) else None
            if added is not None and state.fold(added.name) == state.fold(name):
                column: Column | None = added
            else:
                column = state.column(operation.table, name)
                if column is None or old_column(operation.table, name, state, trip) is not None:
                    old = old or column is not None or table is None or not state.knows_all_of(table)
                    continue
            if column is not None and (_counts(column, state) or (_all_null(column) and not nulls_repeat)):
                return False
    return old or not _filled_afterwards(operation, columns, state)


def _nulls_repeat(item: Constraint | Index, state: State) -> bool:
    """Returns whether two NULLs count as equal: NULLS NOT DISTINCT, and SQL Server always."""
    if isinstance(item, Constraint):
        return (item.nulls_not_distinct and state.dialect == "postgresql") or state.dialect == "mssql"
    return ("nulls_not_distinct", "true") in item.options or state.dialect == "mssql"


def _all_null(column: Column) -> bool:
    """Returns whether a new column is NULL in every row of before."""
    if column.origin is None:
        return column.default is None and column.nullable is True and column.generated is None
    if isinstance(column.default, Unknown):
        return False
    return isinstance(column.origin, Filled) and column.origin.value in (None, "NULL")


def _counts(column: Column, state: State) -> bool:
    """Returns whether a new column got a value of its own in every row."""
    if column.identity or column.autoincrement:
        return True
    if not isinstance(column.default, str):
        return False
    return default_volatility(column.default, state)[0] is Volatility.VOLATILE


def _filled_afterwards(operation: Keyed, columns: tuple[str, ...], state: State) -> bool:
    """Returns whether a new column was added NULL and filled by a statement of the migration."""
    found = [state.column(operation.table, name) for name in columns]
    return any(
        column is not None and column.default is None and isinstance(column.origin, Derived | UnknownData)
        for column in found
    )


def is_there_already(operation: Keyed, state: State) -> bool:
    """Returns whether IF NOT EXISTS finds the index or column, so that nothing happens."""
    table = state.table(operation.table)
    if table is None or not operation.conditional:
        return False
    found: Index | Column | None = None
    if isinstance(operation, CreateIndex):
        found = table.indexes.get(state.fold(operation.index.name or ""))
    elif isinstance(operation, AddColumn):
        found = table.columns.get(state.fold(operation.column.name))
    return found is not None and not found.assumed


def names_before(columns: Iterable[str], table: Name, state: State) -> tuple[str, ...]:
    """Returns columns or index elements in the names that the columns had before the migration."""
    found = []
    for text in columns:
        for name in identifiers(text):
            column = state.column(table, name)
            if column is not None and isinstance(column.origin, Kept):
                text = renamed(text, name, column.origin.column)
        found.append(text)
    return tuple(found)


def unique_already(item: Constraint | Index, before: Table, table: Name, state: State) -> bool:
    """Returns whether a key of the table, on some of the columns and for every row, makes another true."""
    columns = () if isinstance(item.columns, Unknown) else names_before(item.columns, table, state)
    return bool(columns) and any(_covers(state, one, item, columns) for one in _keys_of(before))


def _replaces(
    item: Constraint | Index, columns: tuple[str, ...], operation: Keyed, state: State, trip: RoundTrip
) -> bool:
    """Returns whether the migration has just dropped a key that made this one true.

    By way of the columns' present names: where their data comes from need not be known for that.
    """
    steps = trip.upgrade_steps
    place = next((i for i, (_, step) in enumerate(steps) if step is operation), None)
    for before, step in reversed(steps[:place] if place is not None else []):
        if not isinstance(step, DropConstraint | DropIndex | BeginRebuild | EndRebuild) and step.has_effect:
            return False
        table = before.table(operation.table)
        if table is not None and any(_covers(state, one, item, columns) for one in _keys_of(table)):
            return True
    return False


def _keys_of(table: Table) -> Iterator[Constraint | Index]:
    yield from (c for c in table.constraints if c.kind in ("unique", "primary"))
    yield from (index for index in table.indexes.values() if index.unique is True)


def _covers(state: State, one: Constraint | Index, new: Constraint | Index, columns: tuple[str, ...]) -> bool:
    if isinstance(one.columns, Unknown) or not one.columns or one.assumed or not one.sure:
        return False
    if isinstance(one, Index) and one.where not in (None, new.where if isinstance(new, Index) else None):
        return False
    return {state.fold(c) for c in one.columns} <= {state.fold(c) for c in columns}


def _given_name(state: State, owner: Table, item: Constraint | Index) -> str | None:
    """Returns the name that the database gives to a key without one."""
    if isinstance(item, Index):
        return automatic_index_name(state, owner, item)
    return automatic_name(state, owner, item)
