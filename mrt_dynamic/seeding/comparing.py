"""Values held against each other as SQL does it; what only the database can tell is UNSURE."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, Final


class Unsure(Enum):
    """The type of `UNSURE`: an answer that only the database can give."""

    UNSURE = "unsure"

    def __bool__(self) -> bool:
        raise TypeError("UNSURE is no truth value")


UNSURE: Final = Unsure.UNSURE

NOW: Final = dt.datetime(2500, 1, 1)
"""Stands for the present: nothing that depends on the clock may change a row. The values made here are
either long before today or after this date, so that comparisons come out as in the database."""


def compare(left: Any, right: Any) -> int:
    """Returns -1, 0 or 1; constants written as text are read as what they are compared with.

    Raises TypeError or ValueError for what cannot be compared.
    """
    left, right = _alike(left, right), _alike(right, left)
    if isinstance(left, tuple) and isinstance(right, tuple):
        for one, other in zip(left, right, strict=False):
            found = compare(one, other)
            if found:
                return found
        return (len(left) > len(right)) - (len(left) < len(right))
    return int(left > right) - int(left < right)


def _alike(value: Any, other: Any) -> Any:
    """Returns a value in the type of the other one where SQL would convert it."""
    if isinstance(value, str) and not isinstance(other, str):
        return from_text(value, other)
    if isinstance(value, float) and isinstance(other, Decimal):
        return Decimal(value)
    if isinstance(other, dt.datetime) and type(value) is dt.date:
        return dt.datetime(value.year, value.month, value.day)
    return value


def from_text(text: str, like: Any) -> Any:
    """Returns what a text stands for where a value like `like` is meant; raises ValueError if nothing."""
    if isinstance(like, bool):
        return text.strip().lower() in ("t", "true", "1", "yes", "on", "y")
    if isinstance(like, int | Decimal | float):
        try:
            return Decimal(text.strip())
        except InvalidOperation as error:
            raise ValueError(text) from error
    if isinstance(like, dt.datetime):
        return moment(text)
    if isinstance(like, dt.date):
        found = moment(text)
        return found.date() if found.time() == dt.time() else found
    if isinstance(like, dt.time):
        return dt.time.fromisoformat(text.strip())
    if isinstance(like, bytes):
        return text.encode()
    raise ValueError(text)


def moment(text: str) -> dt.datetime:
    """Returns a date or timestamp written in ISO form, in UTC without a zone; raises ValueError."""
    word = text.strip().replace("T", " ")
    match = re.fullmatch(r"(.*?\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(Z|[+-]\d\d(?::?\d\d)?)", word)
    shift = dt.timedelta()
    if match and match[2] != "Z":
        hours, minutes = int(match[2][1:3]), int(match[2][3:].lstrip(":") or 0)
        shift = dt.timedelta(hours=hours, minutes=minutes) * (-1 if match[2][0] == "-" else 1)
    word = match[1] if match else word
    whole, _, fraction = word.partition(".")
    form = {10: "%Y-%m-%d", 16: "%Y-%m-%d %H:%M", 19: "%Y-%m-%d %H:%M:%S"}[len(whole)]
    found = dt.datetime.strptime(whole, form)
    return found.replace(microsecond=int(fraction.ljust(6, "0")[:6] or 0)) - shift
