"""MySQL and MariaDB: every foreign key has an index on both sides, and a column in one cannot be dropped.

Source: MySQL 8.0 manual 15.1.20.5 (FOREIGN KEY constraints: "an index is created automatically if it
does not exist. This index might be silently dropped later if you create another index that can be
used to enforce the foreign key constraint"); errors 1553, 1828 and 1829; measured with MariaDB 10.11.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from mrt_lint.schema.dialects import MYSQL
from mrt_lint.schema.expressions import identifiers
from mrt_lint.schema.names import Unknown
from mrt_lint.schema.objects import Constraint, Index, Table

if TYPE_CHECKING:
    from mrt_lint.ops.base import Operation
    from mrt_lint.schema.state import State


def applies(state: State) -> bool:
    """Returns whether the database indexes foreign keys by itself."""
    return state.dialect in MYSQL


def with_index_for(state: State, table: Table, key: Constraint, named: bool) -> Table:
    """Returns the table with the index that a new foreign key makes; `named`: the key was given its name.

    None is added where one may be there already: over columns that were there before the history.
    """
    if not applies(state) or not key.columns:
        return table
    serving = _serving(state, table, key.columns)
    alike = {
        index.name
        for index in table.indexes.values()
        if index.implied and not isinstance(index.columns, Unknown) and len(index.columns) == len(key.columns)
    }
    if not alike.issuperset(serving):
        return table
    # An index that another key only implied gives way to that of the new key.
    table = without_served(state, table, key.columns)
    columns = [table.columns.get(state.fold(name)) for name in key.columns]
    in_sight = state.knows_all_of(table) or any(column and not column.assumed for column in columns)
    if not in_sight:
        return table
    name = key.name if named and key.name else _free_name(state, table, key.columns[0])
    index = Index(name, key.columns, automatic=not named, implied=True)
    folded = state.fold(name)
    indexes = {**table.indexes, folded: table.indexes.get(folded, index)}
    return replace(table, indexes=indexes, gone=table.gone - {("index", folded)})


def with_key_name_taken(
    state: State, op: Operation, before: Table, after: Table, constraint: Constraint
) -> State:
    """Returns the state with a fault where a unique key, or the index of a foreign key, finds its name taken.

    `before`, `after`: the table without and with what the constraint makes. Error 1061, measured on MariaDB
    10.11. In CREATE TABLE the other parts are still to come, so that nothing is said there.
    """
    name = constraint.name
    if not applies(state) or name is None or constraint.automatic or not hasattr(op, "constraint"):
        return state
    folded = state.fold(name)
    keys = {state.fold(c.name or "") for c in before.constraints if c.kind == "unique" and c != constraint}
    if constraint.kind == "foreign":
        own = after.indexes.get(folded)
        served = own is None or bool(_serving(state, before, constraint.columns))
        taken = not served and (folded in keys or folded in before.indexes)
        taken = taken and own is not None and state.knows_all_of(before)
    else:
        taken = constraint.kind == "unique" and folded in after.indexes
    if not taken:
        return state
    message = f"index {name} exists already at that point"
    return state.fault(op, "exists", "index", name, message, state.is_there(before))


def _free_name(state: State, table: Table, base: str) -> str:
    name, count = base, 1
    while state.fold(name) in table.indexes or any(c.name == name for c in table.constraints):
        count += 1
        name = f"{base}_{count}"
    return name


def without_served(state: State, table: Table, columns: tuple[str, ...]) -> Table:
    """Returns the table without the indexes of foreign keys that a new one over `columns` makes needless."""
    if not applies(state):
        return table
    indexes = {
        key: index
        for key, index in table.indexes.items()
        if not (index.implied and _begins(state, columns, index.columns))
    }
    return table if len(indexes) == len(table.indexes) else replace(table, indexes=indexes)


def _begins(state: State, columns: tuple[str, ...], first: tuple[str, ...] | Unknown) -> bool:
    """Returns whether the columns of an index begin with these."""
    if isinstance(first, Unknown) or len(first) > len(columns):
        return False
    return [state.fold(name) for name in columns[: len(first)]] == [state.fold(name) for name in first]


def _serving(state: State, table: Table, columns: tuple[str, ...], without: str = "") -> list[str]:
    """Returns the names of the indexes and keys that begin with the columns, all but `without`."""
    keys = [(c.name or "", c.columns) for c in table.constraints if c.kind in ("primary", "unique")]
    keys += [
        (index.name or "", index.columns)
        for index in table.indexes.values()
        if not isinstance(index.columns, Unknown)
    ]
    return [
        name for name, own in keys if state.fold(name) != state.fold(without) and _begins(state, own, columns)
    ]


def _foreign_keys(state: State, table: Table) -> Iterator[tuple[Constraint, tuple[str, ...], bool]]:
    """Yields the keys that need indexes of the table, its own and those referring to it, with columns."""
    from mrt_lint.ops.tables import referencing

    for key in table.constraints:
        if key.kind == "foreign" and key.columns:
            yield key, key.columns, key.sure and not key.assumed
    for other, key in referencing(state, table.name):
        if key.ref_columns:
            yield key, key.ref_columns, key.sure and not key.assumed and other.sure


def index_held(
    state: State, op: Operation, table: Table, name: str, columns: tuple[str, ...] | Unknown
) -> State:
    """Returns the state with a fault if a foreign key needs the index (or unique key) and has no other."""
    if not applies(state) or isinstance(columns, Unknown):
        return state
    for key, needed, sure in _foreign_keys(state, table):
        if _begins(state, columns, needed) and not _serving(state, table, needed, without=name):
            message = f"index {name} of {table.name} cannot be dropped: foreign key {key.name} needs it"
            known = sure and state.is_there(table) and state.knows_all_of(table)
            return state.fault(op, "invalid", "index", f"{table.name}.{name}", message, known)
    return state


def column_held(state: State, op: Operation, table: Table, column: str) -> State:
    """Returns the state with a fault if a foreign key, or a check of several columns, uses the column."""
    if not applies(state):
        return state
    folded = state.fold(column)
    subject = f"{table.name}.{column}"
    for key, needed, sure in _foreign_keys(state, table):
        if folded in {state.fold(name) for name in needed}:
            message = f"column {subject} cannot be dropped: foreign key {key.name} uses it"
            return state.fault(op, "invalid", "column", subject, message, sure and state.is_there(table))
    for check in table.constraints:
        used = {state.fold(word) for word in identifiers(check.expression or "")} & table.columns.keys()
        if check.kind == "check" and folded in used and len(used) > 1:
            message = f"column {subject} cannot be dropped: check {check.name} uses it"
            known = check.sure and state.is_there(table)
            return state.fault(op, "invalid", "column", subject, message, known)
    return state


def may_leave_index(state: State, op: Operation, table: Table, key: Constraint) -> State:
    """Returns the state with a doubt if dropping a foreign key may leave an index that was never in sight."""
    if not applies(state) or key.kind != "foreign" or op.direction != "downgrade":
        return state
    if state.knows_all_of(table) or key.assumed or _serving(state, table, key.columns):
        return state
    text = f"foreign key {key.name} of {table.name} may have made an index, which stays"
    return state.doubt(op, text, helper=True)
