"""INSERT, UPDATE, DELETE, MERGE, SELECT, TRUNCATE, COPY and WITH."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

from sqlglot.tokenizer_core import Token, TokenType

from mrt_lint.ops.base import Operation
from mrt_lint.ops.data import Insert, Query
from mrt_lint.ops.deletes import Truncate
from mrt_lint.schema.dialects import MYSQL
from mrt_lint.schema.names import Name
from mrt_lint.sql.canonical import canonical_of
from mrt_lint.sql.failure import NotUnderstoodError
from mrt_lint.sql.functions import is_pure
from mrt_lint.sql.holes import is_hole
from mrt_lint.sql.parsing import parse_query
from mrt_lint.sql.statement import Handlers, Statement
from mrt_lint.sql.tokens import Item, TokenReader
from mrt_lint.sql.words import words
from mrt_lint.sql.writes import Lowering


def lower_data(statement: Statement) -> Iterator[Operation]:
    """Any statement on rows, the reader at its first word."""
    reader = statement.reader
    head = _head(reader.sub(0, len(reader.items)))
    try:
        tokens, flags = _prepared(reader)
        try:
            tree = parse_query(tokens, statement.dialect)
        except NotUnderstoodError:
            if not _only_selects(reader):
                raise
            yield statement.make(Query, query=reader.sub(0, len(reader.items)).text())
            return
        yield from Lowering(statement, tree, flags).lower(tree)
    except NotUnderstoodError as error:
        tables = error.tables if error.tables is not None else head
        data_only = error.data_only or head is not None
        raise NotUnderstoodError(error.reason, tables, data_only) from error


def _head(reader: TokenReader) -> tuple[Name, ...] | None:
    """Returns the one table that an INSERT, UPDATE or DELETE names first, None if that is not sure."""
    verb = reader.take("INSERT INTO", "DELETE FROM", "UPDATE")
    if verb is None:
        return None
    reader.take("ONLY")
    if reader.take("OR"):
        reader.next()
    try:
        name = reader.name()
    except NotUnderstoodError:
        return None
    single = verb == "INSERT INTO" or reader.dialect not in MYSQL or reader.done or reader.at("SET", "WHERE")
    after = reader.peek()
    hole = after is not None and is_hole(after.text)
    return (name,) if (single or hole) and not is_hole(name.name) else None


_WRITING: Final = frozenset(
    {"INTO", "INSERT", "UPDATE", "DELETE", "MERGE", "CALL", "EXEC", "EXECUTE", "REPLACE"}
)
_CALLED_KEYWORDS: Final = words(
    """
    SELECT FROM WHERE IN AND OR NOT ON AS USING VALUES EXISTS ANY ALL SOME OVER FILTER GROUP BY HAVING
    UNION EXCEPT INTERSECT JOIN LATERAL WITH THEN WHEN ELSE CASE BETWEEN LIKE IS LIMIT OFFSET DISTINCT
    """
)


def _only_selects(reader: TokenReader) -> bool:
    """Returns whether a SELECT that cannot be parsed surely only reads: no writing word, no unknown call."""
    content = reader.items
    if content[0].upper != "SELECT" or any(item.upper in _WRITING for item in content):
        return False
    if _calls_of_schemas(content):
        return False
    for item, after in pairwise(content):
        called = after.text == "(" and item.kind in ("word", "name") and item.upper not in _CALLED_KEYWORDS
        if called and (item.kind == "name" or not is_pure(item.text.lower(), reader.dialect)):
            return False
    return any(item.upper == "FROM" for item in content)


def _calls_of_schemas(content: Sequence[Item]) -> bool:
    """Returns whether a function is called by a qualified name."""
    return any(
        content[index].text == "." and content[index + 2].text == "("
        for index in range(len(content) - 2)
        if content[index].kind == "sign"
    )


_HINTS: Final = frozenset({"LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "QUICK"})


def _prepared(reader: TokenReader) -> tuple[list[Token], dict[str, Any]]:
    """Returns the tokens without what sqlglot's grammar lacks, and what that said."""
    flags: dict[str, Any] = {}
    content = list(reader.items[reader.position :])
    reader.rest()
    verb = content[0].upper
    if verb == "REPLACE":
        flags["replaces"] = True
        content[0] = Item("word", "INSERT", "INSERT", Token(TokenType.INSERT, "INSERT"))
    start = 1
    while len(content) > start and content[start].upper in _HINTS and reader.dialect in MYSQL:
        del content[start]
    if verb in ("UPDATE", "DELETE") and reader.dialect in MYSQL and _word(content, 1) == "IGNORE":
        flags["ignores"] = True
        del content[1]
    if verb == "UPDATE" and _word(content, 1) == "OR" and reader.dialect == "sqlite":
        if _word(content, 2) == "REPLACE":
            raise NotUnderstoodError("UPDATE OR REPLACE may delete other rows", data_only=True)
        flags["ignores"] = _word(content, 2) == "IGNORE"
        del content[1:3]
    if _word(content, 1) == "TOP" and reader.dialect == "mssql" and verb in ("UPDATE", "DELETE"):
        top = TokenReader(content[2:], reader.dialect)
        flags["limit"] = "LIMIT " + top.parens().text()
        del content[1 : 2 + top.position]
    position = _phrase(content, ("OVERRIDING", "SYSTEM", "VALUE")) or _phrase(
        content, ("OVERRIDING", "USER", "VALUE")
    )
    if position:
        del content[position : position + 3]
    return [item.token for item in content if item.first], flags


