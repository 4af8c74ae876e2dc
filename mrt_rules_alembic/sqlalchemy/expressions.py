"""SQL expressions as values: what column operators, functions and literals of SQLAlchemy Core stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING, Final

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.values import FrameworkValue, Method, NotKnown, Text, Value
from mrt_lint.schema.dialects import Dialect
from mrt_rules_alembic.sqlalchemy.quoting import is_literal, literal, quoted

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call
    from mrt_rules_alembic.sqlalchemy.froms import From

ATOM: Final = 20
MULTIPLY: Final = 8
ADD: Final = 7
CONCAT: Final = 6
COMPARE: Final = 5
NOT: Final = 4
AND: Final = 3
OR: Final = 2
LOWEST: Final = 0


@dataclass(frozen=True, slots=True)
class Writing:
    """How an expression is written: for which database, names with their table or without."""

    dialect: Dialect
    qualified: bool = False
    outer: tuple[From, ...] = ()


class Sql(FrameworkValue):
    """Base of every SQL expression.

    `level`: its operator's precedence. `is_query`: it is a query, whose tables are its own.
    """

    level: int = ATOM
    is_query: bool = False

    def write(self, how: Writing) -> str:
        """Returns the expression as SQL text."""
        raise NotImplementedError

    def froms(self) -> tuple[From, ...]:
        """Returns the tables whose columns it reads."""
        return ()

    def attribute(self, name: str, call: Call) -> Value:
        """Returns a method; `key` and `name` of a plain expression are not known."""
        if name in ("comparator", "type", "key", "name"):
            return NotKnown(f"{call.spelling} of an SQL expression", call.span.line)
        return Method(self, name)

    def call_method(self, name: str, call: Call) -> Value:
        """Returns what a column operator's method makes: `like`, `in_`, `is_`, `cast`, ..."""
        from mrt_rules_alembic.sqlalchemy.operators import operator_method

        return operator_method(self, name, call)

    def binary(self, operator: str, other: Value, swapped: bool, call: Call) -> Value:
        """Returns the expression that a Python operator on columns makes."""
        from mrt_rules_alembic.sqlalchemy.operators import python_operator

        return python_operator(self, operator, other, swapped, call)

    def call(self, call: Call) -> Value:
        """Returns a hole: an SQL expression is not called."""
        return Hole.of(NotKnown("a call on an SQL expression", call.span.line), call)

    def truth(self, call: Call) -> Value:
        """Returns not known: SQLAlchemy refuses the truth of most expressions."""
        return NotKnown("the truth of an SQL expression", call.span.line)


@dataclass(frozen=True, eq=False)
class Expression(Sql):
    """SQL text with expressions in it; `by_dialect` where a database writes it in another way.

    `opposite`: how its negation is written, where that is not `NOT ...`.
    """

    parts: tuple[str | Sql, ...]
    level: int = ATOM
    by_dialect: Mapping[str, tuple[str | Sql, ...]] = field(default_factory=dict)
    opposite: tuple[str | Sql, ...] = ()

    def write(self, how: Writing) -> str:
        """Returns the text for one database."""
        dialect = "mysql" if how.dialect == "mariadb" else how.dialect
        parts = self.by_dialect.get(dialect, self.parts)
        return "".join(part if isinstance(part, str) else part.write(how) for part in parts)

    def froms(self) -> tuple[From, ...]:
        """Returns the tables of all parts."""
        return unique_froms(part for part in self.parts if isinstance(part, Sql))


@dataclass(frozen=True, eq=False)
class Literal(Sql):
    """A constant."""

    value: str | int | float | bool | None

    def write(self, how: Writing) -> str:
        """Returns the constant as SQL."""
        return literal(self.value, how.dialect)


@dataclass(frozen=True, eq=False)
class Hole(Sql):
    """A value known only at run time, as the name that stands for it in SQL text."""

    name: str
    reason: str

    @staticmethod
    def of(value: Value, call: Call) -> Hole:
        """Returns a hole for a value that is not known; every hole has a name of its own."""
        reason = value.reason if isinstance(value, NotKnown) else "a value known only at run time"
        return Hole("mrt_hole_" + re.sub(r"\W", "_", call.evaluator.fresh_id(call)), reason)

    def write(self, how: Writing) -> str:
        """Returns the hole's name."""
        return self.name


@dataclass(eq=False)
class ColumnRef(Sql):
    """A column of a table, an alias or a subquery."""

    name: str
    table: From | None = None

    def write(self, how: Writing) -> str:
        """Returns the name, with its table where several are read."""
        text = quoted(self.name, how.dialect)
        if self.table is None or not (how.qualified or self.table in how.outer):
            return text
        return f"{self.table.reference(how.dialect)}.{text}"

    def froms(self) -> tuple[From, ...]:
        """Returns its table."""
        return (self.table,) if self.table is not None else ()

    def attribute(self, name: str, call: Call) -> Value:
        """Returns its name and table; a method else."""
        if name in ("name", "key"):
            return self.name
        if name == "table" and self.table is not None:
            return self.table
        return super().attribute(name, call)


