"""Tables of other databases in a statement of MySQL: where `a.b` can only be a database and a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from mrt_lint.sql.words import words

if TYPE_CHECKING:
    from mrt_lint.sql.tokens import Item

_TABLES: Final = words(
    "FROM JOIN INTO UPDATE TABLE TABLES REFERENCES VIEW TRUNCATE CALL PROCEDURE FUNCTION EVENT"
)
_MODIFIERS: Final = words("IF NOT EXISTS IGNORE LOW_PRIORITY HIGH_PRIORITY DELAYED QUICK ONLY")
_WITH_ON: Final = words("INDEX TRIGGER")
_COLUMN_FROM: Final = words("EXTRACT TRIM SUBSTRING SUBSTR MID")
"""Functions in whose brackets FROM stands before a value."""

_LISTS: Final = words("FROM TABLE TABLES UPDATE")
_NO_LIST: Final = words("SET BY SELECT WHERE ON USING VALUES COLUMN ADD")


def foreign_table(content: Sequence[Item], index: int) -> str | None:
    """Returns the first part of the qualified table name that ends the place, if the item is its first part.

    None where it may be the name of a table (before a column) instead.
    """
    if (
        index + 2 >= len(content)
        or content[index + 1].text != "."
        or content[index].kind not in ("word", "name")
    ):
        return None
    place = index - 1
    while place >= 0 and content[place].upper in _MODIFIERS:
        place -= 1
    if place < 0:
        return None
    name = content[index].text
    keyword = content[place].upper
    before = content[place - 1].upper if place else ""
    if keyword == "UPDATE" and before in ("KEY", "ON", "FOR"):
        return None
    if keyword == "FROM" and _called(content, place) in _COLUMN_FROM:
        return None
    if keyword in _TABLES:
        return name
    first = {item.upper for item in content[_start(content, index) : index]}
    if keyword == "ON" and first & _WITH_ON and "SELECT" not in first:
        return name
    if keyword in ("TO", "RENAME") and first & {"RENAME"}:
        return name
    if keyword == "LIKE" and {"CREATE", "TABLE"} <= first and "SELECT" not in first:
        return name
    if keyword == "," and _lists_tables(content, place):
        return name
    return None


def _start(content: Sequence[Item], index: int) -> int:
    while index > 0 and content[index - 1].text != ";":
        index -= 1
    return index


def _called(content: Sequence[Item], index: int) -> str:
    """Returns the function in whose brackets the item stands, empty when in none."""
    depth = 0
    for place in range(index - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(content[place].text, 0)
        if depth < 0:
            return content[place - 1].upper if place else ""
    return ""


def _lists_tables(content: Sequence[Item], comma: int) -> bool:
    """Returns whether a comma parts tables: nothing but names, aliases and brackets lies behind FROM."""
    depth = 0
    for place in range(comma - 1, -1, -1):
        item = content[place]
        depth += {")": 1, "(": -1}.get(item.text, 0)
        if depth < 0:
            return False
        if depth or item.text == "(":
            continue
        if item.upper in _LISTS:
            return not (item.upper == "FROM" and _called(content, place) in _COLUMN_FROM)
        if item.upper in _NO_LIST or (item.kind not in ("word", "name") and item.text not in (".", ",")):
            return False
    return False
