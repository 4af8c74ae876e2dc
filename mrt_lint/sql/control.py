"""Settings, transactions, locks, maintenance, and code that is run and not followed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mrt_lint.ops.base import Operation
from mrt_lint.ops.columns import RenameColumn
from mrt_lint.ops.control import SetVariable, TransactionControl
from mrt_lint.ops.data import Query
from mrt_lint.ops.indexes import RenameIndex
from mrt_lint.ops.objects import Maintain
from mrt_lint.ops.tables import RenameTable
from mrt_lint.schema.dialects import MYSQL
from mrt_lint.schema.names import Name
from mrt_lint.sql.parsing import tokenize
from mrt_lint.sql.statement import Handler, Handlers, Statement
from mrt_lint.sql.tokens import TokenReader, items

# Settings


def set_variable(statement: Statement) -> Iterator[Operation]:
    """SET [SESSION | LOCAL | GLOBAL] name = value, SET ROLE, SET TRANSACTION, SET NAMES, ..."""
    reader = statement.reader
    scope = reader.take("SESSION CHARACTERISTICS AS", "LOCAL", "SESSION", "GLOBAL")
    local = scope == "LOCAL"
    if phrase := reader.take(
        "TRANSACTION", "CONSTRAINTS", "NAMES", "CHARACTER SET", "IDENTITY_INSERT", "AUTHORIZATION"
    ):
        yield statement.make(SetVariable, name=phrase.lower(), value=reader.rest().text(), local=local)
        return
    if phrase := reader.take("ROLE", "SESSION AUTHORIZATION"):
        yield statement.make(SetVariable, name=phrase.lower(), value=_value(reader.rest()), local=local)
        return
    if reader.take("TIME ZONE"):
        yield statement.make(SetVariable, name="timezone", value=_value(reader.rest()), local=local)
        return
    parts = reader.split() if statement.dialect in MYSQL else [reader.rest()]
    if not parts or not parts[0].items:
        raise reader.trouble("a setting expected")
    for part in parts:
        yield _setting(statement, part, local)


def _setting(statement: Statement, part: TokenReader, local: bool) -> Operation:
    part.take("SESSION", "GLOBAL", "LOCAL")
    while part.at("@", "@@"):
        part.next()
        part.take("SESSION .", "GLOBAL .", "LOCAL .")
    name = ".".join(part.path()).lower()
    if not part.take("TO", "=", ":="):
        if part.dialect == "mssql" or part.done:
            return statement.make(SetVariable, name=name, value=_value(part.rest()), local=local)
        raise part.trouble("= expected")
    if part.done:
        raise part.trouble("a value expected")
    value = None if part.at("DEFAULT") and len(part.items) - part.position == 1 else _value(part.rest())
    return statement.make(SetVariable, name=name, value=value, local=local)


def _value(reader: TokenReader) -> str:
    """Returns a setting's value; a single string or word without its quotes."""
    left = reader.items[reader.position :]
    if len(left) == 1:
        reader.rest()
        return left[0].text
    return reader.text()


def reset(statement: Statement) -> Iterator[Operation]:
    """RESET name, RESET ALL."""
    reader = statement.reader
    name = reader.take("ROLE", "SESSION AUTHORIZATION", "TIME ZONE", "ALL") or ".".join(reader.path())
    reader.end()
    yield statement.make(SetVariable, name=name.lower(), value=None)


def pragma(statement: Statement) -> Iterator[Operation]:
    """PRAGMA name [= value | (value)]; without a value it only reads."""
    reader = statement.reader
    name = reader.path()[-1].lower()
    if reader.done:
        yield statement.make(Query, query=f"PRAGMA {name}")
        return
    inside = reader.parens() if reader.at("(") else None
    if inside is None:
        reader.expect("=")
    if name == "writable_schema":
        raise statement.opaque("PRAGMA writable_schema lets the schema be written by hand")
    value = _value(inside or reader.rest())
    reader.end()
    yield statement.make(SetVariable, name=name, value=value)


def reads(statement: Statement) -> Iterator[Operation]:
    """SHOW, PRINT, LISTEN and the like."""
    yield statement.make(Query, query=statement.reader.original() or statement.reader.source.strip())
    statement.reader.rest()


# Transactions


