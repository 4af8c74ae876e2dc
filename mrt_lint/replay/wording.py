"""Says in words what the downgrade left different."""

from __future__ import annotations

from mrt_lint.replay.differences import Difference
from mrt_lint.roundtrip import GIVEN_NAME
from mrt_lint.schema.names import Unknown
from mrt_lint.schema.types import SqlType


def describe(difference: Difference) -> str:
    """Returns a difference in words, without its subject."""
    if difference.how == "left":
        return "is still there after the downgrade"
    if difference.how == "lost":
        return "is gone after the downgrade"
    if difference.how == "unknown":
        what = f"{difference.field} " if difference.field else ""
        return f"is made anew by the downgrade; its {what}before is not known".replace(
            "its before", "what it was before"
        )
    if difference.field == "definition":
        return "has another definition after the downgrade"
    if difference.field in ("nullable", "unique", "deferrable", "validated", "autoincrement"):
        words = {
            "nullable": ("nullable", "NOT NULL"),
            "unique": ("unique", "not unique"),
            "deferrable": ("deferrable", "not deferrable"),
            "validated": ("validated", "NOT VALID"),
            "autoincrement": ("automatically numbered", "not automatically numbered"),
        }[difference.field]
        return f"was {words[not difference.old]} and is {words[not difference.new]} after the downgrade"
    if difference.field == GIVEN_NAME:
        was = f"was called {difference.old}" if difference.old else "had no name"
        now = f"is called {difference.new}" if difference.new else "has none"
        return f"{was} and {now} after the downgrade"
    new, old = _value(difference.new), _value(difference.old)
    if new == old:  # They differ in what a type's short name leaves out.
        new, old = _whole(difference.new), _whole(difference.old)
    values = f"{new} instead of {old}"
    plural = difference.field in ("columns", "labels", "details", "options", "ref_columns")
    what = f"other {difference.field}" if plural else f"another {difference.field}"
    return f"has {what} after the downgrade: {values}"


def _whole(value: object) -> str:
    """Returns a value with the collation of a type."""
    if isinstance(value, SqlType):
        return f"{value} COLLATE {value.collation}" if value.collation else f"{value} without COLLATE"
    return _value(value)


def _value(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, Unknown):
        return "one that is not known"
    if isinstance(value, tuple):
        return "(" + ", ".join(_value(item) for item in value) + ")"
    return str(value)
