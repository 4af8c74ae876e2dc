"""Tables that a project's migrations speak of and that migrations outside of the project made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mrt_lint.lowered import Migration
from mrt_lint.ops import (
    AddColumn,
    AddConstraint,
    CreateTable,
    CreateTableAs,
    CreateView,
    Opaque,
    Operation,
    PythonCode,
    RenameTable,
)
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Constraint


def with_presupposed(migrations: dict[str, Migration]) -> dict[str, Migration]:
    """Returns the migrations by path, each with the tables that must come from elsewhere."""
    made: set[str] = set()
    for migration in migrations.values():
        for operation in (*(migration.upgrade or ()), *(migration.downgrade or ())):
            made |= {name.name.lower() for name in _made(operation)}
    found = {}
    for path, migration in migrations.items():
        names = [name for operation in (*(migration.upgrade or ()),) for name in _named(operation)]
        outside = tuple(dict.fromkeys(name for name in names if name.name.lower() not in made))
        found[path] = replace(migration, presupposes=outside) if outside else migration
    return found


def _made(operation: Operation) -> Iterator[Name]:
    if isinstance(operation, CreateTable | CreateTableAs):
        yield operation.table
    elif isinstance(operation, RenameTable):
        yield operation.new
    elif isinstance(operation, CreateView):
        yield operation.view


def _named(operation: Operation) -> Iterator[Name]:
    table = getattr(operation, "table", None)
    if isinstance(table, Name):
        yield table
    constraints: tuple[Constraint, ...] = ()
    if isinstance(operation, CreateTable | AddColumn):
        constraints = operation.constraints
    elif isinstance(operation, AddConstraint):
        constraints = (operation.constraint,)
    for constraint in constraints:
        if constraint.ref_table is not None:
            yield constraint.ref_table
    if isinstance(operation, PythonCode):
        yield from operation.writes or ()
    elif isinstance(operation, Opaque):
        yield from operation.tables or ()
