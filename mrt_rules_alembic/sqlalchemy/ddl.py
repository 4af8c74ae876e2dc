"""DDL that schema items carry out themselves: `Table.create(bind)`, `metadata.create_all(bind)`, ..."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mrt_lint.evaluate.values import Value
from mrt_lint.ops import (
    CreateIndex,
    CreateSequence,
    CreateTable,
    DropIndex,
    DropSequence,
    DropTable,
    DropType,
)
from mrt_lint.schema.names import Name
from mrt_rules_alembic.naming import DEFAULT_CONVENTION
from mrt_rules_alembic.sqlalchemy.definitions import (
    convention_of_project,
    table_options,
    tables_by_dialect,
)
from mrt_rules_alembic.sqlalchemy.guards import emit_for
from mrt_rules_alembic.sqlalchemy.index_definitions import indexes_by_dialect
from mrt_rules_alembic.sqlalchemy.schema_items import (
    IndexItem,
    MetaDataItem,
    SequenceItem,
    TableItem,
)
from mrt_rules_alembic.sqlalchemy.types import TypeValue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mrt_lint.evaluate.call import Call


def convention_of(table: TableItem, call: Call) -> Mapping[str, str]:
    """Returns the convention of the table's own MetaData."""
    if table.metadata is None:
        return convention_of_project(call)
    return table.metadata.convention or DEFAULT_CONVENTION


def emit_create_table(table: TableItem, call: Call, checkfirst: bool) -> None:
    """Emits CREATE TABLE of a Table object."""
    convention = convention_of(table, call)
    for dialects, parts in tables_by_dialect(table, call, convention):
        emit_for(
            call,
            dialects,
            CreateTable,
            table=table.name,
            columns=tuple(parts.columns),
            constraints=tuple(parts.constraints),
            indexes=tuple(parts.indexes),
            comment=table.comment if isinstance(table.comment, str) else None,
            options=table_options(table.options),
            conditional=checkfirst,
            complete=parts.complete,
        )


def create_or_drop_table(table: TableItem, what: str, call: Call) -> Value:
    """Emits `Table.create(bind, checkfirst)` or `.drop(...)`."""
    checkfirst = call.argument(1, "checkfirst", False) is True
    if what == "create":
        emit_create_table(table, call, checkfirst)
    else:
        call.emit(DropTable, table=table.name, conditional=checkfirst)
        _drop_enums([table], call)
    return None


def _drop_enums(tables: list[TableItem], call: Call) -> None:
    """Emits the drop of enum types that go with their tables (`Table.drop` on PostgreSQL)."""
    for table in tables:
        for column in table.columns.values():
            type_ = column.type
            if type_.native and type_.type_name and type_.labels is not None and _creates(type_):
                name = Name(type_.type_name, type_.schema)
                emit_for(call, ("postgresql",), DropType, type=name, conditional=True)


def _creates(type_: TypeValue) -> bool:
    return bool(type_.sql) and getattr(type_.sql, "creates_type", False)


def create_all(metadata: MetaDataItem, what: str, call: Call) -> Value:
    """Emits `metadata.create_all(bind, tables, checkfirst)` or `drop_all`; of tables not in sight: Opaque."""
    wanted = call.argument(1, "tables", None)
    checkfirst = call.argument(2, "checkfirst", True) is not False
    if wanted is None and (metadata.reflected or not metadata.complete or not metadata.tables):
        return call.opaque(f"{call.spelling}() of tables that are defined elsewhere")
    if isinstance(wanted, (list, tuple)) and all(isinstance(item, TableItem) for item in wanted):
        tables = list(wanted)
    elif wanted is None:
        tables = metadata.tables
    else:
        return call.opaque(f"{call.spelling}() of tables that are not known")
    if what == "create_all":
        for table in tables:
            emit_create_table(table, call, checkfirst)
    else:
        for table in reversed(tables):
            call.emit(DropTable, table=table.name, conditional=checkfirst)
        _drop_enums(tables, call)
    return None


def create_sequence(item: SequenceItem, call: Call, checkfirst: bool) -> None:
    """Emits CREATE SEQUENCE."""
    if item.name is None:
        call.opaque("a sequence whose name is not known")
    else:
        call.emit(
            CreateSequence,
            sequence=Name(item.name, item.schema),
            definition=item.options.lower(),
            conditional=checkfirst,
        )


def drop_sequence(item: SequenceItem, call: Call, checkfirst: bool) -> None:
    """Emits DROP SEQUENCE."""
    if item.name is None:
        call.opaque("a sequence whose name is not known")
    else:
        call.emit(DropSequence, sequence=Name(item.name, item.schema), conditional=checkfirst)


def create_or_drop_index(item: IndexItem, what: str, call: Call) -> Value:
    """Emits `Index.create(bind)` or `.drop(bind)`."""
    if item.table is None:
        return call.opaque(f"{call.spelling}() of an index whose table is not known")
    table = item.table.name
    groups = indexes_by_dialect(item, table, call, convention_of(item.table, call))
    checkfirst = call.argument(1, "checkfirst", False) is True
    if what == "create":
        concurrently = item.options.get("postgresql_concurrently") is True
        for names, index in groups:
            fields = {"table": table, "index": index, "conditional": checkfirst}
            emit_for(
                call, names, CreateIndex, concurrently=concurrently and names == ("postgresql",), **fields
            )
    elif not groups or groups[0][1].name is None:
        return call.opaque(f"{call.spelling}() of an index without a name")
    else:
        name = Name(groups[0][1].name, table.schema)
        call.emit(DropIndex, name=name, table=table, conditional=checkfirst)
    return None
