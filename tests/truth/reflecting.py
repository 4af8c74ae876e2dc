"""What the readers of SQLite and PostgreSQL share."""

from __future__ import annotations

from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.types import SqlType
from mrt_lint.sql import type_from_sql


def read_type(text: str, dialect: Dialect) -> SqlType:
    """Returns the type that the database spells so."""
    found = type_from_sql(text, dialect)
    assert found is not None, f"type {text!r} of {dialect} is not read"
    return found


def action(text: str | None) -> str | None:
    """Returns a referential action; NO ACTION is what is meant when nothing is written."""
    return None if not text or text == "NO ACTION" else text
