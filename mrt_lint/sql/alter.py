"""ALTER TABLE: splits the actions and finds what lowers each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from mrt_lint.ops.base import Operation
from mrt_lint.ops.constraints import AddConstraint
from mrt_lint.sql import alter_columns, alter_constraints, alter_dialects, alter_options
from mrt_lint.sql.action import Action, Lowering
from mrt_lint.sql.failure import NotUnderstoodError
from mrt_lint.sql.statement import Handlers, Statement
from mrt_lint.sql.tokens import TokenReader

ACTIONS: Final[dict[str, Lowering]] = {
    **alter_columns.ACTIONS,
    **alter_constraints.ACTIONS,
    **alter_options.ACTIONS,
    **alter_dialects.ACTIONS,
}
"""From the words an action starts with to what lowers it; the longest phrase decides."""


def alter_table(statement: Statement) -> Iterator[Operation]:
    """ALTER TABLE with one or several actions."""
    reader = statement.reader
    reader.take("IGNORE")
    conditional = reader.conditional()
    reader.take("ONLY")
    table = reader.name()
    reader.take("*")
    checked = not (statement.dialect == "mssql" and reader.take("WITH NOCHECK"))
    if statement.dialect == "mssql":
        reader.take("WITH CHECK")
    operations: list[Operation] = []
    try:
        if reader.done:
            raise reader.trouble("an action expected")
        for part in _actions(reader):
            action = Action(statement, table, part, conditional)
            found = list(_lowering(action)(action))
            part.end()
            operations += found if checked else [_unchecked(operation) for operation in found]
    except NotUnderstoodError as error:
        # Whatever an action is, it concerns this table, and so may it be said.
        raise NotUnderstoodError(error.reason, (table,) if error.tables is None else error.tables) from error
    yield from operations


def _unchecked(operation: Operation) -> Operation:
    if isinstance(operation, AddConstraint):
        return replace(operation, constraint=replace(operation.constraint, validated=False))
    return operation


def _actions(reader: TokenReader) -> list[TokenReader]:
    """Returns the actions; where a verb governs a list (SQL Server), each with the verb in front."""
    parts = reader.split()
    if reader.dialect != "mssql":
        return parts
    result: list[TokenReader] = []
    verb: list[Any] = []
    for part in parts:
        start = part.position
        said = part.take(
            "ADD", "DROP COLUMN IF EXISTS", "DROP COLUMN", "DROP CONSTRAINT", "DROP", "ALTER COLUMN"
        )
        if said:
            verb = list(part.items[start : part.position])
            part.position = start
            result.append(part)
        elif part.at("COLUMN", "CONSTRAINT") and verb and verb[0].upper == "DROP":
            verb = [verb[0], part.items[part.position]]
            result.append(TokenReader([verb[0], *part.items], part.dialect, part.source))
        else:
            result.append(TokenReader([*verb, *part.items], part.dialect, part.source))
    return result


def _lowering(action: Action) -> Lowering:
    """Returns what lowers the action, by the longest phrase of the table; moves past the phrase."""
    reader = action.reader
    for length in (4, 3, 2, 1):
        words = [item.upper for ahead in range(length) if (item := reader.peek(ahead)) is not None]
        found = ACTIONS.get(" ".join(words)) if len(words) == length else None
        if found is not None:
            reader.position += length
            return found
    raise reader.trouble("an ALTER TABLE action that is not known")


HANDLERS: Final[Handlers] = {"ALTER TABLE": alter_table}
