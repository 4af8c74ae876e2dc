"""Names of database objects and the keys under which State keeps them."""

from __future__ import annotations

from enum import Enum
from typing import Final, Literal, NamedTuple

from mrt_lint.classes import dataclass


class Unknown(Enum):
    """The type of `UNKNOWN`: a fact that the migration does not tell (not the same as absent)."""

    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> Literal[False]:
        return False


UNKNOWN: Final = Unknown.UNKNOWN


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """A possibly schema-qualified name of a table, view, type, ...; `schema` None is the default one.

    >>> str(Name("users", "auth"))
    'auth.users'
    """

    name: str
    schema: str | None = None

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema else self.name

    def renamed(self, name: str) -> Name:
        """Returns the same place under another last name."""
        return Name(name, self.schema)


Kind = Literal[
    "table",
    "view",
    "type",
    "sequence",
    "trigger",
    "function",
    "schema",
    "extension",
    "policy",
    "grant",
    "other",
]
"""Kinds of top-level objects of State. Columns, constraints and indexes live in their table."""


class Key(NamedTuple):
    """Where State keeps an object: its kind, its folded schema and its folded name."""

    kind: Kind
    schema: str
    name: str
