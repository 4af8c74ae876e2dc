"""Expressions of the evaluated code as canonical SQL text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mrt_lint.evaluate.values import NotKnown, Text, Value
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import UNKNOWN, Unknown
from mrt_lint.schema.types import SqlType
from mrt_rules_alembic.sqlalchemy.expressions import Hole, Literal, Sql, Writing, raw_text
from mrt_rules_alembic.sqlalchemy.quoting import is_literal

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call


def main_dialect(call: Call) -> Dialect:
    """Returns the database in whose language single expressions are written here."""
    targets = call.evaluator.dialects()
    return targets[0] if targets else "postgresql"


def canonical(expression: Sql, call: Call) -> str:
    """Returns an expression as canonical SQL; unknown parts stay in it as holes."""
    from mrt_lint.sql import canonical_text

    dialect = main_dialect(call)
    return canonical_text(expression.write(Writing(dialect)), dialect)


def condition_text(value: Value, call: Call) -> str | None:
    """Returns a condition (string, text or expression) as canonical SQL, None when it is not fully known."""
    from mrt_lint.sql import has_hole

    if isinstance(value, (str, Text)):
        value = raw_text(value, call)
    if not isinstance(value, Sql):
        return None
    text = canonical(value, call)
    return None if has_hole(text) else text


def default_text(value: Value, type_: SqlType | Unknown, call: Call) -> str | Unknown | None:
    """Returns a server default as SQL: a string is a quoted constant, a text or expression is SQL.

    None: no default, which `text("NULL")` is too. UNKNOWN: there is one, but it is not known (also
    `FetchedValue()`).
    """
    from mrt_lint.sql import canonical_default, has_hole

    if value is None:
        return None
    if is_literal(value):
        value = Literal(value)
    if isinstance(value, (NotKnown, Text)) or not isinstance(value, Sql):
        return UNKNOWN
    dialect = main_dialect(call)
    known = None if isinstance(type_, Unknown) else type_.for_dialect(dialect)
    text = canonical_default(value.write(Writing(dialect)), dialect, known)
    if text.upper() == "NULL":
        return None
    return UNKNOWN if has_hole(text) else text


def unknown_text(call: Call) -> str:
    """Returns the text that stands for a condition or expression known only at run time."""
    return Hole.of(NotKnown("an expression known only at run time", call.span.line), call).name
