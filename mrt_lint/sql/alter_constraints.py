"""ALTER TABLE actions on constraints and indexes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mrt_lint.ops.alter import SetDefault, SetNullable
from mrt_lint.ops.base import Operation
from mrt_lint.ops.constraints import (
    AddConstraint,
    AlterConstraint,
    DropConstraint,
    RenameConstraint,
    ValidateConstraint,
)
from mrt_lint.ops.indexes import CreateIndex, DropIndex, RenameIndex
from mrt_lint.schema.names import UNKNOWN, Name
from mrt_lint.schema.objects import Constraint, Index
from mrt_lint.sql.action import Action, Lowering
from mrt_lint.sql.columns import read_default
from mrt_lint.sql.constraints import read_constraint, read_tail
from mrt_lint.sql.tokens import TokenReader


def add_constraint(action: Action) -> Iterator[Operation]:
    """ADD [CONSTRAINT [IF NOT EXISTS] name] ..., the reader at CONSTRAINT or the kind."""
    reader = action.reader
    conditional = False
    if reader.at("CONSTRAINT IF NOT EXISTS"):
        conditional = True
        kept = [reader.items[reader.position], *reader.items[reader.position + 4 :]]
        reader = TokenReader(kept, reader.dialect, reader.source)
        action.reader.rest()
    elif action.statement.dialect == "mssql" and (default := _mssql_default(action)):
        yield default
        return
    if (column := _named_not_null(reader)) is not None:
        yield action.make(SetNullable, name=column, nullable=False)
        return
    found = read_constraint(reader)
    reader.end()
    yield constraint_operation(action, found, conditional)


def _named_not_null(reader: TokenReader) -> str | None:
    """Reads PostgreSQL 18's [CONSTRAINT name] NOT NULL column; returns the column."""
    start = reader.position
    if reader.take("CONSTRAINT"):
        reader.identifier()
    if not reader.take("NOT NULL"):
        reader.position = start
        return None
    column = reader.identifier()
    reader.take("NO INHERIT")
    return column


def _mssql_default(action: Action) -> Operation | None:
    """Reads ADD [CONSTRAINT name] DEFAULT value FOR column."""
    reader = action.reader
    start = reader.position
    if reader.take("CONSTRAINT"):
        reader.identifier()
    if not reader.take("DEFAULT"):
        reader.position = start
        return None
    value = read_default(reader.until("FOR", at_least=1), UNKNOWN)
    reader.expect("FOR")
    return action.make(SetDefault, name=reader.identifier(), default=value)


def constraint_operation(action: Action, found: Constraint | Index, conditional: bool = False) -> Operation:
    """Returns the operation that adds a constraint, or the index that MySQL's KEY means."""
    if isinstance(found, Index):
        return action.make(CreateIndex, index=found, conditional=conditional)
    return action.make(AddConstraint, constraint=found, conditional=conditional)


def drop_constraint(action: Action) -> Iterator[Operation]:
    """DROP CONSTRAINT [IF EXISTS] name [CASCADE]."""
    reader = action.reader
    conditional = reader.conditional()
    name = reader.identifier()
    cascade = reader.take("CASCADE", "RESTRICT") == "CASCADE"
    reader.take("ONLINE")
    yield action.make(DropConstraint, name=name, cascade=cascade, conditional=conditional)


def _drop_kind(kind: str, named: bool) -> Lowering:
    def lower(action: Action) -> Iterator[Operation]:
        reader = action.reader
        conditional = reader.conditional()
        name = reader.identifier() if named else None
        cascade = reader.take("CASCADE") is not None
        if not cascade:
            reader.take("KEEP INDEX", "DROP INDEX")
        yield action.make(DropConstraint, name=name, kind=kind, cascade=cascade, conditional=conditional)

    return lower


def _drop_index(action: Action) -> Iterator[Operation]:
    reader = action.reader
    conditional = reader.conditional()
    yield action.make(DropIndex, name=Name(reader.identifier()), conditional=conditional)


def _rename_index(action: Action) -> Iterator[Operation]:
    reader = action.reader
    conditional = reader.conditional()
    name = reader.identifier()
    reader.expect("TO")
    yield action.make(RenameIndex, name=Name(name), new=reader.identifier(), conditional=conditional)


def _rename_constraint(action: Action) -> Iterator[Operation]:
    reader = action.reader
    name = reader.identifier()
    reader.expect("TO")
    yield action.make(RenameConstraint, name=name, new=reader.identifier())


def _validate(action: Action) -> Iterator[Operation]:
    yield action.make(ValidateConstraint, name=action.reader.identifier())


def _alter_constraint(action: Action) -> Iterator[Operation]:
    reader = action.reader
    name = reader.identifier()
    if reader.at("ENFORCED", "NOT ENFORCED", "INHERIT", "NO INHERIT"):
        raise reader.trouble("not understood")
    found = read_tail(reader, Constraint("foreign", name))
    yield action.make(AlterConstraint, name=name, deferrable=found.deferrable, initially=found.initially)


ACTIONS: Final[dict[str, Lowering]] = {
    "RENAME CONSTRAINT": _rename_constraint,
    "RENAME INDEX": _rename_index,
    "RENAME KEY": _rename_index,
    "ALTER CONSTRAINT": _alter_constraint,
    "DROP CONSTRAINT": drop_constraint,
    "DROP FOREIGN KEY": _drop_kind("foreign", named=True),
    "DROP CHECK": _drop_kind("check", named=True),
    "DROP PRIMARY KEY": _drop_kind("primary", named=False),
    "DROP INDEX": _drop_index,
    "DROP KEY": _drop_index,
    "VALIDATE CONSTRAINT": _validate,
}
