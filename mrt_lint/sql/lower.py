"""From SQL text to operations: read per database, split into statements, each lowered by its handler."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from sqlglot.tokenizer_core import Token

from mrt_lint.ops.base import Operation
from mrt_lint.ops.control import Opaque
from mrt_lint.ops.guard import DialectIs, Test, both
from mrt_lint.schema.dialects import MYSQL, Dialect
from mrt_lint.sql import (
    access,
    alter,
    batches,
    control,
    data,
    indexes,
    objects,
    plpgsql,
    routines,
    tables,
    views,
)
from mrt_lint.sql.failure import NotUnderstoodError
from mrt_lint.sql.parsing import check_depth, tokenize
from mrt_lint.sql.settle import settle
from mrt_lint.sql.split import statements
from mrt_lint.sql.statement import Handlers, Statement, find_handler
from mrt_lint.sql.tokens import TokenReader, items

HANDLERS: Final[Handlers] = {
    **tables.HANDLERS,
    **alter.HANDLERS,
    **indexes.HANDLERS,
    **objects.HANDLERS,
    **views.HANDLERS,
    **routines.HANDLERS,
    **access.HANDLERS,
    **data.HANDLERS,
    **control.HANDLERS,
    **batches.HANDLERS,
    **plpgsql.HANDLERS,
}
"""Every statement that is known, by its first words."""

UNKNOWN_TARGET: Final[tuple[Dialect, ...]] = ("postgresql", "mysql")


def lower_sql(text: str, dialects: tuple[Dialect, ...], facts: Mapping[str, Any]) -> tuple[Operation, ...]:
    """Returns what the statements of `text` do; see `mrt_lint.sql.lower_sql`."""
    targets = tuple(dict.fromkeys(dialects)) or UNKNOWN_TARGET
    read: dict[Dialect, list[tuple[Operation, ...]]] = {}
    for dialect in targets:
        # MariaDB is read as MySQL: the grammar here is the union of both.
        reader: Dialect = "mysql" if dialect == "mariadb" else dialect
        if reader not in read:
            read[reader] = lower_text(text, reader, facts)
    per_target = {dialect: read["mysql" if dialect == "mariadb" else dialect] for dialect in targets}
    lengths = {len(found) for found in per_target.values()}
    if len(lengths) > 1:
        whole = {name: tuple(op for part in found for op in part) for name, found in per_target.items()}
        return _joined(whole)
    result: list[Operation] = []
    for index in range(lengths.pop()):
        result += _joined({name: found[index] for name, found in per_target.items()})
    return tuple(result)


def _joined(found: Mapping[Dialect, tuple[Operation, ...]]) -> tuple[Operation, ...]:
    """Returns operations once if all databases agree, else per group of databases that do, guarded."""
    groups: list[tuple[list[Dialect], tuple[Operation, ...]]] = []
    for dialect, operations in found.items():
        for names, known in groups:
            if known == operations:
                names.append(dialect)
                break
        else:
            groups.append(([dialect], operations))
    if len(groups) == 1:
        return groups[0][1]
    result: list[Operation] = []
    for names, operations in groups:
        test = Test(DialectIs(tuple(names), read=True))
        result += [replace(operation, guard=both(operation.guard, test)) for operation in operations]
    return tuple(result)


def lower_text(text: str, dialect: Dialect, facts: Mapping[str, Any]) -> list[tuple[Operation, ...]]:
    """Returns the operations of each statement of `text`, as `dialect` reads it."""
    try:
        tokens = tokenize(text, dialect)
        if dialect in MYSQL and _runs_comments(tokens, text):
            raise NotUnderstoodError("a comment that MySQL executes")
    except NotUnderstoodError as error:
        return [(_opaque(error, text, facts),)]
    counter = [0]
    return [lower_tokens(part, dialect, text, facts, counter) for part in statements(tokens, dialect)]


def _runs_comments(tokens: list[Token], text: str) -> bool:
    """Returns whether a comment is one of MySQL's `/*! ... */`, whose content is executed."""
    if "/*!" not in text and "/*M!" not in text:
        return False
    return not tokens or any(part.startswith(("!", "M!")) for token in tokens for part in token.comments)


def lower_tokens(
    tokens: list[Token], dialect: Dialect, source: str, facts: Mapping[str, Any], counter: list[int]
) -> tuple[Operation, ...]:
    """Returns the operations of one statement; what is not understood is one Opaque."""
    reader = TokenReader(items(tokens), dialect, source)
    statement = Statement(reader, facts, counter=counter, lower=lower_tokens)
    try:
        check_depth(tokens)
        found = list(find_handler(statement, HANDLERS)(statement))
        reader.end()
    except NotUnderstoodError as error:
        found = [_opaque(error, source[tokens[0].start : tokens[-1].end + 1], facts)]
    except (RecursionError, MemoryError):
        deep = NotUnderstoodError("it is nested too deeply")
        found = [_opaque(deep, source[tokens[0].start : tokens[-1].end + 1], facts)]
    return tuple(settle(operation) for operation in found)


def _opaque(error: NotUnderstoodError, text: str, facts: Mapping[str, Any]) -> Operation:
    start = " ".join(text.split())
    short = start if len(start) <= 60 else start[:57] + "..."
    return Opaque(
        **{**facts, "sql": True},
        reason=f"SQL that is not understood ({error.reason}): {short}",
        source=start[:200],
        tables=error.tables,
        data_only=error.data_only,
    )
