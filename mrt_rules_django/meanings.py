"""The meaning of every qualified name that Django's migrations use."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final

from mrt_lint.evaluate.objects import Holding
from mrt_rules_django.field_types import FIELDS
from mrt_rules_django.orm import DatabaseConnection
from mrt_rules_django.values import PARAMETERS, FieldClass, Made, OperationClass

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call, Meaning
    from mrt_lint.evaluate.values import Value

_OPERATIONS: Final = ("django.db.migrations", "django.db.migrations.operations")
_POSTGRES: Final = "django.contrib.postgres"
_FIELDS: Final = ("django.db.models", "django.db.models.fields", "django.db.models.fields.related")


@lru_cache(maxsize=1)
def meanings() -> dict[str, Meaning]:
    """Returns the meanings of Django's migrations and models."""
    found: dict[str, Meaning] = {}
    for kind in PARAMETERS:
        for module in (*_OPERATIONS, f"{_POSTGRES}.operations"):
            found[f"{module}.{kind}"] = OperationClass(kind)
        for module in ("special", "models", "fields"):
            found[f"django.db.migrations.operations.{module}.{kind}"] = OperationClass(kind)
    for base in ("Operation",):
        for module in (*_OPERATIONS, "django.db.migrations.operations.base"):
            found[f"{module}.{base}"] = OperationClass(base, base)
    for name in FIELDS:
        modules = [*_FIELDS, "django.db.models.fields.files", "django.db.models.fields.json"]
        modules += [f"{_POSTGRES}.fields", f"{_POSTGRES}.fields.{_POSTGRES_MODULES.get(name, 'ranges')}"]
        modules += [f"{_POSTGRES}.search"]
        for module in modules:
            found[f"{module}.{name}"] = FieldClass(f"{module}.{name}", name)
    for module in ("django.db.models", "django.db.models.fields"):
        found[f"{module}.Field"] = FieldClass(f"{module}.Field", "", own_type=True)
    found["django.db.models.fields.proxy.OrderWrt"] = FieldClass(
        "django.db.models.fields.proxy.OrderWrt", "OrderWrt"
    )
    for name in ("swappable_dependency",):
        for module in ("django.db.migrations", "django.db.migrations.migration"):
            found[f"{module}.{name}"] = _swappable
    found["django.db.connection"] = DatabaseConnection()
    for name in ("F", "Q", "Value"):
        for module in ("django.db.models", "django.db.models.expressions", "django.db.models.query_utils"):
            found[f"{module}.{name}"] = partial(_written, f"{module}.{name}")
    found["django.db.transaction.atomic"] = _atomic
    return found


def _written(path: str, call: Call) -> Value:
    """Returns an expression as it is written."""
    return Made(path, call.args, call.kwargs, source=call.source)


def _atomic(call: Call) -> Value:
    """Returns what `with transaction.atomic()` enters: nothing that writes."""
    return Holding(None)


_POSTGRES_MODULES: Final = {
    "ArrayField": "array",
    "HStoreField": "hstore",
    "JSONField": "jsonb",
    "CITextField": "citext",
    "CICharField": "citext",
    "CIEmailField": "citext",
}


def _swappable(call: Call) -> Value:
    """Returns the mark of a dependency on the first migration of a swappable model's app."""
    return Made("swappable_dependency", call.args, call.kwargs, source=call.source)


WRITTEN: Final = (_written, _swappable)
"""Meanings that only write down the call, and ask nothing of the evaluator."""


def unexplained(call: Call) -> Value:
    """Returns what stands for a call that nothing explains, where a migration only writes things down."""
    path = call.extra.get("path", call.spelling)
    return Made(str(path), call.args, call.kwargs, source=call.source, span=call.span)
