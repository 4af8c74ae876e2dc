"""Whether two definitions of a field give their columns the same type, whichever that is."""

from __future__ import annotations

from typing import Final

from mrt_rules_django.models import Models, is_relation
from mrt_rules_django.specs import Model, Spec, is_known

_NO_TYPE: Final = frozenset(
    (
        "blank",
        "choices",
        "db_column",
        "db_comment",
        "db_constraint",
        "db_index",
        "default",
        "editable",
        "error_messages",
        "help_text",
        "limit_choices_to",
        "null",
        "on_delete",
        "primary_key",
        "related_name",
        "related_query_name",
        "serialize",
        "unique",
        "upload_to",
        "unique_for_date",
        "unique_for_month",
        "unique_for_year",
        "validators",
        "verbose_name",
        "auto_created",
        "parent_link",
    )
)
"""Options of a field that have nothing to do with the type of its column."""


def alike(before: Models, old: Model, one: Spec, after: Models, new: Model, other: Spec) -> bool:
    """Returns whether two definitions give their columns the same type, whichever that is."""
    if is_relation(one) and is_relation(other):
        return before.referenced(old, one)[:2] == after.referenced(new, other)[:2]

    def typed(spec: Spec) -> tuple[object, ...]:
        return (spec.path, spec.args, [item for item in spec.options if item[0] not in _NO_TYPE])

    return typed(one) == typed(other) and is_known(typed(one)[2])
