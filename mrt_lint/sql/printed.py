"""The casts that PostgreSQL adds when it prints an expression, told from those that mean something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlglot import exp

from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.effects import INTEGERS
from mrt_lint.schema.types import SqlType
from mrt_lint.sql.parsing import generate
from mrt_lint.sql.words import words

Types = Mapping[str, SqlType]
"""The types of columns, by name."""

SEQUENCE_FUNCTIONS: Final = frozenset({"nextval", "currval", "setval"})

TEXT_TYPES: Final = frozenset({exp.DataType.Type.TEXT, exp.DataType.Type.VARCHAR, exp.DataType.Type.BPCHAR})
_INTEGERS: Final = frozenset({exp.DataType.Type.INT, exp.DataType.Type.BIGINT, exp.DataType.Type.SMALLINT})


def is_string(node: object) -> bool:
    """Returns whether a node is a string literal."""
    return isinstance(node, exp.Literal) and bool(node.is_string)


def is_number(node: object) -> bool:
    """Returns whether a node is a number, with or without a minus."""
    if isinstance(node, exp.Neg):
        node = node.this
    return isinstance(node, exp.Literal) and not node.is_string


def type_text(cast: exp.Expr, dialect: Dialect) -> str:
    """Returns the type of a cast as text."""
    to = cast.args.get("to")
    return generate(to, dialect).upper() if isinstance(to, exp.Expr) else ""


def printed_cast(node: exp.Expr, dialect: Dialect, types: Types) -> exp.Expr:
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
    if textual and to.this in TEXT_TYPES - {_BPCHAR} and not to.expressions:
        return value
    under_cast = isinstance(node.parent, exp.Cast)
    sequence = isinstance(node.parent, exp.Anonymous) and str(node.parent.this).lower() in SEQUENCE_FUNCTIONS
    if not is_string(value) or under_cast or sequence:
        return node
    if to.this in TEXT_TYPES and not to.expressions:
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


def plain_operand(operand: exp.Expr, other: exp.Expr, dialect: Dialect, types: Types) -> exp.Expr:
    """Returns one side of a comparison without the cast that only makes both sides alike."""
    if (
        dialect != "postgresql"
        or not isinstance(operand, exp.Cast)
        or not isinstance(operand.to, exp.DataType)
    ):
        return operand
    value: exp.Expr = operand.this
    to = operand.to
    compared = _type_of(other, types) if isinstance(other, exp.Column) else None
    if not isinstance(other, exp.Literal) and _same_number(value, to, compared):
        return value
    if isinstance(value, exp.Column) and (known := _type_of(value, types)):
        target = _sql_type(operand, dialect)
        if target is not None and not target.args and target.name in _WIDENED.get(known.name, ()):
            return value
    return typed_literal(operand, other, dialect, types)


def typed_number(operand: exp.Expr, other: exp.Expr, dialect: Dialect, types: Types) -> exp.Expr:
    """Returns a whole number without the cast that the column on the other side asks for anyway."""
    if not isinstance(operand, exp.Cast) or not is_number(operand.this) or not isinstance(other, exp.Column):
        return operand
    known, target = _type_of(other, types), _sql_type(operand, dialect)
    if known is None or target is None or target.args or known.name != target.name:
        return operand
    number: exp.Expr = operand.this
    literal = number.this if isinstance(number, exp.Neg) else number
    return number if str(literal.this).isdigit() else operand


def _same_number(value: exp.Expr, to: exp.DataType, other: SqlType | None) -> bool:
    """Returns whether a number compares the same after this cast; `other`: the type it is compared with.

    A double rounds: the cast to it may go only where the other side is one as well.
    """
    if not is_number(value) or to.expressions:
        return False
    number = value.this if isinstance(value, exp.Neg) else value
    if to.this is exp.DataType.Type.DOUBLE:
        return other is not None and other.name in ("double", "real")
    return to.this is exp.DataType.Type.DECIMAL or (to.this in _INTEGERS and str(number.this).isdigit())


def typed_literal(operand: exp.Expr, other: exp.Expr, dialect: Dialect, types: Types) -> exp.Expr:
    """Returns a literal without its cast when the other side is a column of that very type."""
    if not isinstance(operand, exp.Cast) or not is_string(operand.this) or not isinstance(other, exp.Column):
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


def _both_integers(cast: SqlType, column: SqlType) -> bool:
    """Returns whether a literal cast to one integer type is the default of a column of another.

    It was that column's own type once: a change of the type leaves `'5'::bigint` there, which is 5.
    """
    return cast.element is None and column.element is None and {cast.name, column.name} <= INTEGERS.keys()


def as_stored(tree: exp.Expr, dialect: Dialect, column: SqlType | None) -> exp.Expr:
    """Returns a default as the column keeps it: without a cast to its own type, numbers unquoted."""
    if column is None:
        return tree
    if isinstance(tree, exp.Cast) and isinstance(tree.this, (exp.Literal, exp.Null, exp.Neg)):
        target = _sql_type(tree, dialect)
        if target is not None and (_same_type(target, column) or _both_integers(target, column)):
            tree = tree.this
            tree.pop()
    if is_string(tree) and column.element is None and column.name in _NUMERIC_NAMES:
        text = str(tree.this).strip()
        if column.name == "boolean" and dialect == "postgresql":
            value = {**_BOOLEANS, "1": True, "0": False}.get(text.lower())
            return tree if value is None else exp.Boolean(this=value)
        return _number(text) or tree
    if is_number(tree) and column.name in ("numeric", "double", "real", "float"):
        negative = isinstance(tree, exp.Neg)
        literal = tree.this if negative else tree
        return _number(("-" if negative else "") + str(literal.this)) or tree
    return tree


def _number(text: str) -> exp.Expr | None:
    """Returns a number without zeros that say nothing (1.50 is 1.5), None if the text is no plain number."""
    digits = text.removeprefix("-")
    if not (digits.replace(".", "", 1).isdigit() and digits[0].isdigit() and digits[-1].isdigit()):
        return None
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    number = exp.Literal.number(digits)
    return exp.Neg(this=number) if text.startswith("-") else number
