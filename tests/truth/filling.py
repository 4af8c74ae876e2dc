"""Rows for any schema: a few in every table, made from what the database says of its columns."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

ROWS = 3


def fill(connection: Connection, words: Sequence[str] = (), nulls: bool = True) -> None:
    """Writes a few rows to every empty table, parents first; every value is one that no default would give.

    The last row has NULL wherever it may stand, unless `nulls` is False. `words`: values for columns
    of text, a row for each, since a migration may look for them. Foreign keys refer to the row of the
    same number. Raises what the database raises when a constraint refuses such rows.
    """
    metadata = sa.MetaData()
    metadata.reflect(connection)
    for table in metadata.sorted_tables:
        if table.name == "alembic_version":
            continue
        if connection.scalar(sa.select(sa.func.count()).select_from(table)):
            continue
        last = ROWS + len(words)
        for number in range(1, last + 1):
            row = _row(table, number, nulls and number == last)
            if 1 < number <= 1 + len(words):
                row |= _worded(table, words[number - 2])
            connection.execute(table.insert().values(row))


def _row(table: sa.Table, number: int, nulls: bool) -> dict[str, Any]:
    row = {}
    for column in table.columns:
        if column.computed is not None or column.identity is not None:
            continue
        if column.nullable and nulls and not column.primary_key:
            row[column.name] = None
        else:
            row[column.name] = value(column, number)
    return row


def _worded(table: sa.Table, word: str) -> dict[str, str]:
    return {
        column.name: word
        for column in table.columns
        if isinstance(column.type, sa.String)
        and not isinstance(column.type, sa.Enum)
        and not column.foreign_keys
        and len(word) <= (column.type.length or len(word))
    }


def value(column: sa.Column[Any], number: int) -> Any:
    """Returns the value of a column in the row of this number, 1, 2, ..."""
    kind = column.type
    if column.foreign_keys:
        return value(next(iter(column.foreign_keys)).column, number)
    if isinstance(kind, sa.Enum):
        return kind.enums[(number - 1) % len(kind.enums)]
    if isinstance(kind, sa.Boolean):
        return number % 2 == 1
    if isinstance(kind, sa.Integer):
        return number
    if isinstance(kind, sa.Float):
        return number + 0.5
    if isinstance(kind, sa.Numeric):
        return Decimal(number) + (Decimal("0.25") if kind.scale else 0)
    if isinstance(kind, sa.DateTime):
        return dt.datetime(2024, 2, number, 11, 5, 7)
    if isinstance(kind, sa.Date):
        return dt.date(2024, 2, number)
    if isinstance(kind, sa.Time):
        return dt.time(11, 5, number)
    if isinstance(kind, sa.JSON):
        return {"n": number}
    if isinstance(kind, sa.Uuid):
        return uuid.UUID(int=number)
    if isinstance(kind, sa.LargeBinary):
        return bytes([number, 255])
    if isinstance(kind, sa.ARRAY):
        return [value(sa.Column("item", kind.item_type), number)]
    text = f"Wört {number} of {column.name}"
    length = getattr(kind, "length", None)
    return text if length is None or len(text) <= length else f"W{number}"[:length]