_BIND = re.compile(r"(?<![:\w\\]):(\w+)(?!:)")
_ESCAPED = re.compile(r"\\([:\\])")


@dataclass(frozen=True, eq=False)
class RawText(Sql):
    """`sa.text("...")`: SQL as written, with its parts that are not known and its `:name` parameters.

    `binds`: known values of parameters. `plain`: no `:name` in it (a string for the driver).
    """

    parts: tuple[str | Hole, ...]
    binds: Mapping[str, Value] = field(default_factory=dict)
    plain: bool = False
    level: int = LOWEST

    def write(self, how: Writing) -> str:
        """Returns the text with parameters put in; those without a value stay as `:name`."""
        return "".join(
            self._text(part, how) if isinstance(part, str) else part.write(how) for part in self.parts
        )

    def _text(self, text: str, how: Writing) -> str:
        if self.plain or (":" not in text and "\\" not in text):
            return text

        def value(match: re.Match[str]) -> str:
            bound = self.binds.get(match.group(1))
            return bound.write(how) if isinstance(bound, Sql) else match.group(0)

        return _ESCAPED.sub(r"\1", _BIND.sub(value, text))

    def bound(self, values: Mapping[str, Value], call: Call) -> RawText:
        """Returns it with more parameters known."""
        return replace(
            self, binds={**self.binds, **{name: as_sql(value, call) for name, value in values.items()}}
        )

    def missing(self) -> set[str]:
        """Returns the parameters that have no value yet."""
        if self.plain:
            return set()
        names = {name for part in self.parts if isinstance(part, str) for name in _BIND.findall(part)}
        return names - set(self.binds)

    def interpolated(self) -> tuple[str, ...]:
        """Returns what the text was put together with and is not known, in words."""
        return tuple(dict.fromkeys(part.reason for part in self.parts if isinstance(part, Hole)))

    def call_method(self, name: str, call: Call) -> Value:
        """Returns `bindparams`, `columns`, `execution_options` of a text; else a column operator."""
        if name in ("bindparams", "params", "unique_params"):
            values: dict[str, Value] = dict(call.kwargs)
            for argument in call.args:
                if isinstance(argument, dict):
                    values.update({key: value for key, value in argument.items() if isinstance(key, str)})
                elif isinstance(argument, BindParameter) and argument.key:
                    values[argument.key] = argument
            return self.bound(values, call)
        if name in ("columns", "execution_options", "self_group"):
            return self
        return super().call_method(name, call)


@dataclass(frozen=True, eq=False)
class BindParameter(Sql):
    """`sa.bindparam("key", value)`; without a value the execution's parameters give it."""

    key: str
    value: Sql | None = None

    def write(self, how: Writing) -> str:
        """Returns its value, or `:key`."""
        return self.value.write(how) if self.value is not None else f":{self.key}"


def unique_froms(expressions: Iterable[Sql]) -> tuple[From, ...]:
    """Returns the tables that these expressions read, each once, in order."""
    found: list[From] = []
    for expression in expressions:
        for table in expression.froms():
            if table not in found:
                found.append(table)
    return tuple(found)


def grouped(part: Sql, level: int) -> Sql:
    """Returns the expression in parentheses where it binds looser than `level`."""
    return Expression(("(", part, ")")) if part.level < level else part


def as_sql(value: Value, call: Call) -> Sql:
    """Returns a Python value as an expression; what is not known becomes a hole."""
    if isinstance(value, Sql):
        return value
    if is_literal(value):
        return Literal(value)
    if hasattr(value, "as_expression"):
        made: Sql = value.as_expression(call)
        return made
    return Hole.of(value, call)


def raw_text(value: Value, call: Call, *, plain: bool = False) -> RawText | None:
    """Returns a string, whole or with unknown parts, as SQL text; None when nothing of it is known."""
    if isinstance(value, RawText):
        return value
    if isinstance(value, str):
        return RawText((str(value),), plain=plain)
    if isinstance(value, Text):
        parts = tuple(part if isinstance(part, str) else Hole.of(part, call) for part in value.parts)
        return RawText(parts, plain=plain)
    return None


def listed(values: Iterable[Sql], separator: str = ", ") -> list[str | Sql]:
    """Returns the expressions with a separator between them, as parts."""
    parts: list[str | Sql] = []
    for value in values:
        if parts:
            parts.append(separator)
        parts.append(value)
    return parts
