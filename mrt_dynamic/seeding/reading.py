"""SQL text of conditions read into trees; the only place here that meets sqlglot."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

import sqlglot
from sqlglot import exp

from mrt_dynamic.seeding.conditions import UNREAD, Const, Node, Op, Ref
from mrt_lint.schema.dialects import FACTS, Dialect
from mrt_lint.sql.failure import NotUnderstoodError
from mrt_lint.sql.parsing import READERS, check_depth, guarded, parse_expression, tokenize

_BINARY: Final[dict[type[exp.Expr], str]] = {
    exp.And: "and",
    exp.Or: "or",
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.Is: "is",
    exp.Like: "like",
    exp.ILike: "ilike",
    exp.RegexpLike: "regex",
    exp.RegexpILike: "iregex",
    exp.Glob: "glob",
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Div: "/",
    exp.IntDiv: "/",
    exp.Mod: "%",
    exp.DPipe: "||",
    exp.NullSafeEQ: "same",
    exp.NullSafeNEQ: "distinct",
    exp.JSONExtract: "->",
    exp.JSONExtractScalar: "->>",
    exp.ArrayOverlaps: "&&",
    exp.ArrayContainsAll: "@>",
    exp.ArrayContainedBy: "<@",
    exp.JSONBContains: "?",
    exp.Xor: "xor",
}
_BLIND: Final = frozenset({"sqlite", "mysql", "mariadb", "mssql"})
"""Databases whose LIKE does not see case (in MySQL and SQL Server with the usual collations)."""
_WITHOUT_CASE: Final = {"like": "ilike", "regex": "iregex"}

_FUNCTION_NAMES: Final = {
    "regexp_like": "regex",
    "regexp": "regex",
    "current_timestamp": "now",
    "current_date": "now",
    "localtimestamp": "now",
    "transaction_timestamp": "now",
    "statement_timestamp": "now",
    "clock_timestamp": "now",
    "curdate": "now",
    "utc_timestamp": "now",
}


@lru_cache(maxsize=4096)
def condition(text: str, dialect: Dialect) -> Node:
    """Returns the tree of an expression; parts that are not understood are `UNREAD`. Never raises."""
    tree = _parsed(text, dialect)
    return UNREAD if tree is None else node_of(tree, dialect)


def _parsed(text: str, dialect: Dialect) -> exp.Expr | None:
    try:
        tokens = tokenize(text, dialect)
        check_depth(tokens)
    except NotUnderstoodError:
        return None
    try:
        return parse_expression(tokens, dialect)
    except NotUnderstoodError:
        pass
    # The strict reader refuses what sqlglot would not write back word for word. Here the database has
    # the last word on every row, so a reading that may be wrong is better than none.
    try:
        with guarded("the condition"):
            found: Any = sqlglot.parse_one(text, read=READERS[dialect])
    except NotUnderstoodError:
        return None
    return None if isinstance(found, exp.Command) else found


def statement(text: str, dialect: Dialect) -> list[exp.Expr]:
    """Returns the parsed statements of a text, none when it cannot be read."""
    try:
        check_depth(tokenize(text, dialect))
        with guarded("the text"):
            found: Any = sqlglot.parse(text, read=READERS[dialect])
    except NotUnderstoodError:
        return []
    return [tree for tree in found if tree is not None]


def node_of(tree: exp.Expr, dialect: Dialect) -> Node:
    """Returns our tree for one of sqlglot's."""
    if isinstance(tree, exp.Paren):
        return node_of(tree.this, dialect)
    name = _BINARY.get(type(tree))
    if name is not None:
        if dialect in _BLIND:
            name = _WITHOUT_CASE.get(name, name)
        found = Op(name, (node_of(tree.this, dialect), _second(tree, dialect)))
        return Op("not", (found,)) if tree.args.get("negate") else found  # IS NOT, NOT LIKE
    if isinstance(tree, exp.Column):
        return Ref(_folded(tree.this, dialect), _folded(tree.args.get("table"), dialect))
    if isinstance(tree, exp.Literal):
        return Const(tree.this if tree.is_string else _number(tree.this))
    if isinstance(tree, exp.Null):
        return Const(None)
    if isinstance(tree, exp.Boolean):
        return Const(bool(tree.this))
    return _other(tree, dialect)


