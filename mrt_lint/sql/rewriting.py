"""Rewrites an expression node by node, from the leaves up, so that equal meanings get one form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlglot import exp

from mrt_lint.schema.dialects import MYSQL, Dialect
from mrt_lint.sql.brackets import COMPARISONS, without_brackets
from mrt_lint.sql.identifiers import is_reserved, needs_quotes
from mrt_lint.sql.printed import (
    SEQUENCE_FUNCTIONS,
    TEXT_TYPES,
    Types,
    is_string,
    plain_operand,
    printed_cast,
    type_text,
    typed_literal,
    typed_number,
)


def rewritten(tree: exp.Expr, dialect: Dialect, types: Types | None) -> exp.Expr:
    """Returns the tree with every node in its normal form; it may be another tree's part afterwards."""
    root = without_brackets(tree, dialect)
    for node in reversed(list(root.walk(bfs=True))):
        new = _normal(node, dialect, types or {})
        if new is node:
            continue
        if node is root:
            root = new
            root.pop() if root.parent else None
        else:
            node.replace(new)
    return root


def _normal(node: exp.Expr, dialect: Dialect, types: Types) -> exp.Expr:
    """Returns the normal form of one node whose children have theirs."""
    rule = _RULES.get(type(node))
    return rule(node, dialect, types) if rule else node


def _identifier(node: exp.Expr, dialect: Dialect, types: Types) -> exp.Expr:
    """Folds a name as the database does; quotes stay only where it needs them."""
    name = str(node.this)
    parent = node.parent
    if dialect == "postgresql":
        name = name if node.args.get("quoted") else name.lower()
    elif dialect == "oracle":
        name = name if node.args.get("quoted") else name.upper()
    elif isinstance(parent, exp.Column) and node.arg_key == "this":
        name = name.lower()
    node.set("this", name)
    node.set(
        "quoted",
        needs_quotes(name, dialect) or (bool(node.args.get("quoted")) and is_reserved(name, dialect)),
    )
    return node


def _function(node: exp.Expr, dialect: Dialect, types: Types) -> exp.Expr:
    """Normalises a call: the case of its name, synonyms of CURRENT_TIMESTAMP, `timezone()`."""
    if not isinstance(node.this, str):
        return node
    name = node.this.lower()
    node.set("this", name)
    arguments = node.expressions
    if name in _NOW.get(dialect, ()) and len(arguments) <= (1 if dialect in MYSQL else 0):
        return _now(arguments[0] if arguments else None)
    if name == "timezone" and dialect == "postgresql" and len(arguments) == 2:
        return exp.AtTimeZone(this=arguments[1], zone=arguments[0])
    if name in SEQUENCE_FUNCTIONS and arguments and dialect == "postgresql":
        first = arguments[0]
        if isinstance(first, exp.Cast) and is_string(first.this) and type_text(first, dialect) == "REGCLASS":
            first.replace(first.this)
    return node


_NOW: Final[dict[Dialect, frozenset[str]]] = {
    "postgresql": frozenset({"now", "transaction_timestamp", "current_timestamp"}),
    "mysql": frozenset({"now", "current_timestamp", "localtime", "localtimestamp"}),
    "mariadb": frozenset({"now", "current_timestamp", "localtime", "localtimestamp"}),
}


def _now(precision: exp.Expr | None = None) -> exp.Expr:
    if precision is None:
        return exp.Var(this="CURRENT_TIMESTAMP")
    return exp.Anonymous(this="current_timestamp", expressions=[precision])


def _current_timestamp(node: exp.Expr, dialect: Dialect, types: Types) -> exp.Expr:
    if isinstance(node, exp.CurrentTimestamp):
        return _now(node.this if isinstance(node.this, exp.Expr) else None)
    if dialect in MYSQL:
        return _now(node.this if isinstance(node.this, exp.Expr) else None)
    return node


def _raw_string(node: exp.Expr, dialect: Dialect, types: Types) -> exp.Expr:
    """A dollar-quoted or escape string is the same value as the plain one."""
    return exp.Literal.string(str(node.this)) if dialect == "postgresql" else node


def _introducer(node: exp.Expr, dialect: Dialect, types: Types) -> exp.Expr:
    """MySQL prints `_utf8mb4'x'` for a literal of the connection's character set."""
    literal = node.expression
    return literal if str(node.this).lower() == "_utf8mb4" and is_string(literal) else node


