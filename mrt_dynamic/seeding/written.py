"""Values as SQL: literals that need no driver to know the type."""

from __future__ import annotations

import datetime as dt
import json
import math
from decimal import Decimal
from typing import Any

from mrt_lint.schema.dialects import Dialect


class Sql(str):
    """A piece of SQL that stands for itself (`nextval('s')`)."""

    __slots__ = ()


def text_of(value: Any) -> str:
    """Returns a value as PostgreSQL reads it from a text of any type."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    if isinstance(value, float):
        if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        return "NaN" if math.isnan(value) else repr(value)
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() else str(value)
    if isinstance(value, dt.datetime):
        return _moment(value) + "+00"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return value.isoformat()
    if isinstance(value, tuple):
        return "{" + ",".join(_element(item) for item in value) + "}"
    if isinstance(value, dict | list):
        return json.dumps(value, default=str)
    return str(value)


def _moment(value: dt.datetime) -> str:
    if value.tzinfo is not None:
        value = value.astimezone(dt.timezone.utc).replace(tzinfo=None)
    return value.isoformat(" ")


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, tuple):
        return text_of(value)
    return '"' + text_of(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def literal(value: Any, dialect: Dialect) -> str:
    """Returns a value as SQL. In PostgreSQL a quoted text takes the type of the column it is put into."""
    if value is None:
        return "NULL"
    if isinstance(value, Sql):
        return str(value)
    if dialect == "postgresql":
        text = text_of(value)
        return f"E'{_doubled(text)}'".replace("\\", "\\\\") if "\\" in text else f"'{_doubled(text)}'"
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, bytes):
        return _bytes(value, dialect)
    if isinstance(value, dt.datetime):
        return _timestamp(value, dialect)
    if isinstance(value, dt.date):
        return f"DATE '{value.isoformat()}'" if dialect == "oracle" else f"'{value.isoformat()}'"
    if isinstance(value, dt.time):
        return f"'{value.isoformat(timespec='microseconds')}'"
    if isinstance(value, dt.timedelta):
        return f"'{_hours(value)}'"
    if isinstance(value, tuple | list | dict):
        value = json.dumps(value, default=str)
    return _text(str(value), dialect)


def _doubled(text: str) -> str:
    return text.replace("'", "''")


def _float(value: float) -> str:
    if math.isinf(value):  # SQLite reads what is too large for a double as infinity.
        return "9e999" if value > 0 else "-9e999"
    text = repr(value)
    return text if "e" in text or "." in text else text + ".0"


def _bytes(value: bytes, dialect: Dialect) -> str:
    if dialect == "mssql":
        return f"0x{value.hex()}"
    return f"HEXTORAW('{value.hex()}')" if dialect == "oracle" else f"X'{value.hex()}'"


def _timestamp(value: dt.datetime, dialect: Dialect) -> str:
    text = _moment(value)
    if dialect == "oracle":
        return f"TIMESTAMP '{text}'"
    if dialect == "mssql":
        return "'" + text.replace(" ", "T") + "'"
    if dialect == "sqlite":  # SQLAlchemy always writes six decimals.
        return "'" + value.replace(tzinfo=None).isoformat(" ", "microseconds") + "'"
    return f"'{text}'"


def _hours(value: dt.timedelta) -> str:
    seconds = abs(value.days * 86_400 + value.seconds)
    sign = "-" if value < dt.timedelta() else ""
    return f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _text(text: str, dialect: Dialect) -> str:
    if dialect in ("mysql", "mariadb"):
        # Neither the connection's character set nor its sql_mode changes how this is read.
        if not text.isascii() or "\\" in text:
            return f"_utf8mb4 X'{text.encode().hex()}'"
        return f"'{_doubled(text)}'"
    if dialect == "mssql":
        return f"N'{_doubled(text)}'"
    if dialect == "sqlite" and "\0" in text:
        return f"CAST(X'{text.encode().hex()}' AS TEXT)"
    return f"'{_doubled(text)}'"
