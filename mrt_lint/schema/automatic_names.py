"""The names that PostgreSQL gives by itself: `<table>_<columns>_<label>`, cut to 63 bytes.

Source: `makeObjectName` in PostgreSQL's src/backend/commands/indexcmds.c: of table and columns the
longer one loses its last bytes until both fit; the label is never cut.
"""

from __future__ import annotations

_MAX_BYTES = 63


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
