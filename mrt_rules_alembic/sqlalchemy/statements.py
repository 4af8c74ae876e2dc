"""What INSERT, UPDATE and DELETE share: their base, the keys of `values()`, bind parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from mrt_lint.evaluate.values import NotKnown, Value
from mrt_rules_alembic.sqlalchemy.execution import MAX_STATEMENTS
from mrt_rules_alembic.sqlalchemy.expressions import BindParameter, ColumnRef, Expression, Sql, as_sql
from mrt_rules_alembic.sqlalchemy.froms import From
from mrt_rules_alembic.sqlalchemy.operators import python_operator

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call

NEUTRAL: Final = frozenset(
    ("returning", "execution_options", "inline", "return_defaults", "with_dialect_options", "options")
)
"""Methods that change nothing of what a statement writes."""


def key_name(key: Value, table: From | None = None) -> str | None:
    """Returns the column that a key of `values()` names."""
    if isinstance(key, str):
        return str(key) if table is None else table.column_named(str(key))
    return key.name if isinstance(key, ColumnRef) else None


class Statement(Sql):
    """Base of INSERT, UPDATE and DELETE."""

    level = 0

    def execute(self, call: Call, parameters: Value, many: bool) -> None:
        """Emits what the statement does with these parameters."""
        raise NotImplementedError

    def reads(self) -> bool:
        """Returns whether it returns rows."""
        return False


def by_name(table: From, call: Call) -> list[Sql]:
    """Returns the conditions of `filter_by(name=value)`."""
    made = (
        python_operator(table.column(name), "==", value, False, call) for name, value in call.kwargs.items()
    )
    return [part for part in made if isinstance(part, Sql)]


def bind_parts(
    parts: tuple[Sql, ...], values: Mapping[str, Value], call: Call
) -> tuple[tuple[Sql, ...], set[str]]:
    """Returns expressions with their `bindparam`s filled in, and the names that were used."""
    used: set[str] = set()

    def pieces(form: tuple[str | Sql, ...]) -> tuple[str | Sql, ...]:
        return tuple(piece if isinstance(piece, str) else bound(piece) for piece in form)

    def bound(part: Sql) -> Sql:
        if isinstance(part, BindParameter) and part.value is None:
            used.add(part.key)
            return as_sql(values.get(part.key, NotKnown(f"the parameter {part.key}", call.span.line)), call)
        if isinstance(part, Expression):
            forms = {name: pieces(form) for name, form in part.by_dialect.items()}
            return replace(part, parts=pieces(part.parts), by_dialect=forms)
        return part

    return tuple(bound(part) for part in parts), used


def has_parameters(parts: Iterable[Sql]) -> bool:
    """Returns whether an expression has a `bindparam` that waits for its value."""
    return any(
        (isinstance(part, BindParameter) and part.value is None)
        or (
            isinstance(part, Expression)
            and has_parameters(piece for piece in part.parts if isinstance(piece, Sql))
        )
        for part in parts
    )


def known_parameters(parameters: Value) -> bool:
    """Returns whether the number of parameter sets and their keys are known."""
    sets = [parameters] if isinstance(parameters, dict) else parameters
    return (
        isinstance(sets, (list, tuple))
        and len(sets) <= MAX_STATEMENTS
        and all(isinstance(item, dict) and all(isinstance(key, str) for key in item) for item in sets)
    )


def parameter_sets(parameters: Value) -> list[Mapping[str, Value]]:
    """Returns the sets of parameters a statement runs with, one empty set for none."""
    if parameters is None or parameters == [] or parameters == ():
        return [{}]
    return [parameters] if isinstance(parameters, dict) else list(parameters)
