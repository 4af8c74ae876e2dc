"""Rows that are there already, read back as values that can be written again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from mrt_dynamic.plain_sql import quoted, run, table_of
from mrt_dynamic.seeding.values import Maker
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Name

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

MANY: Final = 500
"""Rows that are looked at; a migration may have written more."""


def read_rows(
    connection: Connection,
    dialect: Dialect,
    table: Name,
    columns: Mapping[str, Maker | None],
    *,
    only: bool = False,
    complete: bool = False,
    limit: int = MANY,
) -> list[tuple[Any, ...]]:
    """Returns rows in the order of these columns, sorted where the database can sort them.

    `columns`: names to the makers that read their values. `only`: without the rows of inheriting
    tables. `complete`: only rows without NULL, each once.
    """
    names = [quoted(name, dialect) for name in columns]
    # PostgreSQL prints and reads every type as text, whatever the driver makes of it.
    shown = [f"{name}::text" for name in names] if dialect == "postgresql" else names
    source = ("ONLY " if only else "") + table_of(table, dialect)
    where = " WHERE " + " AND ".join(f"{name} IS NOT NULL" for name in names) if complete else ""
    order = ", ".join(str(place) for place in range(1, len(names) + 1))
    cursor = run(connection, f"SELECT {', '.join(shown)} FROM {source}{where} ORDER BY {order}")
    found = [tuple(row) for row in cursor.fetchmany(limit)]
    cursor.close()
    makers = list(columns.values())
    rows = [tuple(value_of(value, maker) for value, maker in zip(row, makers, strict=True)) for row in found]
    rows = list(dict.fromkeys(rows)) if complete else rows
    return sorted(rows, key=_numbers_first) if complete and dialect == "postgresql" else rows


def _numbers_first(row: Sequence[Any]) -> tuple[Any, ...]:
    return tuple((0, value, "") if isinstance(value, int) else (1, 0, str(value)) for value in row)


def value_of(value: Any, maker: Maker | None) -> Any:
    """Returns what a driver gave as a value of the maker's kind; as it is if it cannot be read so."""
    if value is None or maker is None:
        return value
    if isinstance(value, int) and not isinstance(value, bool) and not isinstance(maker.regular(0, 0), bool):
        return value
    if isinstance(value, str | int):
        try:
            return maker.parse(str(value))
        except ValueError:
            return value
    return value
