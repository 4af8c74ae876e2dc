"""SQL Server's IF before one statement: it runs under a condition that the migration decides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mrt_lint.ops.base import Operation
from mrt_lint.ops.guard import Undecided
from mrt_lint.sql.statement import Handlers, Statement

_VERBS: Final = (
    "CREATE",
    "DROP",
    "ALTER",
    "INSERT",
    "UPDATE",
    "DELETE",
    "TRUNCATE",
    "EXEC",
    "EXECUTE",
    "MERGE",
)


def if_statement(statement: Statement) -> Iterator[Operation]:
    """IF <condition> <statement>; with BEGIN or ELSE it is not followed."""
    reader = statement.reader
    if statement.dialect != "mssql":
        raise statement.opaque("IF outside a routine")
    condition = reader.until(*_VERBS, "BEGIN", "SELECT", "SET", "PRINT")
    body = reader.rest()
    if (
        not condition.items
        or not body.at(*_VERBS)
        or any(item.upper in ("ELSE", "IF") for item in body.items)
    ):
        raise statement.opaque("IF with more than one plain statement")
    test = statement.test(Undecided(condition.text()))
    yield from statement.inside(body.tokens, reader.source, test)


HANDLERS: Final[Handlers] = {"IF": if_statement}
