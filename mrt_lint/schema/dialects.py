"""The few facts about databases that names and the replay depend on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Dialect = Literal["postgresql", "mysql", "mariadb", "sqlite", "oracle", "mssql"]


@dataclass(frozen=True, slots=True)
class DialectFacts:
    """What the replay must know about one database.

    `folds`: names compare without regard to case. `default_schema`: the schema that an
    unqualified name means. `native_enum`: an enum is a schema object of its own.
    """

    name: Dialect
    folds: bool
    default_schema: str | None
    native_enum: bool


FACTS: Final[dict[Dialect, DialectFacts]] = {
    "postgresql": DialectFacts("postgresql", False, "public", True),
    "mysql": DialectFacts("mysql", True, None, False),
    "mariadb": DialectFacts("mariadb", True, None, False),
    "sqlite": DialectFacts("sqlite", True, "main", False),
    "oracle": DialectFacts("oracle", True, None, False),
    "mssql": DialectFacts("mssql", True, "dbo", False),
}

DIALECTS: Final[tuple[Dialect, ...]] = tuple(FACTS)

ALIASES: Final[dict[str, Dialect]] = {
    "postgres": "postgresql",
    "pg": "postgresql",
    "psycopg": "postgresql",
    "psycopg2": "postgresql",
    "asyncpg": "postgresql",
    "cockroachdb": "postgresql",
    "sqlite3": "sqlite",
    "sqlserver": "mssql",
    "tsql": "mssql",
}


def dialect_named(text: str) -> Dialect | None:
    """Returns the dialect that a user, a URL scheme or SQLAlchemy calls `text`, or None.

    >>> dialect_named("postgresql+psycopg")
    'postgresql'
    """
    word = text.strip().lower().partition("+")[0]
    if word in FACTS:
        return word
    return ALIASES.get(word)
