"""DDL outside Alembic's directives: `Table.create`, `metadata.create_all`, `sa.schema.CreateIndex`, `DDL("...")`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mrt_lint.evaluate.values import FrameworkValue, Method, NotKnown, Text, Value
from mrt_lint.ops import (
    AddConstraint,
    CreateIndex,
    CreateObject,
    CreateSequence,
    CreateTable,
    CreateType,
    DropConstraint,
    DropIndex,
    DropObject,
    DropSequence,
    DropTable,
    DropType,
)
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import SchemaObject
from mrt_rules_alembic.naming import DEFAULT_CONVENTION
from mrt_rules_alembic.sqlalchemy.definitions import (
    constraint_definition,
    convention_of_project,
    index_definition,
    table_options,
    table_parts,
)
from mrt_rules_alembic.sqlalchemy.guards import emit_for
from mrt_rules_alembic.sqlalchemy.schema_items import (
    ConstraintItem,
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
    parts = table_parts(table, call, convention)
    call.emit(
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
    for dialects, constraint in parts.guarded:
        emit_for(call, dialects, AddConstraint, table=table.name, constraint=constraint)


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
    index = index_definition(item, table, call, convention_of(item.table, call))
    checkfirst = call.argument(1, "checkfirst", False) is True
    if what == "create":
        concurrently = item.options.get("postgresql_concurrently") is True
        call.emit(CreateIndex, table=table, index=index, concurrently=concurrently, conditional=checkfirst)
    elif index.name is None:
        return call.opaque(f"{call.spelling}() of an index without a name")
    else:
        call.emit(DropIndex, name=Name(index.name, table.schema), table=table, conditional=checkfirst)
    return None


@dataclass(frozen=True, eq=False)
class DdlElement(FrameworkValue):
    """`CreateTable(table)`, `DropIndex(index)`, ...: a DDL statement to be executed."""

    name: str
    made: Call

    def run_ddl(self, call: Call) -> Value:
        """Emits the statement."""
        target = self.made.args[0] if self.made.args else None
        if target is None:
            target = self.made.kwargs.get("element", self.made.kwargs.get("name"))
        return _RUNNERS[self.name](self, target, call)

    def flag(self, key: str) -> bool:
        """Returns whether a keyword of the element is true."""
        return self.made.kwargs.get(key) is True

    def call_method(self, name: str, call: Call) -> Value:
        """Runs `element.execute(bind)`; events (`execute_if`) are not followed."""
        return (
            self.run_ddl(call) if name in ("execute", "__call__") else NotKnown(f"{call.spelling}() of DDL")
        )

    def attribute(self, name: str, call: Call) -> Value:
        """Returns a method."""
        return Method(self, name)


def _create_table(element: DdlElement, target: Value, call: Call) -> Value:
    if not isinstance(target, TableItem):
        return call.opaque("CreateTable of a table that is not known")
    emit_create_table(target, call, element.flag("if_not_exists"))
    return None


def _drop_table(element: DdlElement, target: Value, call: Call) -> Value:
    if not isinstance(target, TableItem):
        return call.opaque("DropTable of a table that is not known")
    call.emit(DropTable, table=target.name, conditional=element.flag("if_exists"))
    return None


def _create_index(element: DdlElement, target: Value, call: Call) -> Value:
    if not isinstance(target, IndexItem):
        return call.opaque("CreateIndex of an index that is not known")
    return create_or_drop_index(target, "create", call)


def _drop_index(element: DdlElement, target: Value, call: Call) -> Value:
    if not isinstance(target, IndexItem):
        return call.opaque("DropIndex of an index that is not known")
    return create_or_drop_index(target, "drop", call)


def _create_sequence(element: DdlElement, target: Value, call: Call) -> Value:
    if not isinstance(target, SequenceItem):
        return call.opaque("CreateSequence of a sequence that is not known")
    create_sequence(target, call, element.flag("if_not_exists"))
    return None


def _drop_sequence(element: DdlElement, target: Value, call: Call) -> Value:
    if not isinstance(target, SequenceItem):
        return call.opaque("DropSequence of a sequence that is not known")
    drop_sequence(target, call, element.flag("if_exists"))
    return None


def _create_schema(element: DdlElement, target: Value, call: Call) -> Value:
    if not isinstance(target, str):
        return call.opaque("CreateSchema of a schema whose name is not known")
    schema = SchemaObject("schema", Name(target))
    call.emit(CreateObject, object=schema, conditional=element.flag("if_not_exists"))
    return None


def _drop_schema(element: DdlElement, target: Value, call: Call) -> Value:
    if not isinstance(target, str):
        return call.opaque("DropSchema of a schema whose name is not known")
    cascade = element.flag("cascade")
    call.emit(
        DropObject, kind="schema", name=Name(target), cascade=cascade, conditional=element.flag("if_exists")
    )
    return None


def _create_enum(element: DdlElement, target: Value, call: Call) -> Value:
    if not isinstance(target, TypeValue) or target.type_name is None or target.labels is None:
        return call.opaque("CreateEnumType of a type that is not known")
    name = Name(target.type_name, target.schema)
    emit_for(call, ("postgresql",), CreateType, type=name, labels=target.labels)
    return None


def _drop_enum(element: DdlElement, target: Value, call: Call) -> Value:
    if not isinstance(target, TypeValue) or target.type_name is None:
        return call.opaque("DropEnumType of a type that is not known")
    emit_for(call, ("postgresql",), DropType, type=Name(target.type_name, target.schema))
    return None


def _constraint(element: DdlElement, target: Value, call: Call) -> Value:
    if not isinstance(target, ConstraintItem) or target.table is None:
        return call.opaque(f"{element.name} of a constraint whose table is not known")
    table = target.table
    made = constraint_definition(target, table, call, convention_of_project(call))
    if element.name == "AddConstraint":
        call.emit(AddConstraint, table=table, constraint=made)
    else:
        cascade = element.flag("cascade")
        call.emit(DropConstraint, table=table, name=made.name, kind=made.kind, cascade=cascade)
    return None


_RUNNERS: Final[dict[str, Callable[[DdlElement, Value, "Call"], Value]]] = {
    "CreateTable": _create_table,
    "DropTable": _drop_table,
    "CreateIndex": _create_index,
    "DropIndex": _drop_index,
    "CreateSequence": _create_sequence,
    "DropSequence": _drop_sequence,
    "CreateSchema": _create_schema,
    "DropSchema": _drop_schema,
    "CreateEnumType": _create_enum,
    "DropEnumType": _drop_enum,
    "AddConstraint": _constraint,
    "DropConstraint": _constraint,
}

DDL_ELEMENTS: Final = tuple(_RUNNERS)
"""The names of DDL elements of `sqlalchemy.schema` that are known here."""


def ddl_text(call: Call) -> Value:
    """Returns `sa.DDL("...")`: SQL text in which `%%` stands for a percent sign."""
    from mrt_rules_alembic.sqlalchemy.expressions import raw_text

    statement = call.argument(0, "statement")
    if isinstance(statement, str):
        statement = statement.replace("%%", "%")
    if isinstance(statement, (str, Text)):
        return raw_text(statement, call, plain=True)
    return NotKnown("DDL whose text is not known", call.span.line)
