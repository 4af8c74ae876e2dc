"""Canonical SQL: one spelling for all texts that surely mean the same, never one for two meanings.

A tree is rewritten from the leaves up (names folded, meaningless casts dropped, equal forms made one),
its brackets are taken away and put back only where precedence asks for them, then it is written out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from sqlglot import exp

from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.types import SqlType
from mrt_lint.sql.failure import NotUnderstoodError
from mrt_lint.sql.parsing import check_depth, generate, parse_expression, parse_query, tokenize
from mrt_lint.sql.tokens import TokenReader, is_reserved, items, needs_quotes
from mrt_lint.sql.words import words

Types = Mapping[str, SqlType]

_QUERY_WORDS: Final = frozenset({"SELECT", "WITH", "VALUES", "INSERT", "UPDATE", "DELETE", "MERGE", "TABLE"})


def canonical_text(sql: str, dialect: Dialect, types: Types | None = None) -> str:
    """Returns the canonical spelling of an expression or query given as text; total.

    What cannot be parsed keeps its tokens, in a normal spelling.
    """
    try:
        content = items(tokenize(sql, dialect))
    except NotUnderstoodError:
        return " ".join(sql.split())
    return canonical_of(TokenReader(content, dialect, sql), types)


def canonical_of(reader: TokenReader, types: Types | None = None) -> str:
    """Moves the reader to its end; returns the canonical spelling of what was passed; total."""
    rest = reader.rest()
    start = rest.peek()
    try:
        check_depth(rest.tokens)
        read = parse_query if start is not None and start.upper in _QUERY_WORDS else parse_expression
        return canonical(read(rest.tokens, rest.dialect), rest.dialect, types)
    except NotUnderstoodError:
        return rest.sub(0, len(rest.items)).text()


def canonical_default(sql: str, dialect: Dialect, column: SqlType | None = None) -> str:
    """Returns a column default in canonical spelling; a cast to the column's own type goes; total."""
    try:
        content = items(tokenize(sql, dialect))
    except NotUnderstoodError:
        return " ".join(sql.split())
    return default_of(TokenReader(content, dialect, sql), column)


def default_of(reader: TokenReader, column: SqlType | None) -> str:
    """Moves the reader to its end; returns the default that was passed in canonical spelling; total."""
    rest = reader.rest()
    try:
        tree = _rewritten(parse_expression(rest.tokens, rest.dialect), rest.dialect, None)
        return _written(_as_stored(tree, rest.dialect, column), rest.dialect)
    except NotUnderstoodError:
        return rest.sub(0, len(rest.items)).text()


def canonical(tree: exp.Expr, dialect: Dialect, types: Types | None = None) -> str:
    """Returns a parsed expression or query in canonical spelling; the tree itself is left alone.

    Raises NotUnderstoodError if sqlglot cannot write it.
    """
    return _written(_rewritten(tree.copy(), dialect, types), dialect)


def _written(tree: exp.Expr, dialect: Dialect) -> str:
    return generate(_bracketed(tree), dialect)


# Rewriting


def _rewritten(tree: exp.Expr, dialect: Dialect, types: Types | None) -> exp.Expr:
    """Returns the tree with every node in its normal form; it may be another tree's part afterwards."""
    root = _without_brackets(tree)
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


def _without_brackets(tree: exp.Expr) -> exp.Expr:
    """Returns the tree without Paren nodes, but for those that mean something."""
    root = tree
    for node in reversed(list(tree.walk(bfs=True))):
        if not isinstance(node, exp.Paren) or not isinstance(node.this, exp.Expr):
            continue
        parent = node.parent
        if isinstance(node.this, exp.Query) and parent is not None:
            continue
        if parent is None:
            root = node.this
            root.pop()
        elif not isinstance(parent, _KEEPING_BRACKETS):
            node.replace(node.this)
    return root


