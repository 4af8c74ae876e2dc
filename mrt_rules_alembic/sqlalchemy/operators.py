"""Operators of SQLAlchemy columns: `==`, `&`, `.in_()`, `.like()`, `.cast()` and the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mrt_lint.evaluate.values import NotKnown, Value
from mrt_lint.schema.names import Unknown
from mrt_rules_alembic.sqlalchemy.expressions import (
    ADD,
    AND,
    ATOM,
    COMPARE,
    CONCAT,
    MULTIPLY,
    NOT,
    OR,
    Expression,
    Hole,
    Literal,
    Sql,
    as_sql,
    grouped,
    listed,
)
from mrt_rules_alembic.sqlalchemy.types import as_type

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call

_COMPARISONS: Final = {"==": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ARITHMETIC: Final = {"+": ADD, "-": ADD, "*": MULTIPLY, "/": MULTIPLY, "%": MULTIPLY}


def python_operator(left: Sql, operator: str, other: Value, swapped: bool, call: Call) -> Value:
    """Returns what `left <operator> other` means in SQL; `swapped`: other stands on the left.

    `~`, and `-` with `other` None and `swapped`, are the operators with one operand.
    """
    if operator == "~":
        return negated(left)
    if other is None and swapped and operator in ("-", "+"):
        return Expression((operator, grouped(left, ATOM)), MULTIPLY)
    right = as_sql(other, call)
    if operator in ("==", "!=", "is", "is not") and _is_null(right):
        return infix(left, "IS" if operator in ("==", "is") else "IS NOT", Literal(None), COMPARE)
    if swapped:
        if operator in _MIRRORED:
            operator = _MIRRORED[operator]
        elif operator not in ("==", "!="):
            left, right = right, left
    if operator in _COMPARISONS:
        return infix(left, _COMPARISONS[operator], right, COMPARE)
    if operator == "&":
        return conjunction((left, right))
    if operator == "|":
        return disjunction((left, right))
    if operator == "+" and (_is_text(left) or _is_text(right)):
        return concatenation((left, right))
    if operator in _ARITHMETIC:
        return infix(left, operator, right, _ARITHMETIC[operator])
    return Hole.of(NotKnown(f"the operator {operator} on an SQL expression", call.span.line), call)


def infix(left: Sql, operator: str, right: Sql, level: int) -> Expression:
    """Returns `left operator right` with parentheses where they are needed."""
    sides = (grouped(left, level), grouped(right, level + 1))
    other = _OPPOSITES.get(operator)
    opposite = (sides[0], f" {other} ", sides[1]) if other is not None else ()
    return Expression((sides[0], f" {operator} ", sides[1]), level, opposite=opposite)


_OPPOSITES: Final = {
    "=": "!=",
    "!=": "=",
    "<": ">=",
    "<=": ">",
    ">": "<=",
    ">=": "<",
    "IS": "IS NOT",
    "IS NOT": "IS",
    "LIKE": "NOT LIKE",
    "NOT LIKE": "LIKE",
}


def conjunction(parts: tuple[Sql, ...]) -> Sql:
    """Returns `a AND b ...`."""
    return _joined(parts, " AND ", AND)


def disjunction(parts: tuple[Sql, ...]) -> Sql:
    """Returns `a OR b ...`."""
    return _joined(parts, " OR ", OR)


def _joined(parts: tuple[Sql, ...], word: str, level: int) -> Sql:
    if len(parts) == 1:
        return parts[0]
    return Expression(tuple(listed((grouped(part, level) for part in parts), word)), level)


def concatenation(parts: tuple[Sql, ...]) -> Sql:
    """Returns `a || b`, `concat(a, b)` on MySQL, `a + b` on SQL Server."""
    inner = [grouped(part, CONCAT) for part in parts]
    return Expression(
        tuple(listed(inner, " || ")),
        CONCAT,
        {"mysql": ("concat(", *listed(parts), ")"), "mssql": tuple(listed(inner, " + "))},
    )


def negated(part: Sql) -> Sql:
    """Returns `NOT (...)`; a comparison is turned round instead, as SQLAlchemy does."""
    if isinstance(part, Expression) and part.opposite:
        return Expression(part.opposite, part.level, opposite=part.parts)
    return Expression(("NOT ", grouped(part, NOT + 1)), NOT)


def function(name: str, arguments: tuple[Sql, ...]) -> Sql:
    """Returns `name(a, b)`; the few functions that databases write differently included."""
    lower = name.lower()
    if lower in _WITHOUT_PARENTHESES and not arguments:
        return Expression((name.upper(),))
    if lower == "now" and not arguments:
        stamp = ("CURRENT_TIMESTAMP",)
        return Expression(("now()",), ATOM, {"sqlite": stamp, "oracle": stamp, "mssql": stamp})
    if lower == "concat" and arguments:
        return Expression(
            (f"{name}(", *listed(arguments), ")"), ATOM, {"sqlite": tuple(listed(arguments, " || "))}
        )
    if lower == "count" and not arguments:
        return Expression(("count(*)",))
    if lower == "random":
        return Expression(("random()",), ATOM, {"mysql": ("rand()",)})
    return Expression((f"{name}(", *listed(arguments), ")"))


_WITHOUT_PARENTHESES: Final = frozenset(
    (
        "current_timestamp",
        "current_date",
        "current_time",
        "localtime",
        "localtimestamp",
        "current_user",
        "session_user",
        "sysdate",
        "user",
    )
)


def cast_to(value: Sql, type_: Value, call: Call) -> Sql:
    """Returns `CAST(value AS type)` in each database's spelling of the type."""
    known = as_type(type_, call)
    if isinstance(known.sql, Unknown):
        return Hole.of(NotKnown(f"a cast to {known.why or 'a type that is not known'}", call.span.line), call)
    sql = known.sql
    by_dialect: dict[str, tuple[str | Sql, ...]] = {
        dialect: ("CAST(", value, f" AS {_cast_name(str(sql.for_dialect(dialect)), dialect)})")
        for dialect in ("postgresql", "mysql", "sqlite", "oracle", "mssql")
    }
    return Expression(("CAST(", value, f" AS {sql})"), ATOM, by_dialect)


