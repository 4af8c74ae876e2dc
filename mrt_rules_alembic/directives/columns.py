"""Directives on columns: add, drop, alter."""

from __future__ import annotations

from typing import Any, Final

from mrt_lint.evaluate.values import Value
from mrt_lint.ops import (
    AddColumn,
    AddConstraint,
    AlterColumnType,
    CreateIndex,
    DropColumn,
    DropConstraint,
    RedefineColumn,
    RenameColumn,
    SetColumnComment,
    SetDefault,
    SetGenerated,
    SetIdentity,
    SetNullable,
    WrongCall,
)
from mrt_lint.schema.dialects import DIALECTS, MYSQL
from mrt_lint.schema.names import UNKNOWN, Name, Unknown
from mrt_lint.schema.objects import Column, Constraint, Generated
from mrt_lint.schema.types import SqlType
from mrt_rules_alembic.directives.nameless import NAMELESS, surely_nameless
from mrt_rules_alembic.directives.rebuilding import column_forces_rebuild
from mrt_rules_alembic.directives.step import Directive, Step, UnclearError, reason_of
from mrt_rules_alembic.sqlalchemy.definitions import added_column, type_constraint
from mrt_rules_alembic.sqlalchemy.expressions import ColumnRef
from mrt_rules_alembic.sqlalchemy.index_definitions import sign_options
from mrt_rules_alembic.sqlalchemy.schema_items import ColumnItem, ComputedItem, IdentityItem
from mrt_rules_alembic.sqlalchemy.sqltext import canonical, condition_text, default_text, unknown_text
from mrt_rules_alembic.sqlalchemy.types import TypeValue, as_type


def add_column(step: Step) -> Value:
    """Emits ADD COLUMN, then its constraints and indexes one by one (`toimpl.add_column`).

    A CHECK that stands in the column goes with it; a foreign key does with `inline_references=True`,
    the primary key with `inline_primary_key=True` (else it is not created at all).
    """
    table = step.table()
    item = step.get("column")
    if not isinstance(item, ColumnItem):
        raise UnclearError(f"the column is not known{reason_of(item)}", (table,))
    if surely_nameless(item):
        step.emit(WrongCall, message=NAMELESS.format(step.call.spelling), table=table)
        return None
    if not item.name:
        raise UnclearError("the column's name is not known", (table,))
    _placed(step)
    parts = added_column(item, table, step.call, step.convention)
    inline: list[Constraint] = []
    apart: list[Constraint] = []
    for constraint in parts.constraints:
        with_column = constraint.kind == "check" or (
            constraint.kind == "foreign" and step.flag("inline_references") and len(item.foreign_keys) == 1
        )
        (inline if with_column else apart).append(constraint)
    if item.primary_key and step.flag("inline_primary_key"):
        inline.insert(0, Constraint("primary", None, (item.name,)))
    step.emit(
        AddColumn,
        table=table,
        column=parts.columns[0],
        constraints=tuple(inline),
        conditional=step.flag("if_not_exists"),
    )
    of_type = any(not names or "sqlite" in names for names, _ in parts.guarded)
    if apart or of_type or column_forces_rebuild(item):
        step.needs_rebuild()
    for constraint in apart:
        step.emit(AddConstraint, table=table, constraint=constraint)
    for dialects, constraint in parts.guarded:
        step.emit_type_check(dialects, AddConstraint, table=table, constraint=constraint, needs_name=False)
    for index in parts.indexes:
        step.emit(CreateIndex, table=table, index=index)
    for dialects, index in parts.guarded_indexes:
        step.emit_on(dialects, CreateIndex, table=table, index=index)
    if not parts.complete:
        raise UnclearError(f"part of the column {item.name} is not known", (table,))
    return None


def _placed(step: Step) -> None:
    """Emits that a place among the columns is refused where the batch does not rebuild the table so far.

    Source: `BatchOperationsImpl.add_column`.
    """
    batch = step.batch
    placed = step.values.keys() & {"insert_before", "insert_after"}
    if batch is None or batch.recreate == "always" or not placed:
        return
    message = "insert_before= and insert_after= need recreate='always': batch_op.add_column() raises"
    if batch.recreate == "auto" and batch.causes:
        step.emit_elsewhere(("sqlite",), WrongCall, message=message)
    else:
        step.emit(WrongCall, message=message)


