"""Of which of SQLAlchemy's type classes an object is that reflection makes of a column's type.

Measured with SQLAlchemy 2.1 on SQLite 3.40, PostgreSQL 15 and MariaDB 10.11
(`tests/truth/test_reflected_types.py`).
"""

from __future__ import annotations

from typing import Final

from mrt_lint.schema.dialects import MYSQL, Dialect
from mrt_lint.schema.types import SqlType

_CLASSES: Final[dict[str, tuple[str, ...]]] = {
    "text": ("Text", "String"),
    "varchar": ("String",),
    "char": ("String",),
    "json": ("JSON",),
    "integer": ("Integer",),
    "bigint": ("BigInteger", "Integer"),
    "smallint": ("SmallInteger", "Integer"),
    "boolean": ("Boolean",),
    "date": ("Date",),
    "time": ("Time",),
    "datetime": ("DateTime",),
    "timestamp": ("DateTime",),
    "numeric": ("Numeric",),
}
"""By canonical name of the type: those of `_KNOWN` that it is."""

_KNOWN: Final = frozenset(name for names in _CLASSES.values() for name in names)
_OTHER_ON_MYSQL: Final = ("boolean", "json")
"""Kept under another type, which hangs on the server (MySQL manual 13.1, MariaDB "JSON Data Type")."""


def reflected_as(kind: SqlType, classes: tuple[str, ...], dialect: Dialect) -> bool | None:
    """Returns whether the reflected type is one of these classes, None if that is not known."""
    if dialect not in ("sqlite", "postgresql", "mysql", "mariadb"):
        return None
    own = _CLASSES.get(kind.name)
    if own is None or (dialect in MYSQL and kind.name in _OTHER_ON_MYSQL):
        return None
    if any(name in own for name in classes):
        return True
    return False if _KNOWN.issuperset(classes) else None