def _transaction(action: str) -> Handler:
    def lower(statement: Statement) -> Iterator[Operation]:
        reader = statement.reader
        named = action
        if action == "rollback" and reader.take("PREPARED"):
            raise statement.opaque("ROLLBACK PREPARED")
        if action == "commit" and reader.take("PREPARED"):
            raise statement.opaque("COMMIT PREPARED")
        reader.take("TRANSACTION", "WORK", "TRAN")
        if action in ("savepoint", "release"):
            reader.take("SAVEPOINT")
            reader.identifier()
        elif action == "rollback":
            if reader.take("TO SAVEPOINT", "TO"):
                reader.identifier()
            reader.take("AND NO CHAIN", "AND CHAIN", "NO RELEASE", "RELEASE")
        elif action == "commit":
            reader.take("AND NO CHAIN", "AND CHAIN", "NO RELEASE", "RELEASE")
        elif not reader.done:
            _modes(reader)
        reader.end()
        yield statement.make(TransactionControl, action=named)

    return lower


def _modes(reader: TokenReader) -> None:
    while not reader.done:
        reader.take(",")
        if not reader.take(
            "ISOLATION LEVEL SERIALIZABLE",
            "ISOLATION LEVEL REPEATABLE READ",
            "ISOLATION LEVEL READ COMMITTED",
            "ISOLATION LEVEL READ UNCOMMITTED",
            "READ ONLY",
            "READ WRITE",
            "NOT DEFERRABLE",
            "DEFERRABLE",
            "WITH CONSISTENT SNAPSHOT",
            "IMMEDIATE",
            "EXCLUSIVE",
            "DEFERRED",
            "TRANSACTION",
        ):
            return


def lock(statement: Statement) -> Iterator[Operation]:
    """LOCK [TABLE] a, b [IN .. MODE] [NOWAIT]; MySQL's LOCK TABLES a WRITE."""
    reader = statement.reader
    reader.take("TABLES", "TABLE")
    names: list[Name] = []
    while True:
        reader.take("ONLY")
        names.append(reader.name())
        reader.take("*")
        if reader.take("AS"):
            reader.identifier()
        reader.take("READ LOCAL", "READ", "LOW_PRIORITY WRITE", "WRITE")
        if not reader.take(","):
            break
    if reader.take("IN"):
        reader.until("MODE")
        reader.expect("MODE")
    reader.take("NOWAIT")
    reader.end()
    yield statement.make(TransactionControl, action="lock", tables=tuple(names))


def unlock(statement: Statement) -> Iterator[Operation]:
    """MySQL's UNLOCK TABLES."""
    statement.reader.expect("TABLES", "TABLE")
    statement.reader.end()
    yield statement.make(TransactionControl, action="release")


# Maintenance


def _maintain(what: str, *kinds: str) -> Handler:
    """Returns a handler for VACUUM and its kin: options, then what it works on."""

    def lower(statement: Statement) -> Iterator[Operation]:
        reader = statement.reader
        full = concurrently = False
        if reader.at("("):
            options = {part.text().upper().partition(" ")[0] for part in reader.parens().split()}
            full, concurrently = "FULL" in options, "CONCURRENTLY" in options
        while word := reader.take("FULL", "FREEZE", "VERBOSE", "ANALYZE", "NO_WRITE_TO_BINLOG", "LOCAL"):
            full = full or word == "FULL"
        reader.take(*kinds)
        concurrently = bool(reader.take("CONCURRENTLY")) or concurrently
        targets: list[Name | None] = []
        while not reader.done and not reader.at("USING", "WITH"):
            targets.append(reader.name())
            if reader.at("("):
                reader.parens()
            if not reader.take(","):
                break
        if reader.take("WITH NO DATA"):
            raise statement.opaque("REFRESH .. WITH NO DATA empties the view", tuple(filter(None, targets)))
        reader.take("WITH DATA")
        if reader.take("USING"):
            reader.identifier()
        reader.end()
        for target in targets or [None]:
            yield statement.make(Maintain, what=what, target=target, full=full, concurrently=concurrently)

    return lower


# Code


def refused(reason: str) -> Handler:
    """Returns a handler for statements that are known and not followed."""

    def lower(statement: Statement) -> Iterator[Operation]:
        rest = statement.reader.rest().text()
        raise statement.opaque(f"{reason} {rest[:60]}".strip())
        yield

    return lower


