"""Defaults: what Django writes into old rows for a new column, and what stays in the database."""

from __future__ import annotations

from typing import Any

from mrt_lint.schema.names import UNKNOWN, Unknown
from mrt_lint.schema.types import SqlType
from mrt_rules_django.conditions import expression_text
from mrt_rules_django.field_types import NO_EMPTY_TEXT
from mrt_rules_django.models import Models
from mrt_rules_django.specs import Plain, Ref, Spec
from mrt_rules_django.sqltext import literal

_MOMENTS = {"DateField", "DateTimeField", "TimeField"}


def database_default(models: Models, spec: Spec, kind: SqlType | Unknown) -> str | Unknown | None:
    """Returns the default that the database keeps (`db_default`), as SQL; None without one."""
    if not spec.has("db_default"):
        return None
    value = spec.get("db_default")
    if isinstance(value, Ref) and value.path.endswith("NOT_PROVIDED"):
        return None
    text = as_sql(models, spec, value)
    if isinstance(text, Unknown) or text is None:
        return UNKNOWN if isinstance(text, Unknown) else None
    from mrt_lint.sql import canonical_default

    return canonical_default(text, models.dialect, None if isinstance(kind, Unknown) else kind)


def effective_default(models: Models, spec: Spec) -> str | Unknown | None:
    """Returns what Django writes into the rows that are there when it adds the column; None: nothing.

    The field's default, called once; else an empty text where `blank=True` allows it; else the moment
    for `auto_now` (Django's `BaseDatabaseSchemaEditor.effective_default`).
    """
    if spec.has("default"):
        value = spec.get("default")
        if isinstance(value, Ref) and value.path.endswith("NOT_PROVIDED"):
            return None
        return as_sql(models, spec, value)
    if spec.get("null") is True:
        return None
    if any(spec.get(name) is UNKNOWN for name in ("null", "blank", "auto_now", "auto_now_add")):
        return UNKNOWN
    unknown_class = not spec.base
    if spec.get("blank") is True and (unknown_class or spec.base not in NO_EMPTY_TEXT):
        return UNKNOWN if unknown_class else "''"
    if spec.base in _MOMENTS and (spec.get("auto_now") is True or spec.get("auto_now_add") is True):
        return UNKNOWN
    return None


def as_sql(models: Models, spec: Spec, value: Plain) -> str | Unknown | None:
    """Returns a Python value as the SQL that stands for it in this field's column."""
    if value is None:
        return None
    if isinstance(value, Ref):
        empty = {"builtins.dict": "{}", "builtins.list": "[]", "builtins.str": "", "dict": "{}", "list": "[]"}
        found = empty.get(value.path)
        return UNKNOWN if found is None or spec.base == "HStoreField" else f"'{found}'"
    if isinstance(value, bool):
        if models.dialect == "postgresql" and spec.base in ("BooleanField", "NullBooleanField"):
            return "TRUE" if value else "FALSE"
        return "1" if value else "0"
    if isinstance(value, Spec):
        return _of_call(models, value)
    if isinstance(value, (int, float, str)):
        return literal(value)
    return UNKNOWN


def _of_call(models: Models, value: Spec) -> str | Unknown:
    first: Any = value.args[0] if value.args else None
    if value.path == "decimal.Decimal" and isinstance(first, (str, int)):
        return str(first)
    if value.name == "Value" and isinstance(first, (str, int, float)):
        return literal(first)
    if value.path.startswith(("django.db.models", "django.contrib.postgres")):
        text = expression_text(value, models, None)
        return UNKNOWN if text.startswith("<") else text
    return UNKNOWN