def _second(tree: exp.Expr, dialect: Dialect) -> Node:
    found = tree.args.get("expression")
    return node_of(found, dialect) if isinstance(found, exp.Expr) else UNREAD


def _other(tree: exp.Expr, dialect: Dialect) -> Node:
    """Returns what is neither a plain operator nor a value."""
    inner = [node_of(found, dialect) for found in _children(tree)]
    if isinstance(tree, exp.Escape):
        return inner[0]
    if isinstance(tree, exp.Not):
        return Op("not", tuple(inner))
    if isinstance(tree, exp.Neg):
        value = inner[0]
        if isinstance(value, Const) and isinstance(value.value, int | Decimal):
            return Const(-value.value)
        return Op("neg", tuple(inner))
    if isinstance(tree, exp.In):
        if tree.args.get("query") or tree.args.get("unnest"):
            return Op("in", (node_of(tree.this, dialect), UNREAD))
        return Op("in", tuple(inner))
    if isinstance(tree, exp.Between):
        parts = (tree.this, tree.args["low"], tree.args["high"])
        return Op("between", tuple(node_of(part, dialect) for part in parts))
    if isinstance(tree, exp.Cast) and isinstance(inner[0], Const) and isinstance(inner[0].value, str):
        return inner[0]  # A constant is compared as what the other side is.
    if isinstance(tree, exp.Cast):
        return Op("cast", (node_of(tree.this, dialect), Const(tree.to.sql(dialect=READERS[dialect]).lower())))
    if isinstance(tree, exp.Extract):
        return Op("extract", (Const(tree.this.name.lower()), node_of(tree.expression, dialect)))
    if isinstance(tree, exp.Case):
        return _case(tree, dialect)
    if isinstance(tree, exp.Tuple):
        return Op("tuple", tuple(inner))
    if isinstance(tree, exp.Array):
        return Op("array", tuple(inner))
    if isinstance(tree, exp.Any | exp.All):
        return Op("any" if isinstance(tree, exp.Any) else "all", tuple(inner))
    if isinstance(tree, exp.Bracket):
        return Op("item", tuple(inner))
    if isinstance(tree, exp.Anonymous):
        name = str(tree.this).lower()
        return Op(_FUNCTION_NAMES.get(name, name), tuple(inner))
    if isinstance(tree, exp.Func):
        name = tree.sql_name().lower()
        return Op(_FUNCTION_NAMES.get(name, name), tuple(inner))
    return UNREAD


def _case(tree: exp.Case, dialect: Dialect) -> Node:
    """Returns CASE as its tests and values in turn, then the default; `CASE x WHEN 1` is `x = 1`."""
    subject = tree.args.get("this")
    parts: list[Node] = []
    for branch in tree.args.get("ifs") or []:
        test = node_of(branch.this, dialect)
        if subject is not None:
            test = Op("=", (node_of(subject, dialect), test))
        parts += [test, node_of(branch.args["true"], dialect)]
    default = tree.args.get("default")
    parts.append(Const(None) if default is None else node_of(default, dialect))
    return Op("case", tuple(parts))


def _children(tree: exp.Expr) -> Iterator[exp.Expr]:
    for value in tree.args.values():
        for found in value if isinstance(value, list) else [value]:
            if isinstance(found, exp.Expr) and not isinstance(found, exp.DataType):
                yield found


def _folded(name: Any, dialect: Dialect) -> str:
    if not isinstance(name, exp.Expr):
        return ""
    return FACTS[dialect].compared(name.name)


def _number(text: str) -> int | Decimal:
    try:
        return int(text)
    except ValueError:
        return Decimal(text)
