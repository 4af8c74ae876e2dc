"""The constructors of schema items: `sa.Column(...)`, `sa.ForeignKey(...)`, `sa.Table(...)`, ..."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Literal

from mrt_lint.evaluate.values import NotKnown, Symbol, Text, Value
from mrt_lint.schema.names import Name
from mrt_rules_alembic.naming import Conv
from mrt_rules_alembic.sqlalchemy.expressions import ColumnRef, Sql, as_sql, raw_text
from mrt_rules_alembic.sqlalchemy.schema_items import (
    ColumnItem,
    ComputedItem,
    ConstraintItem,
    DefaultItem,
    FetchedItem,
    ForeignKeyItem,
    IdentityItem,
    IndexItem,
    MetaDataItem,
    SchemaItem,
    SequenceItem,
    TableItem,
)
from mrt_rules_alembic.sqlalchemy.types import UNKNOWN_TYPE, as_type, type_makers

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call


def is_true(value: Value) -> bool:
    """Returns whether an argument is surely true; what is not known is not."""
    return isinstance(value, (bool, int)) and bool(value)


def condition_sql(value: Value, call: Call) -> Sql | None:
    """Returns a CHECK condition or the like given as a string, a text or an expression; None if unknown."""
    if isinstance(value, (str, Text)):
        return raw_text(value, call)
    return None if isinstance(value, NotKnown) else as_sql(value, call)


def column(call: Call) -> Value:
    """Returns `sa.Column(name, type, *items, **options)`; name and type may be left out or be keywords."""
    args = list(call.args)
    name = call.kwargs.get("name")
    if args and isinstance(args[0], (str, Text)):
        name = args.pop(0)
    elif args and args[0] is None:
        args.pop(0)
    kwargs = dict(call.kwargs)
    kwargs.pop("name", None)
    if isinstance(name, (Text, NotKnown)) or (name is not None and not isinstance(name, str)):
        return NotKnown("a column whose name is not known", call.span.line)
    type_ = kwargs.pop("type_", None)
    if type_ is None and args and not isinstance(args[0], SchemaItem):
        type_ = args.pop(0)
    return column_of(str(name or ""), type_, args, kwargs, call)


def column_of(
    name: str, type_: Value, items: list[Value], kwargs: Mapping[str, Value], call: Call
) -> ColumnItem:
    """Returns a column from its evaluated parts."""
    made = ColumnItem(name, type=as_type(type_, call) if type_ is not None else UNKNOWN_TYPE)
    made.complete = not call.starred
    made.primary_key = is_true(kwargs.get("primary_key"))
    made.nullable = kwargs.get("nullable")
    made.unique = _flag(kwargs.get("unique"))
    made.index = _flag(kwargs.get("index"))
    made.autoincrement = kwargs.get("autoincrement", "auto")
    made.comment = kwargs.get("comment")
    made.python_default = kwargs.get("default") is not None or kwargs.get("insert_default") is not None
    made.options = {key: value for key, value in kwargs.items() if "_" in key}
    made.key = kwargs.get("key")
    foreign: list[ForeignKeyItem] = []
    checks: list[ConstraintItem] = []
    for item in [*items, kwargs.get("server_default"), kwargs.get("default")]:
        if isinstance(item, ForeignKeyItem):
            foreign.append(item)
        elif isinstance(item, ConstraintItem) and item.kind == "check":
            checks.append(item)
        elif isinstance(item, IdentityItem):
            made.identity = item
        elif isinstance(item, ComputedItem):
            made.computed = item
        elif isinstance(item, SequenceItem):
            made.sequence = item
        elif isinstance(item, DefaultItem) and item.server:
            made.server_default = item.argument
        elif isinstance(item, DefaultItem):
            made.python_default = True
        elif isinstance(item, FetchedItem):
            made.server_default = item
        elif isinstance(item, NotKnown) and item in items:
            made.complete = False
    given = kwargs.get("server_default")
    if given is not None and not isinstance(given, (IdentityItem, ComputedItem, DefaultItem)):
        made.server_default = given
    made.foreign_keys = tuple(foreign)
    made.constraints = tuple(checks)
    if made.type is UNKNOWN_TYPE and made.identity is not None:
        made.type = type_makers()["sqlalchemy.Integer"]((), {}, call)
    return made


def _flag(value: Value) -> Value:
    return value if isinstance(value, (NotKnown, Text)) else is_true(value)


def light_column(call: Call) -> Value:
    """Returns `sa.column("name", type_)`."""
    name = call.argument(0, "text")
    if not isinstance(name, str):
        return as_sql(name, call)
    made = ColumnItem(name)
    type_ = call.argument(1, "type_", None)
    made.type = as_type(type_, call) if type_ is not None else UNKNOWN_TYPE
    return made


def foreign_key(call: Call) -> Value:
    """Returns `sa.ForeignKey(column, ...)`."""
    target = call.argument(0, "column")
    table, name = reference(target)
    return ForeignKeyItem(table, name, call.kwargs.get("name"), dict(call.kwargs))


def reference(target: Value) -> tuple[Name | None, str | None]:
    """Returns the table and column that `"schema.table.column"` or a column object names."""
    if isinstance(target, str):
        *schema, table, column = target.split(".") if "." in target else (target, "")
        return Name(table, ".".join(schema) or None), column or None
    if isinstance(target, ColumnRef) and target.table is not None:
        plain = target.table.plain_table()
        return plain, target.name if plain else None
    return None, None


def column_names(values: Iterable[Value]) -> tuple[str, ...] | None:
    """Returns the names of columns given as strings or column objects, None if one is not known."""
    found: list[str] = []
    for value in values:
        if isinstance(value, str):
            found.append(str(value))
        elif isinstance(value, ColumnRef) and value.name:
            found.append(value.name)
        else:
            return None
    return tuple(found)


def _column_constraint(kind: Literal["primary", "unique"]) -> Callable[[Call], Value]:
    def make(call: Call) -> Value:
        columns = None if call.starred else column_names(call.args)
        return ConstraintItem(kind, call.kwargs.get("name"), columns, options=dict(call.kwargs))

    return make


primary_key_constraint = _column_constraint("primary")
unique_constraint = _column_constraint("unique")


def check_constraint(call: Call) -> Value:
    """Returns `sa.CheckConstraint(condition, name=...)`."""
    condition = condition_sql(call.argument(0, "sqltext"), call)
    name = call.argument(1, "name", None)
    return ConstraintItem("check", name, (), condition, options=dict(call.kwargs))


def foreign_key_constraint(call: Call) -> Value:
    """Returns `sa.ForeignKeyConstraint(columns, refcolumns, name, ...)`."""
    columns = call.argument(0, "columns")
    targets = call.argument(1, "refcolumns")
    local = column_names(columns) if isinstance(columns, (list, tuple)) else None
    refs = [reference(target) for target in targets] if isinstance(targets, (list, tuple)) else []
    known = bool(refs) and all(table is not None for table, _ in refs)
    ref_columns: tuple[str, ...] | None = None
    if known:
        ref_columns = tuple(
            column or (local[i] if local and i < len(local) else "") for i, (_, column) in enumerate(refs)
        )
    options = dict(call.kwargs)
    for place, key in enumerate(("name", "onupdate", "ondelete", "deferrable", "initially"), start=2):
        if place < len(call.args):
            options[key] = call.args[place]
    return ConstraintItem(
        "foreign",
        options.get("name"),
        local,
        ref_table=refs[0][0] if known else None,
        ref_columns=ref_columns,
        options=options,
    )


def exclude_constraint(call: Call) -> Value:
    """Returns `postgresql.ExcludeConstraint((column, operator), ..., using=, where=)`."""
    call.evaluator.sign("postgresql")
    return ConstraintItem(
        "exclude",
        call.kwargs.get("name"),
        exclusion_columns(call.args),
        options={**call.kwargs, "elements": None if call.starred else call.args},
    )


def exclusion_columns(elements: Iterable[Value]) -> tuple[str, ...]:
    """Returns the plain columns among the elements of an exclusion constraint."""
    names: list[str] = []
    for element in elements:
        if isinstance(element, (tuple, list)) and element:
            found = column_names(element[:1])
            names.extend(found or ())
    return tuple(names)


def index(call: Call) -> Value:
    """Returns `sa.Index(name, *expressions, unique=...)`, bound to the table of its columns if any."""
    name = call.args[0] if call.args else call.kwargs.get("name")
    rest = call.args[1:]
    made = IndexItem(
        name, None if call.starred else rest, is_true(call.kwargs.get("unique")), dict(call.kwargs)
    )
    for expression in rest:
        if isinstance(expression, Sql):
            for table in expression.froms():
                if isinstance(table, TableItem):
                    made.table = table
                    table.indexes.append(made)
                    return made
    return made


def identity(call: Call) -> Value:
    """Returns `sa.Identity(always=...)`."""
    return IdentityItem(call.argument(2, "always", False) is True or call.kwargs.get("always") is True)


def computed(call: Call) -> Value:
    """Returns `sa.Computed(sqltext, persisted=...)`."""
    persisted = call.argument(1, "persisted", None)
    return ComputedItem(
        condition_sql(call.argument(0, "sqltext"), call), persisted if isinstance(persisted, bool) else None
    )


def sequence(call: Call) -> Value:
    """Returns `sa.Sequence(name, start=..., increment=...)`."""
    name = call.argument(0, "name")
    schema = call.kwargs.get("schema")
    words = (
        ("start", "START WITH"),
        ("increment", "INCREMENT BY"),
        ("minvalue", "MINVALUE"),
        ("maxvalue", "MAXVALUE"),
    )
    options = [f"{word} {call.kwargs[key]}" for key, word in words if isinstance(call.kwargs.get(key), int)]
    if call.kwargs.get("cycle") is True:
        options.append("CYCLE")
    return SequenceItem(
        name if isinstance(name, str) else None,
        schema if isinstance(schema, str) else None,
        " ".join(options),
    )


def default_clause(call: Call) -> Value:
    """Returns `sa.DefaultClause(arg)`: a server default."""
    return DefaultItem(call.argument(0, "arg"))


def column_default(call: Call) -> Value:
    """Returns `sa.ColumnDefault(arg)`: a default of the ORM."""
    return DefaultItem(call.argument(0, "arg"), server=False)


def fetched_value(call: Call) -> Value:
    """Returns `sa.FetchedValue()`."""
    return FetchedItem()


def metadata(call: Call) -> Value:
    """Returns `sa.MetaData(schema=..., naming_convention=...)`."""
    schema = call.kwargs.get("schema")
    convention = call.kwargs.get("naming_convention")
    made = MetaDataItem(schema if isinstance(schema, str) else None, convention_of(convention))
    made.complete = call.evaluator.in_own_file()
    return made


def convention_of(value: Value) -> dict[str, str] | None:
    """Returns a naming convention with SQLAlchemy's short keys, None when none is given.

    Keys may be the constraint classes; templates that are functions are left out.
    """
    if not isinstance(value, dict):
        return None
    found: dict[str, str] = {}
    for key, template in value.items():
        name = key.path.rpartition(".")[2] if isinstance(key, Symbol) else key
        short = {
            "Index": "ix",
            "UniqueConstraint": "uq",
            "CheckConstraint": "ck",
            "ForeignKeyConstraint": "fk",
            "PrimaryKeyConstraint": "pk",
        }.get(name, name)
        if isinstance(short, str) and isinstance(template, str):
            found[short] = template
    return found


def table(call: Call) -> Value:
    """Returns `sa.Table(name, metadata, *items, ...)`; `autoload_with` leaves its columns open."""
    name = call.argument(0, "name")
    if not isinstance(name, str):
        return NotKnown("a table whose name is not known", call.span.line)
    bound = call.argument(1, "metadata", None)
    meta = bound if isinstance(bound, MetaDataItem) else None
    schema = call.kwargs.get("schema", meta.schema if meta else None)
    if isinstance(schema, NotKnown):
        return NotKnown("a table whose schema is not known", call.span.line)
    made = table_of(
        Name(name, schema if isinstance(schema, str) else None), call.args[2:], call.kwargs, call, meta
    )
    if any(call.kwargs.get(key) not in (None, False) for key in _ADDING):
        made.complete = False
    if meta is not None:
        for known in meta.tables:
            if known.name == made.name and not made.columns:
                return known
        meta.tables = [known for known in meta.tables if known.name != made.name]
        meta.tables.append(made)
    return made


_ADDING = ("autoload", "autoload_with", "extend_existing")
"""Options of a table with which it has other columns than those that are given to it."""


def table_of(
    name: Name,
    items: Iterable[Value],
    kwargs: Mapping[str, Value],
    call: Call,
    meta: MetaDataItem | None = None,
) -> TableItem:
    """Returns a table from its name, the items in it and its options."""
    made = TableItem(name, metadata=meta)
    made.complete = not call.starred
    made.comment = kwargs.get("comment")
    made.prefixes = kwargs.get("prefixes")
    made.options = {key: value for key, value in kwargs.items() if "_" in key and key not in _NOT_OPTIONS}
    constraints: list[ConstraintItem] = []
    for item in items:
        if isinstance(item, ColumnItem):
            if item.table is None:
                item.table = made
            made.columns[item.name] = item
            if isinstance(item.key, str):
                made.keys[item.key] = item.name
        elif isinstance(item, ConstraintItem):
            item.table = name
            constraints.append(item)
        elif isinstance(item, IndexItem):
            item.table = made
            made.indexes.append(item)
        elif isinstance(item, (list, tuple)) or (item is not None and not isinstance(item, SchemaItem)):
            made.complete = False
    made.constraints = tuple(constraints)
    return made


_NOT_OPTIONS = frozenset(
    (
        "if_not_exists",
        "if_exists",
        "autoload_with",
        "extend_existing",
        "keep_existing",
        "must_exist",
        "resolve_fks",
        "include_columns",
        "implicit_returning",
        "quote_schema",
        "sqlite_with_rowid",
    )
)


def light_table(call: Call) -> Value:
    """Returns `sa.table(name, *columns, schema=...)`: a table for DML only."""
    name = call.argument(0, "name")
    schema = call.kwargs.get("schema")
    if not isinstance(name, str) or isinstance(schema, (NotKnown, Text)):
        return NotKnown("a table whose name is not known", call.span.line)
    made = TableItem(Name(name, schema if isinstance(schema, str) else None), light=True)
    made.complete = not call.starred
    for item in call.args[1:]:
        if isinstance(item, ColumnItem):
            if item.table is None:
                item.table = made
            made.columns[item.name] = item
            if isinstance(item.key, str):
                made.keys[item.key] = item.name
        else:
            made.complete = False
    return made


def final_name(call: Call) -> Value:
    """Returns `op.f(name)` / `conv(name)`: a name that no convention changes."""
    name = call.argument(0, "name")
    return Conv(name) if isinstance(name, str) else name


def plain_string(call: Call) -> Value:
    """Returns `quoted_name(name, quote)` as the name itself."""
    return call.argument(0, "value")