_KEEPING_BRACKETS: Final = (
    exp.Dot,
    exp.Bracket,
    exp.From,
    exp.Join,
    exp.Table,
    exp.Subquery,
    exp.SetOperation,
)


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
    if name in _NOW.get(dialect, ()) and len(arguments) <= (1 if dialect in _MYSQL else 0):
        return _now(arguments[0] if arguments else None)
    if name == "timezone" and dialect == "postgresql" and len(arguments) == 2:
        return exp.AtTimeZone(this=arguments[1], zone=arguments[0])
    if name in _SEQUENCE_FUNCTIONS and arguments and dialect == "postgresql":
        first = arguments[0]
        if (
            isinstance(first, exp.Cast)
            and _is_string(first.this)
            and _type_text(first, dialect) == "REGCLASS"
        ):
            first.replace(first.this)
    return node


_MYSQL: Final = frozenset({"mysql", "mariadb"})
_NOW: Final[dict[Dialect, frozenset[str]]] = {
    "postgresql": frozenset({"now", "transaction_timestamp", "current_timestamp"}),
    "mysql": frozenset({"now", "current_timestamp", "localtime", "localtimestamp"}),
    "mariadb": frozenset({"now", "current_timestamp", "localtime", "localtimestamp"}),
}
_SEQUENCE_FUNCTIONS: Final = frozenset({"nextval", "currval", "setval"})


def _now(precision: exp.Expr | None = None) -> exp.Expr:
    if precision is None:
        return exp.Var(this="CURRENT_TIMESTAMP")
    return exp.Anonymous(this="current_timestamp", expressions=[precision])


def _current_timestamp(node: exp.Expr, dialect: Dialect, types: Types) -> exp.Expr:
    if isinstance(node, exp.CurrentTimestamp):
        return _now(node.this if isinstance(node.this, exp.Expr) else None)
    if dialect in _MYSQL:
        return _now(node.this if isinstance(node.this, exp.Expr) else None)
    return node


def _raw_string(node: exp.Expr, dialect: Dialect, types: Types) -> exp.Expr:
    """A dollar-quoted or escape string is the same value as the plain one."""
    return exp.Literal.string(str(node.this)) if dialect == "postgresql" else node


def _introducer(node: exp.Expr, dialect: Dialect, types: Types) -> exp.Expr:
    """MySQL prints `_utf8mb4'x'` for a literal of the connection's character set."""
    literal = node.expression
    return literal if str(node.this).lower() == "_utf8mb4" and _is_string(literal) else node


def _boolean(node: exp.Expr, dialect: Dialect, types: Types) -> exp.Expr:
    """TRUE and FALSE are 1 and 0 in MySQL, SQLite and SQL Server."""
    if dialect in _MYSQL or dialect in ("sqlite", "mssql"):
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
    if dialect != "postgresql" or not _is_string(amount) or not (unit is None or isinstance(unit, exp.Var)):
        return node
    text = str(amount.this)
    if unit is not None:
        text += " " + str(unit.this).lower()
    cast = exp.Cast(this=exp.Literal.string(text), to=exp.DataType.build("interval", dialect="postgres"))
    return _cast(cast, dialect, types)


def _not(node: exp.Expr, dialect: Dialect, types: Types) -> exp.Expr:
    inner = node.this
    if isinstance(inner, (exp.Like, exp.ILike)) and not inner.args.get("negate"):
        inner.set("negate", True)
        return inner
    if isinstance(inner, exp.Is) and isinstance(inner.expression, exp.Null) and dialect != "postgresql":
        # In PostgreSQL the two differ for rows with some NULL fields.
        return exp.Is(this=inner.this, expression=inner.expression, negate=not inner.args.get("negate"))
    if isinstance(inner, exp.EQ):
        return exp.NEQ(this=inner.this, expression=inner.expression)
    if isinstance(inner, exp.And) and inner.args.get(_RANGE):
        return _outside(inner)
    return node


def _in(node: exp.Expr, dialect: Dialect, types: Types) -> exp.Expr:
    """A list of one is a comparison; casts of elements to the column's type go."""
    elements = node.expressions
    if not elements or node.args.get("query") or node.args.get("unnest") or node.args.get("field"):
        return node
    plain = [_plain_operand(element, node.this, dialect, types) for element in elements]
    if len(plain) == 1 and not isinstance(plain[0], (exp.Query, exp.Subquery, exp.Tuple)):
        return exp.EQ(this=node.this, expression=plain[0])
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
        node.set("this", _plain_operand(left, right, dialect, types))
        node.set("expression", _plain_operand(right, node.this, dialect, types))
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
    node.set("this", _typed_literal(left, right, dialect, types))
    node.set("expression", _typed_literal(right, node.this, dialect, types))
    return node


