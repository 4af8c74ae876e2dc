"""Parsed UPDATE as operations, one for each table that it writes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sqlglot import exp

from mrt_lint.ops.base import Operation
from mrt_lint.ops.contents import Expression, Lookup
from mrt_lint.ops.control import WrongCall
from mrt_lint.ops.reading import ColumnRead
from mrt_lint.ops.updates import Update
from mrt_lint.schema.dialects import MYSQL, titles
from mrt_lint.schema.names import Name
from mrt_lint.sql.canonical import canonical
from mrt_lint.sql.conditions import lookup_of, row_exists
from mrt_lint.sql.failure import NotUnderstoodError
from mrt_lint.sql.holes import is_hole
from mrt_lint.sql.leaving_one import left_by_update
from mrt_lint.sql.mappings import compared_columns
from mrt_lint.sql.queries import value_of
from mrt_lint.sql.scopes import Scope, identifier, scope_of
from mrt_lint.sql.writing import Writing, conditions_of, joins_of


def update(writing: Writing, tree: exp.Update) -> Iterator[Operation]:
    """Yields one Update for each table that is written; raises NotUnderstoodError if that is not known."""
    scope, target = _update_scope(writing, tree)
    if _is_of_mysql(writing, tree):
        message = f"{titles([writing.dialect])} has no UPDATE .. JOIN .. SET"
        yield writing.statement.make(WrongCall, message=message, problem="unsupported")
        return
    where, where_reads = writing.where(tree, scope, target)
    tests = writing.tests(tree, scope, target)
    row, limits = _row_found(tree, scope, target)
    by_table: dict[Name, list[tuple[str, Expression]] | None] = {}
    for item in tree.expressions:
        for table, column, plain in _assigned(writing, item, scope, target):
            value = _of_row(plain, row) if table == target else plain
            known = by_table.setdefault(table, [])
            if column is None or is_hole(column):
                by_table[table] = None
            elif known is not None:
                known.append((column, _after(writing, known, table, value)))
    if not by_table:
        raise NotUnderstoodError("UPDATE without an assignment", (target,), data_only=True)
    left = left_by_update(writing, tree, scope, target)
    for table, assignments in by_table.items():
        yield writing.statement.make(
            Update,
            table=table,
            assignments=tuple(assignments) if assignments is not None else None,
            where=where,
            where_reads=where_reads,
            sources=scope.sources(table),
            tests=tests if table == target else None,
            matches=limits if table == target else None,
            ignores=bool(writing.flags.get("ignores")),
            compared=tuple(compared_columns(conditions_of(tree), scope, table)),
            leaves_one=left.columns if left is not None and table == target else (),
            told_apart=left.by if left is not None and table == target else "",
        )


def _is_of_mysql(writing: Writing, tree: exp.Update) -> bool:
    """Returns whether an upgrade joins tables before SET, which only MySQL and MariaDB read.

    A project that does so is for these. Source: the pages on UPDATE of the manuals.
    """
    joined = isinstance(tree.this, exp.Table) and bool(tree.this.args.get("joins"))
    return joined and writing.dialect not in MYSQL and writing.statement.facts.get("direction") == "upgrade"


def _row_found(tree: exp.Update, scope: Scope, target: Name) -> tuple[Lookup | None, Lookup | None]:
    """Returns the row of another table that values come from, and the one that WHERE asks for."""
    if tree.args.get("limit") is not None or tree.args.get("order") is not None:
        return None, None
    conditions, joins = conditions_of(tree), joins_of(tree)
    if len(scope.relations) == 1:
        return None, row_exists(conditions[0], scope, target) if len(conditions) == 1 else None
    sides = {str(join.args.get("side") or "").upper() for join in joins}
    if sides <= {""}:
        found = lookup_of(conditions, scope, target)
        return found, found
    if sides == {"LEFT"} and len(joins) == 1 and not conditions and joins[0].args.get("on") is not None:
        return lookup_of([joins[0].args["on"]], scope, target), None
    return None, None


def _of_row(value: Expression, row: Lookup | None) -> Expression:
    """Returns a value with the row that it comes from, if it is a column of that."""
    if row is None or value.column is None or value.lookup is not None or len(value.reads) != 1:
        return value
    return replace(value, lookup=row) if value.reads[0].relations == (row.source,) else value


def _after(
    writing: Writing, written: list[tuple[str, Expression]], table: Name, value: Expression
) -> Expression:
    """Returns a value after the assignments before it, which MySQL makes one after the other."""
    before = {column.lower() for column, _ in written}
    read = {
        read.column.lower() for read in value.reads if read.column is not None and table in read.relations
    }
    if writing.dialect in MYSQL and before & read:
        return replace(value, column=None, lookup=None)
    return value


def _update_scope(writing: Writing, tree: exp.Update) -> tuple[Scope, Name]:
    """Returns the relations in sight and the table that is written."""
    target = writing.target(tree.this, "UPDATE")
    writing.refuse_unknown_names(tree, target)
    from_ = tree.args.get("from_")
    items: list[object] = [from_.this] if from_ is not None else []
    scope = scope_of(items, writing.dialect, writing.ctes)
    if writing.dialect == "mssql":
        meant = scope.find(target.name)
        if meant is not None and meant.name is not None and target.schema in (None, meant.name.schema):
            return scope, meant.name
    return scope_of([tree.this, *items], writing.dialect, writing.ctes), target


def _assigned(
    writing: Writing, item: exp.Expr, scope: Scope, target: Name
) -> Iterator[tuple[Name, str | None, Expression]]:
    """Yields (table, column, value) of one assignment; column None: known only at run time."""
    if not isinstance(item, exp.EQ):
        yield target, None, Expression()
        return
    left, right = item.this, item.expression
    if isinstance(left, (exp.Tuple, exp.Paren)):
        names = left.expressions if isinstance(left, exp.Tuple) else [left.this]
        row = isinstance(right, exp.Anonymous) and str(right.this).lower() == "row"
        values = right.expressions if isinstance(right, exp.Tuple) or row else []
        for index, name in enumerate(names):
            if len(values) == len(names):
                value = value_of(values[index], scope, target)
            else:
                value = value_of(right, scope, target, index)
            table, column = _column_of(writing, name, scope, target)
            yield table, column, value
        return
    table, column = _column_of(writing, left, scope, target)
    value = value_of(right, scope, table)
    if column is not None and not isinstance(left, exp.Column):
        # Only part of the value is written (an element, a field): the rest is read.
        text = f"{canonical(left, writing.dialect)} = {value.sql}"
        value = Expression(sql=text, reads=(*value.reads, ColumnRead((table,), column)))
    yield table, column, value


def _column_of(writing: Writing, node: exp.Expr, scope: Scope, target: Name) -> tuple[Name, str | None]:
    qualifies = writing.dialect in (*MYSQL, "mssql", "oracle")
    if not isinstance(node, exp.Column):
        found = node.find(exp.Column, exp.Identifier)
        if found is None:
            return target, None
        inner = found.this if isinstance(found, exp.Column) else found
        if isinstance(found, exp.Column) and found.args.get("table") is not None:
            inner = found.args["table"]
        return target, identifier(inner, writing.dialect) or None
    qualifier = identifier(node.args.get("table"), writing.dialect)
    if qualifier and not qualifies:
        # PostgreSQL takes no table there: `SET a.b = 1` writes a field of the composite column a.
        return target, qualifier
    relation = scope.find(qualifier) if qualifier else None
    table = relation.name if relation is not None and relation.name is not None else target
    return table, identifier(node.this, writing.dialect) or None