def _cast_name(name: str, dialect: str) -> str:
    """Returns the spelling of a type inside CAST; MySQL casts to its own few types."""
    word = name.partition("(")[0]
    if dialect == "postgresql":
        return {"DATETIME": "TIMESTAMP", "DOUBLE": "DOUBLE PRECISION"}.get(name, name)
    if dialect == "mysql":
        mapped = {
            "INTEGER": "SIGNED INTEGER",
            "BIGINT": "SIGNED INTEGER",
            "SMALLINT": "SIGNED INTEGER",
            "VARCHAR": "CHAR",
            "TEXT": "CHAR",
            "NUMERIC": "DECIMAL",
        }.get(word)
        return mapped + name[len(word) :] if mapped else name
    return name


def _is_null(part: Sql) -> bool:
    return (isinstance(part, Literal) and part.value is None) or (
        isinstance(part, Expression) and part.parts == ("NULL",)
    )


def _is_text(part: Sql) -> bool:
    return isinstance(part, Literal) and isinstance(part.value, str)


def operator_method(left: Sql, name: str, call: Call) -> Value:
    """Returns what a method of a column expression makes; a hole for what is not known here."""
    arguments = [as_sql(value, call) for value in call.args]
    if name in ("in_", "notin_", "not_in"):
        return _membership(left, name != "in_", call)
    if name in ("is_", "is_not", "isnot"):
        word = "IS" if name == "is_" else "IS NOT"
        return infix(left, word, arguments[0] if arguments else Literal(None), COMPARE)
    if name in ("like", "notlike", "not_like") and arguments:
        return infix(left, "LIKE" if name == "like" else "NOT LIKE", arguments[0], COMPARE)
    if name in ("ilike", "notilike", "not_ilike") and arguments:
        word = "LIKE" if name == "ilike" else "NOT LIKE"
        plain = ("lower(", left, f") {word} lower(", arguments[0], ")")
        return Expression(
            plain,
            COMPARE,
            {
                "postgresql": (
                    grouped(left, COMPARE),
                    f" I{word}" if name == "ilike" else " NOT ILIKE",
                    " ",
                    arguments[0],
                )
            },
        )
    if name in ("startswith", "endswith", "contains") and len(arguments) == 1:
        pattern = call.args[0]
        if isinstance(pattern, str):
            before = "%" if name != "startswith" else ""
            after = "%" if name != "endswith" else ""
            return infix(left, "LIKE", Literal(before + pattern + after), COMPARE)
    if name == "between" and len(arguments) == 2:
        return Expression((grouped(left, COMPARE), " BETWEEN ", arguments[0], " AND ", arguments[1]), COMPARE)
    if name in ("asc", "desc"):
        return Expression((left, f" {name.upper()}"), 0)
    if name in ("nullsfirst", "nulls_first", "nullslast", "nulls_last"):
        return Expression((left, " NULLS FIRST" if "first" in name else " NULLS LAST"), 0)
    if name == "label":
        return _labelled(left, call)
    if name == "cast":
        return cast_to(left, call.argument(0, "type_"), call)
    if name in ("concat", "op") and arguments:
        return concatenation((left, arguments[0])) if name == "concat" else _Operator(left, call.args[0])
    if name in ("self_group", "scalar_subquery", "as_scalar"):
        return left
    if name == "distinct":
        return Expression(("DISTINCT ", left))
    if name == "collate" and call.args and isinstance(call.args[0], str):
        return Expression((grouped(left, ATOM), f' COLLATE "{call.args[0]}"'), COMPARE)
    if name in ("is_distinct_from", "isnot_distinct_from", "is_not_distinct_from") and arguments:
        word = "IS DISTINCT FROM" if name == "is_distinct_from" else "IS NOT DISTINCT FROM"
        return infix(left, word, arguments[0], COMPARE)
    return Hole.of(NotKnown(f"{call.spelling}() on an SQL expression is not followed", call.span.line), call)


