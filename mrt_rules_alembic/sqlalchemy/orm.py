"""Mapped classes: `declarative_base()`, classes with `__tablename__`, and their objects."""

from __future__ import annotations

from dataclasses import field, replace

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.call import Call
from mrt_lint.evaluate.objects import bind
from mrt_lint.evaluate.values import Class, FrameworkValue, Function, Method, NotKnown, Value
from mrt_lint.ops import PythonCode
from mrt_lint.schema.names import Name
from mrt_rules_alembic.sqlalchemy.constructors import column_of, table_of
from mrt_rules_alembic.sqlalchemy.schema_items import ColumnItem, MetaDataItem, SchemaItem, TableItem


@dataclass(eq=False)
class Base(FrameworkValue):
    """A declarative base class, or an abstract class below one."""

    metadata: MetaDataItem = field(default_factory=MetaDataItem)
    attributes: dict[str, Value] = field(default_factory=dict)

    def attribute(self, name: str, call: Call) -> Value:
        """Returns its MetaData and what its body defines."""
        if name == "metadata":
            return self.metadata
        return self.attributes.get(name, Method(self, name))

    def call_method(self, name: str, call: Call) -> Value:
        """Returns not known: a registry's methods are not followed, but `Base.query = ..`."""
        if name == "__setattr__" and len(call.args) == 2 and isinstance(call.args[1], QueryProperty):
            self.attributes[str(call.args[0])] = call.args[1]
            return None
        return NotKnown(f"{call.spelling}() of a declarative base", call.span.line)

    def subclass(self, cls: Class, call: Call) -> Value:
        """Returns a mapped class, or another base when the class has no table."""
        attributes = {**self.attributes, **_inherited(cls), **cls.attributes}
        own = cls.attributes.get("metadata")
        metadata = own if isinstance(own, MetaDataItem) else self.metadata
        abstract = cls.attributes.get("__abstract__", False) is True
        if abstract or not ({"__tablename__", "__table__"} & set(attributes)):
            return Base(metadata, attributes)
        table = _table(cls, attributes, metadata, call)
        if table is None:
            return NotKnown(f"the table of the class {cls.name} is not known", call.span.line)
        mapped = MappedClass(cls.name, table, attributes)
        table.relations = mapped.relations
        return mapped


class DeclarativeBase(FrameworkValue):
    """`sqlalchemy.orm.DeclarativeBase`: each class below it is a base of its own."""

    def subclass(self, cls: Class, call: Call) -> Value:
        """Returns the base."""
        return Base(MetaDataItem(complete=call.evaluator.in_own_file())).subclass(cls, call)


def _inherited(cls: Class) -> dict[str, Value]:
    """Returns what mixins of the file define, nearest last."""
    found: dict[str, Value] = {}
    for base in reversed(cls.bases):
        if isinstance(base, Class):
            found |= _inherited(base)
            found |= base.attributes
    return found


def _table(cls: Class, attributes: dict[str, Value], metadata: MetaDataItem, call: Call) -> TableItem | None:
    given = attributes.get("__table__")
    if isinstance(given, TableItem):
        return given
    name = attributes.get("__tablename__")
    if not isinstance(name, str):
        return None
    args = attributes.get("__table_args__", ())
    options: dict[str, Value] = {}
    items: list[Value] = []
    if isinstance(args, dict):
        options = args
    elif isinstance(args, (tuple, list)):
        items = [item for item in args if not isinstance(item, dict)]
        options = next((item for item in args if isinstance(item, dict)), {})
    schema = options.get("schema", metadata.schema)
    if schema is not None and not isinstance(schema, str):
        return None
    columns: list[Value] = []
    keys: dict[str, str] = {}
    for key, value in attributes.items():
        if isinstance(value, ColumnItem):
            if value.table is not None and key not in cls.attributes:
                value = replace(value, table=None)
                attributes[key] = value
            value.name = value.name or key
            if value.name != key:
                keys[key] = value.name
            columns.append(value)
    table = table_of(Name(name, schema), [*columns, *items], options, call, metadata)
    table.mapped = True
    table.complete = table.complete and bool(columns)
    table.keys.update(keys)
    metadata.tables = [known for known in metadata.tables if known.name != table.name]
    metadata.tables.append(table)
    return table


