"""Directives of well-known packages: alembic_postgresql_enum, alembic_utils, GeoAlchemy2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.values import FrameworkValue, Method, NotKnown, Value
from mrt_lint.ops import RenameEnumValue, ReplaceEnumValues
from mrt_lint.schema.names import Name
from mrt_rules_alembic.directives.columns import add_column, drop_column
from mrt_rules_alembic.directives.indexes import create_index, drop_index
from mrt_rules_alembic.directives.step import Directive, Step, UnclearError, reason_of
from mrt_rules_alembic.directives.tables import create_table, drop_table
from mrt_rules_alembic.sqlalchemy.execution import run_sql

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call


@dataclass(frozen=True, eq=False)
class TableReference(FrameworkValue):
    """`alembic_postgresql_enum.TableReference(...)`: a column that uses an enum."""

    table: Name
    column: str


def table_reference(call: Call) -> Value:
    """Returns the reference, not known when its names are not."""
    schema = call.kwargs.get("table_schema")
    table = call.argument(0, "table_name")
    column = call.argument(1, "column_name")
    if isinstance(table, str) and isinstance(column, str):
        return TableReference(Name(table, schema if isinstance(schema, str) else None), column)
    return NotKnown("a table reference whose names are not known", call.span.line)


def sync_enum_values(step: Step) -> Value:
    """Emits the renamed labels and the new list of labels of an enum, with the columns moved over."""
    step.call.evaluator.sign("postgresql")
    schema = step.optional("enum_schema", "the enum's schema")
    name = Name(step.known("enum_name", "the enum's name"), _usual(schema))
    labels = step.get("new_values")
    if not isinstance(labels, (list, tuple)) or not all(isinstance(label, str) for label in labels):
        raise UnclearError(f"the enum's labels are not known{reason_of(labels)}")
    columns: list[tuple[Name, str]] = []
    for item in _items(step, "affected_columns", "the columns of the enum"):
        if isinstance(item, TableReference):
            columns.append((Name(item.table.name, _usual(item.table.schema)), item.column))
        elif (
            isinstance(item, (tuple, list)) and len(item) == 2 and all(isinstance(part, str) for part in item)
        ):
            columns.append((Name(item[0], _usual(schema)), item[1]))
        else:
            raise UnclearError("a column of the enum is not known")
    for pair in _items(step, "enum_values_to_rename", "the renamed labels of the enum"):
        if (
            not isinstance(pair, (tuple, list))
            or len(pair) != 2
            or not all(isinstance(part, str) for part in pair)
        ):
            raise UnclearError("a renamed label of the enum is not known")
        step.emit(RenameEnumValue, type=name, label=pair[0], new=pair[1])
    step.emit(ReplaceEnumValues, type=name, labels=tuple(labels), columns=tuple(columns))
    return None


def _items(step: Step, key: str, what: str) -> list[Value]:
    """Returns the items of a list argument that may be left out."""
    value = step.get(key)
    if value is None or isinstance(value, (list, tuple)):
        return list(value or ())
    raise UnclearError(f"{what} are not known{reason_of(value)}")


def _usual(schema: str | None) -> str | None:
    return None if schema == "public" else schema


ENTITIES: Final[Mapping[str, tuple[str, ...]]] = {
    "PGFunction": ("schema", "signature", "definition"),
    "PGView": ("schema", "signature", "definition"),
    "PGMaterializedView": ("schema", "signature", "definition", "with_data"),
    "PGTrigger": ("schema", "signature", "definition", "on_entity", "is_constraint"),
    "PGExtension": ("schema", "signature"),
    "PGPolicy": ("schema", "signature", "definition", "on_entity"),
    "PGGrantTable": ("schema", "table", "columns", "role", "grant", "with_grant_option"),
}
"""The entities of alembic_utils and their arguments."""


@dataclass(frozen=True, eq=False)
class Entity(FrameworkValue):
    """An entity of alembic_utils: a view, function, trigger, ..."""

    kind: str
    values: Mapping[str, Value]

    def attribute(self, name: str, call: Call) -> Value:
        """Returns one of its arguments, else a method."""
        return self.values.get(name, Method(self, name))

    def text(self, key: str) -> str:
        """Returns a text argument; raises UnclearError when it is not known."""
        value = self.values.get(key)
        if isinstance(value, str):
            return value.strip().rstrip(";").rstrip()
        raise UnclearError(f"{key} of a {self.kind} is not known{reason_of(value)}")

    def name(self) -> str:
        """Returns its qualified name, quoted; of a function without its arguments."""
        return f'"{self.text("schema")}"."{self.text("signature").partition("(")[0].strip(chr(34))}"'

    def create(self, replace: bool) -> list[str]:
        """Returns the SQL that alembic_utils runs to create or replace it."""
        word = "CREATE OR REPLACE" if replace else "CREATE"
        if self.kind == "PGFunction":
            arguments = self.text("signature").partition("(")[2]
            return [f"{word} FUNCTION {self.name()}({arguments} {self.text('definition')}"]
        if self.kind == "PGView":
            return [f"{word} VIEW {self.name()} AS {self.text('definition')}"]
        if self.kind == "PGMaterializedView":
            data = "NO DATA" if self.values.get("with_data") is False else "DATA"
            create = f"CREATE MATERIALIZED VIEW {self.name()} AS {self.text('definition')} WITH {data}"
            return [*(self.drop(False) if replace else []), create]
        if self.kind == "PGTrigger":
            create = f'CREATE TRIGGER "{self.text("signature")}" {self.text("definition")}'
            return [*(self.drop(False) if replace else []), create]
        if self.kind == "PGPolicy":
            target = f'"{self.text("signature")}" ON {self.text("on_entity")}'
            create = f"CREATE POLICY {target} {self.text('definition')}"
            return [*(self.drop(False) if replace else []), create]
        if self.kind == "PGExtension":
            return [f'CREATE EXTENSION "{self.text("signature")}" WITH SCHEMA {self.text("schema")}']
        return [f"GRANT {self._grant()} TO {self.text('role')}"]

    def drop(self, cascade: bool) -> list[str]:
        """Returns the SQL that drops it."""
        tail = " CASCADE" if cascade else ""
        if self.kind == "PGFunction":
            return [f"DROP FUNCTION {self.name()}({_argument_types(self.text('signature'))}){tail}"]
        if self.kind in ("PGView", "PGMaterializedView"):
            return [f"DROP {'MATERIALIZED VIEW' if self.kind != 'PGView' else 'VIEW'} {self.name()}{tail}"]
        if self.kind in ("PGTrigger", "PGPolicy"):
            word = self.kind[2:].upper()
            return [f'DROP {word} "{self.text("signature")}" ON {self.text("on_entity")}{tail}']
        if self.kind == "PGExtension":
            return [f'DROP EXTENSION "{self.text("signature")}"{tail}']
        return [f"REVOKE {self._grant()} FROM {self.text('role')}"]

    def _grant(self) -> str:
        grant = self.values.get("grant")
        word = grant if isinstance(grant, str) else getattr(grant, "name", None)
        if not isinstance(word, str):
            raise UnclearError("the privilege of a grant is not known")
        columns = self.values.get("columns")
        listed = (
            f" ({', '.join(str(column) for column in columns)})" if isinstance(columns, (list, tuple)) else ""
        )
        return f'{word.upper()}{listed} ON "{self.text("schema")}"."{self.text("table")}"'


def _argument_types(signature: str) -> str:
    """Returns the arguments of a function's signature without their defaults."""
    inside = signature.partition("(")[2].rpartition(")")[0]
    return ", ".join(
        part.lower().partition(" default ")[0].partition("=")[0].strip() for part in inside.split(",")
    )


