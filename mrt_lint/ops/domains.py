"""Domains of PostgreSQL: a column of one with a default of its own is filled by it when it is added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mrt_lint.schema.names import UNKNOWN, Name, Unknown
from mrt_lint.schema.objects import SchemaObject
from mrt_lint.schema.types import SqlType

if TYPE_CHECKING:
    from mrt_lint.schema.state import State

_DEEPEST: Final = 20


def domain_default(state: State, kind: SqlType | Unknown) -> str | Unknown | None:
    """Returns the default of the domain that a type is, or of one under it; None: it is none, or has none.

    UNKNOWN: it may have one. Of a type that is not known to be there only the type itself tells that.
    Source: PostgreSQL manual, CREATE DOMAIN; ADD COLUMN writes it into every row (tried on PostgreSQL 15).
    """
    if state.dialect != "postgresql" or isinstance(kind, Unknown) or kind.element is not None:
        return None
    name = Name(kind.name, kind.schema)
    for _ in range(_DEEPEST):
        found = state.get("type", name)
        if not isinstance(found, SchemaObject):
            return UNKNOWN if kind.fills and found is None else None
        if any("DEFAULT" in key.upper() for key, _ in found.details):
            return UNKNOWN  # ALTER DOMAIN has set or dropped one.
        if found.default is not None or found.base is None:
            return found.default
        name = found.base
    return UNKNOWN