def _path(node: exp.Expr, dialect: Dialect, types: Types) -> exp.Expr:
    """`#>` and `#>>` take a text[] anyway."""
    right = node.expression
    if isinstance(right, exp.Cast) and _is_string(right.this) and _type_text(right, dialect) == "TEXT[]":
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
        text = isinstance(element, exp.DataType) and element.this in _TEXT_TYPES and not element.expressions
        if not text or not all(_is_string(part) for part in array.this.expressions):
            return None
        array = array.this
    return list(array.expressions) if isinstance(array, exp.Array) and array.expressions else None


_TEXT_TYPES: Final = frozenset({exp.DataType.Type.TEXT, exp.DataType.Type.VARCHAR, exp.DataType.Type.BPCHAR})
_INTEGERS: Final = frozenset({exp.DataType.Type.INT, exp.DataType.Type.BIGINT, exp.DataType.Type.SMALLINT})
_NUMBERS: Final = _INTEGERS | {exp.DataType.Type.DECIMAL, exp.DataType.Type.DOUBLE}


def _is_string(node: object) -> bool:
    return isinstance(node, exp.Literal) and bool(node.is_string)


def _is_number(node: object) -> bool:
    if isinstance(node, exp.Neg):
        node = node.this
    return isinstance(node, exp.Literal) and not node.is_string


def _type_text(cast: exp.Expr, dialect: Dialect) -> str:
    to = cast.args.get("to")
    return generate(to, dialect).upper() if isinstance(to, exp.Expr) else ""


def _cast(node: exp.Expr, dialect: Dialect, types: Types) -> exp.Expr:
    """Drops the casts that PostgreSQL adds to literals when it prints an expression.

    `'x'::text` is `'x'` but under another cast, where the text of the literal would be read at once
    (`('now'::text)::date` is evaluated late), and in nextval() and its kin.
    """
    if dialect != "postgresql" or not isinstance(node, exp.Cast):
        return node
    value: exp.Expr = node.this
    to = node.to
    if not isinstance(to, exp.DataType):
        return node
    known = _type_of(value, types) if isinstance(value, exp.Column) else None
    textual = known is not None and known.element is None and known.name in ("varchar", "text")
    if textual and to.this in _TEXT_TYPES - {_BPCHAR} and not to.expressions:
        return value
    under_cast = isinstance(node.parent, exp.Cast)
    sequence = isinstance(node.parent, exp.Anonymous) and str(node.parent.this).lower() in _SEQUENCE_FUNCTIONS
    if not _is_string(value) or under_cast or sequence:
        return node
    if to.this in _TEXT_TYPES and not to.expressions:
        return value
    if to.this is exp.DataType.Type.BOOLEAN and str(value.this).lower() in _BOOLEANS:
        return exp.Boolean(this=_BOOLEANS[str(value.this).lower()])
    if to.this is exp.DataType.Type.INTERVAL:
        value.set("this", _interval_text(str(value.this)))
    return _printed_number(value, to) or node


_BPCHAR: Final = exp.DataType.Type.BPCHAR
_BOOLEANS: Final = {"t": True, "true": True, "f": False, "false": False}


def _interval_text(text: str) -> str:
    """Returns `<n> <unit>` as PostgreSQL prints it: `7 days`, `1 mon`, `02:00:00`."""
    words = text.lower().split()
    if len(words) == 2 and words[0].isdigit() and words[1].rstrip("s") in _CLOCK:
        seconds = int(words[0]) * _CLOCK[words[1].rstrip("s")]
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if len(words) == 2 and words[0].lstrip("-").isdigit() and words[1].rstrip("s") in _UNITS:
        unit = _UNITS[words[1].rstrip("s")]
        return f"{int(words[0])} {unit}" + ("" if words[0] in ("1", "-1") else "s")
    return text


_CLOCK: Final = {"hour": 3600, "minute": 60, "min": 60, "second": 1, "sec": 1}
_UNITS: Final = {"day": "day", "year": "year", "month": "mon", "mon": "mon"}


