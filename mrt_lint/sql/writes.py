"""Parsed statements on rows as operations, with every write inside them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlglot import exp

from mrt_lint.ops.base import Operation
from mrt_lint.ops.data import Merge
from mrt_lint.ops.deletes import Delete
from mrt_lint.ops.functions import CallFunction
from mrt_lint.schema.names import Name
from mrt_lint.sql.canonical import canonical
from mrt_lint.sql.failure import NotUnderstoodError
from mrt_lint.sql.functions import own_calls
from mrt_lint.sql.inserts import insert, insert_all
from mrt_lint.sql.leaving_one import left_by_delete
from mrt_lint.sql.scopes import Scope, ctes_of, identifier, scope_of
from mrt_lint.sql.selects import query
from mrt_lint.sql.statement import Statement
from mrt_lint.sql.updates import update
from mrt_lint.sql.writing import Writing, bare

_WRITES: Final = (exp.Insert, exp.Update, exp.Delete, exp.Merge)


class Lowering:
    """Lowers one parsed statement with all the writes inside it."""

    def __init__(self, statement: Statement, tree: exp.Expr, flags: dict[str, Any]) -> None:
        self.writing = Writing(statement, ctes_of(tree, statement.dialect), flags)
        self.visited: set[int] = set()

    def lower(self, tree: exp.Expr) -> list[Operation]:
        """Returns what a whole statement does; raises NotUnderstoodError for a write in an odd place."""
        found = list(self._operations(tree))
        called = () if isinstance(tree, exp.Query) else own_calls(tree, self.writing.dialect)
        if called:
            found.append(self.writing.statement.make(CallFunction, functions=called))
        for node in tree.find_all(*_WRITES):
            inside = node.find_ancestor(exp.Merge, exp.MultitableInserts) is not None
            if id(node) not in self.visited and not inside:
                raise NotUnderstoodError(f"{type(node).__name__.upper()} inside a query")
        return found

    def _operations(self, tree: exp.Expr) -> Iterator[Operation]:
        """Yields the writes of data-modifying CTEs, then what the statement itself does."""
        self.visited.add(id(tree))
        with_ = tree.args.get("with_")
        for cte in with_.expressions if with_ is not None else ():
            if isinstance(cte.this, _WRITES):
                yield from self._operations(cte.this)
            else:
                self.writing.only_reads(cte.this, numbers=not isinstance(tree, exp.Query))
        if isinstance(tree, exp.Insert):
            yield insert(self.writing, tree)
        elif isinstance(tree, exp.Update):
            yield from update(self.writing, tree)
        elif isinstance(tree, exp.Delete):
            yield from self._delete(tree)
        elif isinstance(tree, exp.Merge):
            yield self._merge(tree)
        elif isinstance(tree, exp.MultitableInserts):
            yield from insert_all(self.writing, tree)
        elif isinstance(tree, (exp.Query, exp.Values)):
            yield from query(self.writing, tree)
        else:
            raise NotUnderstoodError("a statement that is not known")

    def _delete(self, tree: exp.Delete) -> Iterator[Operation]:
        from_items: list[object] = [tree.this] if isinstance(tree.this, exp.Expr) else []
        from_items += tree.args.get("using") or []
        named = tree.args.get("tables") or []
        scope = scope_of(from_items or named, self.writing.dialect, self.writing.ctes)
        if named:
            targets = [self._meant(node, scope) for node in named]
        else:
            targets = [self.writing.target(tree.this, "DELETE")]
        self.writing.refuse_unknown_names(tree, targets[0])
        where, where_reads = self.writing.where(tree, scope, targets[0])
        left = left_by_delete(self.writing, tree, scope, targets[0])
        for target in targets:
            yield self.writing.statement.make(
                Delete,
                table=target,
                where=where,
                where_reads=where_reads,
                sources=scope.sources(target),
                tests=self.writing.tests(tree, scope, target),
                leaves_one=left.columns if left is not None else (),
                told_apart=left.by if left is not None else "",
            )

    def _meant(self, node: object, scope: Scope) -> Name:
        """Returns the table that `DELETE x FROM t x` names by its alias."""
        name = self.writing.target(node, "DELETE")
        relation = scope.find(name.name)
        return relation.name if relation is not None and relation.name is not None else name

    def _merge(self, tree: exp.Merge) -> Operation:
        table = self.writing.target(tree.this, "MERGE")
        columns: dict[str, None] = {}
        for item in tree.args["whens"].expressions:
            then = item.args.get("then")
            for node in _written_columns(then):
                columns[identifier(node, self.writing.dialect)] = None
        columns.pop("", None)
        return self.writing.statement.make(
            Merge, table=table, columns=tuple(columns), query=canonical(tree, self.writing.dialect)
        )


def _written_columns(then: object) -> Iterator[object]:
    """Yields the columns that a branch of MERGE writes."""
    if isinstance(then, exp.Update):
        for item in then.expressions:
            if isinstance(item, exp.EQ) and isinstance(item.this, exp.Column):
                yield item.this.this
    elif isinstance(then, exp.Insert) and isinstance(then.this, exp.Tuple):
        for node in then.this.expressions:
            yield bare(node)
