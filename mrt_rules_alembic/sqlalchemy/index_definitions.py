"""Indexes of the evaluated code as each database gets them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from mrt_lint.evaluate.values import Text, Value
from mrt_lint.ops import CreateIndex
from mrt_lint.schema.dialects import MYSQL, Dialect, dialect_named
from mrt_lint.schema.names import UNKNOWN, Name, Unknown
from mrt_lint.schema.objects import Index
from mrt_lint.sql import HOLE_PREFIX, has_hole, lower_sql
from mrt_rules_alembic.naming import Subject, conventional_name
from mrt_rules_alembic.sqlalchemy.expressions import ColumnRef, Expression, Sql, Writing, raw_text
from mrt_rules_alembic.sqlalchemy.quoting import quoted, quoted_name
from mrt_rules_alembic.sqlalchemy.schema_items import IndexItem
from mrt_rules_alembic.sqlalchemy.sqltext import condition_text, unknown_text

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call


def indexes_by_dialect(
    item: IndexItem, table: Name, call: Call, convention: Mapping[str, str]
) -> list[tuple[tuple[Dialect, ...], Index]]:
    """Returns the index as each target database gets it, grouped where they agree.

    A database takes only the arguments that begin with its own name: `postgresql_where` says
    nothing to MySQL, where the same index covers every row.
    """
    sign_options(item.options, call)
    groups: list[tuple[tuple[Dialect, ...], Index]] = []
    for dialect in call.evaluator.dialects():
        index = index_definition(item, table, call, convention, dialect)
        for place, (names, known) in enumerate(groups):
            if known == index:
                groups[place] = ((*names, dialect), known)
                break
        else:
            groups.append(((dialect,), index))
    return groups


def index_definition(
    item: IndexItem, table: Name, call: Call, convention: Mapping[str, str], dialect: Dialect
) -> Index:
    """Returns the index on one database, named as the convention says."""
    options = own_options(item.options, dialect)
    columns, names = _index_columns(item, options, table, call, dialect)
    given = item.name if isinstance(item.name, str) else None
    name = conventional_name(given, Subject("ix", table, names), convention)
    return Index(name, columns, item.unique, nameless=given is None, **index_options(options, call, dialect))


def own_options(options: Mapping[str, Value], dialect: Dialect) -> dict[str, Value]:
    """Returns a database's own arguments without its name: `postgresql_using` as `using`."""
    prefixes = (f"{dialect}_", "mysql_") if dialect == "mariadb" else (f"{dialect}_",)
    return {
        key[len(prefix) :]: value
        for prefix in prefixes
        for key, value in options.items()
        if key.startswith(prefix)
    }


def _index_columns(
    item: IndexItem, options: Mapping[str, Value], table: Name, call: Call, dialect: Dialect
) -> tuple[tuple[str, ...] | Unknown, tuple[str, ...]]:
    """Returns the index elements in canonical SQL, and the names of the plain columns among them."""
    if item.expressions is None:
        return UNKNOWN, ()
    names: list[str] = []
    plain = True
    for expression in item.expressions:
        if isinstance(expression, (str, ColumnRef)):
            names.append(str(expression) if isinstance(expression, str) else expression.name)
        else:
            plain = False
            if isinstance(expression, Sql):
                names.extend(part.name for part in _columns_in(expression))
    length = options.get("length") if dialect in MYSQL else None
    if plain and length is not None:
        return tuple(_with_length(name, length) for name in names), tuple(names)
    classes = options.get("ops")
    if plain and not classes:
        return tuple(names), tuple(names)
    return _indexed_sql(item.expressions, classes, table, call, dialect), tuple(names)


def _with_length(name: str, length: Value) -> str:
    """Returns a column of a MySQL index with the length of its prefix."""
    given = length.get(name) if isinstance(length, dict) else length
    return name if given is None else f"{name}({given if isinstance(given, int) else HOLE_PREFIX + 'length'})"


def _columns_in(expression: Sql) -> list[ColumnRef]:
    if isinstance(expression, ColumnRef):
        return [expression]
    if isinstance(expression, Expression):
        return [column for part in expression.parts if isinstance(part, Sql) for column in _columns_in(part)]
    return []


def _indexed_sql(
    expressions: Iterable[Value], classes: Value, table: Name, call: Call, dialect: Dialect
) -> tuple[str, ...] | Unknown:
    """Returns index elements as SQL reads them: through CREATE INDEX, so that both spellings agree."""
    how = Writing(dialect)
    words: list[str] = []
    for expression in expressions:
        key = ""
        if isinstance(expression, str):
            key, text = str(expression), quoted(expression, dialect)
        elif isinstance(expression, ColumnRef):
            key, text = expression.name, expression.write(how)
        else:
            written = raw_text(expression, call) if isinstance(expression, Text) else expression
            if not isinstance(written, Sql):
                return UNKNOWN
            text = written.write(how)
            if isinstance(written, Expression) and written.level > 0 and dialect != "sqlite":
                text = f"({text})"
        operator_class = classes.get(key) if isinstance(classes, dict) else None
        words.append(f"{text} {operator_class}" if isinstance(operator_class, str) else text)
    sql = f"CREATE INDEX x ON {quoted_name(table, dialect)} ({', '.join(words)})"
    for operation in lower_sql(sql, (dialect,), {}):
        if isinstance(operation, CreateIndex) and not isinstance(operation.index.columns, Unknown):
            columns = operation.index.columns
            return UNKNOWN if any(has_hole(column) for column in columns) else columns
    return UNKNOWN


def index_options(options: Mapping[str, Value], call: Call, dialect: Dialect) -> dict[str, Any]:
    """Returns the fields of an Index that a database's own arguments set."""
    using, prefix, where = options.get("using"), options.get("prefix"), options.get("where")
    method = using.lower() if isinstance(using, str) and using.lower() != "btree" else None
    if isinstance(prefix, str):
        method = prefix.lower()
    include = options.get("include")
    included = tuple(
        column if isinstance(column, str) else column.name
        for column in (include if isinstance(include, (list, tuple)) else ())
        if isinstance(column, (str, ColumnRef))
    )
    return {
        "method": method,
        "where": None if where is None else condition_text(where, call) or unknown_text(call),
        "include": included,
        "options": _other_options(options),
    }


def _other_options(options: Mapping[str, Value]) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    if options.get("nulls_not_distinct") is True:
        found.append(("nulls_not_distinct", "true"))
    parameters = options.get("with")
    if isinstance(parameters, dict):
        found.extend((str(key), str(value)) for key, value in parameters.items())
    for key in ("tablespace", "with_parser"):
        if options.get(key) is not None:
            found.append((key, str(options[key])))
    return tuple(sorted(found))


def sign_options(options: Mapping[str, Value], call: Call) -> None:
    """Notes the databases whose own arguments (`postgresql_using=`) are given."""
    for key in options:
        dialect = dialect_named(key.partition("_")[0]) if "_" in key else None
        if dialect is not None:
            call.evaluator.sign(dialect)
