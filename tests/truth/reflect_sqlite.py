"""Reads a State from SQLite's own statements."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column, Constraint, Generated, Index, SchemaObject, Table
from mrt_lint.schema.state import State
from mrt_lint.schema.types import SqlType
from mrt_lint.sql import canonical_default, canonical_text
from tests.truth.reflecting import action, read_type
from tests.truth.sqlite_ddl import ColumnText, ConstraintText, IndexText, TableText, read_index, read_table


def state_of(connection: Connection) -> State:
    """Returns the State of the database behind the connection."""
    state = State("sqlite")
    master = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
    found = [tuple(row) for row in connection.exec_driver_sql(master)]
    indexes: dict[str, list[IndexText]] = {}
    for kind, _, table, sql in found:
        if kind == "index":
            indexes.setdefault(table, []).append(read_index(sql))
    for kind, name, table, sql in found:
        if table in ("alembic_version", "sqlite_sequence", "sqlite_stat1"):
            continue
        if kind == "table":
            state = state.put(_table(name, read_table(sql), indexes.get(name, [])))
        elif kind == "view":
            query = sql[sql.upper().index(" AS ") + 4 :]
            state = state.put(SchemaObject("view", Name(name), canonical_text(query, "sqlite")))
        elif kind == "trigger":
            state = state.put(SchemaObject("trigger", Name(name), table=Name(table)))
    return state


def _table(name: str, text: TableText, indexes: list[IndexText]) -> Table:
    keys = [constraint for constraint in text.constraints if constraint.kind == "primary"]
    columns = {column.name.lower(): _column(column, keys) for column in text.columns}
    return Table(
        Name(name),
        columns,
        tuple(_constraint(constraint) for constraint in text.constraints),
        {index.name.lower(): _index(index) for index in indexes},
    )


def _column(text: ColumnText, keys: list[ConstraintText]) -> Column:
    kind = read_type(text.type, "sqlite") if text.type else SqlType("")
    generated = None
    if text.generated is not None:
        generated = Generated(canonical_text(text.generated, "sqlite"), text.stored)
    if text.collation:
        kind = SqlType(kind.name, kind.args, collation=text.collation)
    # A table with exactly one key column of the type INTEGER counts by itself: it is the row id,
    # which is never NULL, whether or not NOT NULL is written.
    row_id = text.type.upper() == "INTEGER" and any(key.columns == (text.name,) for key in keys)
    return Column(
        text.name,
        kind,
        text.nullable and not row_id,
        None if text.default is None else canonical_default(text.default, "sqlite", kind),
        autoincrement=text.autoincrement or row_id,
        generated=generated,
    )


def _constraint(text: ConstraintText) -> Constraint:
    return Constraint(
        text.kind,  # type: ignore[arg-type]
        text.name,
        text.columns,
        canonical_text(text.expression, "sqlite") if text.expression else None,
        Name(text.ref_table) if text.ref_table else None,
        text.ref_columns,
        action(text.ondelete),
        action(text.onupdate),
        text.deferrable,
        # INITIALLY IMMEDIATE and MATCH SIMPLE are what is meant when nothing is written.
        "DEFERRED" if text.initially == "DEFERRED" else None,
        text.match if text.match not in ("", "SIMPLE") else None,
    )


def _index(text: IndexText) -> Index:
    parts = tuple(_part(part) for part in text.parts)
    where = canonical_text(text.where, "sqlite") if text.where else None
    return Index(text.name, parts, text.unique, where=where)


def _part(text: str) -> str:
    words = text.rsplit(None, 1)
    descending = len(words) == 2 and words[1].upper() == "DESC"
    if len(words) == 2 and words[1].upper() in ("ASC", "DESC"):  # ASC is the default
        text = words[0]
    return canonical_text(text, "sqlite") + (" DESC" if descending else "")
