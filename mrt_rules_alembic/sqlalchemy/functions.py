"""What SQLAlchemy's functions make: text, literals, `func.*`, case, cast, select, insert, exists, ..."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.values import FrameworkValue, NotKnown, Value
from mrt_lint.schema.names import Name
from mrt_rules_alembic.sqlalchemy.dml import statement_of
from mrt_rules_alembic.sqlalchemy.expressions import (
    ATOM,
    BindParameter,
    ColumnRef,
    Expression,
    Hole,
    Literal,
    RawText,
    Sql,
    as_sql,
    grouped,
    listed,
    raw_text,
)
from mrt_rules_alembic.sqlalchemy.froms import as_from, joined
from mrt_rules_alembic.sqlalchemy.operators import (
    cast_to,
    conjunction,
    disjunction,
    function,
    negated,
)
from mrt_rules_alembic.sqlalchemy.select import Compound, Select, columns_of

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call, Meaning


@dataclass(frozen=True, eq=False)
class FunctionName(FrameworkValue):
    """`func.lower`, `func.pg_catalog.set_config`: a function of the database, not yet called."""

    name: str

    def attribute(self, name: str, call: Call) -> Value:
        """Returns the function below it."""
        return FunctionName(f"{self.name}.{name}" if self.name else name.rstrip("_"))

    def call(self, call: Call) -> Value:
        """Returns the call as SQL."""
        return function(self.name, tuple(as_sql(value, call) for value in call.args))

    def call_method(self, name: str, call: Call) -> Value:
        """Returns the call of the function below it."""
        return FunctionName(f"{self.name}.{name}" if self.name else name.rstrip("_")).call(call)


def text(call: Call) -> Value:
    """Returns `sa.text("...")`."""
    value = call.argument(0, "text")
    made = raw_text(value, call)
    return made if made is not None else _unknown(value, call)


def literal_column(call: Call) -> Value:
    """Returns `literal_column("...")`: text without parameters that stands as an expression."""
    value = call.argument(0, "text")
    made = raw_text(value, call, plain=True)
    if made is None:
        return _unknown(value, call)
    return RawText(made.parts, plain=True, level=ATOM)


def _unknown(value: Value, call: Call) -> Value:
    reason = value.reason if isinstance(value, NotKnown) else "a text known only at run time"
    return NotKnown(reason, call.span.line)


def literal(call: Call) -> Value:
    """Returns `sa.literal(value)`."""
    return as_sql(call.argument(0, "value"), call)


def bind_parameter(call: Call) -> Value:
    """Returns `sa.bindparam("key", value)`."""
    key = call.argument(0, "key")
    if not isinstance(key, str):
        return Hole.of(key, call)
    if "value" in call.kwargs or len(call.args) > 1:
        value = call.argument(1, "value")
        if not isinstance(value, (list, tuple)):
            return BindParameter(key, as_sql(value, call))
        items = listed(as_sql(item, call) for item in value)
        return BindParameter(key, Expression(("(", *items, ")")))
    return BindParameter(key)


def _constant(value: str | bool | None) -> Meaning:
    def meaning(call: Call) -> Value:
        return Literal(value)

    return meaning


def _combined(join: Callable[[tuple[Sql, ...]], Sql], empty: str) -> Meaning:
    def meaning(call: Call) -> Value:
        if call.starred:
            return Hole.of(NotKnown("conditions known only at run time", call.span.line), call)
        parts = tuple(as_sql(value, call) for value in call.args)
        return join(parts) if parts else Expression((empty,))

    return meaning


def not_(call: Call) -> Value:
    """Returns `sa.not_(condition)`."""
    return negated(as_sql(call.argument(0, "clause"), call))


def case(call: Call) -> Value:
    """Returns `sa.case(...)` in its three forms: pairs, a list of pairs, a dict with `value=`."""
    given = list(call.args)
    if len(given) == 1 and isinstance(given[0], (list, dict)):
        whens = given[0]
    else:
        whens = given
    pairs = list(whens.items()) if isinstance(whens, dict) else whens
    if call.starred or any(not isinstance(pair, (tuple, list)) or len(pair) != 2 for pair in pairs):
        return Hole.of(NotKnown("a CASE known only at run time", call.span.line), call)
    parts: list[str | Sql] = ["CASE"]
    if call.kwargs.get("value") is not None:
        parts += [" ", as_sql(call.kwargs["value"], call)]
    for condition, result in pairs:
        parts += [" WHEN ", as_sql(condition, call), " THEN ", as_sql(result, call)]
    if "else_" in call.kwargs and call.kwargs["else_"] is not None:
        parts += [" ELSE ", as_sql(call.kwargs["else_"], call)]
    return Expression((*parts, " END"))


def cast(call: Call) -> Value:
    """Returns `sa.cast(expression, type_)`."""
    return cast_to(as_sql(call.argument(0, "expression"), call), call.argument(1, "type_"), call)


def type_coerce(call: Call) -> Value:
    """Returns the expression of `type_coerce(expression, type_)`, which changes no SQL."""
    return as_sql(call.argument(0, "expression"), call)


def _suffix(word: str) -> Meaning:
    def meaning(call: Call) -> Value:
        column = call.argument(0, "column")
        inner: Sql | str = as_sql(column, call)
        if isinstance(column, str):
            # Here a string stands for a column, and is written as it is (tried with SQLAlchemy 2.1).
            plain = column.isidentifier() and column == column.lower()
            inner = ColumnRef(str(column)) if plain else str(column)
        return Expression((inner, f" {word}"), 0)

    return meaning


def distinct(call: Call) -> Value:
    """Returns `sa.distinct(expression)`."""
    return Expression(("DISTINCT ", as_sql(call.argument(0, "expr"), call)))


def extract(call: Call) -> Value:
    """Returns `sa.extract("year", expression)`."""
    field = call.argument(0, "field")
    if not isinstance(field, str):
        return Hole.of(field, call)
    return Expression((f"EXTRACT({field} FROM ", as_sql(call.argument(1, "expr"), call), ")"))


def tuple_(call: Call) -> Value:
    """Returns `sa.tuple_(a, b)`."""
    return Expression(("(", *listed(as_sql(value, call) for value in call.args), ")"))


def exists(call: Call) -> Value:
    """Returns `sa.exists(...)`."""
    if call.args and isinstance(call.args[0], (Select, Compound)):
        return Expression(("EXISTS (", call.args[0], ")"))
    columns = columns_of(call.args, call) or (Expression(("*",)),)
    return Existence(Select(columns=columns))


@dataclass(frozen=True, eq=False)
class Existence(Sql):
    """`sa.exists().where(...)`: EXISTS whose query is still being built."""

    is_query = True
    query: Select

    def write(self, how: object) -> str:
        """Returns `EXISTS (...)`."""
        return f"EXISTS ({self.query.write(how)})"  # type: ignore[arg-type]

    def call_method(self, name: str, call: Call) -> Value:
        """Returns it with one clause more in its query."""
        made = self.query.call_method(name, call)
        return Existence(made) if isinstance(made, Select) else super().call_method(name, call)


def select(call: Call) -> Value:
    """Returns `sa.select(...)`, also in the form that takes a list and `whereclause`."""
    if call.starred:
        return NotKnown("a SELECT whose columns are known only at run time", call.span.line)
    made = Select(
        columns=columns_of(call.args[:1] if _listed(call) else call.args, call),
        entities=_entities(call),
        related=_related(call),
    )
    where = call.kwargs.get("whereclause", call.args[1] if _listed(call) and len(call.args) > 1 else None)
    if where is not None:
        made = Select(columns=made.columns, where=(as_sql(where, call),))
    froms = call.kwargs.get("from_obj")
    if froms is not None:
        items = froms if isinstance(froms, (list, tuple)) else [froms]
        made = Select(
            made.columns, tuple(table for item in items if (table := as_from(item)) is not None), made.where
        )
    return made


def _listed(call: Call) -> bool:
    return bool(call.args) and isinstance(call.args[0], (list, tuple))


def _entities(call: Call) -> tuple[Name, ...]:
    from mrt_rules_alembic.sqlalchemy.orm import MappedClass

    return tuple(value.table.name for value in call.args if isinstance(value, MappedClass))


def _related(call: Call) -> tuple[Name, ...]:
    from mrt_rules_alembic.sqlalchemy.orm import MappedClass
    from mrt_rules_alembic.sqlalchemy.related import related

    classes = (value for value in call.args if isinstance(value, MappedClass))
    return tuple(name for cls in classes for name in related(cls, call))


def _compound(word: str) -> Meaning:
    def meaning(call: Call) -> Value:
        return Compound(tuple(as_sql(value, call) for value in call.args), word)

    return meaning


def _join(outer: bool) -> Meaning:
    def meaning(call: Call) -> Value:
        from dataclasses import replace

        left = as_from(call.argument(0, "left"))
        if left is None:
            return NotKnown("a join with what is not known", call.span.line)
        return joined(left, outer, replace(call, args=call.args[1:]))

    return meaning


def between(call: Call) -> Value:
    """Returns `sa.between(expression, low, high)`."""
    parts = [grouped(as_sql(value, call), 6) for value in call.args[:3]]
    if len(parts) != 3:
        return Hole.of(NotKnown("a BETWEEN known only at run time", call.span.line), call)
    return Expression((parts[0], " BETWEEN ", parts[1], " AND ", parts[2]), 5)


def array(call: Call) -> Value:
    """Returns `postgresql.array([...])`."""
    items = call.argument(0, "clauses")
    if not isinstance(items, (list, tuple)):
        return Hole.of(items, call)
    return Expression(("ARRAY[", *listed(as_sql(item, call) for item in items), "]"))


FUNCTIONS: Final[dict[str, Meaning]] = {
    "text": text,
    "literal_column": literal_column,
    "literal": literal,
    "bindparam": bind_parameter,
    "null": _constant(None),
    "true": _constant(True),
    "false": _constant(False),
    "and_": _combined(conjunction, "true"),
    "or_": _combined(disjunction, "false"),
    "not_": not_,
    "case": case,
    "cast": cast,
    "try_cast": cast,
    "type_coerce": type_coerce,
    "asc": _suffix("ASC"),
    "desc": _suffix("DESC"),
    "nullsfirst": _suffix("NULLS FIRST"),
    "nulls_first": _suffix("NULLS FIRST"),
    "nullslast": _suffix("NULLS LAST"),
    "nulls_last": _suffix("NULLS LAST"),
    "distinct": distinct,
    "extract": extract,
    "tuple_": tuple_,
    "exists": exists,
    "select": select,
    "insert": partial(statement_of, "insert"),
    "update": partial(statement_of, "update"),
    "delete": partial(statement_of, "delete"),
    "union": _compound("UNION"),
    "union_all": _compound("UNION ALL"),
    "except_": _compound("EXCEPT"),
    "intersect": _compound("INTERSECT"),
    "join": _join(False),
    "outerjoin": _join(True),
    "between": between,
}
"""Functions of `sqlalchemy` and `sqlalchemy.sql.expression` by name."""
