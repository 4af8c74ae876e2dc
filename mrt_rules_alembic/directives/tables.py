"""Directives on whole tables: create, drop, rename, comment."""

from __future__ import annotations

from typing import Final

from mrt_lint.evaluate.values import Value
from mrt_lint.ops import CreateTable, DropTable, RenameTable, SetTableComment, WrongCall
from mrt_rules_alembic.directives.nameless import NAMELESS, surely_nameless
from mrt_rules_alembic.directives.step import Directive, Step, UnclearError, reason_of
from mrt_rules_alembic.sqlalchemy.constructors import table_of
from mrt_rules_alembic.sqlalchemy.definitions import table_options, tables_by_dialect
from mrt_rules_alembic.sqlalchemy.index_definitions import sign_options


def create_table(step: Step) -> Value:
    """Emits CREATE TABLE with all that stands in it; returns the Table, as Alembic does."""
    try:
        name = step.table()
    except UnclearError as trouble:
        raise UnclearError(trouble.reason, trouble.tables, step.parts("table_name")) from None
    options = step.options("table_name", "schema", "if_not_exists")
    item = table_of(name, step.rest, options, step.call)
    sign_options(options, step.call)
    if any(map(surely_nameless, item.columns.values())):
        step.emit(WrongCall, message=NAMELESS.format(step.call.spelling), table=name)
        return item
    bare = item.complete and not item.columns and not item.constraints
    if bare:
        message = "only PostgreSQL takes a table without columns"
        step.emit_elsewhere(("postgresql",), WrongCall, message=message, table=name, problem="unsupported")
    for dialects, parts in tables_by_dialect(item, step.call, step.convention, alone=True):
        taking = tuple(dialect for dialect in dialects if dialect == "postgresql" or not bare)
        step.emit_on(
            taking,
            CreateTable,
            table=name,
            columns=tuple(parts.columns),
            constraints=tuple(parts.constraints),
            indexes=tuple(parts.indexes),
            comment=item.comment if isinstance(item.comment, str) else None,
            options=table_options(options),
            temporary=_temporary(item.prefixes),
            conditional=step.flag("if_not_exists"),
            complete=parts.complete,
        )
    return item


def _temporary(prefixes: Value) -> bool:
    if not isinstance(prefixes, (list, tuple)):
        return False
    return any(
        isinstance(word, str) and word.upper() in ("TEMPORARY", "TEMP", "LOCAL TEMPORARY")
        for word in prefixes
    )


def drop_table(step: Step) -> Value:
    """Emits DROP TABLE."""
    sign_options(step.values, step.call)
    step.emit(DropTable, table=step.table(), conditional=step.flag("if_exists"))
    return None


def rename_table(step: Step) -> Value:
    """Emits RENAME TO; the schema stays."""
    table = step.table("old_table_name")
    step.emit(
        RenameTable, table=table, new=table.renamed(step.known("new_table_name", "the table's new name"))
    )
    return None


def create_table_comment(step: Step) -> Value:
    """Emits COMMENT ON TABLE."""
    comment = step.get("comment")
    table = step.table()
    if comment is not None and not isinstance(comment, str):
        raise UnclearError(f"the comment is not known{reason_of(comment)}", (table,))
    step.emit(SetTableComment, table=table, comment=comment)
    return None


def drop_table_comment(step: Step) -> Value:
    """Emits COMMENT ON TABLE .. IS NULL."""
    step.emit(SetTableComment, table=step.table(), comment=None)
    return None


DIRECTIVES: Final = (
    Directive("create_table", create_table, ("table_name",), variadic=True, legacy={"name": "table_name"}),
    Directive(
        "drop_table",
        drop_table,
        ("table_name", "schema"),
        legacy={"name": "table_name", "tablename": "table_name"},
    ),
    Directive("rename_table", rename_table, ("old_table_name", "new_table_name", "schema")),
    Directive(
        "create_table_comment",
        create_table_comment,
        ("table_name", "comment", "existing_comment", "schema"),
        ("comment", "existing_comment"),
    ),
    Directive(
        "drop_table_comment",
        drop_table_comment,
        ("table_name", "existing_comment", "schema"),
        ("existing_comment",),
    ),
)
