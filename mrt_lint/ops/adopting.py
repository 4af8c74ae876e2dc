"""Turns definitions as written into definitions as one database keeps them.

Automatic names: PostgreSQL "CREATE TABLE" and ChooseIndexName (`<table>_<columns>_key`), MySQL 8.0
manual 13.1.20.6 and 15.1.20 (`<table>_ibfk_<n>`, a unique key is named after its first column).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mrt_lint.ops.editing import sorted_constraints
from mrt_lint.ops.served import with_index_for, with_key_name_taken, without_served
from mrt_lint.ops.taken_names import shares_names, with_name_taken
from mrt_lint.schema.automatic_names import object_name, shortened
from mrt_lint.schema.dialects import FACTS, MYSQL
from mrt_lint.schema.expressions import identifiers
from mrt_lint.schema.names import UNKNOWN, Name, Unknown
from mrt_lint.schema.objects import Column, Constraint, EnumType, Index, Table
from mrt_lint.schema.origin import NUMBERED, Derived, Filled, Origin
from mrt_lint.schema.replacing import replace
from mrt_lint.schema.types import SqlType

if TYPE_CHECKING:
    from mrt_lint.ops.base import Operation
    from mrt_lint.schema.state import State

_SUFFIX = {"primary": "pkey", "unique": "key", "foreign": "fkey", "check": "check", "exclude": "excl"}


def adopt_type(state: State, kind: SqlType | Unknown) -> SqlType | Unknown:
    """Returns the type as this database keeps it; a named enum is a reference by name."""
    if isinstance(kind, Unknown):
        return kind
    kind = kind.for_dialect(state.dialect)
    if FACTS[state.dialect].native_enum and kind.is_enum:
        return SqlType(kind.name, schema=kind.schema)
    return kind


def adopt_column(state: State, column: Column) -> Column:
    """Returns the column as this database keeps it."""
    kind = adopt_type(state, column.type)
    adopted = column if kind is column.type else replace(column, type=kind)
    if state.dialect == "sqlite" and adopted.comment is not None:
        adopted = replace(adopted, comment=None)  # SQLite keeps none
    numbered = adopted.autoincrement is not False
    if numbered and state.dialect == "sqlite" and isinstance(kind, SqlType) and kind.name != "integer":
        # Only a key declared INTEGER is the row id (SQLite, "ROWIDs and the INTEGER PRIMARY KEY").
        adopted = replace(adopted, autoincrement=False)
    if adopted.identity or adopted.autoincrement:
        adopted = replace(adopted, nullable=False)
    return adopted


def first_contents(column: Column) -> Origin:
    """Returns what every existing row holds in a column that was just added."""
    if column.generated is not None:
        return Derived(column.generated.expression)
    if column.identity or column.autoincrement:
        return NUMBERED
    return Filled(None if isinstance(column.default, Unknown) else column.default)


def enum_of(kind: SqlType | Unknown, state: State) -> EnumType | None:
    """Returns the enum type that a column type means on a database with native enums."""
    if isinstance(kind, Unknown) or not FACTS[state.dialect].native_enum:
        return None
    kind = kind.for_dialect(state.dialect)
    if kind.element is not None:
        return enum_of(kind.element, state)
    if not kind.is_enum:
        return None
    return EnumType(Name(kind.name, kind.schema), kind.labels if kind.labels or kind.exact else UNKNOWN)


def _taken(state: State, table: Table) -> set[str]:
    """Returns the names that an automatic one must not be: in PostgreSQL those of the whole schema.

    Another table has such a name where it was called as this one before it was renamed, so one looks only
    where the history knows of a table of that name.
    """
    tables = [table]
    if state.dialect == "postgresql" and state.dropped("table", table.name):
        schema = state.key("table", table.name).schema
        tables += [other for other in state.tables() if state.key("table", other.name).schema == schema]
    names = {c.name for each in tables for c in each.constraints if c.name}
    return names | {i.name for each in tables for i in each.indexes.values() if i.name}


def _first_name(table: Table, middle: str, label: str, taken: set[str]) -> str:
    """Returns the first name that is free; a number follows the label, which is never cut."""
    name, count = object_name(table.name.name, middle, label), 0
    while name in taken:
        count += 1
        name = object_name(table.name.name, middle, f"{label}{count}")
    return name


def automatic_name(state: State, table: Table, constraint: Constraint) -> str | None:
    """Returns the name the database gives to an unnamed constraint, None if it gives none."""
    kind, taken = constraint.kind, _taken(state, table)
    if isinstance(kind, Unknown):
        return None
    if state.dialect == "postgresql":
        columns = checked_columns(state, table, constraint) if kind == "check" else constraint.columns
        middle = "" if kind == "primary" else "_".join(columns)
        if kind == "check" and len(columns) != 1:
            middle = ""
        return _first_name(table, middle, _SUFFIX[kind], taken)
    if state.dialect in MYSQL:
        if kind == "primary":
            return "PRIMARY"
        if kind == "unique" and constraint.columns:
            return _after_column(constraint.columns[0], taken)
        if kind == "check" and state.dialect == "mariadb":
            return _first_free("CONSTRAINT_", taken)
        return _first_free(f"{table.name.name}_{'ibfk' if kind == 'foreign' else 'chk'}_", taken)
    return None


def checked_columns(state: State, table: Table, check: Constraint) -> tuple[str, ...]:
    """Returns the columns of the table that a CHECK names."""
    words = {state.fold(word) for word in identifiers(check.expression or "")}
    words |= {state.fold(name) for name in check.columns}
    return tuple(column.name for key, column in table.columns.items() if key in words)


def _after_column(column: str, taken: set[str]) -> str:
    """Returns the name that MySQL gives to an index whose first part is this column."""
    name, count = column, 1
    while name in taken:
        count += 1
        name = f"{column}_{count}"
    return name


def _first_free(prefix: str, taken: set[str]) -> str:
    number = 1
    while f"{prefix}{number}" in taken:
        number += 1
    return f"{prefix}{number}"


def automatic_index_name(state: State, table: Table, index: Index) -> str:
    """Returns the name of an index made without (PostgreSQL `<table>_<columns>_idx`, MySQL `<column>`)."""
    columns = () if isinstance(index.columns, Unknown) else index.columns
    if state.dialect in MYSQL and columns and columns[0].split("(")[0].isidentifier():
        return _after_column(columns[0].split("(")[0], _taken(state, table))
    words = [c.split()[0] if c.split()[0].isidentifier() else "expr" for c in columns]
    return _first_name(table, "_".join(words), "idx", _taken(state, table))


def add_constraint(state: State, op: Operation, table: Table, constraint: Constraint) -> tuple[State, Table]:
    """Returns the state and the table with one more constraint, as this database would keep it."""
    if constraint.index is not None:
        taken = state.fold(constraint.index)
        index = table.indexes.get(taken)
        if index is not None and not isinstance(index.columns, Unknown):
            constraint = replace(constraint, columns=index.columns, name=constraint.name or index.name)
            kept = {key: value for key, value in table.indexes.items() if key != taken}
            # The index goes by the constraint's name from then on.
            table = replace(table, indexes=kept, gone=table.gone | {("index", taken)})
        constraint = replace(constraint, index=None)
    constraint = _usual(state, constraint)
    if constraint.name is not None:
        constraint = replace(constraint, name=shortened(constraint.name, state.dialect, op.sql))
    if constraint.kind == "primary":
        table = _with_key_columns(state, table, constraint.columns)
    if constraint.name is None or (constraint.kind == "primary" and state.dialect in MYSQL):
        constraint = replace(constraint, name=automatic_name(state, table, constraint), automatic=True)
    else:
        alike = [
            c
            for c in table.constraints
            if c.name == constraint.name and shares_names(state.dialect, str(c.kind), str(constraint.kind))
        ]
        named = [c for c in alike if not c.assumed]
        if named:
            message = f"constraint {constraint.name} exists already at that point"
            sure = state.is_there(table) and any(c.sure for c in named)
            return state.fault(op, "exists", "constraint", constraint.name, message, sure), table
        # One that was merely presupposed is not there where another gets its name.
        others = tuple(c for c in table.constraints if c not in alike)
        table = replace(table, constraints=others) if len(others) < len(table.constraints) else table
        state = with_name_taken(state, op, table, constraint)
    if state.knows_all_of(table) and table.rebuilding is None:
        for column in constraint.columns:
            if state.fold(column) not in table.columns and constraint.kind in (
                "primary",
                "unique",
                "foreign",
            ):
                state = state.fault(
                    op,
                    "missing",
                    "column",
                    f"{table.name}.{column}",
                    f"column {table.name}.{column} does not exist at that point",
                )
    kept_names = table.gone - {("constraint", state.fold(constraint.name or ""))}
    constraints = sorted_constraints((*table.constraints, constraint))
    table = replace(table, constraints=constraints, gone=kept_names)
    before = table
    if constraint.kind == "foreign":
        table = with_index_for(state, table, constraint, not constraint.automatic)
    elif constraint.kind in ("primary", "unique"):
        table = without_served(state, table, constraint.columns)
    return with_key_name_taken(state, op, before, table, constraint), table


def with_reference(
    state: State, op: Operation, table: Table, constraint: Constraint, *, made: bool = False
) -> State:
    """Returns the state with a fault where a foreign key refers to a table that is surely not there.

    `made`: of a table that is made with its key only what the history itself took away counts as not there;
    a key to a table that no migration makes stands for one that others made. A table may refer to itself.
    SQLite looks for the table when rows are written; MySQL before 9 passes over REFERENCES beside a column
    ("FOREIGN KEY Constraint Differences"), MariaDB does not (measured on 10.11). PostgreSQL looks for a name
    without a schema in those of search_path alone, which is public unless it is set.
    """
    other = constraint.ref_table
    if other is None or state.dialect == "sqlite":
        return state
    if state.key("table", other) == state.key("table", table.name):
        return state
    if state.dialect == "mysql" and op.sql and constraint.inline:
        return state
    text = f"table {other} does not exist at that point"
    if (state.dropped if made else state.absent)("table", other):
        return state.fault(op, "missing", "table", str(other), text)
    if _only_elsewhere(state, op, other):
        text = f"{text}, unless search_path leads to its namesake in another schema"
        return state.fault(op, "missing", "table", str(other), text)
    return state


def _only_elsewhere(state: State, op: Operation, table: Name) -> bool:
    """Returns whether a downgrade names a table without its schema that the history has in others alone.

    A search_path that leads there may be set beside the migrations; not where these write the schema in
    foreign keys to it, and never leave it out.
    """
    if state.dialect != "postgresql" or table.schema or op.direction != "downgrade" or state.doubts:
        return False
    known = {state.key("table", each.name) for each in state.tables() if not each.assumed}
    if not state.absent("table", table) or not any(key.name == state.fold(table.name) for key in known):
        return False
    keys = [key.ref_table for each in state.tables() for key in each.constraints if key.ref_table is not None]
    hidden = any(not key.schema and state.key("table", key) not in known for key in keys)
    return not hidden and any(key.schema and state.key("table", key) in known for key in keys)


def _usual(state: State, constraint: Constraint) -> Constraint:
    """Returns the constraint without what every database means by default (NO ACTION, MATCH SIMPLE, ...)."""

    def action(text: str | None) -> str | None:
        word = " ".join(text.upper().split()) if text else None
        usual = {"NO ACTION", "RESTRICT"} if state.dialect in MYSQL else {"NO ACTION"}
        return None if word in usual else word

    initially = constraint.initially.upper() if constraint.initially else None
    match = constraint.match.upper() if constraint.match else None
    return replace(
        constraint,
        ondelete=action(constraint.ondelete),
        onupdate=action(constraint.onupdate),
        initially=None if initially == "IMMEDIATE" else initially,
        deferrable=constraint.deferrable or initially == "DEFERRED",
        match=None if match == "SIMPLE" else match,
    )


def _with_key_columns(state: State, table: Table, names: tuple[str, ...]) -> Table:
    """Returns the table whose key columns are NOT NULL (SQLite alone lets them be NULL)."""
    if state.dialect == "sqlite":
        return table
    columns = dict(table.columns)
    for name in names:
        column = columns.get(state.fold(name))
        if column is not None and column.nullable is not False:
            columns[state.fold(name)] = replace(column, nullable=False)
    return replace(table, columns=columns)


def add_index(state: State, op: Operation, table: Table, index: Index) -> tuple[State, Table]:
    """Returns the state and the table with one more index; MySQL keeps a unique one as a constraint."""
    name = shortened(index.name or automatic_index_name(state, table, index), state.dialect, op.sql)
    automatic = index.automatic or index.name is None
    if not isinstance(index.columns, Unknown) and index.method is None:
        table = without_served(state, table, index.columns)
    taken = [i for i in table.indexes.values() if i.name and state.fold(i.name) == state.fold(name)]
    taken_by = [
        c
        for c in table.constraints
        if c.name and state.fold(c.name) == state.fold(name) and c.kind in ("unique", "primary")
    ]
    if taken or taken_by:
        if not op.conditional:
            message = f"index {name} exists already at that point"
            sure = state.is_there(table) and (any(i.sure for i in taken) or any(c.sure for c in taken_by))
            state = state.fault(op, "exists", "index", name, message, sure)
        return state, table
    if state.knows_all_of(table) and table.rebuilding is None and not isinstance(index.columns, Unknown):
        for text in index.columns:
            word = text.split()[0].strip('"`')
            if text.isidentifier() and state.fold(word) not in table.columns:
                state = state.fault(
                    op,
                    "missing",
                    "column",
                    f"{table.name}.{word}",
                    f"column {table.name}.{word} does not exist at that point",
                )
    if state.dialect in MYSQL and index.unique is True and not isinstance(index.columns, Unknown):
        unique = Constraint("unique", name, index.columns, automatic=automatic)
        return state, replace(table, constraints=sorted_constraints((*table.constraints, unique)))
    adopted = replace(index, name=name, automatic=automatic)
    if adopted.method == "btree":
        adopted = replace(adopted, method=None)
    indexes = {**table.indexes, state.fold(name): adopted}
    return state, replace(table, indexes=indexes, gone=table.gone - {("index", state.fold(name))})


def uses_column(state: State, item: Constraint | Index, column: str) -> bool:
    """Returns whether a constraint or index needs a column of its own table."""
    folded = state.fold(column)
    texts = (
        [item.expression]
        if isinstance(item, Constraint)
        else [item.where, *([] if isinstance(item.columns, Unknown) else item.columns), *item.include]
    )
    if isinstance(item, Constraint) and any(state.fold(name) == folded for name in item.columns):
        return True
    return any(folded in {state.fold(word) for word in identifiers(text)} for text in texts if text)
