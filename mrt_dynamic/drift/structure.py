"""What Alembic does not compare, or only word by word: keys, CHECK constraints, defaults, enum labels.

Both schemas are read from the catalogues of the same database, which has put both into the same words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from mrt_dynamic.drift.words import Drift, side
from mrt_dynamic.snapshot.rows import primary_key
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column, EnumType, Table

if TYPE_CHECKING:
    from mrt_lint.schema.state import State


def structural(database: State, models: State, names: Iterable[Name]) -> Iterator[Drift]:
    """Yields the differences in what both schemas have of these tables, by table."""
    for name in sorted(names, key=str):
        there, wanted = database.table(name), models.table(name)
        if there is not None and wanted is not None:
            yield from _primary(there, wanted)
            yield from _defaults(there, wanted)
            yield from _checks(there, wanted)
    for enum in models.all("type"):
        existing = database.get("type", enum.name)
        if isinstance(enum, EnumType) and isinstance(existing, EnumType):
            yield from _labels(existing, enum)


def _primary(there: Table, wanted: Table) -> Iterator[Drift]:
    old, new = primary_key(there), primary_key(wanted)
    if old == new:
        return
    message = (
        f"the primary key of {there.name} is {_columns(new)} in the models, {_columns(old)} in the database"
    )
    yield Drift("modify_primary_key", message, str(there.name))


def _columns(names: tuple[str, ...]) -> str:
    return f"({', '.join(names)})" if names else "missing"


def _defaults(there: Table, wanted: Table) -> Iterator[Drift]:
    for key, new in wanted.columns.items():
        old = there.columns.get(key)
        if old is None or old.autoincrement or new.autoincrement or old.default == new.default:
            continue
        # Of another type it is in other words anyway.
        if old.type != new.type and (old.default is None) == (new.default is None):
            continue
        message = (
            f"{there.name}.{new.name} has {_default(new)} in the models, {_default(old)} in the database"
        )
        yield Drift("modify_default", message, str(there.name), new.name)


def _default(column: Column) -> str:
    return "no server default" if column.default is None else f"the server default {column.default}"


def _checks(there: Table, wanted: Table) -> Iterator[Drift]:
    old, new = _conditions(there), _conditions(wanted)
    for kind, found in (("add_check", new - old), ("remove_check", old - new)):
        for condition in sorted(found):
            message = f"the CHECK constraint {condition} on {there.name} {side(kind)}"
            yield Drift(kind, message, str(there.name))


def _conditions(table: Table) -> set[str]:
    """Returns the conditions, whatever the constraints are called, and however often one is stated."""
    return {each.expression or "" for each in table.constraints if each.kind == "check"}


def _labels(there: EnumType, wanted: EnumType) -> Iterator[Drift]:
    if there.labels != wanted.labels and isinstance(there.labels, tuple) and isinstance(wanted.labels, tuple):
        message = (
            f"the enum type {there.name} has the labels {', '.join(wanted.labels)} in the models,"
            f" {', '.join(there.labels)} in the database"
        )
        yield Drift("modify_enum", message)
