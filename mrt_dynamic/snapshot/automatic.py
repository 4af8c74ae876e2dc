"""Tells names that a database gave by itself from those that somebody chose."""

from __future__ import annotations

import re
from typing import Final

from mrt_lint.schema.automatic_names import object_name

_LABELS: Final = {
    "primary": "pkey",
    "unique": "key",
    "foreign": "fkey",
    "check": "check",
    "exclude": "excl",
    "index": "idx",
}


def postgresql_name(table: str, kind: str, columns: tuple[str, ...], name: str) -> bool:
    """Returns whether PostgreSQL may have given the name: `<table>_<columns>_<label>` and a number.

    A name stays when its table is renamed, so that of a primary key is known by its label.
    Source: `ChooseConstraintName` and `ChooseIndexName` in PostgreSQL's src/backend.

    >>> postgresql_name("users", "unique", ("email",), "users_email_key1")
    True
    >>> postgresql_name("users", "unique", ("email",), "uq_users_email")
    False
    """
    label = _LABELS[kind]
    stem = re.sub(r"[0-9]+$", "", name)
    if kind == "primary" and stem.endswith(f"_{label}"):
        return True
    if not stem.endswith(f"_{label}"):
        return False
    if kind == "check":
        # Named after the column if the condition speaks of one column alone.
        return any(stem == object_name(table, column, label) for column in ("", *columns))
    between = "" if kind == "primary" else "_".join(columns)
    return stem == object_name(table, between, label)


def mysql_name(table: str, kind: str, columns: tuple[str, ...], name: str) -> bool:
    """Returns whether MySQL or MariaDB may have given the name.

    Keys are called after their first column, foreign keys and checks by number.
    Source: MySQL manual, "CREATE TABLE" and "CHECK Constraints"; MariaDB's `CONSTRAINT_1` is measured.

    >>> mysql_name("users", "unique", ("email",), "email_2"), mysql_name("users", "check", (), "CONSTRAINT_1")
    (True, True)
    """
    if kind == "primary":
        return True
    if kind in ("foreign", "check"):
        word = "ibfk" if kind == "foreign" else "chk"
        return re.fullmatch(rf"(?i:{re.escape(table)}_{word}_|CONSTRAINT_|)[0-9]+", name) is not None
    first = columns[0].partition("(")[0].lower() if columns else ""
    return bool(first) and re.fullmatch(rf"{re.escape(first)}(_[0-9]+)?", name.lower()) is not None