def _printed_number(value: exp.Expr, to: exp.DataType) -> exp.Expr | None:
    """Returns the number that PostgreSQL prints as a quoted one (`'-1'::integer`), None if it is none.

    A constant has the type of its digits: integer if it fits, else bigint, else numeric.
    """
    text = str(value.this)
    digits = text.removeprefix("-")
    if to.expressions or not digits or not digits.replace(".", "", 1).isdigit() or not digits[0].isdigit():
        return None
    whole = "." not in digits
    size = int(digits) if whole and len(digits) < 40 else 10**40
    natural = {
        exp.DataType.Type.INT: whole and size < 2**31,
        exp.DataType.Type.BIGINT: whole and 2**31 <= size < 2**63,
        exp.DataType.Type.DECIMAL: not whole or size >= 2**63,
    }
    if not natural.get(to.this):
        return None
    number = exp.Literal.number(digits)
    return exp.Neg(this=number) if text != digits else number


def _plain_operand(operand: exp.Expr, other: exp.Expr, dialect: Dialect, types: Types) -> exp.Expr:
    """Returns one side of a comparison without the cast that only makes both sides alike."""
    if (
        dialect != "postgresql"
        or not isinstance(operand, exp.Cast)
        or not isinstance(operand.to, exp.DataType)
    ):
        return operand
    value: exp.Expr = operand.this
    to = operand.to
    if (
        _is_number(value)
        and to.this in _NUMBERS
        and not to.expressions
        and not isinstance(other, exp.Literal)
    ):
        return value
    if isinstance(value, exp.Column) and (known := _type_of(value, types)):
        target = _sql_type(operand, dialect)
        if target is not None and not target.args and target.name in _WIDENED.get(known.name, ()):
            return value
    return _typed_literal(operand, other, dialect, types)


def _typed_literal(operand: exp.Expr, other: exp.Expr, dialect: Dialect, types: Types) -> exp.Expr:
    """Returns a literal without its cast when the other side is a column of that very type."""
    if not isinstance(operand, exp.Cast) or not _is_string(operand.this) or not isinstance(other, exp.Column):
        return operand
    known, target = _type_of(other, types), _sql_type(operand, dialect)
    if known is not None and target is not None and _same_type(target, known):
        literal: exp.Expr = operand.this
        return literal
    return operand


_WIDENED: Final[dict[str, frozenset[str]]] = {
    "smallint": frozenset({"integer", "bigint", "numeric", "double"}),
    "integer": frozenset({"bigint", "numeric", "double"}),
    "bigint": frozenset({"numeric"}),
    "real": frozenset({"double"}),
    "date": frozenset({"timestamp"}),
}
"""Implicit casts of PostgreSQL that keep every value and its order."""


def _type_of(column: exp.Expr, types: Types) -> SqlType | None:
    return types.get(column.name) or types.get(column.name.lower()) if types else None


def _same_type(left: SqlType, right: SqlType) -> bool:
    if (left.element is None) != (right.element is None):
        return False
    if left.element is not None and right.element is not None:
        return _same_type(left.element, right.element)
    schemas_agree = left.schema == right.schema or None in (left.schema, right.schema)
    return left.name == right.name and schemas_agree and (not left.args or left.args == right.args)


def _sql_type(cast: exp.Expr, dialect: Dialect) -> SqlType | None:
    from mrt_lint.sql.types import type_from_sql

    to = cast.args.get("to")
    return type_from_sql(generate(to, dialect), dialect) if isinstance(to, exp.Expr) else None


_NUMERIC_NAMES: Final = words(
    """
    integer bigint smallint mediumint tinyint numeric double real float boolean bit
    """
)


