"""ALTER TABLE actions on columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from mrt_lint.ops.alter import AlterColumnType, SetDefault, SetGenerated, SetIdentity, SetNullable
from mrt_lint.ops.base import Operation
from mrt_lint.ops.columns import AddColumn, RenameColumn
from mrt_lint.ops.dropped_columns import DropColumn
from mrt_lint.schema.names import UNKNOWN
from mrt_lint.schema.objects import Generated
from mrt_lint.sql.action import Action, Lowering
from mrt_lint.sql.alter_constraints import add_constraint, constraint_operation, drop_constraint
from mrt_lint.sql.canonical import canonical_of
from mrt_lint.sql.casts import is_plain_cast
from mrt_lint.sql.columns import identity_kind, read_column, read_default, split_position
from mrt_lint.sql.constraints import read_constraint, starts_constraint
from mrt_lint.sql.failure import NotUnderstoodError
from mrt_lint.sql.tokens import TokenReader
from mrt_lint.sql.types import is_serial, read_type


def _add(action: Action) -> Iterator[Operation]:
    reader = action.reader
    if starts_constraint(reader) or (action.statement.dialect == "mssql" and reader.at("DEFAULT")):
        yield from add_constraint(action)
        return
    yield from _add_column(action)


def _add_column(action: Action) -> Iterator[Operation]:
    reader = action.reader
    conditional = reader.conditional()
    if reader.at("("):
        for part in reader.parens().split():
            yield from _added(action, part, conditional)
        return
    yield from _added(action, split_position(reader), conditional)


def _added(action: Action, part: TokenReader, conditional: bool) -> Iterator[Operation]:
    if starts_constraint(part):
        yield constraint_operation(action, read_constraint(part))
        part.end()
        return
    found = read_column(part)
    yield action.make(
        AddColumn,
        column=found.column,
        constraints=tuple(found.constraints),
        indexes=tuple(found.indexes),
        conditional=conditional,
    )


def _drop_column(action: Action) -> Iterator[Operation]:
    reader = action.reader
    conditional = reader.conditional()
    names = reader.listed() if reader.at("(") else (reader.identifier(),)
    cascade = (reader.take("CASCADE CONSTRAINTS", "CASCADE", "RESTRICT") or "").startswith("CASCADE")
    reader.take("INVALIDATE")
    for name in names:
        yield action.make(DropColumn, name=name, cascade=cascade, conditional=conditional)


def _drop(action: Action) -> Iterator[Operation]:
    """DROP name without COLUMN; SQL Server's DROP name is a constraint."""
    reader = action.reader
    if action.statement.dialect == "mssql" and not reader.at("("):
        yield from drop_constraint(action)
        return
    yield from _drop_column(action)


def _rename(action: Action) -> Iterator[Operation]:
    """RENAME [COLUMN] a TO b."""
    reader = action.reader
    conditional = reader.conditional()
    name = reader.identifier()
    reader.expect("TO")
    yield action.make(RenameColumn, name=name, new=reader.identifier(), conditional=conditional)


def _alter_column(action: Action) -> Iterator[Operation]:
    """ALTER [COLUMN] name ..., by the table of column actions."""
    reader = action.reader
    conditional = reader.conditional()
    name = reader.identifier()
    if action.statement.dialect == "mssql":
        yield from _mssql_column(action, name)
        return
    for phrase, lowering in COLUMN_ACTIONS.items():
        if reader.take(phrase):
            yield from lowering(action, name, conditional)
            return
    raise reader.trouble("an ALTER COLUMN action that is not known")


def _mssql_column(action: Action, name: str) -> Iterator[Operation]:
    """SQL Server says type and nullability together; what is not said is NULL."""
    found = read_column(action.reader, name)
    if found.said - {"type", "nullable"} or found.constraints:
        raise NotUnderstoodError("ALTER COLUMN with more than a type is not understood")
    yield action.make(AlterColumnType, name=name, type=found.column.type)
    yield action.make(SetNullable, name=name, nullable=bool(found.column.nullable))


def _type(action: Action, name: str, conditional: bool) -> Iterator[Operation]:
    reader = action.reader
    written = read_type(reader)
    if is_serial(written):
        raise NotUnderstoodError(f"type {written.name} in ALTER COLUMN")
    using = canonical_of(reader.rest()) if reader.take("USING") else None
    plain = using is not None and is_plain_cast(using, name, written, "postgresql")
    yield action.make(
        AlterColumnType, name=name, type=written, using=using, plain_using=plain, conditional=conditional
    )


