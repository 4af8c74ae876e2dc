"""Names in a parsed query: its tables, and the relations that a column may belong to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from typing import Final

from sqlglot import exp

from mrt_lint.classes import dataclass
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Name
from mrt_lint.sql.identifiers import fold


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


def is_shaped(select: exp.Select) -> bool:
    """Returns whether a SELECT gives anything but a row for each row of its FROM that WHERE lets through."""
    return any(select.args.get(part) for part in _SHAPING)


def scope_at(column: exp.Expr, top: exp.Expr, scope: Scope) -> Scope:
    """Returns the scope at a column inside `top`: the subqueries around it, then `scope`."""
    around: list[exp.Expr] = []
    node: exp.Expr | None = column
    own = False
    while node is not None and node is not top.parent:
        if isinstance(node, exp.Select):
            if not own:
                around.append(node)
            own = False
        # A CTE and a query in FROM do not see the tables next to them.
        elif isinstance(node, exp.CTE) or (
            isinstance(node, exp.Subquery) and isinstance(node.parent, (exp.From, exp.Join))
        ):
            own = True
        node = node.parent
    for select in reversed(around):
        scope = scope_of(select_items(select), scope.dialect, scope.ctes, scope)
    return scope
