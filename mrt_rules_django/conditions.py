"""Conditions (`Q`) and expressions of indexes and constraints as SQL, as far as they are plain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mrt_rules_django.specs import Model, Plain, Spec
from mrt_rules_django.sqltext import literal

if TYPE_CHECKING:
    from mrt_rules_django.models import Models

_COMPARISONS: Final = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<=", "exact": "="}
_FUNCTIONS: Final = {
    "Upper": "upper",
    "Lower": "lower",
    "Length": "length",
    "Trim": "trim",
    "Abs": "abs",
    "RandomUUID": "gen_random_uuid",
    "Random": "random",
    "Coalesce": "coalesce",
}
_MOMENTS: Final = {
    "TransactionNow": "CURRENT_TIMESTAMP",
    "CurrentTimestamp": "CURRENT_TIMESTAMP",
}


class NotPlainError(Exception):
    """An expression that is not written as SQL here; its source stands for it."""


def condition_text(value: Plain, models: Models, model: Model | None) -> str:
    """Returns a condition as canonical SQL; what is not plain is its own source in `<...>`."""
    return _text(value, models, model, _condition)


def expression_text(value: Plain, models: Models, model: Model | None) -> str:
    """Returns an expression as canonical SQL; what is not plain is its own source in `<...>`."""
    return _text(value, models, model, _expression)


def _text(value: Plain, models: Models, model: Model | None, write: object) -> str:
    from mrt_lint.sql import canonical_text

    try:
        return canonical_text(write(value, models, model), models.dialect)  # type: ignore[operator]
    except NotPlainError:
        source = value.source if isinstance(value, Spec) else "an expression"
        return f"<{' '.join(source.split()) or 'an expression'}>"


def _condition(value: Plain, models: Models, model: Model | None) -> str:
    if not isinstance(value, Spec):
        raise NotPlainError
    if value.path in ("&", "|") and len(value.args) == 2:
        word = "AND" if value.path == "&" else "OR"
        left, right = (_condition(one, models, model) for one in value.args)
        return f"({left} {word} {right})"
    if value.path == "~":
        return f"(NOT {_condition(value.args[1], models, model)})"
    if value.name != "Q":
        raise NotPlainError
    connector, negated, tests = "AND", False, []
    for key, item in value.options:
        if key == "_connector":
            connector = str(item)
        elif key == "_negated":
            negated = item is True
        else:
            tests.append(_test(key, item, models, model))
    for item in value.args:
        pair = isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], str)
        tests.append(_test(item[0], item[1], models, model) if pair else _condition(item, models, model))
    if connector not in ("AND", "OR") or not tests:
        raise NotPlainError
    whole = tests[0] if len(tests) == 1 else "(" + f" {connector} ".join(tests) + ")"
    return f"(NOT {whole})" if negated else whole


def _test(key: str, value: Plain, models: Models, model: Model | None) -> str:
    name, _, lookup = key.partition("__")
    column = column_text(name, models, model)
    if lookup == "isnull" and isinstance(value, bool):
        return f"{column} IS {'' if value else 'NOT '}NULL"
    if lookup == "in" and isinstance(value, tuple) and value:
        return f"{column} IN ({', '.join(_constant(item, models) for item in value)})"
    if lookup in ("", "exact") and isinstance(value, bool):
        spec = model.field(name) if model is not None else None
        if spec is not None and spec.base == "BooleanField" and models.dialect == "postgresql":
            return column if value else f"(NOT {column})"
        raise NotPlainError
    operator = _COMPARISONS.get(lookup or "exact")
    if operator is None or value is None:
        raise NotPlainError
    right = _expression(value, models, model) if isinstance(value, Spec) else _constant(value, models)
    return f"{column} {operator} {right}"


def column_text(name: str, models: Models, model: Model | None) -> str:
    """Returns the column of a field named in an expression."""
    spec = model.field(name) if model is not None else None
    if spec is None and model is not None and name == "pk":
        found = models.primary_key(model)
        return models.column_name(*found) if found else "id"
    return models.column_name(name, spec) if spec is not None else name


def _expression(value: Plain, models: Models, model: Model | None) -> str:
    if isinstance(value, str):
        return column_text(value, models, model)
    if not isinstance(value, Spec):
        return _constant(value, models)
    if value.name == "F" and value.args and isinstance(value.args[0], str):
        return column_text(value.args[0], models, model)
    if value.name == "Value" and value.args:
        return _constant(value.args[0], models)
    if value.name == "Now" and not value.args:
        return "statement_timestamp()" if models.dialect == "postgresql" else "CURRENT_TIMESTAMP"
    if value.name in _MOMENTS and not value.args:
        return _MOMENTS[value.name]
    if value.name in _FUNCTIONS:
        return f"{_FUNCTIONS[value.name]}({', '.join(_expression(one, models, model) for one in value.args)})"
    if value.path in ("+", "-", "*", "/") and len(value.args) == 2:
        left, right = (_expression(one, models, model) for one in value.args)
        return f"({left} {value.path} {right})"
    raise NotPlainError


def _constant(value: Plain, models: Models) -> str:
    if isinstance(value, bool):
        return str(value).upper() if models.dialect == "postgresql" else str(int(value))
    if isinstance(value, (int, float, str)):
        return literal(value)
    raise NotPlainError