def _boolean(node: exp.Expr, dialect: Dialect, types: Types) -> exp.Expr:
    """TRUE and FALSE are 1 and 0 in MySQL, SQLite and SQL Server."""
    if isinstance(node.parent, exp.Is):
        return node
    if dialect in MYSQL or dialect in ("sqlite", "mssql"):
        return exp.Literal.number(1 if node.this else 0)
    return node


def _trim(node: exp.Expr, dialect: Dialect, types: Types) -> exp.Expr:
    if str(node.args.get("position") or "").upper() == "BOTH":
        node.set("position", None)
    return node


def _extract(node: exp.Expr, dialect: Dialect, types: Types) -> exp.Expr:
    if isinstance(node.this, (exp.Var, exp.Literal)):
        node.set("this", exp.Var(this=str(node.this.this).upper()))
    return node


def _interval(node: exp.Expr, dialect: Dialect, types: Types) -> exp.Expr:
    """PostgreSQL prints INTERVAL '1 day' as '1 day'::interval."""
    amount, unit = node.this, node.args.get("unit")
    if dialect != "postgresql" or not is_string(amount) or not (unit is None or isinstance(unit, exp.Var)):
        return node
    text = str(amount.this)
    if unit is not None:
        text += " " + str(unit.this).lower()
    cast = exp.Cast(this=exp.Literal.string(text), to=exp.DataType.build("interval", dialect="postgres"))
    return printed_cast(cast, dialect, types)


def _not(node: exp.Expr, dialect: Dialect, types: Types) -> exp.Expr:
    inner = node.this
    if isinstance(inner, (exp.Like, exp.ILike)) and not inner.args.get("negate"):
        inner.set("negate", True)
        return inner
    if isinstance(inner, exp.Is) and isinstance(inner.expression, exp.Null) and dialect != "postgresql":
        # In PostgreSQL the two differ for rows with some NULL fields.
        return exp.Is(this=inner.this, expression=inner.expression, negate=not inner.args.get("negate"))
    if isinstance(inner, exp.EQ) and not _is_quantified(inner.expression) and not _is_quantified(inner.this):
        return exp.NEQ(this=inner.this, expression=inner.expression)
    if isinstance(inner, exp.And) and inner.args.get(_RANGE):
        return _outside(inner)
    return node


def _is_quantified(node: object) -> bool:
    """Returns whether a side of a comparison is ANY (..) or ALL (..), whose opposite is the other one."""
    if isinstance(node, (exp.Any, exp.All)):
        return True
    return isinstance(node, exp.Anonymous) and str(node.this).lower() in ("any", "all", "some")


def _in(node: exp.Expr, dialect: Dialect, types: Types) -> exp.Expr:
    """A list of one is a comparison; casts of elements to the column's type go."""
    elements = node.expressions
    if not elements or node.args.get("query") or node.args.get("unnest") or node.args.get("field"):
        return node
    plain = [plain_operand(element, node.this, dialect, types) for element in elements]
    if len(plain) == 1 and not isinstance(plain[0], (exp.Query, exp.Subquery, exp.Tuple)):
        return _comparison(exp.EQ(this=node.this, expression=plain[0]), dialect, types)
    node.set("expressions", plain)
    return node


def _comparison(node: exp.Expr, dialect: Dialect, types: Types) -> exp.Expr:
    """Drops the casts that PostgreSQL adds to the sides; `= ANY (ARRAY[..])` is IN, `<> ALL` NOT IN."""
    left, right = node.this, node.expression
    elements = _array_elements(right) if dialect == "postgresql" else None
    if elements is not None and isinstance(node, (exp.EQ, exp.NEQ)):
        wanted = exp.Any if isinstance(node, exp.EQ) else exp.All
        if isinstance(right, wanted) or _call_name(right) == wanted.__name__.lower():
            listed = _in(exp.In(this=left, expressions=elements), dialect, types)
            return listed if isinstance(node, exp.EQ) else _not(exp.Not(this=listed), dialect, types)
    if isinstance(left, exp.Expr) and isinstance(right, exp.Expr):
        node.set("this", plain_operand(left, right, dialect, types))
        node.set("expression", plain_operand(right, node.this, dialect, types))
    return node


def _between(node: exp.Expr, dialect: Dialect, types: Types) -> exp.Expr:
    """PostgreSQL reads BETWEEN as two comparisons, and so prints it."""
    if dialect != "postgresql" or node.args.get("symmetric") is not None:
        return node
    low = exp.GTE(this=node.this.copy(), expression=node.args["low"])
    high = exp.LTE(this=node.this, expression=node.args["high"])
    sides = (_comparison(low, dialect, types), _comparison(high, dialect, types))
    return exp.And(this=sides[0], expression=sides[1], **{_RANGE: True})