@dataclass(frozen=True, eq=False)
class MappedClass(FrameworkValue):
    """A class mapped to a table; its columns are known by their attributes."""

    name: str
    table: TableItem
    attributes: dict[str, Value] = field(default_factory=dict)

    def mapped_table(self) -> TableItem:
        """Returns the table it is mapped to."""
        return self.table

    @property
    def relations(self) -> tuple[str, ...]:
        """Returns its attributes that are not followed, relationships for the most part."""
        plain = (ColumnItem, str, int, float, bool, type(None), tuple, list, dict, Function, QueryProperty)
        return tuple(name for name, value in self.attributes.items() if not isinstance(value, plain))

    def attribute(self, name: str, call: Call) -> Value:
        """Returns a column, the table, or what the class body defines."""
        if name == "__table__":
            return self.table
        if name == "__name__":
            return self.name
        if name == "metadata":
            return self.table.metadata if self.table.metadata is not None else NotKnown("a MetaData")
        value = self.attributes.get(name)
        if isinstance(value, QueryProperty):
            spelled = f"{call.spelling}"
            asked = Call(call.evaluator, spelled, (self,), {}, call.span, call.statement, call.source)
            return value.owner.queried(asked)
        if isinstance(value, Function) and value.kind == "classmethod":
            return bind(value, self)
        if name in self.attributes:
            return self.attributes[name]
        if name == "query":
            # What a query property of the application asks is the application's session.
            return NotKnown(f"{call.spelling} of a mapped class", call.span.line, "database")
        return Method(self, name)

    def call_method(self, name: str, call: Call) -> Value:
        """Returns not known: a method that it inherits may write rows through a session of its own."""
        may_write(call)
        return NotKnown(f"{call.spelling}() of a mapped class", call.span.line)

    def call(self, call: Call) -> Value:
        """Returns an object of the class."""
        return OrmObject(self, dict(call.kwargs))

    def subclass(self, cls: Class, call: Call) -> Value:
        """Returns a class below it, mapped to the same table unless it names its own."""
        if "__tablename__" in cls.attributes and self.table.metadata is not None:
            return Base(self.table.metadata, {}).subclass(cls, call)
        return MappedClass(cls.name, self.table, {**self.attributes, **cls.attributes})


@dataclass(frozen=True, eq=False)
class OrmObject(FrameworkValue):
    """An object of a mapped class, not yet in the database."""

    cls: MappedClass
    values: dict[str, Value] = field(default_factory=dict)

    def attribute(self, name: str, call: Call) -> Value:
        """Returns a value it was made with, or a method."""
        if name in self.values:
            return self.values[name]
        return method_of(self.cls, name, self) or NotKnown(f"{call.spelling} of an object", call.span.line)

    def call_method(self, name: str, call: Call) -> Value:
        """Returns not known: a method that it inherits may write rows through a session of its own."""
        may_write(call)
        return NotKnown(f"{call.spelling}() of an object", call.span.line)


class Queried(FrameworkValue):
    """What has a session for the `query` of its classes."""

    def queried(self, call: Call) -> Value:
        """Returns a query for the class that is the argument."""
        raise NotImplementedError


@dataclass(frozen=True, eq=False)
class QueryProperty(FrameworkValue):
    """`query` as a name of all mapped classes (Flask-SQLAlchemy, `scoped_session.query_property()`)."""

    owner: Queried


def method_of(cls: MappedClass, name: str, receiver: FrameworkValue) -> Value:
    """Returns a method of an object, None for what its class binds to anything else.

    What the class does not show may be a method that it inherits from a class that is not read.
    """
    value = cls.attributes.get(name)
    if isinstance(value, Function) and value.kind != "property":
        receivers = {"classmethod": cls, "staticmethod": None}
        return value if value.kind == "staticmethod" else bind(value, receivers.get(value.kind, receiver))
    return None if name in cls.attributes else Method(receiver, name)


def may_write(call: Call) -> None:
    """Emits that a method which is not read may write any rows, through a session of its own."""
    call.emit(PythonCode, what=call.spelling + ("" if call.spelling.endswith("...") else "()"), writes=None)


def mapped_column(call: Call) -> Value:
    """Returns `mapped_column(...)`: a column whose name the attribute gives."""
    args = list(call.args)
    name = args.pop(0) if args and isinstance(args[0], str) else call.kwargs.get("name")
    kwargs = {key: value for key, value in call.kwargs.items() if key != "name"}
    type_ = kwargs.pop("type_", None)
    if type_ is None and args and not isinstance(args[0], SchemaItem):
        type_ = args.pop(0)
    return column_of(name if isinstance(name, str) else "", type_, args, kwargs, call)


def declarative_base(call: Call) -> Value:
    """Returns `declarative_base(metadata=...)`."""
    metadata = call.kwargs.get("metadata")
    if isinstance(metadata, MetaDataItem):
        return Base(metadata)
    return Base(MetaDataItem(complete=call.evaluator.in_own_file()))


def aliased(call: Call) -> Value:
    """Returns `aliased(Class)`: the table under another name."""
    from mrt_rules_alembic.sqlalchemy.froms import Alias, as_from

    table = as_from(call.argument(0, "element"))
    name = call.kwargs.get("name")
    if table is None:
        return NotKnown(f"{call.spelling}() of what is not known", call.span.line)
    return Alias(table, name if isinstance(name, str) else f"{'anon'}_{call.span.line}_{call.span.column}")
