"""Statements that reach out of the database they run in: other databases, roles, settings of the server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from mrt_dynamic.guard.foreign import foreign_table
from mrt_lint.schema.dialects import Dialect
from mrt_lint.sql.words import words

if TYPE_CHECKING:
    from mrt_lint.sql.tokens import Item, TokenReader

_OBJECTS: Final[dict[Dialect, frozenset[str]]] = {
    "postgresql": words("ROLE USER GROUP TABLESPACE SUBSCRIPTION DATABASE"),
    "mysql": words("USER ROLE SERVER TABLESPACE LOGFILE UNDO DATABASE SCHEMA"),
    "mariadb": words("USER ROLE SERVER TABLESPACE LOGFILE UNDO DATABASE SCHEMA"),
    "oracle": words("USER ROLE PROFILE TABLESPACE DIRECTORY DATABASE PLUGGABLE"),
    "mssql": words("LOGIN SERVER DATABASE ENDPOINT CREDENTIAL"),
    "sqlite": frozenset(),
}
"""What belongs to the server: the second word after CREATE, ALTER, DROP, RENAME, COMMENT ON."""
_STARTS: Final[dict[Dialect, tuple[str, ...]]] = {
    "postgresql": ("ALTER SYSTEM", "REASSIGN OWNED", "DROP OWNED"),
    "mysql": ("GRANT", "REVOKE", "SET PASSWORD", "INSTALL", "UNINSTALL"),
    "mariadb": ("GRANT", "REVOKE", "SET PASSWORD", "INSTALL", "UNINSTALL"),
    "oracle": ("ALTER SYSTEM",),
    "mssql": ("RESTORE", "BACKUP", "RECONFIGURE"),
    "sqlite": (),
}
"""Other statements that change the server. MySQL keeps grants by the database's name, beyond its end."""
_HINTS: Final = words(
    """
    DATABASE SCHEMA ROLE USER GROUP TABLESPACE SUBSCRIPTION SYSTEM OWNED GRANT REVOKE PASSWORD GLOBAL
    PERSIST LOGIN SERVER ENDPOINT CREDENTIAL PROFILE DIRECTORY PLUGGABLE RESTORE BACKUP RECONFIGURE
    INSTALL UNDO LOGFILE ATTACH USE VACUUM
    """
)
_ROWS: Final = ("SELECT ", "INSERT ", "UPDATE ", "DELETE ")
_PREPARED: Final = ("PREPARE ",)
"""PostgreSQL prepares only statements that read or write rows; MySQL takes any, as a text.
Source: https://www.postgresql.org/docs/current/sql-prepare.html"""
_DATABASES: Final = words("DATABASE SCHEMA")
_DATABASE_OPTIONS: Final = words("DEFAULT CHARACTER CHARSET COLLATE ENCRYPTION READ COMMENT UPGRADE")
"""What may follow ALTER DATABASE where MySQL takes the current one."""
_BEFORE: Final = words("THEN BEGIN ELSE LOOP DO") | {";"}
"""After these, a statement begins."""


@lru_cache(maxsize=256)
def reaches_out(statement: str, dialect: Dialect, own: str, neighbours: frozenset[str]) -> str | None:
    """Returns what a text of SQL does beyond its database, None when it stays there as far as can be seen.

    `own`: the name of the database. `neighbours`: the other ones on the server, in lower case, where a
    statement can name them (MySQL, MariaDB). A text that mentions such things and cannot be read reaches
    out. Functions that a statement calls are not looked into.
    """
    upper = statement.upper()
    # One statement that only reads or writes rows names another database or stays here.
    starts = (*_ROWS, *_PREPARED) if dialect == "postgresql" else _ROWS
    simple = upper.lstrip().startswith(starts) and ";" not in upper
    if (simple or not any(word in upper for word in _HINTS)) and not any(
        name.upper() in upper for name in neighbours
    ):
        return None
    from mrt_lint.sql.failure import NotUnderstoodError

    try:
        return next(_reasons(statement, dialect, own, neighbours), None)
    except NotUnderstoodError as error:
        return f"it may reach out of its database: {error}"


