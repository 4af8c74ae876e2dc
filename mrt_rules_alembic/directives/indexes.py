"""Directives on indexes."""

from __future__ import annotations

from typing import Final

from mrt_lint.evaluate.values import NotKnown, Text, Value
from mrt_lint.ops import CreateIndex, DropIndex
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Index
from mrt_rules_alembic.directives.step import Directive, Step, UnclearError, reason_of
from mrt_rules_alembic.naming import Subject, conventional_name
from mrt_rules_alembic.sqlalchemy.index_definitions import indexes_by_dialect, sign_options
from mrt_rules_alembic.sqlalchemy.schema_items import IndexItem


def create_index(step: Step) -> Value:
    """Emits CREATE INDEX."""
    table = step.table()
    name = step.optional("index_name", "the index's name", (table,))
    columns = step.get("columns")
    if isinstance(columns, str) or not isinstance(columns, (list, tuple)):
        raise UnclearError(f"the index's columns are not known{reason_of(columns)}", (table,))
    if any(isinstance(column, (NotKnown, Text)) for column in columns):
        raise UnclearError("a column of the index is not known", (table,))
    unique = step.get("unique", False)
    if not isinstance(unique, (bool, int, type(None))):
        raise UnclearError("whether the index is unique is not known", (table,))
    item = IndexItem(name, tuple(columns), bool(unique), step.options())
    concurrently = step.flag("postgresql_concurrently")
    groups = indexes_by_dialect(item, table, step.call, step.convention)
    if concurrently:
        groups = [one for names, index in groups for one in _apart(names, index)]
    for names, index in groups:
        fields = {"table": table, "index": index, "conditional": step.flag("if_not_exists")}
        step.emit_on(names, CreateIndex, concurrently=concurrently and names == ("postgresql",), **fields)
    return None


def _apart(names: tuple[Dialect, ...], index: Index) -> list[tuple[tuple[Dialect, ...], Index]]:
    """Returns a group with PostgreSQL apart from the others, which know no CONCURRENTLY."""
    rest = tuple(name for name in names if name != "postgresql")
    if len(rest) == len(names) or not rest:
        return [(names, index)]
    return [(("postgresql",), index), (rest, index)]


def drop_index(step: Step) -> Value:
    """Emits DROP INDEX; without a table the database finds it by its name."""
    table_name = step.optional("table_name", "the table's name")
    table = step.batch.table if step.batch is not None else None
    schema = table.schema if table is not None else step.schema()
    if table_name is not None:
        table = Name(table_name, schema)
    name = step.known("index_name", "the index's name", (table,) if table is not None else None)
    sign_options(step.values, step.call)
    full = conventional_name(name, Subject("ix", table or Name("no_table")), step.convention) or name
    fields = {"name": Name(full, schema), "table": table, "conditional": step.flag("if_exists")}
    if step.flag("postgresql_concurrently"):
        step.emit_on(("postgresql",), DropIndex, concurrently=True, **fields)
        step.emit_elsewhere(("postgresql",), DropIndex, **fields)
    else:
        step.emit(DropIndex, **fields)
    return None


DIRECTIVES: Final = (
    Directive(
        "create_index",
        create_index,
        ("index_name", "table_name", "columns", "schema", "unique"),
        ("index_name", "columns"),
        legacy={"name": "index_name", "tablename": "table_name"},
    ),
    Directive(
        "drop_index",
        drop_index,
        ("index_name", "table_name", "schema"),
        ("index_name",),
        legacy={"name": "index_name", "tablename": "table_name"},
    ),
)
