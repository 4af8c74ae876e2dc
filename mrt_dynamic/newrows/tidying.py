"""Takes the rows of a trial away again, so that later revisions do not meet them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from mrt_dynamic.newrows.values import text_of_literal
from mrt_dynamic.plain_sql import quoted, table_of
from mrt_dynamic.seeding.running import Guarded
from mrt_dynamic.seeding.written import literal

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from mrt_dynamic.snapshot.rows import Row, TableRows
    from mrt_dynamic.verify.ground import Ground
    from mrt_dynamic.verify.lookout import Moment
    from mrt_lint.schema.dialects import Dialect


def tidied(connection: Connection, ground: Ground, clean: Moment) -> bool:
    """Returns whether the database holds the rows of the moment `clean` again, new ones deleted."""
    now = ground.moment
    extra = {
        key: table.rows - known.rows
        for key, table in now.rows.tables.items()
        if (known := clean.rows.tables.get(key)) is not None and known is not table
    }
    ground.lookout.watch(connection, now)
    dialect = ground.scratch.dialect
    for _ in range(2):  # rows that others refer to go in the second round
        for key, rows in extra.items():
            _delete(connection, dialect, now.rows.tables[key], rows)
    connection.commit()
    ground.now = ground.lookout.look(connection, now)
    held = ground.now.rows
    return held.unreadable.keys() == clean.rows.unreadable.keys() and all(
        key in held.tables and _same(held.tables[key], known) for key, known in clean.rows.tables.items()
    )


def _same(one: TableRows, other: TableRows) -> bool:
    return one.rows == other.rows and one.digest == other.digest and one.columns == other.columns


def _delete(connection: Connection, dialect: Dialect, table: TableRows, rows: Counter[Row]) -> None:
    if table.digest or not table.key:
        return
    for row in sorted(rows, key=repr):
        pairs = zip(table.columns, row, strict=True)
        parts = [
            f"{quoted(column, dialect)} = {_literal(value, dialect)}"
            for column, value in pairs
            if column in table.key and value is not None
        ]
        with Guarded(connection, dialect) as attempt:
            attempt.run(f"DELETE FROM {table_of(table.name, dialect)} WHERE {' AND '.join(parts)}")


def _literal(value: str, dialect: Dialect) -> str:
    """Returns what the snapshot tells of a value as SQL; SQLite's it tells as SQL already."""
    if dialect == "sqlite":
        return literal(text_of_literal(value), dialect) if value.startswith("'") else value
    if dialect in ("mysql", "mariadb") and value.startswith("X'"):
        return value
    return literal(value, dialect)
