"""Columns, constraints, indexes, tables and MetaData as SQLAlchemy objects of the evaluated code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Literal

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.values import FrameworkValue, Method, NotKnown, Value
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Name
from mrt_rules_alembic.naming import ConventionKey
from mrt_rules_alembic.sqlalchemy.expressions import ColumnRef, Sql, Writing
from mrt_rules_alembic.sqlalchemy.froms import Columns, From
from mrt_rules_alembic.sqlalchemy.quoting import quoted_name
from mrt_rules_alembic.sqlalchemy.types import UNKNOWN_TYPE, TypeValue

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call
    from mrt_lint.ops.base import Operation


@dataclass(eq=False)
class SchemaItem(FrameworkValue):
    """Base of what can stand in a Table or a Column."""


@dataclass(eq=False)
class IdentityItem(SchemaItem):
    """`sa.Identity(always=...)`."""

    always: bool = False


@dataclass(eq=False)
class ComputedItem(SchemaItem):
    """`sa.Computed("a + b", persisted=...)`; `expression` None: not known."""

    expression: Sql | None
    persisted: bool | None = None


@dataclass(eq=False)
class FetchedItem(SchemaItem):
    """`sa.FetchedValue()`: a default that the database makes by other means."""


@dataclass(eq=False)
class SequenceItem(SchemaItem):
    """`sa.Sequence("name", ...)`; `options` canonical SQL behind CREATE SEQUENCE."""

    name: str | None
    schema: str | None = None
    options: str = ""

    def call_method(self, name: str, call: Call) -> Value:
        """Returns `next_value()` as SQL; `create` and `drop` emit the sequence."""
        from mrt_rules_alembic.sqlalchemy.ddl import create_sequence, drop_sequence
        from mrt_rules_alembic.sqlalchemy.expressions import Expression, Hole
        from mrt_rules_alembic.sqlalchemy.quoting import literal

        if name in ("create", "drop"):
            checkfirst = call.argument(1, "checkfirst", True) is not False
            (create_sequence if name == "create" else drop_sequence)(self, call, checkfirst)
            return None
        if name == "next_value" and self.name is not None:
            full = str(Name(self.name, self.schema))
            return Expression((f"nextval({literal(full, 'postgresql')})",))
        return Hole.of(NotKnown(f"{call.spelling}() of a sequence", call.span.line), call)


@dataclass(eq=False)
class DefaultItem(SchemaItem):
    """`sa.DefaultClause(...)`, `ColumnDefault`: a wrapped default; `server` tells the two apart."""

    argument: Value
    server: bool = True


@dataclass(eq=False)
class ForeignKeyItem(SchemaItem):
    """`sa.ForeignKey("schema.table.column")`; `table` None: what it refers to is not known."""

    table: Name | None
    column: str | None
    name: Value = None
    options: Mapping[str, Value] = field(default_factory=dict)


@dataclass(eq=False)
class ConstraintItem(SchemaItem):
    """A table constraint; `columns` None: not known. `elements`: of an exclusion, as text.
    `table`: the table it stands in, once it does.
    """

    kind: Literal["primary", "unique", "foreign", "check", "exclude"]
    name: Value = None
    columns: tuple[str, ...] | None = ()
    expression: Sql | None = None
    ref_table: Name | None = None
    ref_columns: tuple[str, ...] | None = ()
    options: Mapping[str, Value] = field(default_factory=dict)
    elements: str = ""
    table: Name | None = None

    @property
    def key(self) -> ConventionKey:
        """Returns the key of naming conventions that is for it."""
        keys: dict[str, ConventionKey] = {"primary": "pk", "unique": "uq", "foreign": "fk", "exclude": "uq"}
        return keys.get(self.kind, "ck")

    def attribute(self, name: str, call: Call) -> Value:
        """Returns its name, else a method."""
        return self.name if name == "name" else Method(self, name)


@dataclass(eq=False)
class IndexItem(SchemaItem):
    """`sa.Index(name, *columns)`; `expressions` None: not known."""

    name: Value
    expressions: tuple[Value, ...] | None
    unique: bool = False
    options: Mapping[str, Value] = field(default_factory=dict)
    table: TableItem | None = None

    def attribute(self, name: str, call: Call) -> Value:
        """Returns its name, else a method."""
        return self.name if name == "name" else Method(self, name)

    def call_method(self, name: str, call: Call) -> Value:
        """Emits `index.create(bind)` and `index.drop(bind)`."""
        from mrt_rules_alembic.sqlalchemy.ddl import create_or_drop_index

        if name in ("create", "drop"):
            return create_or_drop_index(self, name, call)
        return NotKnown(f"{call.spelling}() of an index", call.span.line)


@dataclass(eq=False)
class ColumnItem(ColumnRef):
    """`sa.Column(...)`. `server_default` is the value as given; `given_default` False: there is none.

    `nullable` None: not said (NULL unless it is a primary key). `foreign_keys`, `constraints`:
    what stands in it. `complete` False: some of its arguments are not known. `key`: what Python calls it.
    """

    name: str = ""
    table: From | None = None
    type: TypeValue = UNKNOWN_TYPE
    nullable: Value = None
    primary_key: bool = False
    unique: Value = False
    index: Value = False
    autoincrement: Value = "auto"
    server_default: Value = None
    python_default: bool = False
    comment: Value = None
    foreign_keys: tuple[ForeignKeyItem, ...] = ()
    constraints: tuple[ConstraintItem, ...] = ()
    identity: IdentityItem | None = None
    computed: ComputedItem | None = None
    sequence: SequenceItem | None = None
    options: Mapping[str, Value] = field(default_factory=dict)
    complete: bool = True
    key: Value = None

    def attribute(self, name: str, call: Call) -> Value:
        """Returns its name, type and nullability; a method else."""
        if name == "type":
            return self.type
        if name == "nullable":
            return self.nullable if self.nullable is not None else not self.primary_key
        if name in ("primary_key", "comment"):
            return getattr(self, name)
        return super().attribute(name, call)

    def call_method(self, name: str, call: Call) -> Value:
        """Returns a copy of the column for `copy`; a column operator else. A name may be given later."""
        if name == "__setattr__" and call.args[0] == "name":
            given = call.args[1]
            self.name, self.complete = (given, self.complete) if isinstance(given, str) else ("", False)
            return None
        return self if name in ("copy", "_copy") else super().call_method(name, call)


@dataclass(eq=False)
class MetaDataItem(FrameworkValue):
    """`sa.MetaData(...)`; `reflected`: it holds tables that only the database knows.

    `complete` False: it is the application's, so more tables may be in it than were read. `seen`: the
    operations, and how many there were, when all tables of the default schema were reflected, if they were.
    """

    schema: str | None = None
    convention: Mapping[str, str] | None = None
    tables: list[TableItem] = field(default_factory=list)
    reflected: bool = False
    complete: bool = True
    seen: tuple[list[Operation], int] | None = None

    def attribute(self, name: str, call: Call) -> Value:
        """Returns the collection of tables, the convention; a method else."""
        if name == "tables":
            return TableCollection(self)
        if name == "schema":
            return self.schema
        if name == "naming_convention":
            return dict(self.convention or {})
        if name == "sorted_tables":
            return NotKnown("the sorted tables of a MetaData", call.span.line)
        return Method(self, name)

    def call_method(self, name: str, call: Call) -> Value:
        """Runs `create_all`, `drop_all`, `reflect`."""
        from mrt_rules_alembic.sqlalchemy.ddl import create_all

        if name in ("create_all", "drop_all"):
            return create_all(self, name, call)
        if name in ("reflect", "clear", "remove"):
            plain = name == "reflect" and not self.schema and not call.starred and len(call.args) < 2
            whole = plain and not {"schema", "only"} & call.kwargs.keys()
            self.reflected = self.reflected or name == "reflect"
            done = call.evaluator.operations
            self.seen = (done, len(done)) if whole else None
            return None
        return NotKnown(f"{call.spelling}() of a MetaData", call.span.line)


@dataclass(frozen=True, eq=False)
class TableCollection(FrameworkValue):
    """`metadata.tables`: tables by name."""

    metadata: MetaDataItem

    def item(self, key: Value, call: Call) -> Value:
        """Returns the table of that name; a reflected one has its columns on demand."""
        if not isinstance(key, str):
            return NotKnown("a table whose name is not known", call.span.line)
        schema, _, name = key.rpartition(".")
        wanted = Name(name, schema or self.metadata.schema)
        for table in self.metadata.tables:
            if table.name == wanted:
                return table
        if self.metadata.reflected or not self.metadata.complete:
            return TableItem(wanted, metadata=self.metadata, complete=False)
        return NotKnown(f"the table {key} of a MetaData", call.span.line)

    def contains(self, item: Value, call: Call) -> Value:
        """Returns whether the database holds the table, where that has just been read from it."""
        from mrt_lint.ops.guard import Exists
        from mrt_rules_alembic.sqlalchemy.questions import ask

        if isinstance(item, str) and any(str(table.name) == item for table in self.metadata.tables):
            return True
        done, number = self.metadata.seen or ([], 0)
        if not isinstance(item, str) or "." in item or done is not call.evaluator.operations:
            return super().contains(item, call)
        if any(step.has_effect for step in done[number:]):
            return super().contains(item, call)
        return ask(Exists("table", Name(item)), {}, call)

    def call_method(self, name: str, call: Call) -> Value:
        """Returns `get(name)`; the names are the collection itself."""
        if name == "keys":
            return self
        return (
            self.item(call.argument(0, "key"), call)
            if name == "get"
            else NotKnown("the tables of a MetaData")
        )


@dataclass(eq=False)
class TableItem(From):
    """`sa.Table(...)` or `sa.table(...)`; `complete` False: it may have more columns (reflected).

    `light`: a `sa.table`, for DML only. `keys`: the columns that keys and mapped attributes of another name
    mean. `mapped`: it is a class's, which may have more attributes; `relations`: those that are no columns.
    """

    name: Name
    columns: dict[str, ColumnItem] = field(default_factory=dict)
    constraints: tuple[ConstraintItem, ...] = ()
    indexes: list[IndexItem] = field(default_factory=list)
    metadata: MetaDataItem | None = None
    complete: bool = True
    light: bool = False
    comment: Value = None
    prefixes: Value = None
    options: Mapping[str, Value] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    mapped: bool = False
    relations: tuple[str, ...] = ()

    def reference(self, dialect: Dialect) -> str:
        """Returns its name."""
        return quoted_name(self.name, dialect)

    def from_text(self, how: Writing) -> str:
        """Returns its name."""
        return quoted_name(self.name, how.dialect)

    def column(self, name: str) -> Sql:
        """Returns the column, on demand where the table is not fully known."""
        name = self.keys.get(name, name)
        found = self.columns.get(name)
        return found if found is not None else ColumnRef(name, self)

    def column_names(self) -> list[str] | None:
        """Returns all column names, None when the table may have more."""
        return list(self.columns) if self.complete and self.columns else None

    def column_named(self, key: str) -> str:
        """Returns the column behind a mapped attribute, else the key itself."""
        return self.keys.get(key, key)

    def plain_table(self) -> Name | None:
        """Returns its name."""
        return self.name

    def attribute(self, name: str, call: Call) -> Value:
        """Returns its name, schema, columns, MetaData; a method else."""
        if name == "name":
            return self.name.name
        if name == "schema":
            return self.name.schema
        if name in ("fullname", "key"):
            return str(self.name)
        if name == "metadata" and self.metadata is not None:
            return self.metadata
        if name in ("c", "columns"):
            return Columns(self)
        if name == "primary_key":
            return NotKnown("the primary key of a table", call.span.line)
        return super().attribute(name, call)

    def call_method(self, name: str, call: Call) -> Value:
        """Returns its statements (`insert`, `update`, `delete`); `create` and `drop` emit it."""
        from mrt_rules_alembic.sqlalchemy.ddl import create_or_drop_table
        from mrt_rules_alembic.sqlalchemy.dml import statement

        if name in ("insert", "update", "delete"):
            return statement(name, self, call)
        if name in ("create", "drop"):
            return create_or_drop_table(self, name, call)
        if name == "append_column":
            column = call.argument(0, "column")
            if isinstance(column, ColumnItem):
                self.columns[column.name] = column
            return None
        if name == "count":
            from mrt_rules_alembic.sqlalchemy.expressions import Expression
            from mrt_rules_alembic.sqlalchemy.select import Select

            return Select(columns=(Expression(("count(*)",)),), from_=(self,))
        return super().call_method(name, call)
