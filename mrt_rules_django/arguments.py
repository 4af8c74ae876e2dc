"""The arguments of an operation of Django, where they are known."""

from __future__ import annotations

from mrt_lint.schema.names import Name
from mrt_rules_django.models import Models
from mrt_rules_django.specs import Draft, Model, Spec


class UnclearError(Exception):
    """An operation's argument is not known; it becomes an Opaque that may touch `tables` (None: any)."""

    def __init__(self, reason: str, tables: tuple[Name, ...] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.tables = tables


def text_of(draft: Draft, name: str) -> str:
    """Returns an argument that is a text. Raises UnclearError."""
    value = draft.get(name)
    if not isinstance(value, str):
        raise UnclearError(f"the {name} of {draft.kind} is known only at run time")
    return value


def model_in(models: Models, app: str, draft: Draft, name: str = "model_name") -> Model:
    """Returns the model that an argument names. Raises UnclearError."""
    text = text_of(draft, name)
    found = models.get(app, text)
    if found is None:
        table = models.table_of((app, text.lower()))
        raise UnclearError(f"the model {app}.{text} is not known at that point", (table,))
    return found


def spec_of(models: Models, app: str, draft: Draft, name: str = "field") -> Spec:
    """Returns the field that an argument is. Raises UnclearError."""
    value = draft.get(name)
    if isinstance(value, Spec) and value.path != "dict":
        return value
    model = models.get(app, str(draft.get("model_name")))
    tables = (models.table(model),) if model is not None else None
    raise UnclearError(f"the {name} of {draft.kind} is known only at run time", tables)
