"""Statements that leave one row of each group of equal ones, so that a unique key holds afterwards.

Three ways to say it: no row but the first (`id NOT IN (SELECT min(id) .. GROUP BY key)`), a row for which
there is an equal one before it (`USING t b WHERE a.id > b.id AND a.key = b.key`), and a row that is not the
first of its group (`row_number() OVER (PARTITION BY key ..) > 1`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlglot import exp

from mrt_lint.classes import dataclass
from mrt_lint.schema.names import Name
from mrt_lint.sql.scopes import Scope, identifier, table_name
from mrt_lint.sql.writing import Writing, conditions_of

_PLAIN: Final = {"kind", "expressions", "from_", "where", "group", "order", "distinct"}
"""What a query may have that is read here; anything else (LIMIT, HAVING, joins, ..) is not followed."""


@dataclass(frozen=True)
class Groups:
    """No two rows are equal in all of `columns`, where none of these is NULL.

    `by`: it is so only if this column is different in every row, and never NULL.
    """

    columns: tuple[str, ...]
    by: str


def left_by_delete(writing: Writing, tree: exp.Delete, scope: Scope, target: Name) -> Groups | None:
    """Returns what a DELETE leaves at most once, None if that is not seen."""
    if _is_limited(writing, tree):
        return None
    relations = {relation.alias: relation.name for relation in scope.relations}
    conditions = [part for whole in conditions_of(tree) for part in _conjuncts(whole)]
    if len(relations) == 2 and set(relations.values()) == {target}:
        return _by_comparison(writing, conditions, set(relations))
    if len(relations) != 1 or len(conditions) != 1:
        return None
    return _not_first(writing, conditions[0], target) or _by_number(writing, conditions[0], target)


def left_by_update(writing: Writing, tree: exp.Update, scope: Scope, target: Name) -> Groups | None:
    """Returns the same of an UPDATE that writes NULL into a column of every row but one of each group."""
    conditions = [part for whole in conditions_of(tree) for part in _conjuncts(whole)]
    if _is_limited(writing, tree) or len(scope.relations) != 1 or len(conditions) != 1:
        return None
    emptied = {
        identifier(item.this.this, writing.dialect)
        for item in tree.expressions
        if isinstance(item, exp.EQ)
        and isinstance(item.this, exp.Column)
        and isinstance(item.expression, exp.Null)
    }
    found = _by_number(writing, conditions[0], target)
    return found if found is not None and emptied & set(found.columns) else None


def _is_limited(writing: Writing, tree: exp.Expr) -> bool:
    return tree.args.get("limit") is not None or bool(
        writing.flags.get("limit") or writing.flags.get("ignores")
    )


def _conjuncts(node: exp.Expr) -> Iterator[exp.Expr]:
    node = _bare(node)
    if isinstance(node, exp.And):
        yield from _conjuncts(node.this)
        yield from _conjuncts(node.expression)
    else:
        yield node


def _bare(node: exp.Expr) -> exp.Expr:
    while isinstance(node, exp.Paren):
        node = node.this
    return node


def _by_comparison(writing: Writing, conditions: list[exp.Expr], aliases: set[str]) -> Groups | None:
    """Reads `a.id > b.id AND a.key = b.key`; what is said besides may only ask that a key is not NULL."""
    columns: list[str] = []
    present: list[str] = []
    by = ""
    for part in conditions:
        asked = _not_null(writing, part)
        if asked is not None:
            present.append(asked)
            continue
        if not isinstance(part, (exp.EQ, exp.LT, exp.GT, exp.NEQ)):
            return None
        left, right = part.this, part.expression
        if not isinstance(left, exp.Column) or not isinstance(right, exp.Column):
            return None
        names = [identifier(side.this, writing.dialect) for side in (left, right)]
        owners = {identifier(side.args.get("table"), writing.dialect) for side in (left, right)}
        if names[0] != names[1] or owners != aliases:
            return None
        if isinstance(part, exp.EQ):
            columns.append(names[0])
        elif by:
            return None
        else:
            by = names[0]
    return Groups(tuple(columns), by) if columns and by and set(present) <= set(columns) else None


def _not_null(writing: Writing, part: exp.Expr) -> str | None:
    """Returns the column of `column IS NOT NULL`."""
    inner, denied = (_bare(part.this), True) if isinstance(part, exp.Not) else (part, False)
    if not isinstance(inner, exp.Is) or bool(inner.args.get("negate")) is denied:
        return None
    if not isinstance(inner.expression, exp.Null) or not isinstance(inner.this, exp.Column):
        return None
    return identifier(inner.this.this, writing.dialect)


def _not_first(writing: Writing, condition: exp.Expr, target: Name) -> Groups | None:
    """Reads `id NOT IN (SELECT min(id) FROM t GROUP BY key)`, or `(SELECT DISTINCT ON (key) id ..)`."""
    if not isinstance(condition, exp.Not):
        return None
    found = _in_query(_bare(condition.this))
    if found is None:
        return None
    by, query = identifier(found[0].this, writing.dialect), _innermost(found[1])
    if query is None or not _reads_only(writing, query, target):
        return None
    chosen = query.expressions[0]
    chosen = chosen.this if isinstance(chosen, exp.Alias) else chosen
    group, distinct = query.args.get("group"), query.args.get("distinct")
    if group is not None and distinct is None and _called(chosen) in ("min", "max"):
        names = _columns(writing, group.expressions)
        chosen = next(iter(chosen.expressions), None) if isinstance(chosen, exp.Anonymous) else chosen.this
    elif group is None and distinct is not None and isinstance(distinct.args.get("on"), exp.Tuple):
        names = _columns(writing, distinct.args["on"].expressions)
    else:
        return None
    if not isinstance(chosen, exp.Column) or identifier(chosen.this, writing.dialect) != by or not names:
        return None
    if group is not None and any(value for key, value in group.args.items() if key != "expressions"):
        return None
    return Groups(names, by)


def _by_number(writing: Writing, condition: exp.Expr, target: Name) -> Groups | None:
    """Reads `id IN (SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY key) n ..) WHERE n > 1)`."""
    found = _in_query(condition)
    if found is None or not isinstance(found[1], exp.Select) or len(found[1].expressions) != 1:
        return None
    column, outer = found
    inner = _source(writing, outer)
    where = outer.args.get("where")
    if inner is None or where is None or set(_given(outer)) - {"expressions", "from_", "where"}:
        return None
    if not _reads_only(writing, inner, target):
        return None
    name, by = _more_than_first(writing, _bare(where.this)), identifier(column.this, writing.dialect)
    chosen = outer.expressions[0]
    if not isinstance(chosen, exp.Column) or identifier(chosen.this, writing.dialect) != by:
        return None
    columns: tuple[str, ...] = ()
    carried = False
    for item in inner.expressions:
        if isinstance(item, exp.Column) and identifier(item.this, writing.dialect) == by:
            carried = True
        elif isinstance(item, exp.Alias) and identifier(item.args.get("alias"), writing.dialect) == name:
            columns = _partition(writing, item.this)
    kept = inner.args.get("where")
    asked = [_not_null(writing, part) for part in _conjuncts(kept.this)] if kept is not None else []
    if not carried or not columns or any(part not in columns for part in asked):
        return None
    return Groups(columns, by)


def _more_than_first(writing: Writing, node: exp.Expr) -> str:
    """Returns the column of `number > 1`, empty for anything else."""
    one = isinstance(node, exp.GT) and node.expression.name == "1"
    two = isinstance(node, exp.GTE) and node.expression.name == "2"
    plain = isinstance(node, (exp.GT, exp.GTE)) and isinstance(node.expression, exp.Literal)
    if not plain or not (one or two) or not isinstance(node.this, exp.Column):
        return ""
    return identifier(node.this.this, writing.dialect)


def _partition(writing: Writing, node: exp.Expr) -> tuple[str, ...]:
    """Returns the columns of `row_number() OVER (PARTITION BY columns ..)`."""
    if not isinstance(node, exp.Window) or _called(node.this) != "row_number":
        return ()
    return _columns(writing, node.args.get("partition_by") or [])


def _called(node: exp.Expr) -> str:
    """Returns the function that is called with one argument at most, empty for anything else."""
    if isinstance(node, exp.Anonymous):
        return node.name.lower() if len(node.expressions) < 2 else ""
    if isinstance(node, (exp.Min, exp.Max, exp.RowNumber)) and not node.expressions:
        return {"Min": "min", "Max": "max"}.get(type(node).__name__, "row_number")
    return ""


def _in_query(node: exp.Expr) -> tuple[exp.Column, exp.Expr] | None:
    """Returns the column and the query of `column IN (SELECT ..)`."""
    if not isinstance(node, exp.In) or not isinstance(node.this, exp.Column):
        return None
    query = node.args.get("query")
    inner = query.this if isinstance(query, exp.Subquery) else query
    return (node.this, inner) if isinstance(inner, exp.Select) else None


def _innermost(query: exp.Expr) -> exp.Select | None:
    """Returns the query behind `SELECT x FROM (query)`, which MySQL wants around one on the same table."""
    while isinstance(query, exp.Select) and len(query.expressions) == 1:
        from_ = query.args.get("from_")
        if from_ is None or not isinstance(from_.this, exp.Subquery):
            return query
        inner = from_.this.this
        if set(_given(query)) - {"expressions", "from_"} or not isinstance(inner, exp.Select):
            return None
        if len(inner.expressions) != 1 or not _is_the_one(query.expressions[0], inner.expressions[0]):
            return None
        query = inner
    return None


def _is_the_one(outer: exp.Expr, inner: exp.Expr) -> bool:
    if isinstance(outer, exp.Star):
        return True
    return isinstance(outer, exp.Column) and outer.name.lower() == inner.alias_or_name.lower()


def _source(writing: Writing, query: exp.Expr) -> exp.Select | None:
    """Returns the query that another one reads: a subquery, or a CTE."""
    from_ = query.args.get("from_")
    item = from_.this if from_ is not None else None
    if isinstance(item, exp.Subquery) and not item.args.get("joins"):
        return item.this if isinstance(item.this, exp.Select) else None
    name = table_name(item, writing.dialect)
    if name is None or name.schema is not None or (isinstance(item, exp.Table) and item.args.get("joins")):
        return None
    found = writing.ctes.get(name.name)
    return found if isinstance(found, exp.Select) else None


def _reads_only(writing: Writing, query: exp.Select, target: Name) -> bool:
    """Returns whether a query reads the table that is written and nothing else, and all of it but NULLs."""
    from_ = query.args.get("from_")
    if from_ is None or set(_given(query)) - _PLAIN or table_name(from_.this, writing.dialect) != target:
        return False
    return target.name not in writing.ctes and set(_given(from_.this)) <= {"this", "db", "alias"}


def _given(node: exp.Expr) -> list[str]:
    return [key for key, value in node.args.items() if value]


def _columns(writing: Writing, nodes: list[exp.Expr]) -> tuple[str, ...]:
    """Returns the names of plain columns, none if one of the nodes is anything else."""
    if not all(isinstance(node, exp.Column) for node in nodes):
        return ()
    return tuple(identifier(node.this, writing.dialect) for node in nodes)
