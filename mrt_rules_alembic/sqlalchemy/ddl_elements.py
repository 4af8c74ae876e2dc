"""DDL elements to be executed: `sa.schema.CreateIndex(index)`, `CreateView(select, "v")`, `sa.DDL("...")`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.values import FrameworkValue, Method, NotKnown, Text, Value
from mrt_lint.ops import (
    AddConstraint,
    CreateObject,
    CreateType,
    DropConstraint,
    DropObject,
    DropTable,
    DropType,
    DropView,
    SetColumnComment,
    SetTableComment,
)
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import SchemaObject
from mrt_rules_alembic.sqlalchemy.ddl import (
    create_or_drop_index,
    create_sequence,
    drop_sequence,
    emit_create_table,
)
from mrt_rules_alembic.sqlalchemy.definitions import constraint_definition, convention_of_project
from mrt_rules_alembic.sqlalchemy.execution import run_sql
from mrt_rules_alembic.sqlalchemy.expressions import Sql, Writing, raw_text
from mrt_rules_alembic.sqlalchemy.guards import emit_for
from mrt_rules_alembic.sqlalchemy.quoting import quoted_name
from mrt_rules_alembic.sqlalchemy.schema_items import (
    ColumnItem,
    ConstraintItem,
    IndexItem,
    SequenceItem,
    TableItem,
)
from mrt_rules_alembic.sqlalchemy.types import TypeValue

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call


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
    schema = SchemaObject("schema", Name(target), "")
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


def _set_table_comment(element: DdlElement, target: Value, call: Call) -> Value:
    comment = target.comment if isinstance(target, TableItem) else None
    if not isinstance(target, TableItem) or not isinstance(comment, (str, type(None))):
        return call.opaque(f"{element.name} of a table that is not known")
    call.emit(
        SetTableComment, table=target.name, comment=comment if element.name == "SetTableComment" else None
    )
    return None


def _set_column_comment(element: DdlElement, target: Value, call: Call) -> Value:
    table = (
        target.table.plain_table() if isinstance(target, ColumnItem) and target.table is not None else None
    )
    if (
        not isinstance(target, ColumnItem)
        or table is None
        or not isinstance(target.comment, (str, type(None)))
    ):
        return call.opaque(f"{element.name} of a column that is not known")
    comment = target.comment if element.name == "SetColumnComment" else None
    call.emit(SetColumnComment, table=table, name=target.name, comment=comment)
    return None


def _given_name(element: DdlElement) -> Value:
    kwargs = element.made.kwargs
    return element.made.argument(1, "table_name", kwargs.get("view_name"))


def _table_of_query(element: DdlElement, target: Value, call: Call) -> Value:
    """Emits `CreateTableAs(select, "name")` or `CreateView(select, "name")` (SQLAlchemy 2.1)."""
    name, schema = _given_name(element), element.made.kwargs.get("schema")
    if not isinstance(target, Sql) or not isinstance(name, str) or not isinstance(schema, (str, type(None))):
        return call.opaque(f"{element.name} of a query or a name that is not known")
    words = ["CREATE", "OR REPLACE" if element.flag("or_replace") else ""]
    words += [
        "TEMPORARY" if element.flag("temporary") else "",
        "MATERIALIZED" if element.flag("materialized") else "",
    ]
    words += ["TABLE" if element.name == "CreateTableAs" else "VIEW"]
    words += ["IF NOT EXISTS" if element.flag("if_not_exists") else ""]
    head = " ".join(word for word in words if word)
    texts: dict[Dialect, str] = {
        dialect: f"{head} {quoted_name(Name(name, schema), dialect)} AS {target.write(Writing(dialect))}"
        for dialect in call.evaluator.dialects()
    }
    run_sql(texts, call)
    return None


def _drop_view(element: DdlElement, target: Value, call: Call) -> Value:
    view = target.name if isinstance(target, TableItem) else None
    if isinstance(target, DdlElement) and isinstance(_given_name(target), str):
        schema = target.made.kwargs.get("schema")
        view = Name(str(_given_name(target)), schema if isinstance(schema, str) else None)
    if view is None:
        return call.opaque("DropView of a view that is not known")
    materialized = element.flag("materialized")
    call.emit(DropView, view=view, materialized=materialized, conditional=element.flag("if_exists"))
    return None


_RUNNERS: Final[dict[str, Callable[[DdlElement, Value, Call], Value]]] = {
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
    "SetTableComment": _set_table_comment,
    "DropTableComment": _set_table_comment,
    "SetColumnComment": _set_column_comment,
    "DropColumnComment": _set_column_comment,
    "CreateTableAs": _table_of_query,
    "CreateView": _table_of_query,
    "DropView": _drop_view,
    "AddConstraint": _constraint,
    "DropConstraint": _constraint,
}

DDL_ELEMENTS: Final = tuple(_RUNNERS)
"""The names of DDL elements of `sqlalchemy.schema` that are known here."""


def ddl_text(call: Call) -> Value:
    """Returns `sa.DDL("...")`: SQL text in which `%%` stands for a percent sign."""
    statement = call.argument(0, "statement")
    if isinstance(statement, str):
        statement = statement.replace("%%", "%")
    if isinstance(statement, (str, Text)):
        return raw_text(statement, call, plain=True)
    return NotKnown("DDL whose text is not known", call.span.line)
