"""Parsed SELECT as operations: it reads, makes a table, or moves a sequence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlglot import exp

from mrt_lint.ops.base import Operation
from mrt_lint.ops.control import SetVariable
from mrt_lint.ops.copied_tables import CreateTableAs
from mrt_lint.ops.data import Query
from mrt_lint.ops.sequences import AlterSequence
from mrt_lint.schema.dialects import MYSQL
from mrt_lint.schema.names import Name
from mrt_lint.sql.canonical import canonical
from mrt_lint.sql.failure import NotUnderstoodError
from mrt_lint.sql.functions import unknown_call
from mrt_lint.sql.holes import has_hole, is_hole
from mrt_lint.sql.queries import fields_from_query
from mrt_lint.sql.scopes import table_name
from mrt_lint.sql.writing import Writing

_SPECIAL: Final = frozenset({"setval", "nextval", "set_config"})


def query(writing: Writing, tree: exp.Expr) -> Iterator[Operation]:
    """Yields what a SELECT or VALUES does; raises NotUnderstoodError if it may change anything."""
    into = tree.args.get("into")
    if into is not None:
        yield _select_into(writing, tree, into)
        return
    special = list(_special_calls(writing, tree))
    if special:
        yield from special
        return
    writing.only_reads(tree)
    if isinstance(tree, exp.Select) and tree.args.get("from_") is None:
        for projection in tree.expressions:
            if isinstance(projection, exp.Column) and is_hole(projection.name):
                raise NotUnderstoodError("a SELECT that is known only at run time")
    yield writing.statement.make(Query, query=canonical(tree, writing.dialect))


def _select_into(writing: Writing, tree: exp.Expr, into: exp.Expr) -> Operation:
    table = table_name(into.this, writing.dialect)
    if writing.dialect in MYSQL and into.find(exp.Parameter, exp.SessionParameter) is not None:
        copy = tree.copy()
        copy.set("into", None)
        return writing.statement.make(Query, query=canonical(copy, writing.dialect))
    if table is None or writing.dialect in (*MYSQL, "oracle", "sqlite"):
        raise NotUnderstoodError("SELECT INTO something that is no table")
    copy = tree.copy()
    copy.set("into", None)
    fields = fields_from_query(copy, None, writing.dialect)
    temporary = bool(into.args.get("temporary")) or table.name.startswith("#")
    return writing.statement.make(CreateTableAs, table=table, temporary=temporary, **fields)


def _special_calls(writing: Writing, tree: exp.Expr) -> Iterator[Operation]:
    """Yields what a SELECT of nothing but setval(), nextval() and set_config() does."""
    if not isinstance(tree, exp.Select) or writing.dialect != "postgresql":
        return
    calls = [_call(projection.unalias()) for projection in tree.expressions]
    if not calls or any(call is None or str(call.this).lower() not in _SPECIAL for call in calls):
        return
    around = tree.copy()
    around.set("expressions", [])
    if unknown_call(around, writing.dialect):
        return
    for call in calls:
        assert call is not None
        rest = [argument for argument in call.expressions if unknown_call(argument, writing.dialect)]
        if rest:
            return
        if str(call.this).lower() == "set_config":
            yield from _set_config(writing, call)
        else:
            yield _set_position(writing, call)


def _set_config(writing: Writing, call: exp.Anonymous) -> Iterator[Operation]:
    values = call.expressions
    if len(values) != 3 or not (isinstance(values[0], exp.Literal) and values[0].is_string):
        raise NotUnderstoodError("set_config() of a setting that is not known")
    local = isinstance(values[2], exp.Boolean) and bool(values[2].this)
    value = (
        str(values[1].this) if isinstance(values[1], exp.Literal) else canonical(values[1], writing.dialect)
    )
    yield writing.statement.make(SetVariable, name=str(values[0].this).lower(), value=value, local=local)


def _set_position(writing: Writing, call: exp.Anonymous) -> Operation:
    first = call.expressions[0] if call.expressions else None
    sequence = _sequence_name(writing, first)
    if sequence is None:
        raise NotUnderstoodError(
            f"{str(call.this).lower()}() of a sequence that is not known", (), data_only=True
        )
    return writing.statement.make(
        AlterSequence, sequence=sequence, change=canonical(call, writing.dialect), position=True
    )


def _sequence_name(writing: Writing, node: exp.Expr | None) -> Name | None:
    while isinstance(node, (exp.Cast, exp.Paren)):
        node = node.this
    if isinstance(node, exp.Literal) and node.is_string and not has_hole(str(node.this)):
        return _dotted(str(node.this))
    if isinstance(node, exp.Anonymous) and str(node.this).lower() == "pg_get_serial_sequence":
        parts = [str(part.this) for part in node.expressions if isinstance(part, exp.Literal)]
        if len(parts) == 2 and not has_hole(parts[0] + parts[1]):
            table = _dotted(parts[0])
            return Name(f"{table.name}_{parts[1]}_seq", table.schema)
    return None


def _call(node: exp.Expr) -> exp.Anonymous | None:
    if isinstance(node, exp.Dot) and node.this.name.lower() == "pg_catalog":
        node = node.expression
    return node if isinstance(node, exp.Anonymous) else None


def _dotted(text: str) -> Name:
    """Returns the name in a text such as 'public."Users_id_seq"', folded as PostgreSQL folds it."""
    parts = [part[1:-1] if part[:1] == '"' else part.lower() for part in text.split(".")]
    return Name(parts[-1], parts[-2] if len(parts) > 1 else None)
