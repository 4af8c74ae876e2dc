"""Values that a wider type holds and a narrower one does not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from decimal import Decimal
from typing import Any, Final

from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Unknown
from mrt_lint.schema.types import SqlType

_BITS: Final = {"tinyint": 8, "smallint": 16, "mediumint": 24, "integer": 32, "bigint": 64}
"""Integer types (PostgreSQL manual 8.1.1, MariaDB "Integer Types"); PostgreSQL has 16, 32 and 64."""
_TEXTS: Final = {"tinytext": 255, "text": 65_535, "mediumtext": 16_777_215, "longtext": 2**32 - 1}
"""Bytes that MariaDB's text types hold; PostgreSQL's text has no limit of its own."""
_BLOBS: Final = {"tinyblob": 255, "blob": 65_535, "mediumblob": 16_777_215, "longblob": 2**32 - 1}
"""Bytes that MariaDB's types for bytes hold."""
_COUNTED: Final = frozenset({"varchar", "char", "nvarchar"})
_COUNTED_BYTES: Final = frozenset({"binary", "varbinary"})
_FLOATS: Final = frozenset({"double", "real", "float"})
_TIMES: Final = frozenset({"timestamp", "timestamptz", "datetime"})
_STRICT: Final = frozenset(
    {*_BITS, *_FLOATS, *_TIMES, "numeric", "boolean", "date", "time", "uuid", "inet", "json", "jsonb"}
)
"""Types that do not take just any text."""
_LONGEST: Final = 10_000
"""Characters of the longest value tried where a type has no limit."""
_WORD: Final = "none"


def wider_values(
    old: SqlType | Unknown, new: SqlType | Unknown, dialect: Dialect | None
) -> Iterator[tuple[Any, str]]:
    """Yields values that fit the new type and not the old one, with their names in words.

    SQLite refuses nothing for its length or size; there only what a cast to the old type makes
    something else of is yielded: a word where a number was, a fraction where a whole number was.
    """
    if isinstance(old, Unknown) or isinstance(new, Unknown) or old.element or new.element:
        return
    if old.labels or new.labels:
        for label in new.labels:
            if label not in old.labels:
                yield label, repr(label)
        if old.labels and _is_text(new):
            yield _WORD, repr(_WORD)
        return
    if dialect != "sqlite":
        yield from _texts(old, new, dialect)
        yield from _bytes(old, new)
        yield from _bounds_of(old, new)
        yield from _digits(old, new)
        yield from _moments(old, new, dialect)
    yield from _kinds(old, new)


def _is_text(kind: SqlType) -> bool:
    return kind.name in _COUNTED or kind.name in _TEXTS


def _texts(old: SqlType, new: SqlType, dialect: Dialect | None) -> Iterator[tuple[Any, str]]:
    narrow, wide = _length(old, dialect), _length(new, dialect)
    if narrow is None or wide is None or wide <= narrow:
        return
    length = min(wide, max(narrow + 1, _LONGEST))
    yield "n" * length, f"{length} characters"


def _length(kind: SqlType, dialect: Dialect | None) -> int | None:
    """Returns how many characters a text type holds, None for what is no text."""
    if kind.name in _COUNTED:
        limit = kind.args[0] if kind.args else (1 if kind.name == "char" else None)
        return int(limit) if limit is not None and str(limit).isdigit() else 2**30
    if kind.name in _TEXTS:
        return _TEXTS[kind.name] if dialect in ("mysql", "mariadb") else 2**30
    return None


def _bytes(old: SqlType, new: SqlType) -> Iterator[tuple[Any, str]]:
    narrow, wide = _size(old), _size(new)
    if narrow is not None and wide is not None and wide > narrow:
        length = min(wide, max(narrow + 1, _LONGEST))
        yield b"n" * length, f"{length} bytes"


def _size(kind: SqlType) -> int | None:
    """Returns how many bytes a type for bytes with a limit holds, None for any other."""
    if kind.name in _COUNTED_BYTES:
        limit = kind.args[0] if kind.args else 1
        return int(limit) if str(limit).isdigit() else None
    return _BLOBS.get(kind.name)


def _bounds_of(old: SqlType, new: SqlType) -> Iterator[tuple[Any, str]]:
    if old.name not in _BITS:
        return
    top, bottom = _bounds(old)
    if new.name in _BITS:
        high, low = _bounds(new)
    elif new.name == "numeric":
        most = 10 ** (int(new.args[0]) - _scale(new)) - 1 if new.args else 10**24
        high, low = most, (0 if new.unsigned else -most)
    elif new.name == "double":
        high, low = top + 1, bottom - 1
    else:
        return
    if high > top:
        yield high, str(high)
    elif low < bottom:
        yield low, str(low)


def _bounds(kind: SqlType) -> tuple[int, int]:
    bits = _BITS[kind.name]
    if kind.unsigned:
        return 2**bits - 1, 0
    return 2 ** (bits - 1) - 1, -(2 ** (bits - 1))


def _scale(kind: SqlType) -> int:
    return int(kind.args[1]) if kind.name == "numeric" and len(kind.args) > 1 else 0


def _digits(old: SqlType, new: SqlType) -> Iterator[tuple[Any, str]]:
    if old.name != "numeric" or not old.args or new.name not in {"numeric", *_FLOATS}:
        return
    before, scale = int(old.args[0]) - _scale(old), _scale(old)
    exact = new.name == "numeric"
    after = int(new.args[0]) - _scale(new) if exact and new.args else before + 5
    if after > before:
        value = Decimal(10) ** before
        yield value, str(value)
    if (_scale(new) > scale or not new.args) and scale < 10 and after > 0:
        value = Decimal(1) + Decimal(1).scaleb(-(scale + 1))
        yield value, str(value)
    if old.unsigned and not new.unsigned:
        yield Decimal(-1), "-1"


def _precision(kind: SqlType, usual: int) -> int:
    return int(kind.args[0]) if kind.args and str(kind.args[0]).isdigit() else usual


def _moments(old: SqlType, new: SqlType, dialect: Dialect | None) -> Iterator[tuple[Any, str]]:
    value: datetime | time
    if old.name == "date" and new.name in _TIMES:
        value = datetime(2021, 3, 4, 5, 6, 7)
        yield value, f"'{value}'"
    if old.name == new.name == "time":
        value = time(5, 6, 7, 123456)
    elif old.name in _TIMES and new.name in _TIMES:
        value = datetime(2021, 3, 4, 5, 6, 7, 123456)
    else:
        return
    # Without a number PostgreSQL keeps six digits of a second, MariaDB none.
    usual = 0 if dialect in ("mysql", "mariadb") else 6
    if _precision(old, usual) < _precision(new, usual):
        yield value, f"'{value}'"


def _kinds(old: SqlType, new: SqlType) -> Iterator[tuple[Any, str]]:
    """Yields values of a kind that the old type does not know at all."""
    if old.name in _BITS or old.name == "boolean":
        if new.name in _FLOATS or (new.name == "numeric" and (_scale(new) or not new.args)):
            yield Decimal("1.5"), "1.5"
        if old.name == "boolean" and new.name in _BITS:
            yield 2, "2"
    if old.name in _STRICT and _is_text(new):
        yield _WORD, repr(_WORD)
