"""What a migration looks for in the data: conditions and constants of its SQL and its Python."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

from mrt_dynamic.seeding.conditions import UNREAD, Node, Op, columns_of, conjuncts, walk
from mrt_dynamic.seeding.found import Found
from mrt_dynamic.seeding.mining_python import found_in_python
from mrt_dynamic.seeding.mining_sql import mined_sql
from mrt_dynamic.seeding.reading import condition
from mrt_lint.lowered import Migration
from mrt_lint.ops.base import Operation
from mrt_lint.ops.contents import Expression
from mrt_lint.ops.deletes import Delete
from mrt_lint.ops.updates import Update
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Table
from mrt_lint.schema.state import State

Direction = Literal["upgrade", "downgrade", ""]


@dataclass(frozen=True, slots=True)
class Mined:
    """A condition on the rows of one table. `direction` "": not known in which function it stands."""

    table: Name
    condition: Node
    direction: Direction = ""


@dataclass(frozen=True, slots=True)
class Value:
    """A constant that a column may hold: one that is written to it, or a key of a mapping."""

    table: Name
    column: str
    value: Any
    direction: Direction = ""


@dataclass(frozen=True, slots=True)
class Literals:
    """What one migration looks for. `+` joins what several look for."""

    conditions: tuple[Mined, ...] = ()
    values: tuple[Value, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.conditions or self.values)

    def __add__(self, other: Literals) -> Literals:
        return Literals(
            tuple(dict.fromkeys(self.conditions + other.conditions)),
            tuple(dict.fromkeys(self.values + other.values)),
        )

    def tables(self) -> tuple[Name, ...]:
        """Returns the tables that are looked into, sorted."""
        names = {found.table for found in self.conditions} | {found.table for found in self.values}
        return tuple(sorted(names, key=str))

    def of(self, direction: Direction) -> Literals:
        """Returns what stands in one function (or in neither)."""
        return Literals(
            tuple(found for found in self.conditions if found.direction in (direction, "")),
            tuple(found for found in self.values if found.direction in (direction, "")),
        )


def mined(migration: Migration | None, source: str, state: State) -> Literals:
    """Returns what a migration looks for in the tables of `state` (the schema before its upgrade).

    `migration`: as lowered, None if that failed. `source`: the file's text. Never raises: what is
    not understood is not mined.
    """
    conditions: dict[Mined, None] = {}
    values: dict[Value, None] = {}

    def keep(found: Iterable[Found], direction: Direction) -> None:
        for one in found:
            for table in _tables(state, one, source):
                for column in _columns(state, table, one, source):
                    values[Value(table.name, column, one.value, direction)] = None
                if one.column:
                    continue
                if (node := _own(state, table, one.condition)) is not None:
                    conditions[Mined(table.name, node, direction)] = None

    if migration is not None:
        for direction, operations in (("upgrade", migration.upgrade), ("downgrade", migration.downgrade)):
            for operation in _operations(operations or ()):
                keep(_of_operation(operation, state), direction)  # type: ignore[arg-type]
    for found, direction in found_in_python(source, state):
        keep([found], direction)  # type: ignore[arg-type]
    unguarded = {(one.table, one.condition) for one in conditions if one.direction}
    kept = [one for one in conditions if one.direction or (one.table, one.condition) not in unguarded]
    return Literals(tuple(kept), tuple(values))


def _operations(operations: Sequence[Operation]) -> Iterator[Operation]:
    for operation in operations:
        yield operation
        yield from _operations(getattr(operation, "operations", ()))


def _of_operation(operation: Operation, state: State) -> Iterator[Found]:
    """Yields what one operation looks for: its own condition, its queries, the CASEs of its values."""
    if isinstance(operation, Update | Delete) and operation.where:
        yield Found(str(operation.table), condition(operation.where, state.dialect))
    if isinstance(operation, Update):
        for column, value in operation.assignments or ():
            yield from _assigned(operation, column, value, state)
    for field in fields(operation):
        text = getattr(operation, field.name)
        if field.name in ("query", "source") and isinstance(text, str) and text:
            yield from mined_sql(text, state)


def _assigned(operation: Update, column: str, value: Expression, state: State) -> Iterator[Found]:
    table = str(operation.table)
    node = condition(value.sql, state.dialect) if value.sql else UNREAD
    for part in walk(node):
        if isinstance(part, Op) and part.name == "case":
            for test in part.args[:-1:2]:
                yield Found(table, test)
    constant = getattr(node, "value", None)
    if value.literal and constant is not None:
        yield Found(table, UNREAD, column, constant)


def _tables(state: State, found: Found, source: str) -> list[Table]:
    """Returns the table that is meant, or every one that has the columns and is named in the file."""
    if found.table:
        schema, _, name = found.table.rpartition(".")
        table = state.table(Name(name, schema or None)) or state.table(name)
        return [] if table is None else [table]
    names = (found.column,) if found.column else columns_of(found.condition)
    if found.column == "*":
        return [table for table in state.tables() if table.name.name in source]
    return [
        table
        for table in state.tables()
        if table.name.name in source and names and all(state.fold(name) in table.columns for name in names)
    ]


def _columns(state: State, table: Table, found: Found, source: str) -> list[str]:
    """Returns the columns that a constant is meant for; for one of a mapping those that the file names."""
    if found.column == "*":
        return [column.name for column in table.columns.values() if column.name in source]
    return [found.column] if found.column else []


def _own(state: State, table: Table, node: Node) -> Node | None:
    """Returns the part of a condition that is about this table's columns, None if nothing is."""
    parts = []
    for part in conjuncts(node):
        names = columns_of(part)
        if names and all(name in table.columns for name in names) and UNREAD not in walk(part):
            parts.append(part)
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else Op("and", tuple(parts))