def drop_column(step: Step) -> Value:
    """Emits DROP COLUMN. SQL Server's `mssql_drop_default` and relatives drop what hangs on it first."""
    table = step.table()
    sign_options(step.values, step.call)
    given = step.get("column_name")
    if isinstance(given, ColumnRef):
        message = f"{step.call.spelling}() takes the name of a column; given a Column it raises"
        step.emit(WrongCall, message=message, table=table, drops=(given.name,))
        return None
    name = step.known("column_name", "the column's name", (table,))
    step.emit(DropColumn, table=table, name=name, conditional=step.flag("if_exists"))
    return None


def alter_column(step: Step) -> Value:
    """Emits the parts of an ALTER COLUMN in Alembic's order; on MySQL one MODIFY or CHANGE.

    MySQL's form states the whole definition: a default or comment that is neither given nor named
    by `existing_*` is lost there (`alembic.ddl.mysql`).
    """
    table = step.table()
    sign_options(step.values, step.call)
    name = step.known("column_name", "the column's name", (table,))
    new_type = _type(step, "type_")
    old_type = _type(step, "existing_type")
    if old_type is not None and new_type is not None:
        _type_check(step, table, name, old_type, drop=True)
    redefinition = _redefinition(step, table, name, new_type, old_type)
    targets = step.call.evaluator.dialects()
    if redefinition is not None and any(target in MYSQL for target in targets):
        step.emit_on(MYSQL, RedefineColumn, **redefinition)
        except_on: tuple[str, ...] = MYSQL
    else:
        except_on = ()
    _separate(step, table, name, new_type, old_type, except_on)
    if new_type is not None:
        _type_check(step, table, _renamed(step, table) or name, new_type, drop=False)
    return None


def _type(step: Step, key: str) -> TypeValue | None:
    value = step.get(key)
    return as_type(value, step.call) if value is not None else None


def _renamed(step: Step, table: Name) -> str | None:
    return step.optional("new_column_name", "the column's new name", (table,))


def _is_plain_cast(using: str, name: str, new: SqlType | Unknown) -> bool:
    from mrt_lint.sql.casts import is_plain_cast

    return is_plain_cast(using, name, new, "postgresql")


def _separate(
    step: Step,
    table: Name,
    name: str,
    new_type: TypeValue | None,
    old_type: TypeValue | None,
    without: tuple[str, ...],
) -> None:
    """Emits type, nullability, default, comment and name as separate operations, in PostgreSQL's order."""

    def emit(operation: Any, **fields: Any) -> None:
        step.emit_elsewhere(without, operation, table=table, name=name, **fields)

    old_sql = old_type.sql if old_type is not None else UNKNOWN
    type_sql = new_type.sql if new_type is not None else old_sql
    if new_type is not None:
        using = step.get("postgresql_using")
        text = None if using is None else condition_text(using, step.call) or unknown_text(step.call)
        plain = text is not None and _is_plain_cast(text, name, new_type.sql)
        emit(AlterColumnType, type=new_type.sql, using=text, plain_using=plain, existing_type=old_sql)
    nullable = step.get("nullable")
    if isinstance(nullable, bool):
        existing = step.get("existing_nullable")
        emit(
            SetNullable,
            nullable=nullable,
            existing_nullable=existing if isinstance(existing, bool) else UNKNOWN,
        )
    elif nullable is not None:
        raise UnclearError(f"nullable= is not known{reason_of(nullable)}", (table,))
    default = step.get("server_default", False)
    if default is not False:
        _default(step, table, name, default, type_sql, without)
    comment = step.get("comment", False)
    if comment is not False:
        known = comment if comment is None or isinstance(comment, str) else UNKNOWN
        old = step.get("existing_comment")
        emit(SetColumnComment, comment=known, existing_comment=old if isinstance(old, str) else UNKNOWN)
    new_name = _renamed(step, table)
    if new_name is not None and new_name != name:
        emit(RenameColumn, new=new_name)


def _default(
    step: Step, table: Name, name: str, default: Value, type_sql: Any, without: tuple[str, ...]
) -> None:
    """Emits what a new server default is: a default, an identity or a generation expression."""
    existing = step.get("existing_server_default", False)
    fields: dict[str, Any] = {"table": table, "name": name}
    if isinstance(default, ComputedItem) or isinstance(existing, ComputedItem):
        generated = None
        if isinstance(default, ComputedItem):
            text = canonical(default.expression, step.call) if default.expression is not None else ""
            generated = Generated(text, default.persisted is not False)
        step.emit_elsewhere(without, SetGenerated, generated=generated, **fields)
        return
    if isinstance(default, IdentityItem) or isinstance(existing, IdentityItem):
        mode = None
        if isinstance(default, IdentityItem):
            mode = "always" if default.always else "by default"
        step.emit_elsewhere(without, SetIdentity, identity=mode, **fields)
        return
    before = UNKNOWN if existing is False else default_text(existing, type_sql, step.call)
    after = default_text(default, type_sql, step.call)
    step.emit_elsewhere(without, SetDefault, default=after, existing_default=before, **fields)