def _word(content: list[Item], index: int) -> str:
    return content[index].upper if index < len(content) else ""


def _phrase(content: list[Item], words: tuple[str, ...]) -> int:
    for index in range(1, len(content) - len(words) + 1):
        if all(content[index + offset].upper == word for offset, word in enumerate(words)):
            return index
    return 0


# Statements read from tokens


def truncate(statement: Statement) -> Iterator[Operation]:
    """TRUNCATE [TABLE] a, b [RESTART IDENTITY] [CASCADE]."""
    reader = statement.reader
    reader.take("TABLE")
    conditional = reader.conditional()
    names = []
    while True:
        reader.take("ONLY")
        names.append(reader.name())
        reader.take("*")
        if not reader.take(","):
            break
    restart = reader.take("RESTART IDENTITY", "CONTINUE IDENTITY") == "RESTART IDENTITY"
    cascade = reader.take("CASCADE", "RESTRICT") == "CASCADE"
    reader.take("DROP STORAGE", "REUSE STORAGE")
    reader.end()
    for name in names:
        yield statement.make(
            Truncate, table=name, cascade=cascade, restart_identity=restart, conditional=conditional
        )


def copy(statement: Statement) -> Iterator[Operation]:
    """COPY t FROM adds rows, COPY .. TO reads."""
    reader = statement.reader
    if reader.at("("):
        inside = reader.parens()
        text = "COPY (" + canonical_of(inside) + ") " + reader.rest().text()
        yield statement.make(Query, query=text)
        return
    table = reader.name()
    columns = reader.listed() if reader.at("(") else None
    direction = reader.expect("FROM", "TO")
    rest = reader.rest().text()
    if direction == "TO":
        yield statement.make(Query, query=f"COPY {table} TO {rest}")
    else:
        yield statement.make(Insert, table=table, columns=columns)


def explain(statement: Statement) -> Iterable[Operation]:
    """EXPLAIN only reads; EXPLAIN ANALYZE runs the statement."""
    reader = statement.reader
    runs = bool(reader.take("ANALYZE"))
    if reader.at("("):
        runs = runs or any(part.at("ANALYZE") for part in reader.parens().split())
    reader.take("VERBOSE", "EXTENDED", "QUERY PLAN")
    if not runs:
        yield statement.make(Query, query="EXPLAIN " + reader.rest().text())
        return
    yield from lower_data(replace(statement, reader=reader.rest()))


def _unread(handler: Any) -> Any:
    """Returns a handler that gets the reader in front of the first word."""

    def lower(statement: Statement) -> Iterable[Operation]:
        statement.reader.position = 0
        return handler(statement)  # type: ignore[no-any-return]

    return lower


HANDLERS: Final[Handlers] = {
    **{
        verb: _unread(lower_data)
        for verb in ("INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "SELECT", "WITH")
    },
    **{verb: _unread(lower_data) for verb in ("VALUES", "TABLE", "(")},
    "TRUNCATE": truncate,
    "COPY": copy,
    "EXPLAIN": explain,
    "DESCRIBE": explain,
    "DESC": explain,
}
