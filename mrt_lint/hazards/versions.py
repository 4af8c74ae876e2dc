"""Which version a database has at least, because it ran a statement that older ones do not know.

Sources: the release notes of PostgreSQL 11 (procedures, EXECUTE FUNCTION, INCLUDE), 12 (generated columns,
REINDEX CONCURRENTLY, CREATE STATISTICS with mcv), 14 (CREATE OR REPLACE TRIGGER, DETACH PARTITION
CONCURRENTLY) and 15 (NULLS NOT DISTINCT, MERGE); MySQL 8.0.16 (DROP CHECK, which SQLAlchemy writes too);
MariaDB 10.3 (sequences).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from mrt_lint.classes import dataclass
from mrt_lint.history import History
from mrt_lint.lowered import Migration
from mrt_lint.ops import (
    AddColumn,
    AddConstraint,
    CreateFunction,
    CreateIndex,
    CreateObject,
    CreateSequence,
    CreateTable,
    CreateTrigger,
    DetachPartition,
    DropConstraint,
    Maintain,
    Merge,
    Operation,
)
from mrt_lint.ops.guard import database_answers, resolve
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.objects import Column, Constraint, Index

Version = tuple[int, ...]


def needed_version(operation: Operation, dialect: Dialect) -> Version | None:
    """Returns the first version of this database that knows the statement, None if any may."""
    if dialect == "postgresql":
        return max(_on_postgresql(operation), default=None)
    if dialect == "mysql" and isinstance(operation, DropConstraint) and operation.kind == "check":
        return (8, 0, 16)
    if dialect == "mariadb" and isinstance(operation, CreateSequence) and operation.sql:
        return (10, 3)
    return None


def _on_postgresql(operation: Operation) -> Iterator[Version]:
    match operation:
        case CreateTable(columns=columns, constraints=constraints, indexes=indexes):
            yield from _of_parts(*columns, *constraints, *indexes)
        case AddColumn(column=column, constraints=constraints, indexes=indexes):
            yield from _of_parts(column, *constraints, *indexes)
        case AddConstraint(constraint=constraint):
            yield from _of_parts(constraint)
        case CreateIndex(index=index):
            yield from _of_parts(index)
        case CreateFunction(procedure=True):
            yield (11,)
        case CreateTrigger(calls_function=calls, replace=replaced):
            if calls:
                yield (11,)
            if replaced:
                yield (14,)
        case Maintain(what="reindex", concurrently=True):
            yield (12,)
        case DetachPartition(concurrently=True):
            yield (14,)
        case CreateObject(object=made) if made.name.name.startswith("statistics "):
            if isinstance(made.definition, str) and "mcv" in made.definition.partition(" on ")[0].lower():
                yield (12,)
        case Merge(sql=True):
            yield (15,)


def _of_parts(*parts: Column | Constraint | Index) -> Iterator[Version]:
    for part in parts:
        if isinstance(part, Column):
            if part.generated is not None and part.generated.stored:
                yield (12,)
        elif isinstance(part, Constraint):
            if part.nulls_not_distinct:
                yield (15,)
        else:
            if part.include:
                yield (11,)
            if ("nulls_not_distinct", "true") in part.options:
                yield (15,)


@dataclass(slots=True)
class ImpliedVersions:
    """The least versions that a history implies, by database and migration; worked out when asked for."""

    own: dict[tuple[Dialect, str], Version | None] = field(default_factory=dict)
    found: dict[tuple[Dialect, str], Version | None] = field(default_factory=dict)

    def of(self, history: History, migration: Migration, dialect: Dialect) -> Version | None:
        """Returns the least version on which a migration and all before it run, None if any may do.

        What one of several databases or a condition decides says nothing, nor does a squashed migration.
        """
        key = (dialect, migration.id)
        if key not in self.found:
            names = {migration.id, *history.ancestors(migration.id)}
            versions = [self._own(history, name, dialect) for name in names]
            self.found[key] = max((each for each in versions if each is not None), default=None)
        return self.found[key]

    def _own(self, history: History, name: str, dialect: Dialect) -> Version | None:
        key = (dialect, name)
        if key not in self.own:
            self.own[key] = max(_surely_needed(history, name, dialect), default=None)
        return self.own[key]


def _surely_needed(history: History, name: str, dialect: Dialect) -> Iterator[Version]:
    migration = history.by_id.get(name)
    if migration is None or migration.replaces or history.stands_beside(migration):
        return
    for operation in migration.upgrade or ():
        needed = needed_version(operation, dialect)
        if needed is not None and resolve(operation.guard, database_answers(dialect)) is True:
            yield needed