def _membership(left: Sql, negative: bool, call: Call) -> Sql:
    values = call.argument(0, "other")
    word = " NOT IN " if negative else " IN "
    if isinstance(values, (list, tuple, set)):
        items = sorted(values, key=repr) if isinstance(values, set) else list(values)
        if not items:
            return Expression(("1 != 1" if not negative else "1 = 1",), COMPARE)
        return Expression(
            (grouped(left, COMPARE), word, "(", *listed(as_sql(item, call) for item in items), ")"), COMPARE
        )
    inner = as_sql(values, call)
    if isinstance(inner, Hole):
        return Expression((grouped(left, COMPARE), word, "(", inner, ")"), COMPARE)
    return Expression((grouped(left, COMPARE), word, grouped(inner, ATOM)), COMPARE)


def _labelled(left: Sql, call: Call) -> Sql:
    from mrt_rules_alembic.sqlalchemy.froms import Labelled

    name = call.argument(0, "name")
    return Labelled(left, name) if isinstance(name, str) else left


class _Operator(Sql):
    """`column.op("->>")`: an operator waiting for its right side."""

    def __init__(self, left: Sql, word: Value) -> None:
        self.left = left
        self.word = word

    def write(self, how: object) -> str:
        return ""

    def call(self, call: Call) -> Value:
        """Returns `left word right`."""
        if not isinstance(self.word, str):
            return Hole.of(self.word, call)
        right = as_sql(call.argument(0, "other"), call)
        return infix(self.left, self.word, right, COMPARE)
