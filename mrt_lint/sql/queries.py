"""What a parsed query reads: its tables, the columns behind an expression, the functions it calls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlglot import exp

from mrt_lint.ops.data import ColumnTest, Expression
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Name
from mrt_lint.sql.canonical import canonical
from mrt_lint.sql.failure import NotUnderstoodError
from mrt_lint.sql.functions import is_pure
from mrt_lint.sql.holes import has_hole, is_hole
from mrt_lint.sql.identifiers import fold
from mrt_lint.sql.tokens import TokenReader
from mrt_lint.sql.words import words

Read = tuple[Name, str]


def identifier(node: object, dialect: Dialect) -> str:
    """Returns an Identifier node as the database folds it, empty for anything else."""
    if not isinstance(node, exp.Identifier):
        return ""
    prefix = "#" if node.args.get("temporary") else "##" if node.args.get("global_") else ""
    name = str(node.this)
    return prefix + (name if node.args.get("quoted") else fold(name, dialect))


def table_name(node: object, dialect: Dialect) -> Name | None:
    """Returns the name of a Table node, None if it is a function or no table at all."""
    if isinstance(node, exp.Schema):
        node = node.this
    if not isinstance(node, exp.Table) or not isinstance(node.this, exp.Identifier):
        return None
    return Name(identifier(node.this, dialect), identifier(node.args.get("db"), dialect) or None)


@dataclass(frozen=True)
class Relation:
    """One item of a FROM clause: a table (`name`), or a query whose columns stand for others (`query`)."""

    alias: str
    name: Name | None = None
    query: exp.Expr | None = None


@dataclass
class Scope:
    """The relations that a column may belong to, and those around it."""

    relations: list[Relation]
    dialect: Dialect
    outer: Scope | None = None
    ctes: dict[str, exp.Expr] = field(default_factory=dict)

    def tables(self) -> tuple[Name, ...]:
        """Returns the tables named directly, in order, without repeats."""
        return tuple(dict.fromkeys(item.name for item in self.relations if item.name is not None))

    def base_tables(self) -> tuple[Name, ...]:
        """Returns every table behind the relations, through CTEs and subqueries."""
        found: dict[Name, None] = {}
        for item in self.relations:
            if item.name is not None:
                found[item.name] = None
            elif item.query is not None:
                for name in tables_below(item.query, self.dialect, self.ctes):
                    found[name] = None
        return tuple(found)

    def find(self, qualifier: str) -> Relation | None:
        """Returns the relation of this alias or table name, innermost first."""
        for item in self.relations:
            if item.alias.lower() == qualifier.lower():
                return item
        return self.outer.find(qualifier) if self.outer else None

    def relation_of(self, name: Name | None) -> Relation | None:
        """Returns the relation that stands for the table which is written: the first of this name."""
        return next((item for item in self.relations if name is not None and item.name == name), None)

    def others(self, name: Name | None) -> list[Relation]:
        """Returns the relations besides the one that stands for the written table."""
        written = self.relation_of(name)
        return [item for item in self.relations if item is not written]

    def sources(self, name: Name) -> tuple[Name, ...]:
        """Returns the tables behind the relations besides the written one; a self-join names it again."""
        return Scope(self.others(name), self.dialect, ctes=self.ctes).base_tables()

    def candidates(self) -> list[Relation]:
        """Returns the relations an unqualified column may belong to."""
        return self.relations + (self.outer.candidates() if self.outer else [])


def ctes_of(tree: exp.Expr, dialect: Dialect) -> dict[str, exp.Expr]:
    """Returns every CTE anywhere in a statement, by lower-case name."""
    return {cte.alias.lower(): cte.this for cte in tree.find_all(exp.CTE) if cte.alias}


def tables_below(tree: exp.Expr, dialect: Dialect, ctes: dict[str, exp.Expr]) -> tuple[Name, ...]:
    """Returns every table that a query names, CTEs looked through once."""
    found: dict[Name, None] = {}
    for node in tree.find_all(exp.Table):
        name = table_name(node, dialect)
        if name is None:
            continue
        if name.schema is None and name.name.lower() in ctes:
            inner = ctes[name.name.lower()]
            if inner is not tree and tree not in inner.walk():
                rest = {key: value for key, value in ctes.items() if key != name.name.lower()}
                found.update(dict.fromkeys(tables_below(inner, dialect, rest)))
            continue
        found[name] = None
    return tuple(found)


def scope_of(
    items: Sequence[object], dialect: Dialect, ctes: dict[str, exp.Expr], outer: Scope | None = None
) -> Scope:
    """Returns the scope of FROM items (tables, subqueries, joins hanging on them)."""
    relations: list[Relation] = []
    for item in items:
        relations += _relations(item, dialect, ctes)
    return Scope(relations, dialect, outer, ctes)


def _relations(node: object, dialect: Dialect, ctes: dict[str, exp.Expr]) -> Iterator[Relation]:
    if not isinstance(node, exp.Expr):
        return
    alias = node.alias_or_name
    if isinstance(node, (exp.From, exp.Join, exp.Schema)):
        yield from _relations(node.this, dialect, ctes)
        if isinstance(node, exp.From):
            return
    elif isinstance(node, exp.Table) and (name := table_name(node, dialect)) is not None:
        if name.schema is None and name.name.lower() in ctes:
            yield Relation(alias, query=ctes[name.name.lower()])
        else:
            yield Relation(alias or name.name, name)
    elif isinstance(node, exp.Subquery) and isinstance(node.this, exp.Table):
        yield from _relations(node.this, dialect, ctes)
    else:
        yield Relation(alias, query=node.this if isinstance(node, exp.Subquery) else node)
    for join in node.args.get("joins") or ():
        yield from _relations(join, dialect, ctes)


def select_items(select: exp.Expr) -> list[object]:
    """Returns the FROM items of a SELECT: its table, joins and laterals."""
    items: list[object] = []
    source = select.args.get("from_")
    if source is not None:
        items.append(source.this)
    items += select.args.get("joins") or []
    items += select.args.get("laterals") or []
    return items


def reads_of(tree: object, scope: Scope, depth: int = 0) -> tuple[Read, ...]:
    """Returns every column that an expression reads, as (table, column); more rather than less.

    A column without a table may belong to any relation in sight and is listed for each.
    """
    if not isinstance(tree, exp.Expr) or depth > 8:
        return ()
    found: dict[Read, None] = {}
    for column in tree.find_all(exp.Column, bfs=False):
        name = identifier(column.this, scope.dialect)
        if not name or is_hole(name) or isinstance(column.this, exp.Star):
            continue
        found.update(dict.fromkeys(_resolved(column, name, scope_at(column, tree, scope), depth)))
    return tuple(found)


def scope_at(column: exp.Expr, top: exp.Expr, scope: Scope) -> Scope:
    """Returns the scope at a column inside `top`: the subqueries around it, then `scope`."""
    around: list[exp.Expr] = []
    node: exp.Expr | None = column
    while node is not None and node is not top.parent:
        if isinstance(node, exp.Select):
            around.append(node)
        node = node.parent
    for select in reversed(around):
        scope = scope_of(select_items(select), scope.dialect, scope.ctes, scope)
    return scope


def _resolved(column: exp.Expr, name: str, scope: Scope, depth: int) -> Iterator[Read]:
    qualifier = identifier(column.args.get("table"), scope.dialect)
    if qualifier:
        relation = scope.find(qualifier)
        if relation is None:
            yield Name(qualifier), name
            return
        yield from _behind(relation, name, scope, depth)
        return
    for relation in scope.candidates():
        yield from _behind(relation, name, scope, depth)


def _behind(relation: Relation, name: str, scope: Scope, depth: int) -> Iterator[Read]:
    """Yields the table columns behind a column of a relation."""
    if relation.name is not None:
        yield relation.name, name
        return
    query = relation.query
    if not isinstance(query, exp.Select):
        if query is not None:
            for table in tables_below(query, scope.dialect, scope.ctes):
                yield table, name
        return
    inner = scope_of(select_items(query), scope.dialect, _without(scope.ctes, query))
    for projection in query.expressions:
        if projection.is_star:
            for table in inner.base_tables():
                yield table, name
        elif projection.alias_or_name.lower() == name.lower():
            yield from reads_of(projection, inner, depth + 1)


def _without(ctes: dict[str, exp.Expr], query: exp.Expr) -> dict[str, exp.Expr]:
    return {key: value for key, value in ctes.items() if value is not query}


def is_literal(node: object) -> bool:
    """Returns whether an expression is a constant."""
    if isinstance(node, (exp.Neg, exp.Paren, exp.Cast)):
        return is_literal(node.this)
    if isinstance(node, exp.Introducer):
        return is_literal(node.expression)
    return isinstance(
        node,
        (
            exp.Literal,
            exp.Null,
            exp.Boolean,
            exp.HexString,
            exp.BitString,
            exp.ByteString,
            exp.RawString,
            exp.National,
            exp.UnicodeString,
        ),
    )


def value_of(node: exp.Expr, scope: Scope, own: Name | None = None) -> Expression:
    """Returns what is written to a column; `own`: the table that is written, for UPDATE."""
    while isinstance(node, exp.Paren):
        node = node.this
    if isinstance(node, exp.Column) and node.name.upper() == "DEFAULT" and not node.this.args.get("quoted"):
        return Expression(sql="DEFAULT")
    if isinstance(node, exp.Var) and str(node.this).upper() == "DEFAULT":
        return Expression(sql="DEFAULT")
    text = canonical(node, scope.dialect)
    literal = is_literal(node) and not has_hole(text)
    return Expression(
        sql=text, column=_plain_column(node, scope, own), reads=reads_of(node, scope), literal=literal
    )


def _plain_column(node: exp.Expr, scope: Scope, own: Name | None) -> str | None:
    """Returns the column that is copied as it is: of the written table or of the only source."""
    if not isinstance(node, exp.Column) or isinstance(node.this, exp.Star):
        return None
    name = identifier(node.this, scope.dialect)
    if not name or is_hole(name):
        return None
    qualifier = identifier(node.args.get("table"), scope.dialect)
    relations = [scope.find(qualifier)] if qualifier else scope.relations
    if len(relations) != 1 or (relation := relations[0]) is None or relation.name is None:
        return None
    written = scope.relation_of(own)
    if relation is written:
        return name
    # Another row of the written table (a self-join) is no plain copy.
    return name if len(scope.others(own)) <= 1 and relation.name != own else None


def column_tests(node: exp.Expr | None, scope: Scope, own: Name) -> tuple[ColumnTest, ...] | None:
    """Returns a WHERE as plain comparisons of columns of `own` with constants, None when it is not that."""
    if isinstance(node, exp.Where):
        node = node.this
    if node is None or _always_true(node, scope.dialect):
        return ()
    while isinstance(node, exp.Paren):
        node = node.this
    if isinstance(node, exp.And):
        left = column_tests(node.this, scope, own)
        right = column_tests(node.expression, scope, own)
        return None if left is None or right is None else left + right
    return _column_test(node, scope, own)


def _column_test(node: exp.Expr, scope: Scope, own: Name) -> tuple[ColumnTest, ...] | None:
    negated = isinstance(node, exp.Not)
    if isinstance(node, exp.Not):
        node = node.this
        while isinstance(node, exp.Paren):
            node = node.this
    if not isinstance(node, (exp.Is, exp.EQ, exp.NEQ, exp.In)) or not isinstance(node.this, exp.Column):
        return None
    column = _plain_column(
        node.this, Scope([r for r in scope.relations if r.name == own], scope.dialect), own
    )
    if column is None or len(scope.relations) != 1:
        return None
    if isinstance(node, exp.Is):
        if not isinstance(node.expression, exp.Null):
            return None
        present = negated != bool(node.args.get("negate"))
        return (ColumnTest(column, "is not null" if present else "is null"),)
    if isinstance(node, exp.In):
        values = None if node.args.get("query") or node.args.get("unnest") else node.expressions
        operator = "in"
    else:
        values, operator = [node.expression], "=" if isinstance(node, exp.EQ) else "<>"
    texts = _constants(values or [], scope.dialect)
    return None if negated or not texts else (ColumnTest(column, operator, texts),)


def _constants(nodes: Sequence[exp.Expr], dialect: Dialect) -> tuple[str, ...]:
    """Returns the constants as canonical SQL; nothing if one is not known or is NULL."""
    texts = tuple(canonical(node, dialect) for node in nodes if is_literal(node))
    if len(texts) != len(nodes) or any(has_hole(text) or "NULL" in text.upper().split() for text in texts):
        return ()
    return texts


_ALWAYS_TRUE: Final = frozenset({"TRUE", "1", "NOT FALSE", "'1'"})


def condition_text(node: exp.Expr | None, dialect: Dialect) -> str:
    """Returns a WHERE condition in canonical spelling, empty when it is none or always true."""
    if node is None:
        return ""
    if isinstance(node, exp.Where):
        node = node.this
    return "" if _always_true(node, dialect) else canonical(node, dialect)


def _always_true(node: exp.Expr, dialect: Dialect) -> bool:
    while isinstance(node, exp.Paren):
        node = node.this
    if isinstance(node, exp.And):
        return _always_true(node.this, dialect) and _always_true(node.expression, dialect)
    if isinstance(node, exp.Or):
        return _always_true(node.this, dialect) or _always_true(node.expression, dialect)
    if isinstance(node, exp.EQ):
        return is_literal(node.this) and node.this == node.expression and not isinstance(node.this, exp.Null)
    return canonical(node, dialect) in _ALWAYS_TRUE


# Queries as sources


_SHAPING: Final = (
    "group",
    "having",
    "distinct",
    "limit",
    "offset",
    "windows",
    "qualify",
    "joins",
    "laterals",
    "into",
    "connect",
    "pivots",
    "match",
)


def plain_source(query: object, dialect: Dialect, ctes: dict[str, exp.Expr]) -> Name | None:
    """Returns the table of a SELECT that gives one row per row of one plain table, else None."""
    while isinstance(query, exp.Subquery):
        query = query.this
    if not isinstance(query, exp.Select) or any(query.args.get(part) for part in _SHAPING):
        return None
    source = query.args.get("from_")
    if source is None or not isinstance(source.this, exp.Table) or query.args.get("with_"):
        return None
    name = table_name(source.this, dialect)
    if name is None or source.this.args.get("joins") or source.this.args.get("sample"):
        return None
    if name.schema is None and name.name.lower() in ctes:
        return None
    for node in query.find_all(exp.AggFunc, exp.Window, exp.UDTF, exp.Explode, exp.Anonymous):
        if not isinstance(node, exp.Anonymous):
            return None
        called = str(node.this).lower()
        if called in _ROW_CHANGING or not is_pure(called, dialect):
            return None
    return name


_ROW_CHANGING: Final = words(
    """
    count sum avg min max array_agg string_agg json_agg jsonb_agg json_object_agg jsonb_object_agg
    group_concat bool_and bool_or every bit_and bit_or stddev variance unnest generate_series
    generate_subscripts regexp_split_to_table regexp_matches string_to_table jsonb_array_elements
    json_array_elements jsonb_array_elements_text json_array_elements_text jsonb_each json_each
    jsonb_each_text json_each_text jsonb_object_keys json_object_keys percentile_cont percentile_disc
    mode corr xmlagg listagg total
    """
)
"""Aggregates and set-returning functions: with these a SELECT does not give one row per row."""


def table_from_query(reader: TokenReader, names: tuple[str, ...] | None) -> dict[str, Any]:
    """Returns the fields of CreateTableAs for the query that the reader holds."""
    dialect = reader.dialect
    tree = reader.query("the query")
    return fields_from_query(tree, names, dialect)


def fields_from_query(tree: exp.Expr, names: tuple[str, ...] | None, dialect: Dialect) -> dict[str, Any]:
    """Returns the fields of CreateTableAs for a query; `names`: the columns named before it."""
    while isinstance(tree, exp.Subquery) and not tree.alias:
        tree = tree.this
    if not isinstance(tree, exp.Query):
        raise NotUnderstoodError("CREATE TABLE AS something that is no query")
    refuse_writes(tree)
    ctes = ctes_of(tree, dialect)
    source = plain_source(tree, dialect, ctes)
    columns: list[tuple[str, str | None]] | None = []
    for projection in tree.selects:
        inner = projection.unalias()
        if projection.is_star:
            columns = None
            break
        plain = identifier(inner.this, dialect) if isinstance(inner, exp.Column) and source else None
        output = projection.output_name
        if isinstance(projection, exp.Alias):
            output = identifier(projection.args.get("alias"), dialect)
        elif isinstance(inner, exp.Column):
            output = identifier(inner.this, dialect)
        assert columns is not None
        columns.append((output, plain))
    if columns is not None and names is not None:
        columns = [(name, old[1]) for name, old in zip(names, columns, strict=False)]
    result: dict[str, Any] = {
        "source": source,
        "columns": tuple(columns) if columns is not None else None,
        "query": canonical(tree, dialect),
    }
    if source is not None and isinstance(tree, exp.Select):
        result["where"] = condition_text(tree.args.get("where"), dialect)
    return result


def refuse_writes(tree: exp.Expr) -> None:
    """Raises NotUnderstoodError if a query holds a data-modifying CTE."""
    for node in tree.find_all(exp.Insert, exp.Update, exp.Delete, exp.Merge):
        raise NotUnderstoodError(f"{type(node).__name__.upper()} inside a query")
