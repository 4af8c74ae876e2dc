"""The few facts about databases that names and the replay depend on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from mrt_lint.classes import dataclass
from mrt_lint.phrases import listed

Dialect = Literal["postgresql", "mysql", "mariadb", "sqlite", "oracle", "mssql"]


@dataclass(frozen=True, slots=True)
class DialectFacts:
    """What the replay must know about one database, and how it spells itself (`title`).

    `folds`: names compare without regard to case. `default_schema`: the schema that an
    unqualified name means. `native_enum`: an enum is a schema object of its own. `cuts`: bytes
    after which a longer name is cut without an error (PostgreSQL manual, Lexical Structure).
    """

    name: Dialect
    title: str
    folds: bool
    default_schema: str | None
    native_enum: bool
    cuts: int | None = None

    def compared(self, name: str) -> str:
        """Returns a name as it compares on this database.

        >>> FACTS["postgresql"].compared("é" * 32) == "é" * 31
        True
        """
        if self.folds:
            return name.lower()
        if self.cuts is None or (len(name) <= self.cuts and name.isascii()):
            return name
        return name.encode()[: self.cuts].decode(errors="ignore")


FACTS: Final[dict[Dialect, DialectFacts]] = {
    "postgresql": DialectFacts("postgresql", "PostgreSQL", False, "public", True, 63),
    "mysql": DialectFacts("mysql", "MySQL", True, None, False),
    "mariadb": DialectFacts("mariadb", "MariaDB", True, None, False),
    "sqlite": DialectFacts("sqlite", "SQLite", True, "main", False),
    "oracle": DialectFacts("oracle", "Oracle", True, None, False),
    "mssql": DialectFacts("mssql", "SQL Server", True, "dbo", False),
}

DIALECTS: Final[tuple[Dialect, ...]] = tuple(FACTS)

MYSQL: Final[tuple[Dialect, ...]] = ("mysql", "mariadb")
"""The two that understand the same statements and, where nothing else is said, act alike."""

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


def titles(dialects: Iterable[str]) -> str:
    """Returns databases by their names.

    >>> titles(["postgresql", "mysql", "mariadb"])
    'PostgreSQL, MySQL and MariaDB'
    """
    named = {str(name): facts.title for name, facts in FACTS.items()}
    return listed([named.get(name, name) for name in dialects])


def dialect_named(text: str) -> Dialect | None:
    """Returns the dialect that a user, a URL scheme or SQLAlchemy calls `text`, or None.

    >>> dialect_named("postgresql+psycopg")
    'postgresql'
    """
    word = text.strip().lower().partition("+")[0]
    if word in FACTS:
        return word
    return ALIASES.get(word)