def entity(kind: str, call: Call) -> Value:
    """Returns an entity made by its constructor."""
    return Entity(kind, {**dict(zip(ENTITIES[kind], call.args, strict=False)), **call.kwargs})


def _entity_of(step: Step) -> Entity:
    step.call.evaluator.sign("postgresql")
    value = step.get("target")
    if isinstance(value, Entity):
        return value
    raise UnclearError(f"the entity is not known{reason_of(value)}")


def create_entity(step: Step) -> Value:
    """Emits the creation of an entity."""
    for sql in _entity_of(step).create(replace=False):
        run_sql({"postgresql": sql}, step.call)
    return None


def replace_entity(step: Step) -> Value:
    """Emits the replacement of an entity."""
    for sql in _entity_of(step).create(replace=True):
        run_sql({"postgresql": sql}, step.call)
    return None


def drop_entity(step: Step) -> Value:
    """Emits the drop of an entity."""
    for sql in _entity_of(step).drop(step.flag("cascade")):
        run_sql({"postgresql": sql}, step.call)
    return None


DIRECTIVES: Final = (
    Directive(
        "sync_enum_values",
        sync_enum_values,
        ("enum_schema", "enum_name", "new_values", "affected_columns", "enum_values_to_rename"),
    ),
    Directive("create_entity", create_entity, ("target",)),
    Directive("replace_entity", replace_entity, ("target",)),
    Directive("drop_entity", drop_entity, ("target", "cascade")),
    Directive("create_geospatial_table", create_table, ("table_name",), variadic=True),
    Directive("drop_geospatial_table", drop_table, ("table_name", "schema")),
    Directive("add_geospatial_column", add_column, ("table_name", "column", "schema"), ("column",)),
    Directive(
        "drop_geospatial_column", drop_column, ("table_name", "column_name", "schema"), ("column_name",)
    ),
    Directive(
        "create_geospatial_index",
        create_index,
        ("index_name", "table_name", "columns", "schema", "unique"),
        ("index_name", "columns"),
    ),
    Directive("drop_geospatial_index", drop_index, ("index_name", "table_name", "schema"), ("index_name",)),
)