def _set_default(action: Action, name: str, conditional: bool) -> Iterator[Operation]:
    reader = action.reader
    default = read_default(reader, UNKNOWN)
    yield action.make(SetDefault, name=name, default=default, conditional=conditional)


def _drop_default(action: Action, name: str, conditional: bool) -> Iterator[Operation]:
    yield action.make(SetDefault, name=name, default=None, conditional=conditional)


def _not_null(action: Action, name: str, conditional: bool) -> Iterator[Operation]:
    yield action.make(SetNullable, name=name, nullable=False, conditional=conditional)


def _null(action: Action, name: str, conditional: bool) -> Iterator[Operation]:
    yield action.make(SetNullable, name=name, nullable=True, conditional=conditional)


def _add_identity(action: Action, name: str, conditional: bool) -> Iterator[Operation]:
    kind = identity_kind(action.reader)
    if kind is None:
        raise action.reader.trouble("not understood")
    yield action.make(SetIdentity, name=name, identity=kind, conditional=conditional)


def _change_identity(action: Action, name: str, conditional: bool) -> Iterator[Operation]:
    kind = "always" if action.reader.take("ALWAYS") else None
    if kind is None:
        action.reader.expect("BY DEFAULT")
        kind = "by default"
    yield action.make(SetIdentity, name=name, identity=kind, conditional=conditional)


def _drop_identity(action: Action, name: str, conditional: bool) -> Iterator[Operation]:
    conditional = action.reader.conditional() or conditional
    yield action.make(SetIdentity, name=name, identity=None, conditional=conditional)


def _drop_expression(action: Action, name: str, conditional: bool) -> Iterator[Operation]:
    conditional = action.reader.conditional() or conditional
    yield action.make(SetGenerated, name=name, generated=None, conditional=conditional)


def _set_expression(action: Action, name: str, conditional: bool) -> Iterator[Operation]:
    expression = canonical_of(action.reader.parens())
    yield action.make(SetGenerated, name=name, generated=Generated(expression), conditional=conditional)


def _column_option(option: str) -> Callable[[Action, str, bool], Iterator[Operation]]:
    def lower(action: Action, name: str, conditional: bool) -> Iterator[Operation]:
        yield action.option(f"{option} of {name}", action.reader.text(), conditional=conditional)

    return lower


def _column_settings(action: Action, name: str, conditional: bool) -> Iterator[Operation]:
    action.reader.position -= 1
    for part in action.reader.parens().split():
        option = part.until("=").text()
        value = part.rest().text() if part.take("=") else None
        yield action.option(f"{option} of {name}", value, conditional=conditional)


COLUMN_ACTIONS: Final[dict[str, Callable[[Action, str, bool], Iterable[Operation]]]] = {
    "TYPE": _type,
    "SET DATA TYPE": _type,
    "SET DEFAULT": _set_default,
    "DROP DEFAULT": _drop_default,
    "SET NOT NULL": _not_null,
    "DROP NOT NULL": _null,
    "ADD": _add_identity,
    "SET GENERATED": _change_identity,
    "DROP IDENTITY": _drop_identity,
    "DROP EXPRESSION": _drop_expression,
    "SET EXPRESSION AS": _set_expression,
    "SET STATISTICS": _column_option("statistics"),
    "SET STORAGE": _column_option("storage"),
    "SET COMPRESSION": _column_option("compression"),
    "SET VISIBLE": _column_option("visible"),
    "SET INVISIBLE": _column_option("invisible"),
    "SET (": _column_settings,
    "RESET (": _column_settings,
    "RESTART": _column_option("identity position"),
    "SET RESTART": _column_option("identity position"),
    "SET INCREMENT": _column_option("identity increment"),
    "SET START": _column_option("identity start"),
}
"""What ALTER COLUMN <name> can say, first match wins."""

ACTIONS: Final[dict[str, Lowering]] = {
    "ADD COLUMN": _add_column,
    "ADD": _add,
    "DROP COLUMN": _drop_column,
    "DROP": _drop,
    "RENAME COLUMN": _rename,
    "RENAME": _rename,
    "ALTER COLUMN": _alter_column,
    "ALTER": _alter_column,
}
