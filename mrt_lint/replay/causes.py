"""Finds the operation that stands behind a difference, to point at it."""

from __future__ import annotations

from collections.abc import Sequence

from mrt_lint.ops import (
    AlterColumnType,
    CreateTable,
    CreateTableAs,
    CreateTrigger,
    Delete,
    DropColumn,
    DropIndex,
    DropTable,
    Insert,
    Merge,
    Opaque,
    Operation,
    PythonCode,
    RedefineColumn,
    Truncate,
    Update,
    ValidateConstraint,
)
from mrt_lint.ops.indexes import index_key
from mrt_lint.roundtrip import Harm
from mrt_lint.schema.casts import Effect, chain_effect
from mrt_lint.schema.names import Name
from mrt_lint.schema.origin import Cast, Derived
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
DELETING = (Delete, DropTable, Merge, Truncate)
"""What takes rows away."""

_DOING: dict[Harm | None, tuple[tuple[type[Operation], ...], ...]] = {
    Harm.COLUMN_DATA_LOST: (_WRITING,),
    Harm.ROWS_LOST: (DELETING, _WRITING),
    Harm.ROWS_LEFT: ((Insert, Merge), _WRITING),
    Harm.UNPROVEN: (_WRITING,),
}
"""What can do a harm to data, likeliest first."""

_PARTS = ("name", "new", "trigger", "new_name")


def writing(steps: Sequence[tuple[State, Operation]], end: State) -> list[Operation]:
    """Returns the operations without the types and definitions stated anew that leave the data as it is.

    `end`: the state after the last step. Only what changed where a column's data comes from can have
    harmed it: a MODIFY that sets NOT NULL (MySQL), a type that it has already, or another one after a
    write, has not, though it names the column last.
    """
    states = [*(state for state, _ in steps[1:]), end]
    found = []
    for (before, operation), after in zip(steps, states, strict=False):
        if isinstance(operation, AlterColumnType | RedefineColumn) and _leaves_data(operation, before, after):
            continue
        found.append(operation)
    return found


def _leaves_data(operation: AlterColumnType | RedefineColumn, before: State, after: State) -> bool:
    renamed = operation.new_name if isinstance(operation, RedefineColumn) else None
    old = before.column(operation.table, operation.name)
    new = after.column(operation.table, renamed or operation.name)
    table, later = before.table(operation.table), after.table(operation.table)
    if old is None or new is None or table is None or later is None:
        return False
    held, holds = before.origin(table, old), after.origin(later, new)
    written = held.source if isinstance(held, Cast) else held
    if isinstance(written, Derived) and isinstance(holds, Cast) and holds.source == written:
        # What was there is overwritten by then; another type takes nothing more unless it cuts.
        return chain_effect(holds.types, after.dialect, holds.copied) is not Effect.LOSSY
    return held == holds


def places(operation: Operation) -> list[Name]:
    """Returns the tables (or other objects) an operation names."""
    found = [getattr(operation, field, None) for field in _TABLES]
    if isinstance(operation, CreateTrigger):
        found.remove(operation.function)  # which it calls, but does not make
    if isinstance(operation, DropIndex):
        found.append(index_key(operation.name))
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
    return [Name(kind.name, kind.schema) for kind in kinds if kind.is_enum]


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


class Mentions:
    """Finds causes; remembers what each operation names, since every course of a round trip asks anew.

    It keeps the operations that it was asked about, so that their identity is theirs alone.
    """

    def __init__(self, state: State) -> None:
        self.state = state
        self.known: dict[int, tuple[Operation, tuple[Name, ...], frozenset[str]]] = {}

    def _of(self, operation: Operation) -> tuple[Operation, tuple[Name, ...], frozenset[str]]:
        found = self.known.get(id(operation))
        if found is None:
            fold = self.state.fold
            names = tuple(Name(bare(fold(name.name)), name.schema) for name in places(operation))
            found = (operation, names, frozenset(fold(part) for part in parts(operation)))
            self.known[id(operation)] = found
        return found

    def cause(
        self, steps: Sequence[Operation], table: Name | None, part: str | None, harm: Harm | None = None
    ) -> tuple[Operation | None, bool]:
        """Returns the last operation that names the object, else its table; and whether it names it.

        Operations that can do this harm come before those that merely name the object.
        """
        # What makes a constraint hold says the least of how it came to be as it is.
        steps = [step for step in steps if not isinstance(step, ValidateConstraint)] or steps
        for kinds in _DOING.get(harm, ()):
            found, precise = self._last([step for step in steps if isinstance(step, kinds)], table, part)
            if found is not None:
                return found, precise
        return self._last(steps, table, part)

    def _last(
        self, steps: Sequence[Operation], table: Name | None, part: str | None
    ) -> tuple[Operation | None, bool]:
        wanted = Name(bare(self.state.fold(table.name)), table.schema) if table is not None else None
        folded = self.state.fold(part) if part is not None else None
        by_table: Operation | None = None
        for operation in reversed(steps):
            if not operation.has_effect or isinstance(operation, Opaque | PythonCode):
                continue
            _, names, named = self._of(operation)
            same_table = wanted is not None and any(_same(wanted, name) for name in names)
            same_part = folded is not None and folded in named
            if same_table and (same_part or folded is None):
                return operation, True
            if (same_table or same_part) and by_table is None:
                by_table = operation
        return by_table, False


def bare(name: str) -> str:
    """Returns the name of a function without its arguments, of a trigger without its table."""
    return name.partition("(")[0].partition(" on ")[0]


def _same(one: Name, other: Name) -> bool:
    return one.name == other.name and (
        one.schema == other.schema or one.schema is None or other.schema is None
    )