_RANGE: Final = "mrt_between"


def _outside(between: exp.Expr) -> exp.Expr:
    """Returns NOT BETWEEN as PostgreSQL reads it."""
    low, high = between.this, between.expression
    return exp.Or(
        this=exp.LT(this=low.this, expression=low.expression),
        expression=exp.GT(this=high.this, expression=high.expression),
    )


def _other_operator(node: exp.Expr, dialect: Dialect, types: Types) -> exp.Expr:
    """Drops the cast of a literal to the type of the column on the other side (`doc @> '{}'::jsonb`)."""
    left, right = node.this, node.expression
    node.set("this", typed_literal(left, right, dialect, types))
    node.set("expression", typed_literal(right, node.this, dialect, types))
    return node


def _arithmetic(node: exp.Expr, dialect: Dialect, types: Types) -> exp.Expr:
    """Drops the cast of a number to the type of the column on the other side (`total * (2)::numeric`)."""
    left, right = node.this, node.expression
    node.set("this", typed_number(left, right, dialect, types))
    node.set("expression", typed_number(right, node.this, dialect, types))
    return node


def _path(node: exp.Expr, dialect: Dialect, types: Types) -> exp.Expr:
    """`#>` and `#>>` take a text[] anyway."""
    right = node.expression
    if isinstance(right, exp.Cast) and is_string(right.this) and type_text(right, dialect) == "TEXT[]":
        node.set("expression", right.this)
    return node


def _like(node: exp.Expr, dialect: Dialect, types: Types) -> exp.Expr:
    """PostgreSQL prints LIKE x ESCAPE y as a call of like_escape()."""
    right = node.expression
    if _call_name(right) != "like_escape" or len(right.expressions) != 2:
        return node
    pattern, sign = right.expressions
    node.set("expression", pattern)
    return exp.Escape(this=node.copy(), expression=sign)


def _regexp(node: exp.Expr, dialect: Dialect, types: Types) -> exp.Expr:
    """PostgreSQL prints SIMILAR TO as a regular expression through similar_to_escape()."""
    right = node.expression
    if _call_name(right) != "similar_to_escape" or len(right.expressions) != 1:
        return node
    return exp.SimilarTo(this=node.this, expression=right.expressions[0])


def _call_name(node: exp.Expr) -> str:
    return str(node.this).lower() if isinstance(node, exp.Anonymous) else ""


def _array_elements(node: exp.Expr) -> list[exp.Expr] | None:
    """Returns the elements of ANY (ARRAY[...]) or ALL (ARRAY[...]), None for anything else."""
    if isinstance(node, (exp.Any, exp.All)):
        array = node.this
    elif _call_name(node) in ("all", "any", "some") and len(node.expressions) == 1:
        array = node.expressions[0]
    else:
        return None
    while isinstance(array, exp.Paren):
        array = array.this
    if isinstance(array, exp.Cast) and isinstance(array.this, exp.Array):
        element = array.to.expressions[0] if array.to.expressions else None
        text = isinstance(element, exp.DataType) and element.this in TEXT_TYPES and not element.expressions
        if not text or not all(is_string(part) for part in array.this.expressions):
            return None
        array = array.this
    return list(array.expressions) if isinstance(array, exp.Array) and array.expressions else None


_Rule = Callable[[exp.Expr, Dialect, Types], exp.Expr]

_RULES: Final[dict[type, _Rule]] = {
    exp.Identifier: _identifier,
    exp.Anonymous: _function,
    exp.CurrentTimestamp: _current_timestamp,
    exp.Localtimestamp: _current_timestamp,
    exp.Localtime: _current_timestamp,
    exp.RawString: _raw_string,
    exp.ByteString: _raw_string,
    exp.Introducer: _introducer,
    exp.Boolean: _boolean,
    exp.Trim: _trim,
    exp.Extract: _extract,
    exp.Interval: _interval,
    exp.Not: _not,
    exp.In: _in,
    exp.Between: _between,
    exp.Cast: printed_cast,
    exp.ArrayContainsAll: _other_operator,
    exp.ArrayContainedBy: _other_operator,
    exp.ArrayOverlaps: _other_operator,
    **dict.fromkeys((exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod), _arithmetic),
    exp.JSONBExtract: _path,
    exp.JSONBExtractScalar: _path,
    exp.Like: _like,
    exp.ILike: _like,
    exp.RegexpLike: _regexp,
    **dict.fromkeys(COMPARISONS, _comparison),
}
