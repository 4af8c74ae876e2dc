"""Schema items as the columns, constraints and indexes that SQLAlchemy's DDL makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING, Final

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.values import NotKnown, Value
from mrt_lint.ops import AddConstraint
from mrt_lint.schema.dialects import Dialect, dialect_named
from mrt_lint.schema.names import UNKNOWN, Name, Unknown
from mrt_lint.schema.objects import Column, Constraint, Generated, Index
from mrt_lint.sql import has_hole, lower_sql
from mrt_rules_alembic.naming import DEFAULT_CONVENTION, Subject, conventional_name
from mrt_rules_alembic.sqlalchemy.expressions import (
    ColumnRef,
    Expression,
    Literal,
    Sql,
    Writing,
    listed,
    raw_text,
)
from mrt_rules_alembic.sqlalchemy.index_definitions import indexes_by_dialect, sign_options
from mrt_rules_alembic.sqlalchemy.quoting import quoted, quoted_name
from mrt_rules_alembic.sqlalchemy.schema_items import ColumnItem, ConstraintItem, IndexItem, TableItem
from mrt_rules_alembic.sqlalchemy.sqltext import (
    canonical,
    condition_text,
    default_text,
    main_dialect,
)
from mrt_rules_alembic.sqlalchemy.types import TypeValue

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call


def convention_of_project(call: Call) -> Mapping[str, str]:
    """Returns the naming convention of env.py's target_metadata, SQLAlchemy's own without one."""
    return dict(call.evaluator.project.naming_convention) or DEFAULT_CONVENTION


@dataclass(slots=True)
class Parts:
    """What a table or an added column is made of.

    `guarded`: the CHECK constraints of Boolean and Enum types, with the databases that get them (none
    named: all); `guarded_indexes`: indexes that differ between the target databases. `late`: foreign
    keys with `use_alter=True`, which are no part of CREATE TABLE.
    `complete` False: part of it is not known.
    """

    columns: list[Column] = field(default_factory=list)
    constraints: list[Constraint] = field(default_factory=list)
    indexes: list[Index] = field(default_factory=list)
    guarded: list[tuple[tuple[str, ...], Constraint]] = field(default_factory=list)
    guarded_indexes: list[tuple[tuple[str, ...], Index]] = field(default_factory=list)
    late: list[Constraint] = field(default_factory=list)
    complete: bool = True


def tables_by_dialect(
    table: TableItem, call: Call, convention: Mapping[str, str], *, alone: bool = False
) -> list[tuple[tuple[Dialect, ...], Parts]]:
    """Returns what CREATE TABLE makes on each target database, grouped where they agree.

    `alone`: nothing follows that would add the foreign keys with `use_alter`. SQLite, which has no ALTER
    for them, gets them in CREATE TABLE (`DDLCompiler.create_table_constraints` of SQLAlchemy).
    """
    parts = _table_parts(table, call, convention)
    groups: list[tuple[tuple[Dialect, ...], Parts]] = []
    for dialect in call.evaluator.dialects():
        checks = [constraint for names, constraint in parts.guarded if not names or dialect in names]
        late = [] if alone and dialect != "sqlite" else parts.late
        indexes = [index for names, index in parts.guarded_indexes if dialect in names]
        made = Parts(
            parts.columns,
            [*parts.constraints, *late, *checks],
            [*parts.indexes, *indexes],
            complete=parts.complete,
        )
        for place, (names, known) in enumerate(groups):
            if known == made:
                groups[place] = ((*names, dialect), known)
                break
        else:
            groups.append(((dialect,), made))
    return groups


def _table_parts(table: TableItem, call: Call, convention: Mapping[str, str]) -> Parts:
    parts = Parts(complete=table.complete)
    explicit = next((item for item in table.constraints if item.kind == "primary" and item.columns), None)
    flagged = tuple(item.name for item in table.columns.values() if item.primary_key)
    primary = (explicit.columns or ()) if explicit is not None else flagged
    keys = [table.columns[name] for name in primary if name in table.columns]
    counting = autoincrement_column(keys, table, call.evaluator.dialects() == ("sqlite",))
    for item in table.columns.values():
        parts.columns.append(
            column_definition(item, table.name, call, item.name in primary, item is counting)
        )
        parts.complete = parts.complete and item.complete
    if primary:
        name = explicit.name if explicit is not None else None
        shape = ConstraintItem(
            "primary", name, primary, options=explicit.options if explicit is not None else {}
        )
        parts.constraints.append(constraint_definition(shape, table.name, call, convention))
    for item in table.columns.values():
        _column_parts(item, table.name, call, convention, parts)
    for constraint in table.constraints:
        if constraint is explicit or (constraint.kind == "primary" and not constraint.columns):
            parts.complete = parts.complete and constraint.columns is not None
            continue
        parts.complete = parts.complete and constraint.columns is not None
        where = parts.late if constraint.options.get("use_alter") is True else parts.constraints
        where.append(constraint_definition(constraint, table.name, call, convention))
    for index in table.indexes:
        _add_index(index, table.name, call, convention, parts)
    return parts


def _add_index(item: IndexItem, table: Name, call: Call, convention: Mapping[str, str], parts: Parts) -> None:
    groups = indexes_by_dialect(item, table, call, convention)
    if len(groups) == 1:
        parts.indexes.append(groups[0][1])
    else:
        parts.guarded_indexes.extend(groups)


def _column_parts(
    item: ColumnItem, table: Name, call: Call, convention: Mapping[str, str], parts: Parts
) -> None:
    """Adds the constraints and indexes that a column's own arguments make."""
    for key in item.foreign_keys:
        made = ConstraintItem(
            "foreign",
            key.name,
            (item.name,),
            ref_table=key.table,
            ref_columns=(key.column or item.name,) if key.table is not None else None,
            options=key.options,
        )
        where = parts.late if key.options.get("use_alter") is True else parts.constraints
        where.append(constraint_definition(made, table, call, convention))
    for check in item.constraints:
        made_check = constraint_definition(check, table, call, convention)
        parts.constraints.append(replace(made_check, inline=item.name))
    if item.index is True:
        made_index = IndexItem(None, (item.name,), item.unique is True)
        _add_index(made_index, table, call, convention, parts)
    elif item.unique is True:
        unique = ConstraintItem("unique", None, (item.name,))
        parts.constraints.append(constraint_definition(unique, table, call, convention))
    if isinstance(item.index, NotKnown) or isinstance(item.unique, NotKnown):
        parts.complete = False
    type_check = type_constraint(item.name, item.type, table, call, convention)
    if type_check is not None:
        parts.guarded.append(type_check)


