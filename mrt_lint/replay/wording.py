"""Says in words what the downgrade left different."""

from __future__ import annotations

from typing import Final

from mrt_lint.replay.differences import Difference
from mrt_lint.roundtrip import GIVEN_NAME
from mrt_lint.schema.names import Unknown
from mrt_lint.schema.types import SqlType

_PLURAL: Final = frozenset({"columns", "labels", "details", "options", "ref_columns"})


def describe(difference: Difference) -> str:
    """Returns a difference in words, without its subject."""
    if difference.how == "left":
        return "is still there after the downgrade"
    if difference.how == "lost":
        return "is gone after the downgrade"
    if difference.how == "unknown":
        of_it = f"its {difference.field}" if difference.field else "what it was"
        known = "are not known" if difference.field in _PLURAL else "is not known"
        return f"is made anew by the downgrade; {of_it} before {known}"
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
        now = f"is {words[not difference.new]} after the downgrade"
        if isinstance(difference.old, Unknown):
            return f"{now}; whether it was before is not known"
        return f"was {words[not difference.old]} and {now}"
    if difference.field == GIVEN_NAME:
        was = f"was called {difference.old}" if difference.old else "had no name"
        now = f"is called {difference.new}" if difference.new else "has none"
        return f"{was} and {now} after the downgrade"
    if difference.field in ("details", "options"):
        new, old = _rest(difference.new, difference.old), _rest(difference.old, difference.new)
    else:
        new, old = _value(difference.new), _value(difference.old)
    if new == old:  # They differ in what a type's short name leaves out.
        new, old = _whole(difference.new), _whole(difference.old)
    if isinstance(difference.old, Unknown):
        now = f"no {difference.field}" if difference.new is None else f"{new} as its {difference.field}"
        return f"has {now} after the downgrade; what it had before is not known"
    what = f"other {difference.field}" if difference.field in _PLURAL else f"another {difference.field}"
    return f"has {what} after the downgrade: {new} instead of {old}"


def _rest(pairs: object, others: object) -> str:
    """Returns what one side says of an object and the other does not, in words: `increment 5, cache 1`."""
    if not isinstance(pairs, tuple):
        return _value(pairs)
    known = others if isinstance(others, tuple) else ()
    told = [" ".join(map(_value, pair)) for pair in pairs if pair not in known]
    return ", ".join(told) or "none"


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