def _redefinition(
    step: Step, table: Name, name: str, new_type: TypeValue | None, old_type: TypeValue | None
) -> dict[str, Any] | None:
    """Returns the fields of MySQL's MODIFY or CHANGE, None where Alembic emits something else there.

    It needs the column's type: without one Alembic refuses on MySQL, so nothing is said of it.
    """
    type_ = new_type or old_type
    if type_ is None or (step.batch is not None and step.batch.recreate == "always"):
        return None
    default = step.get("server_default", False)
    existing_default = step.get("existing_server_default", False)
    special = (IdentityItem, ComputedItem)
    if isinstance(default, special) or isinstance(existing_default, special):
        return None
    keys = ("nullable", "type_", "new_column_name", "autoincrement")
    wanted = any(step.get(key) is not None for key in keys) or step.get("comment", False) is not False
    if not wanted and not (type_.affinity == "datetime" and default is not None):
        return None
    nullable, existing = step.get("nullable"), step.get("existing_nullable")
    if nullable is None:
        nullable = existing
    kept = default if default is not False else existing_default
    comment = step.get("comment", False)
    if comment is False:
        comment = step.get("existing_comment")
    counting = step.get("autoincrement")
    if counting is None:
        counting = step.get("existing_autoincrement")
    known_nullable: bool | Unknown = True
    if nullable is not None:
        known_nullable = nullable if isinstance(nullable, bool) else UNKNOWN
    new_name = _renamed(step, table)
    column = Column(
        new_name or name,
        type_.sql,
        known_nullable,
        None if kept is False else default_text(kept, type_.sql, step.call),
        autoincrement=counting is True,
        comment=comment if comment is None or isinstance(comment, str) else UNKNOWN,
    )
    return {
        "table": table,
        "name": name,
        "column": column,
        "new_name": new_name if new_name != name else None,
        "existing_type": UNKNOWN if old_type is None else old_type.sql,
        "existing_nullable": existing if isinstance(existing, bool) else UNKNOWN,
        "retyped": new_type is not None and (isinstance(new_type.sql, Unknown) or not new_type.sql.exact),
    }


def _type_check(step: Step, table: Name, column: str, type_: TypeValue, drop: bool) -> None:
    """Emits the drop or the addition of the CHECK that a Boolean or Enum brings."""
    found = type_constraint(column, type_, table, step.call, step.convention)
    if found is None or (drop and found[1].name is None):
        return
    dialects, constraint = found
    if drop:
        # On MySQL and MariaDB Alembic leaves a type's CHECK where it is (MySQLImpl.drop_constraint).
        rebuilt = step.batch is not None and step.batch.recreate == "always"
        dialects = tuple(name for name in dialects or DIALECTS if rebuilt or name not in MYSQL)
        step.emit_type_check(dialects, DropConstraint, table=table, name=constraint.name, kind="check")
    else:
        step.emit_type_check(dialects, AddConstraint, table=table, constraint=constraint, needs_name=False)


DIRECTIVES: Final = (
    Directive(
        "add_column",
        add_column,
        ("table_name", "column", "schema"),
        ("column", "insert_before", "insert_after"),
    ),
    Directive(
        "drop_column",
        drop_column,
        ("table_name", "column_name", "schema"),
        ("column_name",),
        legacy={"tablename": "table_name"},
    ),
    Directive(
        "alter_column",
        alter_column,
        (
            "table_name",
            "column_name",
            "nullable",
            "comment",
            "server_default",
            "new_column_name",
            "type_",
            "existing_type",
            "existing_server_default",
            "existing_nullable",
            "existing_comment",
            "schema",
        ),
        (
            "column_name",
            "nullable",
            "comment",
            "server_default",
            "new_column_name",
            "type_",
            "existing_type",
            "existing_server_default",
            "existing_nullable",
            "existing_comment",
        ),
        legacy={
            "name": "new_column_name",
            "tablename": "table_name",
            "modify_nullable": "nullable",
            "modify_comment": "comment",
            "modify_server_default": "server_default",
            "modify_name": "new_column_name",
            "modify_type": "type_",
        },
    ),
)
