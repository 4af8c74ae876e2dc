"""How each database is asked for its rows so that every value comes back as exact text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mrt_dynamic.plain_sql import quoted, run, table_of
from mrt_dynamic.snapshot.reading import left_alone
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Unknown
from mrt_lint.schema.objects import Column, Table

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_BINARY: Final = frozenset(
    {
        *("binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob", "bit"),
        *("geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon"),
        *("geometrycollection", "vector"),
    }
)
_TEXT: Final = frozenset(
    {"char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set", "json"}
)


@dataclass(frozen=True, slots=True)
class Select:
    """A query for all rows of a table. `limits`: LIMIT may be put behind it."""

    dialect: Dialect
    text: str
    limits: bool
    kinds: tuple[str, ...] = ()


def select_of(dialect: Dialect, table: Table, columns: Sequence[Column]) -> Select:
    """Returns the query for the rows of a table; `literals_of` reads what it gives."""
    kinds = tuple(_kind(dialect, column) for column in columns)
    parts = [
        _expression(dialect, kind, quoted(column.name, dialect))
        for kind, column in zip(kinds, columns, strict=True)
    ]
    # Without ONLY the rows of tables that inherit from it would be told twice.
    only = "ONLY " if dialect == "postgresql" else ""
    text = f"SELECT {', '.join(parts) or '1'} FROM {only}{table_of(table.name, dialect)}"
    limits = dialect in ("sqlite", "postgresql", "mysql", "mariadb")
    return Select(dialect, text, limits, kinds)


def _kind(dialect: Dialect, column: Column) -> str:
    name = "" if isinstance(column.type, Unknown) else column.type.name
    if dialect in ("mysql", "mariadb"):
        if name in _BINARY:
            return "binary"
        if name in _TEXT:
            return "text"
        return "float" if name in ("float", "double", "real") else ""
    return "char" if dialect == "postgresql" and name == "char" else ""


def _expression(dialect: Dialect, kind: str, column: str) -> str:
    if dialect == "sqlite":
        # Every value has a type of its own; hex() tells a text whole, also behind a NUL.
        return (
            f"CASE typeof({column}) WHEN 'null' THEN NULL WHEN 'text' THEN 't' || hex({column})"
            f" ELSE quote({column}) END"
        )
    if dialect == "postgresql":
        # The cast of CHAR to text would strip its blanks.
        return f"CASE WHEN {column} IS NOT NULL THEN concat({column}) END" if kind else f"{column}::text"
    if dialect in ("mysql", "mariadb"):
        return {
            "binary": f"HEX({column})",
            # The connection's own character set need not hold every character.
            "text": f"HEX(CONVERT({column} USING utf8mb4))",
            # A FLOAT prints six digits only.
            "float": f"CAST(CAST({column} AS DOUBLE) AS CHAR)",
        }.get(kind, f"CAST({column} AS CHAR)")
    return column


def literals_of(select: Select, row: Sequence[Any], encoding: str) -> tuple[str | None, ...]:
    """Returns the values of a row as text. `encoding`: in which SQLite keeps its texts."""
    if not select.kinds:
        return ()
    if select.dialect == "sqlite":
        return tuple(None if value is None else _sqlite(value, encoding) for value in row)
    if select.dialect == "postgresql":
        return tuple(row)
    if select.dialect in ("mysql", "mariadb"):
        return tuple(
            None if value is None else _mysql(kind, value)
            for kind, value in zip(select.kinds, row, strict=True)
        )
    return tuple(None if value is None else repr(value) for value in row)


def _sqlite(value: str | bytes, encoding: str) -> str:
    text = value.decode("ascii") if isinstance(value, bytes) else value  # text_factory = bytes
    if not text.startswith("t"):
        return text
    return "'" + bytes.fromhex(text[1:]).decode(encoding, "backslashreplace") + "'"


def _mysql(kind: str, value: Any) -> str:
    text = value.decode("ascii") if isinstance(value, bytes) else str(value)
    if kind == "text":
        return bytes.fromhex(text).decode("utf-8", "backslashreplace")
    return f"X'{text}'" if kind == "binary" else text


@contextmanager
def settled_for(connection: Connection, dialect: Dialect) -> Iterator[str]:
    """Yields the encoding of SQLite's texts, while the session prints values exactly.

    Afterwards its settings are as before, and so is the transaction that was open, if there was one.
    """
    if dialect == "postgresql":
        from mrt_dynamic.snapshot.postgresql_session import settled

        with settled(connection):
            yield "utf-8"
        return
    with left_alone(connection):
        if dialect == "sqlite":
            yield str(run(connection, "PRAGMA encoding").scalar_one()).lower()
        elif dialect in ("mysql", "mariadb"):
            zone = str(run(connection, "SELECT @@session.time_zone").scalar_one()).replace("'", "''")
            run(connection, "SET SESSION time_zone = '+00:00'")
            try:
                yield "utf-8"
            finally:
                run(connection, f"SET SESSION time_zone = '{zone}'")
        else:
            yield "utf-8"
