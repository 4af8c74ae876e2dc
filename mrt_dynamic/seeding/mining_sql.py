"""Conditions in SQL statements, each with the table that its columns belong to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlglot import exp

from mrt_dynamic.seeding.conditions import UNREAD, Const, Node, Op, Ref, columns_of, conjuncts, walk
from mrt_dynamic.seeding.found import Found
from mrt_dynamic.seeding.reading import node_of, statement
from mrt_lint.schema.names import Name
from mrt_lint.schema.state import State


def mined_sql(text: str, state: State) -> Iterator[Found]:
    """Yields the conditions of all statements in a text, subqueries included; nothing if it is no SQL."""
    for tree in statement(text, state.dialect):
        for part in tree.find_all(exp.Select, exp.Update, exp.Delete, exp.Merge):
            yield from _of_statement(part, state)


def _of_statement(tree: exp.Expr, state: State) -> Iterator[Found]:
    relations = dict(_relations(tree, state))
    where = tree.args.get("where")
    nodes: list[Node] = [node_of(where.this, state.dialect)] if isinstance(where, exp.Where) else []
    for case in tree.find_all(exp.Case):
        if case.find_ancestor(exp.Select, exp.Update, exp.Delete) is tree:
            found = node_of(case, state.dialect)
            nodes += found.args[:-1:2] if isinstance(found, Op) else ()
    for node in nodes:
        for alias, table in relations.items():
            parts = [part for part in conjuncts(node) if _about(part, alias, table, relations, state)]
            if parts:
                yield Found(table, parts[0] if len(parts) == 1 else Op("and", tuple(parts)))
    if isinstance(tree, exp.Update) and len(relations) == 1:
        for assignment in tree.expressions:
            if isinstance(assignment, exp.EQ) and isinstance(assignment.this, exp.Column):
                constant = node_of(assignment.expression, state.dialect)
                if isinstance(constant, Const) and constant.value is not None:
                    yield Found(next(iter(relations.values())), UNREAD, assignment.this.name, constant.value)


def _relations(tree: exp.Expr, state: State) -> Iterator[tuple[str, str]]:
    """Yields alias and name of the tables that stand directly in a statement."""
    for table in tree.find_all(exp.Table):
        if table.find_ancestor(exp.Select, exp.Update, exp.Delete, exp.Merge) is tree and table.name:
            name = f"{table.db}.{table.name}" if table.db else table.name
            yield state.fold(table.alias or table.name), name


def _about(part: Node, alias: str, table: str, relations: dict[str, str], state: State) -> bool:
    """Returns whether a condition is about one table alone."""
    if UNREAD in walk(part) or not columns_of(part):
        return False
    schema, _, own = table.rpartition(".")
    known: Any = state.table(Name(own, schema or None)) or state.table(own)
    if known is None:
        return False
    for ref in walk(part):
        if isinstance(ref, Ref) and (
            (ref.table and ref.table != alias)
            or ref.name not in known.columns
            or (not ref.table and len(relations) > 1 and _elsewhere(ref, table, relations, state))
        ):
            return False
    return True


def _elsewhere(ref: Ref, table: str, relations: dict[str, str], state: State) -> bool:
    """Returns whether another table of the statement has a column of that name, too."""
    for other in relations.values():
        found = state.table(other.rpartition(".")[2])
        if other != table and found is not None and ref.name in found.columns:
            return True
    return False
