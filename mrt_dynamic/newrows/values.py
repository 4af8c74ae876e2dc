"""Values that were written against what the database tells of them."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final

_BYTES: Final = re.compile(r"(?:X'|\\x)((?:[0-9A-Fa-f]{2})*)'?")
"""Bytes as SQLite and MySQL, or PostgreSQL, write them."""


def text_of_literal(literal: str) -> str:
    """Returns the text of a literal of `snapshot.rows`, which on SQLite stands in quotes.

    >>> text_of_literal("'ada'"), text_of_literal("X'00FF'")
    ('ada', '00ff')
    """
    if (written := _BYTES.fullmatch(literal)) is not None:
        return written[1].lower()
    quoted = len(literal) > 1 and literal[0] == literal[-1] == "'"
    return literal[1:-1] if quoted else literal


def text_of_value(value: Any) -> str:
    """Returns a value as `text_of_literal` gives it."""
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def same(value: Any, literal: str) -> bool:
    """Returns whether a literal of the database's means the value; digits behind it do not count.

    Nor do the zeros with which a BINARY column fills its bytes up.

    >>> same(Decimal("1.5"), "1.50"), same(dt.datetime(2021, 3, 4, 5, 6), "2021-03-04")
    (True, False)
    """
    text = text_of_literal(literal)
    if text == text_of_value(value):
        return True
    if isinstance(value, bytes | bytearray | memoryview):
        return text.ljust(len(text_of_value(value)), "0") == text_of_value(value).ljust(len(text), "0")
    if isinstance(value, bool):
        return text in (("1", "t", "true") if value else ("0", "f", "false"))
    if isinstance(value, int | float | Decimal):
        try:
            return Decimal(text) == Decimal(str(value))
        except InvalidOperation:
            return False
    if isinstance(value, dt.datetime | dt.time):
        written = value.isoformat(" ") if isinstance(value, dt.datetime) else value.isoformat()
        return text.replace("T", " ").split("+")[0].rstrip("0").rstrip(".") == written.rstrip("0").rstrip(".")
    return False
