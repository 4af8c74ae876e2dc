"""Reads all that a SQLite database holds, from `sqlite_master` and its statements."""

from __future__ import annotations

from collections import Counter

from sqlalchemy.engine import Connection

from mrt_dynamic.snapshot.sqlite_ddl import ConstraintText, normal, read_index, read_table
from tests.truth.snapshot import Contents, Snapshot, Subject

_MASTER = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name"
_OWN = ("sqlite_sequence", "sqlite_stat1", "alembic_version")


def read(connection: Connection) -> Snapshot:
    """Returns all that the database holds, without Alembic's own table."""
    schema: dict[Subject, dict[str, str]] = {}
    tables = []
    for kind, name, table, sql in connection.exec_driver_sql(_MASTER).all():
        if table in _OWN or sql is None:  # None: the index behind a UNIQUE or PRIMARY KEY constraint
            continue
        if kind == "table":
            tables.append(name)
            schema.update(_table(name, sql))
        elif kind == "index":
            index = read_index(sql)
            parts = ", ".join(normal(part) for part in index.parts)
            fields = {"unique": str(index.unique), "parts": parts, "where": normal(index.where)}
            schema["index", f"{table}.{name}"] = fields
        elif kind == "view":
            schema["view", name] = {"definition": normal(sql)}
        else:
            schema["trigger", f"{table}.{name}"] = {"definition": normal(sql)}
    return Snapshot(schema, {name: _contents(connection, name) for name in tables})


def _table(name: str, sql: str) -> dict[Subject, dict[str, str]]:
    text = read_table(sql)
    found: dict[Subject, dict[str, str]] = {("table", name): {"options": text.options}}
    keys = [constraint.columns for constraint in text.constraints if constraint.kind == "primary"]
    for column in text.columns:
        generated = "" if column.generated is None else normal(column.generated)
        # INTEGER PRIMARY KEY is the row id: never NULL, whether or not NOT NULL is written.
        row_id = column.type.upper() == "INTEGER" and keys == [(column.name,)]
        found["column", f"{name}.{column.name}"] = {
            "type": "".join(normal(column.type).upper().split(" ")),
            "nullable": str(column.nullable and not row_id),
            "default": "" if column.default is None else normal(column.default),
            "collation": column.collation.lower(),
            "generated": generated and f"{'stored' if column.stored else 'virtual'} {generated}",
            "autoincrement": str(column.autoincrement),
        }
    for constraint in text.constraints:
        definition = _constraint(constraint)
        found["constraint", f"{name}.{constraint.name or definition}"] = {"definition": definition}
    return found


def _constraint(text: ConstraintText) -> str:
    words = [text.kind, f"({', '.join(text.columns)})" if text.columns else "", normal(text.expression)]
    if text.ref_table:
        words.append(f"references {text.ref_table} ({', '.join(text.ref_columns)})")
        words += [f"on delete {text.ondelete}" if text.ondelete else ""]
        words += [f"on update {text.onupdate}" if text.onupdate else "", text.match]
        words += ["deferrable" if text.deferrable else "", text.initially]
    return " ".join(word for word in words if word)


def _contents(connection: Connection, table: str) -> Contents:
    result = connection.exec_driver_sql(f'SELECT * FROM "{table}"')
    keys = list(result.keys())
    columns = tuple(sorted(keys))
    places = [keys.index(column) for column in columns]
    # SQLite keeps a type with every value: 36 and '36' are not the same.
    counted = Counter(tuple(repr(row[place]) for place in places) for row in result)
    return Contents(columns, counted)