def added_column(item: ColumnItem, table: Name, call: Call, convention: Mapping[str, str]) -> Parts:
    """Returns what `op.add_column` makes: the column, and its constraints and indexes one by one."""
    owner = TableItem(table)
    counting = autoincrement_column([item] if item.primary_key else [], owner)
    parts = Parts(
        columns=[column_definition(item, table, call, item.primary_key, item is counting)],
        complete=item.complete,
    )
    _column_parts(item, table, call, convention, parts)
    parts.constraints += parts.late
    return parts


def type_constraint(
    column: str, type_: TypeValue, table: Name, call: Call, convention: Mapping[str, str]
) -> tuple[tuple[str, ...], Constraint] | None:
    """Returns the CHECK of a Boolean or Enum with `create_constraint=True`, and on which databases it is."""
    if not type_.check:
        return None
    dialect = main_dialect(call)
    words = () if isinstance(type_.labels, Unknown) else type_.labels
    values = [Literal(label) for label in words] if words is not None else [Literal(0), Literal(1)]
    text = Expression((quoted(column, dialect), " IN (", *listed(values), ")"))
    item = ConstraintItem("check", type_.type_name, (), text)
    made = constraint_definition(item, table, call, convention, (column,))
    if type_.labels is not None:
        return (("sqlite", "oracle", "mssql") if type_.native else (), made)
    return (("mysql", "mariadb", "sqlite", "mssql"), made)


def autoincrement_column(
    primary: list[ColumnItem], table: TableItem, only_sqlite: bool = False
) -> ColumnItem | None:
    """Returns the column that counts by itself (SERIAL, AUTO_INCREMENT), by SQLAlchemy's rule.

    A single integer primary key with no default and no foreign key, or the one that says
    `autoincrement=True` (`PrimaryKeyConstraint._autoincrement_column`). On SQLite every single
    primary key of the type INTEGER does, since it is the row id.
    """
    if only_sqlite:
        type_ = primary[0].type.sql if len(primary) == 1 else UNKNOWN
        counts = not isinstance(type_, Unknown) and type_.for_dialect("sqlite").name == "integer"
        return primary[0] if counts else None
    explicit = [item for item in primary if item.autoincrement is True]
    if explicit:
        return explicit[0]
    if len(primary) != 1:
        return None
    item = primary[0]
    local_foreign = any(
        constraint.kind == "foreign" and item.name in (constraint.columns or ())
        for constraint in table.constraints
    )
    if (
        item.autoincrement not in ("auto", "ignore_fk")
        or item.type.affinity != "integer"
        or item.python_default
        or item.server_default is not None
        or item.identity is not None
        or item.sequence is not None
        or ((item.foreign_keys or local_foreign) and item.autoincrement != "ignore_fk")
    ):
        return None
    return item