def _as_stored(tree: exp.Expr, dialect: Dialect, column: SqlType | None) -> exp.Expr:
    """Returns a default as the column keeps it: without a cast to its own type, numbers unquoted."""
    if column is None:
        return tree
    if isinstance(tree, exp.Cast) and isinstance(tree.this, (exp.Literal, exp.Null, exp.Neg)):
        target = _sql_type(tree, dialect)
        if target is not None and _same_type(target, column):
            tree = tree.this
            tree.pop()
    if _is_string(tree) and column.element is None and column.name in _NUMERIC_NAMES:
        text = str(tree.this).strip()
        if column.name == "boolean" and dialect == "postgresql":
            value = {**_BOOLEANS, "1": True, "0": False}.get(text.lower())
            return tree if value is None else exp.Boolean(this=value)
        digits = text.removeprefix("-")
        if digits.replace(".", "", 1).isdigit() and digits[0].isdigit() and digits[-1].isdigit():
            number = exp.Literal.number(digits)
            return exp.Neg(this=number) if text != digits else number
    return tree


_Rule = Callable[[exp.Expr, Dialect, Types], exp.Expr]
_COMPARISONS: Final = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)

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
    exp.Cast: _cast,
    exp.ArrayContainsAll: _other_operator,
    exp.ArrayContainedBy: _other_operator,
    exp.ArrayOverlaps: _other_operator,
    exp.JSONBExtract: _path,
    exp.JSONBExtractScalar: _path,
    exp.Like: _like,
    exp.ILike: _like,
    exp.RegexpLike: _regexp,
    **dict.fromkeys(_COMPARISONS, _comparison),
}


# Brackets

_PREDICATE: Final = 5
_OTHER: Final = 6
_ADDITIVE: Final = 7
_UNARY: Final = 9
_TIGHT: Final = 10
_ATOM: Final = 99

_LEVELS: Final[dict[type, int]] = {
    exp.Or: 1,
    exp.Xor: 2,
    exp.And: 3,
    exp.Not: 4,
    **dict.fromkeys(
        (
            *_COMPARISONS,
            exp.Is,
            exp.Like,
            exp.ILike,
            exp.In,
            exp.Between,
            exp.SimilarTo,
            exp.RegexpLike,
            exp.RegexpILike,
            exp.NullSafeEQ,
            exp.NullSafeNEQ,
            exp.Escape,
            exp.Glob,
        ),
        _PREDICATE,
    ),
    exp.Add: _ADDITIVE,
    exp.Sub: _ADDITIVE,
    exp.Mul: 8,
    exp.Div: 8,
    exp.Mod: 8,
    exp.IntDiv: 8,
    exp.Neg: _UNARY,
    exp.BitwiseNot: _UNARY,
    exp.AtTimeZone: _TIGHT,
    exp.Collate: _TIGHT,
    exp.Dot: _ATOM,
    exp.Pow: _ATOM,
}
"""How tightly operators bind, loosest first; a Binary that is not listed is an "other operator"."""

_JSON: Final = (exp.JSONExtract, exp.JSONExtractScalar, exp.JSONBExtract, exp.JSONBExtractScalar)


def _level(node: exp.Expr) -> int:
    found = _LEVELS.get(type(node))
    if found is not None:
        return found
    return _OTHER if isinstance(node, exp.Binary) else _ATOM


def _bracketed(tree: exp.Expr) -> exp.Expr:
    """Returns the tree with brackets where precedence asks for them."""
    for node in list(tree.walk()):
        parent = node.parent
        if node is tree or not isinstance(parent, exp.Expr):
            continue
        if _level(node) < _ATOM and _level(parent) < _ATOM and _needs_brackets(node, parent):
            brackets = exp.Paren()
            node.replace(brackets)
            brackets.set("this", node)
    return tree


def _needs_brackets(node: exp.Expr, parent: exp.Expr) -> bool:
    inner, outer = _level(node), _level(parent)
    if isinstance(parent, exp.Escape) or (isinstance(parent, exp.In) and node.arg_key != "this"):
        return False
    if isinstance(parent, (exp.Not, exp.Or, exp.And, exp.Xor)):
        return inner < outer or (isinstance(parent, exp.Xor) and inner == outer)
    if outer in (_UNARY, _TIGHT):
        return inner <= outer
    if outer == _OTHER:
        alike = type(node) is type(parent) or (isinstance(node, _JSON) and isinstance(parent, _JSON))
        return inner < _UNARY and not (alike and node.arg_key == "this")
    if inner == outer:
        return outer == _PREDICATE or node.arg_key != "this"
    return inner < outer
