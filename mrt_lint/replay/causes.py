"""Finds the operation that stands behind a difference, to point at it."""

from __future__ import annotations

from collections.abc import Iterable

from mrt_lint.ops import (
    AlterColumnType,
    CreateTable,
    CreateTableAs,
    Delete,
    DropColumn,
    DropTable,
    Insert,
    Merge,
    Opaque,
    Operation,
    PythonCode,
    RedefineColumn,
    Truncate,
    Update,
)
from mrt_lint.schema.names import Name
from mrt_lint.schema.state import State
from mrt_lint.schema.types import SqlType

_TABLES = ("table", "view", "type", "sequence", "function", "new")
_WRITING = (
    AlterColumnType,
    CreateTableAs,
    Delete,
    DropColumn,
    DropTable,
    Insert,
    Merge,
    RedefineColumn,
    Truncate,
    Update,
)
_PARTS = ("name", "new", "trigger", "new_name")


def places(operation: Operation) -> list[Name]:
    """Returns the tables (or other objects) an operation names."""
    found = [getattr(operation, field, None) for field in _TABLES]
    name = getattr(operation, "name", None)
    value = getattr(operation, "object", None)
    if value is not None:
        found += [value.name, value.table]
    found += [name, *_types(operation)]
    return [item for item in found if isinstance(item, Name)]


def _types(operation: Operation) -> list[Name]:
    """Returns the enum types that a CREATE TABLE brings along."""
    if not isinstance(operation, CreateTable):
        return []
    kinds = [column.type for column in operation.columns if isinstance(column.type, SqlType)]
    return [Name(kind.name, kind.schema) for kind in kinds if kind.labels]


def parts(operation: Operation) -> list[str]:
    """Returns the columns, constraints and indexes an operation names."""
    found = [getattr(operation, field, None) for field in _PARTS]
    names = [item.name if isinstance(item, Name) else item for item in found if isinstance(item, str | Name)]
    for field in ("column", "constraint", "index"):
        inner = getattr(operation, field, None)
        if inner is not None and getattr(inner, "name", None):
            names.append(inner.name)
    for field in ("columns", "constraints", "indexes"):
        for inner in getattr(operation, field, None) or ():
            if isinstance(getattr(inner, "name", None), str):
                names.append(inner.name)
    names += [name for name, _ in getattr(operation, "assignments", None) or ()]
    return names


def cause(
    state: State, steps: Iterable[Operation], table: Name | None, part: str | None, data: bool = False
) -> tuple[Operation | None, bool]:
    """Returns the last operation that names the object, else its table, else None; and whether it names it.

    `data`: what became of contents is asked, so operations that write or remove data come first.
    """
    known = [step for step in steps if step.has_effect and not isinstance(step, Opaque | PythonCode)]
    if data:
        found, precise = cause(state, [step for step in known if isinstance(step, _WRITING)], table, part)
        if found is not None:
            return found, precise
    by_table: Operation | None = None
    by_part: Operation | None = None
    for operation in known:
        same_table = table is not None and any(_same(state, table, name) for name in places(operation))
        same_part = part is not None and any(
            state.fold(part) == state.fold(name) for name in parts(operation)
        )
        if same_table and (same_part or part is None):
            by_part = operation
        elif same_table or (same_part and by_table is None):
            by_table = operation
    return by_part or by_table, by_part is not None


def _same(state: State, one: Name, other: Name) -> bool:
    bare = other.name.partition("(")[0]
    return state.fold(one.name.partition("(")[0].partition(" on ")[0]) == state.fold(bare) and (
        one.schema == other.schema or one.schema is None or other.schema is None
    )