def column_definition(item: ColumnItem, table: Name, call: Call, primary: bool, counting: bool) -> Column:
    """Returns the column as the database gets it."""
    type_ = item.type.in_schema(table.schema)
    nullable: bool | Unknown
    if primary or (item.identity is not None and item.nullable is None):
        nullable = False
    elif item.nullable is None:
        nullable = True
    else:
        nullable = item.nullable if isinstance(item.nullable, bool) else UNKNOWN
    generated = None
    if item.computed is not None:
        text = canonical(item.computed.expression, call) if item.computed.expression is not None else ""
        stored = item.computed.persisted
        generated = Generated(text, main_dialect(call) == "postgresql" if stored is None else stored)
    comment: str | Unknown | None = item.comment if isinstance(item.comment, (str, type(None))) else UNKNOWN
    sign_options(item.options, call)
    return Column(
        item.name,
        type_,
        nullable,
        default_text(item.server_default, type_, call),
        ("always" if item.identity.always else "by default") if item.identity is not None else None,
        counting,
        generated,
        comment,
        item.python_default,
    )


def constraint_definition(
    item: ConstraintItem,
    table: Name,
    call: Call,
    convention: Mapping[str, str],
    naming_columns: tuple[str, ...] | None = None,
) -> Constraint:
    """Returns the constraint, named as the convention says."""
    options = item.options
    sign_options(options, call)
    subject = Subject(
        item.key, table, naming_columns or item.columns or (), item.ref_table, item.ref_columns or ()
    )
    given = item.name if isinstance(item.name, str) else None
    expression = None
    if item.kind == "check" and item.expression is not None:
        expression = condition_text(item.expression, call)
    elif item.kind == "exclude":
        expression = item.elements or exclusion_text(item, table, call)
    return Constraint(
        item.kind,
        conventional_name(given, subject, convention),
        () if item.kind == "exclude" else item.columns or (),
        expression,
        item.ref_table,
        item.ref_columns or (),
        _upper(options.get("ondelete")),
        _upper(options.get("onupdate")),
        options.get("deferrable") is True,
        _upper(options.get("initially")),
        _upper(options.get("match")),
        options.get("postgresql_not_valid") is not True,
        options.get("postgresql_using_index")
        if isinstance(options.get("postgresql_using_index"), str)
        else None,
        nulls_not_distinct=item.kind == "unique" and options.get("postgresql_nulls_not_distinct") is True,
        inline="",
    )


def _upper(value: Value) -> str | None:
    return " ".join(value.upper().split()) if isinstance(value, str) else None


def exclusion_text(item: ConstraintItem, table: Name, call: Call) -> str | None:
    """Returns the elements of an exclusion constraint as SQL reads them, None if not all are known."""
    elements = item.options.get("elements")
    if not isinstance(elements, tuple):
        return None
    how = Writing("postgresql")
    words: list[str] = []
    for element in elements:
        if not isinstance(element, (tuple, list)) or len(element) != 2 or not isinstance(element[1], str):
            return None
        target = element[0]
        if isinstance(target, str):
            text = quoted(target, "postgresql")
        else:
            written = raw_text(target, call) or (target if isinstance(target, Sql) else None)
            if written is None:
                return None
            text = written.write(how) if isinstance(target, ColumnRef) else f"({written.write(how)})"
        words.append(f"{text} WITH {element[1]}")
    using = item.options.get("using", "gist")
    where = item.options.get("where")
    head = f"ALTER TABLE {quoted_name(table, 'postgresql')} ADD CONSTRAINT x EXCLUDE USING {using}"
    sql = f"{head} ({', '.join(words)})"
    if where is not None:
        condition = where if isinstance(where, Sql) else raw_text(where, call)
        if condition is None:
            return None
        sql += f" WHERE ({condition.write(how)})"
    for operation in lower_sql(sql, ("postgresql",), {}):
        if isinstance(operation, AddConstraint) and not has_hole(operation.constraint.expression or ""):
            return operation.constraint.expression
    return None


_OF_REFLECTION: Final = ("ignore_search_path",)
"""Options that say how SQLAlchemy reads a table, which autogenerate writes down as well."""


def table_options(options: Mapping[str, Value]) -> tuple[tuple[str, str], ...]:
    """Returns `mysql_engine="InnoDB"` and the like as (option, value) without the database's name.

    False is what every such switch is without a word (`sqlite_autoincrement=False`).
    """
    found: list[tuple[str, str]] = []
    for key, value in options.items():
        database, _, name = key.partition("_")
        if name in _OF_REFLECTION or value is False:
            continue
        if dialect_named(database) is not None and isinstance(value, (str, int, bool)):
            found.append((name.lower(), str(value)))
    return tuple(sorted(found))