def _reasons(text: str, dialect: Dialect, own: str, neighbours: frozenset[str]) -> Iterator[str]:
    from mrt_lint.sql.parsing import tokenize
    from mrt_lint.sql.tokens import TokenReader, items

    content = items(tokenize(text, dialect))
    reader = TokenReader(content, dialect)
    for index, item in enumerate(content):
        reader.position = index
        before = content[index - 1].upper if index else ";"
        if before in _BEFORE:
            yield from _at_start(reader, own)
        if item.kind == "string" and _is_run(content, index):
            yield from _reasons(item.text, dialect, own, neighbours)
        elif neighbours and (name := foreign_table(content, index)) and name.lower() in neighbours:
            yield f"it names the database {name}"


def _is_run(content: Sequence[Item], index: int) -> bool:
    """Returns whether a string is run: DO $$...$$, EXECUTE '...', EXECUTE format('...'), MySQL's PREPARE."""
    before = [item.upper for item in content[max(0, index - 3) : index]]
    prepared = before[:1] == ["PREPARE"] and before[2:] == ["FROM"]
    return prepared or before[-1:] in (["DO"], ["EXECUTE"]) or before == ["EXECUTE", "FORMAT", "("]


def _at_start(reader: TokenReader, own: str) -> Iterator[str]:
    """Yields what the statement that begins here changes outside."""
    dialect = reader.dialect
    if (phrase := reader.at(*_STARTS[dialect])) is not None:
        yield f"{phrase} changes the server"
    elif reader.at("GRANT", "REVOKE") is not None:
        yield from _grant(reader, own)
    elif (
        verb := reader.take("CREATE OR REPLACE", "CREATE", "ALTER", "DROP", "RENAME", "COMMENT ON")
    ) is not None:
        item = reader.peek()
        if item is not None and item.upper in _OBJECTS[dialect] and reader.at("USER MAPPING") is None:
            reader.next()
            if item.upper not in _DATABASES or not _is_own(reader, own):
                yield f"{verb} {item.upper} changes the server"
    elif dialect in ("mysql", "mariadb") and reader.take("SET"):
        yield from _set(reader)
    elif dialect in ("mysql", "mariadb", "mssql") and reader.take("USE"):
        if not _is_own(reader, own):
            yield "USE goes to another database"
    elif dialect == "sqlite" and reader.take("ATTACH"):
        reader.take("DATABASE")
        item = reader.peek()
        if item is None or item.kind == "sign" or item.text not in ("", ":memory:"):
            yield "ATTACH opens another file"
    elif dialect == "sqlite" and reader.take("VACUUM") and _has_into(reader):
        yield "VACUUM INTO writes another file"


def _has_into(reader: TokenReader) -> bool:
    """Returns whether INTO follows, a schema's name in front of it or not."""
    return any(item.upper == "INTO" for item in reader.items[reader.position : reader.position + 2])


def _is_own(reader: TokenReader, own: str) -> bool:
    """Returns whether the name that follows is the database's own, or left out."""
    reader.take("IF NOT EXISTS", "IF EXISTS")
    item = reader.peek()
    return item is None or item.text in (own, ";", "=") or item.upper in _DATABASE_OPTIONS


def _grant(reader: TokenReader, own: str) -> Iterator[str]:
    """Yields what a grant changes: those on objects stay in the database, membership in roles does not."""
    verb = reader.next().upper
    while (item := reader.peek()) is not None and item.text != ";":
        if reader.take("ON"):
            if reader.take("DATABASE") and not _is_own(reader, own):
                yield f"{verb} ON DATABASE names another database"
            elif reader.at("TABLESPACE", "PARAMETER"):
                yield f"{verb} changes the server"
            return
        reader.next()
    yield f"{verb} of a role changes the server"


def _set(reader: TokenReader) -> Iterator[str]:
    """Yields whether SET (read past) changes a setting of the whole server."""
    fresh = True
    while (item := reader.peek()) is not None and item.text != ";":
        if fresh and item.upper in ("GLOBAL", "PERSIST", "PERSIST_ONLY"):
            yield "SET GLOBAL changes the server"
            return
        if item.text != "@@":
            fresh = item.text == ","
        reader.next()
