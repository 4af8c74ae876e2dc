"""Parsed INSERT, UPDATE, DELETE, MERGE and SELECT as operations, with every write inside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from sqlglot import exp

from mrt_lint.ops.base import Operation
from mrt_lint.ops.control import SetVariable
from mrt_lint.ops.data import ColumnTest, Delete, Expression, Insert, Merge, Query, Update
from mrt_lint.ops.sequences import AlterSequence
from mrt_lint.ops.tables import CreateTableAs
from mrt_lint.schema.names import Name
from mrt_lint.sql.canonical import canonical
from mrt_lint.sql.failure import NotUnderstoodError
from mrt_lint.sql.functions import unknown_call
from mrt_lint.sql.holes import has_hole, is_hole
from mrt_lint.sql.queries import (
    Scope,
    column_tests,
    condition_text,
    ctes_of,
    fields_from_query,
    identifier,
    plain_source,
    reads_of,
    scope_of,
    table_name,
    value_of,
)
from mrt_lint.sql.statement import Statement
from mrt_lint.sql.types import MYSQL

MAX_ROWS: Final = 1000
"""Literal rows of one INSERT that are kept."""


_WRITES: Final = (exp.Insert, exp.Update, exp.Delete, exp.Merge)


class Lowering:
    """Lowers one parsed statement with all the writes inside it."""

    def __init__(self, statement: Statement, tree: exp.Expr, flags: dict[str, Any]) -> None:
        self.statement = statement
        self.dialect = statement.dialect
        self.ctes = ctes_of(tree, statement.dialect)
        self.flags = flags
        self.visited: set[int] = set()

    def lower(self, tree: exp.Expr) -> list[Operation]:
        """Returns what a whole statement does; raises NotUnderstoodError for a write in an odd place."""
        found = list(self._operations(tree))
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
                self._only_reads(cte.this)
        if isinstance(tree, exp.Insert):
            yield self._insert(tree)
        elif isinstance(tree, exp.Update):
            yield from self._update(tree)
        elif isinstance(tree, exp.Delete):
            yield from self._delete(tree)
        elif isinstance(tree, exp.Merge):
            yield self._merge(tree)
        elif isinstance(tree, exp.MultitableInserts):
            yield from self._multiple(tree)
        elif isinstance(tree, (exp.Query, exp.Values)):
            yield from self._query(tree)
        else:
            raise NotUnderstoodError("a statement that is not known")

    def _only_reads(self, tree: exp.Expr) -> None:
        call = unknown_call(tree, self.dialect)
        if call is not None:
            raise NotUnderstoodError(f"function {call}() may change anything")

    def _target(self, node: object, what: str) -> Name:
        name = table_name(node, self.dialect)
        if name is None:
            raise NotUnderstoodError(f"{what} of something that is no table", data_only=True)
        if is_hole(name.name) or is_hole(name.schema or ""):
            raise NotUnderstoodError(f"{what} of a table that is known only at run time", data_only=True)
        return name

    # INSERT

    def _insert(self, tree: exp.Insert, source: exp.Expr | None = None) -> Operation:
        this = tree.this
        table = self._target(this, "INSERT")
        columns: tuple[str, ...] | None = None
        if isinstance(this, exp.Schema):
            columns = tuple(identifier(_bare(node), self.dialect) for node in this.expressions)
            if any(not name or is_hole(name) for name in columns):
                columns = None
        fields: dict[str, Any] = {"table": table, "columns": columns, **self._conflict(tree)}
        query = tree.expression if source is None else source
        if tree.args.get("default"):
            fields.update(columns=(), rows=((),))
        elif isinstance(query, exp.Values):
            fields.update(self._rows(query))
        elif isinstance(query, exp.Query):
            if not isinstance(query, exp.Select) or not query.args.get("with_"):
                self._refuse_unknown_names(query, table)
            fields.update(self._selected(query))
        else:
            raise NotUnderstoodError("INSERT of something that is no rows", (table,), data_only=True)
        return self.statement.make(Insert, **fields)

    def _conflict(self, tree: exp.Insert) -> dict[str, bool]:
        alternative = str(tree.args.get("alternative") or "").upper()
        replaces = bool(self.flags.get("replaces")) or alternative == "REPLACE"
        skips = bool(tree.args.get("ignore")) or alternative == "IGNORE"
        conflict = tree.args.get("conflict")
        if conflict is not None:
            nothing = "NOTHING" in canonical(conflict, self.dialect).upper().split()
            replaces, skips = replaces or not nothing, skips or nothing
        return {"replaces": replaces, "skips": skips}

    def _rows(self, query: exp.Values) -> dict[str, Any]:
        """Returns literal rows; a cell that is known only at run time is empty text."""
        rows = []
        for row in query.expressions[: MAX_ROWS + 1]:
            cells = row.expressions if isinstance(row, exp.Tuple) else [row]
            rows.append(tuple(self._cell(cell) for cell in cells))
        known = len(rows) <= MAX_ROWS and any(cell for row in rows for cell in row)
        return {"rows": tuple(rows) if known else None}

    def _cell(self, cell: exp.Expr) -> str:
        if cell.find(exp.Query, exp.Placeholder, exp.Parameter, exp.Column):
            name = cell.name if isinstance(cell, exp.Column) and not cell.table else ""
            return "DEFAULT" if name.upper() == "DEFAULT" else ""
        text = canonical(cell, self.dialect)
        return "" if has_hole(text) else text

    def _selected(self, query: exp.Expr) -> dict[str, Any]:
        """Returns the fields for INSERT .. SELECT; no values: every column of the source, in order."""
        fields: dict[str, Any] = {"query": canonical(query, self.dialect)}
        source = plain_source(query, self.dialect, self.ctes)
        while isinstance(query, exp.Subquery):
            query = query.this
        if (constants := self._constant_rows(query)) is not None:
            return {**fields, **constants}
        if source is None or is_hole(source.name) or not isinstance(query, exp.Select):
            return fields
        scope = scope_of([query.args["from_"].this], self.dialect, self.ctes)
        stars = sum(1 for projection in query.expressions if projection.is_star)
        if stars and len(query.expressions) > 1:
            return fields
        values = [value_of(projection.unalias(), scope) for projection in query.expressions if not stars]
        where = condition_text(query.args.get("where"), self.dialect)
        return {**fields, "source": source, "values": tuple(values), "where": where}

    def _constant_rows(self, query: exp.Expr) -> dict[str, Any] | None:
        """Returns the rows of `SELECT 1, 'x' [WHERE ..]`, which are written if the condition holds."""
        if not isinstance(query, exp.Select) or query.args.get("from_") is not None:
            return None
        if any(query.args.get(part) for part in ("joins", "laterals", "limit", "offset", "with_", "into")):
            return None
        cells = [projection.unalias() for projection in query.expressions]
        if not cells or any(cell.find(exp.Anonymous, exp.AggFunc, exp.UDTF, exp.Star) for cell in cells):
            return None
        found: dict[str, Any] = self._rows(exp.Values(expressions=[exp.Tuple(expressions=cells)]))
        if query.args.get("where") is not None:
            found["skips"] = True
        return found

    def _multiple(self, tree: exp.MultitableInserts) -> Iterator[Operation]:
        """Oracle's INSERT ALL; with WHEN it is not followed."""
        for part in tree.expressions:
            inner = part.this
            if part.args.get("expression") is not None or not isinstance(inner, exp.Insert):
                raise NotUnderstoodError("INSERT with conditions", data_only=True)
            table = self._target(inner.this, "INSERT")
            yield self.statement.make(Insert, table=table, query=canonical(tree, self.dialect))

    def _refuse_unknown_names(self, tree: exp.Expr, table: Name) -> None:
        """Raises NotUnderstoodError when a hole stands where only a clause can: as an alias."""
        for alias in tree.find_all(exp.TableAlias):
            if alias.this is not None and is_hole(alias.this.name):
                raise NotUnderstoodError("a clause that is known only at run time", (table,), data_only=True)

    # UPDATE

    def _update(self, tree: exp.Update) -> Iterator[Operation]:
        scope, target = self._update_scope(tree)
        where, where_reads = self._where(tree, scope, target)
        tests = self._tests(tree, scope, target)
        by_table: dict[Name, list[tuple[str, Expression]] | None] = {}
        for item in tree.expressions:
            for table, column, value in self._assigned(item, scope, target):
                known = by_table.setdefault(table, [])
                if column is None or is_hole(column):
                    by_table[table] = None
                elif known is not None:
                    known.append((column, self._after(known, table, value)))
        if not by_table:
            raise NotUnderstoodError("UPDATE without an assignment", (target,), data_only=True)
        for table, assignments in by_table.items():
            yield self.statement.make(
                Update,
                table=table,
                assignments=tuple(assignments) if assignments is not None else None,
                where=where,
                where_reads=where_reads,
                sources=scope.sources(table),
                tests=tests if table == target else None,
            )

    def _after(self, written: list[tuple[str, Expression]], table: Name, value: Expression) -> Expression:
        """Returns a value after the assignments before it, which MySQL makes one after the other."""
        before = {(table, column.lower()) for column, _ in written}
        if self.dialect in MYSQL and any((name, column.lower()) in before for name, column in value.reads):
            return replace(value, column=None)
        return value

    def _tests(self, tree: exp.Expr, scope: Scope, target: Name) -> tuple[ColumnTest, ...] | None:
        """Returns the WHERE of an UPDATE or DELETE of one table as plain comparisons, if it is that."""
        limited = tree.args.get("limit") is not None or self.flags.get("limit")
        if limited or scope.tables() != (target,) or len(scope.relations) != 1:
            return None
        return column_tests(tree.args.get("where"), scope, target)

    def _update_scope(self, tree: exp.Update) -> tuple[Scope, Name]:
        """Returns the relations in sight and the table that is written."""
        target = self._target(tree.this, "UPDATE")
        self._refuse_unknown_names(tree, target)
        from_ = tree.args.get("from_")
        items: list[object] = [from_.this] if from_ is not None else []
        scope = scope_of(items, self.dialect, self.ctes)
        if self.dialect == "mssql":
            meant = scope.find(target.name)
            if meant is not None and meant.name is not None and target.schema in (None, meant.name.schema):
                return scope, meant.name
        return scope_of([tree.this, *items], self.dialect, self.ctes), target

    def _assigned(
        self, item: exp.Expr, scope: Scope, target: Name
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
                whole = value_of(right, scope, target) if len(values) != len(names) else None
                value = whole or value_of(values[index], scope, target)
                if whole is not None:
                    value = Expression(sql=whole.sql, reads=whole.reads)
                yield self._column_of(name, scope, target)[0], self._column_of(name, scope, target)[1], value
            return
        table, column = self._column_of(left, scope, target)
        value = value_of(right, scope, table)
        if column is not None and not isinstance(left, exp.Column):
            # Only part of the value is written (an element, a field): the rest is read.
            text = f"{canonical(left, self.dialect)} = {value.sql}"
            value = Expression(sql=text, reads=(*value.reads, (table, column)))
        yield table, column, value

    def _column_of(self, node: exp.Expr, scope: Scope, target: Name) -> tuple[Name, str | None]:
        qualifies = self.dialect in (*MYSQL, "mssql", "oracle")
        if not isinstance(node, exp.Column):
            found = node.find(exp.Column, exp.Identifier)
            if found is None:
                return target, None
            inner = found.this if isinstance(found, exp.Column) else found
            if isinstance(found, exp.Column) and found.args.get("table") is not None:
                inner = found.args["table"]
            return target, identifier(inner, self.dialect) or None
        qualifier = identifier(node.args.get("table"), self.dialect)
        if qualifier and not qualifies:
            # PostgreSQL takes no table there: `SET a.b = 1` writes a field of the composite column a.
            return target, qualifier
        relation = scope.find(qualifier) if qualifier else None
        table = relation.name if relation is not None and relation.name is not None else target
        return table, identifier(node.this, self.dialect) or None

    def _where(self, tree: exp.Expr, scope: Scope, target: Name) -> tuple[str, tuple[tuple[Name, str], ...]]:
        """Returns the condition of an UPDATE or DELETE with those of its inner joins, and what it reads."""
        conditions = list(_join_conditions(tree))
        where = tree.args.get("where")
        if where is not None:
            conditions.append(where.this)
        for condition in conditions:
            self._refuse_unknown_names(condition, target)
        combined = exp.and_(*conditions) if conditions else None
        text = condition_text(combined, self.dialect)
        limits = [canonical(tree.args[key], self.dialect) for key in ("order", "limit") if tree.args.get(key)]
        if tree.args.get("limit") is not None or self.flags.get("limit"):
            text = " ".join(part for part in (text, *limits, str(self.flags.get("limit") or "")) if part)
        reads = tuple(dict.fromkeys(read for part in conditions for read in reads_of(part, scope)))
        return text, reads

    # DELETE and MERGE

    def _delete(self, tree: exp.Delete) -> Iterator[Operation]:
        from_items: list[object] = [tree.this] if isinstance(tree.this, exp.Expr) else []
        from_items += tree.args.get("using") or []
        named = tree.args.get("tables") or []
        scope = scope_of(from_items or named, self.dialect, self.ctes)
        if named:
            targets = [self._meant(node, scope) for node in named]
        else:
            targets = [self._target(tree.this, "DELETE")]
        self._refuse_unknown_names(tree, targets[0])
        where, where_reads = self._where(tree, scope, targets[0])
        for target in targets:
            yield self.statement.make(
                Delete,
                table=target,
                where=where,
                where_reads=where_reads,
                sources=scope.sources(target),
                tests=self._tests(tree, scope, target),
            )

    def _meant(self, node: object, scope: Scope) -> Name:
        """Returns the table that `DELETE x FROM t x` names by its alias."""
        name = self._target(node, "DELETE")
        relation = scope.find(name.name)
        return relation.name if relation is not None and relation.name is not None else name

    def _merge(self, tree: exp.Merge) -> Operation:
        table = self._target(tree.this, "MERGE")
        columns: dict[str, None] = {}
        for item in tree.args["whens"].expressions:
            then = item.args.get("then")
            for node in _written_columns(then):
                columns[identifier(node, self.dialect)] = None
        columns.pop("", None)
        return self.statement.make(
            Merge, table=table, columns=tuple(columns), query=canonical(tree, self.dialect)
        )

    # SELECT

    def _query(self, tree: exp.Expr) -> Iterator[Operation]:
        into = tree.args.get("into")
        if into is not None:
            yield self._select_into(tree, into)
            return
        special = list(self._special_calls(tree))
        if special:
            yield from special
            return
        self._only_reads(tree)
        if isinstance(tree, exp.Select) and tree.args.get("from_") is None:
            for projection in tree.expressions:
                if isinstance(projection, exp.Column) and is_hole(projection.name):
                    raise NotUnderstoodError("a SELECT that is known only at run time")
        yield self.statement.make(Query, query=canonical(tree, self.dialect))

    def _select_into(self, tree: exp.Expr, into: exp.Expr) -> Operation:
        table = table_name(into.this, self.dialect)
        if self.dialect in MYSQL and into.find(exp.Parameter, exp.SessionParameter) is not None:
            copy = tree.copy()
            copy.set("into", None)
            return self.statement.make(Query, query=canonical(copy, self.dialect))
        if table is None or self.dialect in (*MYSQL, "oracle", "sqlite"):
            raise NotUnderstoodError("SELECT INTO something that is no table")
        copy = tree.copy()
        copy.set("into", None)
        fields = fields_from_query(copy, None, self.dialect)
        temporary = bool(into.args.get("temporary")) or table.name.startswith("#")
        return self.statement.make(CreateTableAs, table=table, temporary=temporary, **fields)

    def _special_calls(self, tree: exp.Expr) -> Iterator[Operation]:
        """Yields what a SELECT of nothing but setval(), nextval() and set_config() does."""
        if not isinstance(tree, exp.Select) or self.dialect != "postgresql":
            return
        calls = [_call(projection.unalias()) for projection in tree.expressions]
        if not calls or any(call is None or str(call.this).lower() not in _SPECIAL for call in calls):
            return
        around = tree.copy()
        around.set("expressions", [])
        if unknown_call(around, self.dialect):
            return
        for call in calls:
            assert call is not None
            rest = [argument for argument in call.expressions if unknown_call(argument, self.dialect)]
            if rest:
                return
            if str(call.this).lower() == "set_config":
                yield from self._set_config(call)
            else:
                yield self._set_position(call)

    def _set_config(self, call: exp.Anonymous) -> Iterator[Operation]:
        values = call.expressions
        if len(values) != 3 or not (isinstance(values[0], exp.Literal) and values[0].is_string):
            raise NotUnderstoodError("set_config() of a setting that is not known")
        local = isinstance(values[2], exp.Boolean) and bool(values[2].this)
        value = (
            str(values[1].this) if isinstance(values[1], exp.Literal) else canonical(values[1], self.dialect)
        )
        yield self.statement.make(SetVariable, name=str(values[0].this).lower(), value=value, local=local)

    def _set_position(self, call: exp.Anonymous) -> Operation:
        first = call.expressions[0] if call.expressions else None
        sequence = self._sequence_name(first)
        if sequence is None:
            raise NotUnderstoodError(
                f"{str(call.this).lower()}() of a sequence that is not known", (), data_only=True
            )
        return self.statement.make(
            AlterSequence, sequence=sequence, change=canonical(call, self.dialect), position=True
        )

    def _sequence_name(self, node: exp.Expr | None) -> Name | None:
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


_SPECIAL: Final = frozenset({"setval", "nextval", "set_config"})


def _call(node: exp.Expr) -> exp.Anonymous | None:
    if isinstance(node, exp.Dot) and node.this.name.lower() == "pg_catalog":
        node = node.expression
    return node if isinstance(node, exp.Anonymous) else None


def _dotted(text: str) -> Name:
    """Returns the name in a text such as 'public."Users_id_seq"', folded as PostgreSQL folds it."""
    parts = [part[1:-1] if part[:1] == '"' else part.lower() for part in text.split(".")]
    return Name(parts[-1], parts[-2] if len(parts) > 1 else None)


def _bare(node: object) -> object:
    return node.this if isinstance(node, (exp.Column, exp.Ordered)) else node


def _join_conditions(tree: exp.Expr) -> Iterator[exp.Expr]:
    """Yields the ON conditions of the inner joins of an UPDATE or DELETE, which limit the rows written."""
    from_ = tree.args.get("from_")
    items = [tree.this, *(tree.args.get("using") or []), from_.this if from_ is not None else None]
    for item in items:
        for join in (item.args.get("joins") or ()) if isinstance(item, exp.Expr) else ():
            on = join.args.get("on")
            if on is not None and str(join.args.get("side") or "").upper() not in ("LEFT", "FULL", "RIGHT"):
                yield on


def _written_columns(then: object) -> Iterator[object]:
    """Yields the columns that a branch of MERGE writes."""
    if isinstance(then, exp.Update):
        for item in then.expressions:
            if isinstance(item, exp.EQ) and isinstance(item.this, exp.Column):
                yield item.this.this
    elif isinstance(then, exp.Insert) and isinstance(then.this, exp.Tuple):
        for node in then.this.expressions:
            yield _bare(node)