def execute(statement: Statement) -> Iterator[Operation]:
    """SQL Server's EXEC sp_rename renames; any other procedure may do anything."""
    reader = statement.reader
    procedure = reader.path()[-1].lower()
    if statement.dialect != "mssql" or procedure != "sp_rename":
        raise statement.opaque(f"procedure {procedure} may do anything")
    arguments = [_argument(part) for part in reader.split()]
    if len(arguments) not in (2, 3):
        raise statement.opaque("sp_rename with other than two or three arguments")
    old, new = arguments[0], arguments[1]
    kind = arguments[2].upper() if len(arguments) == 3 else "OBJECT"
    path = TokenReader(items(tokenize(old, "mssql")), "mssql", old).path()
    if kind == "COLUMN" and len(path) >= 2:
        table = Name(path[-2], path[-3] if len(path) > 2 else None)
        yield statement.make(RenameColumn, table=table, name=path[-1], new=new)
    elif kind == "INDEX" and len(path) >= 2:
        table = Name(path[-2], path[-3] if len(path) > 2 else None)
        yield statement.make(RenameIndex, name=Name(path[-1]), new=new, table=table)
    elif kind == "OBJECT" and len(arguments) == 2:
        table = Name(path[-1], path[-2] if len(path) > 1 else None)
        yield statement.make(RenameTable, table=table, new=Name(new, table.schema))
    else:
        raise statement.opaque(f"sp_rename of {kind.lower()} {old}")


def _argument(part: TokenReader) -> str:
    if part.take("@"):
        part.identifier()
        part.expect("=")
    value = part.string()
    part.end()
    return value


HANDLERS: Final[Handlers] = {
    "SET": set_variable,
    "RESET": reset,
    "DISCARD": reads,
    "PRAGMA": pragma,
    "SHOW": reads,
    "USE": refused("USE"),
    "PRINT": reads,
    "LISTEN": reads,
    "UNLISTEN": reads,
    "NOTIFY": reads,
    "CHECKPOINT": reads,
    "BEGIN": _transaction("begin"),
    "START": _transaction("begin"),
    "COMMIT": _transaction("commit"),
    "END": _transaction("commit"),
    "ROLLBACK": _transaction("rollback"),
    "ABORT": _transaction("rollback"),
    "SAVEPOINT": _transaction("savepoint"),
    "SAVE": _transaction("savepoint"),
    "RELEASE": _transaction("release"),
    "LOCK": lock,
    "UNLOCK": unlock,
    "VACUUM": _maintain("vacuum"),
    "ANALYZE": _maintain("analyze", "TABLE", "TABLES"),
    "CLUSTER": _maintain("cluster"),
    "REINDEX": _maintain("reindex", "INDEX", "TABLE", "SCHEMA", "DATABASE", "SYSTEM"),
    "REFRESH MATERIALIZED VIEW": _maintain("refresh"),
    "OPTIMIZE": _maintain("optimize", "TABLE", "TABLES"),
    "REPAIR": _maintain("optimize", "TABLE", "TABLES"),
    "CHECK TABLE": _maintain("analyze"),
    "CALL": refused("a procedure may do anything: CALL"),
    "EXEC": execute,
    "EXECUTE": execute,
    "DECLARE": refused("DECLARE"),
    "DROP DATABASE": refused("DROP DATABASE"),
    "CREATE DATABASE": refused("CREATE DATABASE"),
    "ALTER DATABASE": refused("ALTER DATABASE"),
    "ALTER SYSTEM": refused("ALTER SYSTEM"),
    "DROP OWNED": refused("DROP OWNED"),
    "REASSIGN OWNED": refused("REASSIGN OWNED"),
    "SECURITY LABEL": reads,
    "HANDLER": refused("HANDLER"),
    "LOAD": refused("LOAD"),
    "PREPARE": refused("PREPARE"),
    "DEALLOCATE": reads,
    "FLUSH": reads,
    "KILL": reads,
    "ATTACH": refused("ATTACH"),
    "DETACH": refused("DETACH"),
    "IMPORT FOREIGN SCHEMA": refused("IMPORT FOREIGN SCHEMA"),
}
