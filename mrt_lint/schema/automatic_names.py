"""The names that PostgreSQL gives by itself: `<table>_<columns>_<label>`, cut to 63 bytes; and long names.

Source: `makeObjectName` in PostgreSQL's src/backend/commands/indexcmds.c: of table and columns the
longer one loses its last bytes until both fit; the label is never cut.
"""

from __future__ import annotations

import hashlib
from typing import Final

from mrt_lint.schema.dialects import FACTS, Dialect

_MAX_BYTES: Final = FACTS["postgresql"].cuts or 0

_LONGEST: Final[dict[str, int]] = {"postgresql": 63, "mysql": 64, "mariadb": 64, "oracle": 128, "mssql": 128}
"""How long the name of a constraint or index may be to SQLAlchemy (`max_identifier_length`)."""


def shortened(name: str, dialect: Dialect, sql: bool = False) -> str:
    """Returns the name that a constraint or index has in the database; `sql`: no SQLAlchemy wrote it.

    SQLAlchemy puts four digits of a digest behind a name that a convention made too long
    (`IdentifierPreparer._truncate_and_render_maxlen_name`); PostgreSQL cuts what it is given.

    >>> shortened("uq__" + "a" * 80, "postgresql")[-8:], shortened("uq__a", "postgresql")
    ('aaa_ca9b', 'uq__a')
    """
    longest = _LONGEST.get(dialect)
    if longest is None or len(name) <= longest:
        return name
    if sql:
        return FACTS[dialect].compared(name) if FACTS[dialect].cuts else name
    digest = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
    return f"{name[: longest - 8]}_{digest[-4:]}"


def object_name(table: str, columns: str, label: str) -> str:
    """Returns the name of a part of a table; `columns` "" for a part that names none.

    >>> object_name("users", "email", "key"), object_name("users", "", "pkey")
    ('users_email_key', 'users_pkey')
    """
    one, other = table.encode(), columns.encode()
    room = _MAX_BYTES - len(label.encode()) - 1 - (1 if columns else 0)
    first, second = len(one), len(other)
    while first + second > room:
        if first > second:
            first -= 1
        else:
            second -= 1
    parts = [_cut(one, first), _cut(other, second), label]
    return "_".join(part for part in parts if part)


def sequence_name(table: str, column: str, number: int = 0) -> str:
    """Returns the name of the sequence that a SERIAL or identity column gets when it is made.

    `number`: how many of the names before it are taken.
    """
    return object_name(table, column, f"seq{number or ''}")


def _cut(name: bytes, length: int) -> str:
    return name[:length].decode(errors="ignore")
