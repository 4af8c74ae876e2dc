"""Which tables the next upgrade makes stricter, and how they are emptied with all that refers to them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mrt_dynamic.seeding.foreign import Foreign, foreigns_of
from mrt_dynamic.seeding.plan import ordered
from mrt_dynamic.seeding.running import run
from mrt_dynamic.seeding.written import name_of, table_of
from mrt_lint.schema.names import Key, Name
from mrt_lint.schema.objects import Table
from mrt_lint.schema.state import State

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def stricter(state: State, also: State) -> list[Name]:
    """Returns the tables on whose rows the next schema makes demands that this one does not make."""
    return [
        table.name
        for table in state.tables()
        if (later := also.table(table.name)) is not None and _demands_more(table, later)
    ]


def _demands_more(table: Table, later: Table) -> bool:
    if any(constraint not in table.constraints for constraint in later.constraints):
        return True
    if any(index.unique and index not in table.indexes.values() for index in later.indexes.values()):
        return True
    for name, column in later.columns.items():
        known = table.columns.get(name)
        if known is not None and (known.type != column.type or (known.nullable and not column.nullable)):
            return True
    return False


def clear(connection: Connection, state: State, names: Iterable[Name]) -> list[Name]:
    """Empties the tables and those that refer to them, children first; returns all of them."""
    keys = {state.key("table", name) for name in names}
    edges: dict[Key, list[tuple[Key, object, bool]]] = {}
    tables = {state.key("table", table.name): table for table in state.tables()}
    for key, table in tables.items():
        found = foreigns_of(state, table)[0]
        edges[key] = [
            (state.key("table", f.parent.name), f, _may_open(table, f)) for f in found if not f.recursive
        ]
    while True:
        more = {key for key, found in edges.items() if any(parent in keys for parent, _, _ in found)} - keys
        if not more:
            break
        keys |= more
    for key in keys:
        _open_keys(connection, state, tables[key])
    order = [step.table for step in ordered(edges)]  # type: ignore[arg-type]
    for key in reversed(order):
        if key in keys:
            run(connection, f"DELETE FROM {table_of(tables[key].name, state.dialect)}")
    return [tables[key].name for key in sorted(keys)]


def _may_open(table: Table, foreign: Foreign) -> bool:
    return all(table.columns[name].nullable for name in foreign.columns)


def _open_keys(connection: Connection, state: State, table: Table) -> None:
    """Sets foreign keys to NULL where that may be, so that cycles and self references are no obstacle."""
    for foreign in foreigns_of(state, table)[0]:
        columns = [table.columns[name] for name in foreign.columns]
        if _may_open(table, foreign):
            values = ", ".join(f"{name_of(column.name, state.dialect)} = NULL" for column in columns)
            run(connection, f"UPDATE {table_of(table.name, state.dialect)} SET {values}")
