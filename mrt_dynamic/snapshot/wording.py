"""Differences of schemas and rows in words, in the user's own names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from mrt_lint.replay.differences import Difference
from mrt_lint.roundtrip import GIVEN_NAME
from mrt_lint.schema.names import Unknown
from mrt_lint.schema.objects import Constraint, Generated, Index
from mrt_lint.schema.types import SqlType

_SENSIBLE: Final = 120
_VALUE: Final = 40


@dataclass(frozen=True, slots=True)
class Moments:
    """What the two moments are called. `now`: "after the downgrade"; `left`: why it is wrong to be there.

    `then`: the other one ("in the database"); empty if it is the past.
    """

    now: str
    left: str
    then: str = ""

    def before(self, verb: str, value: str) -> str:
        """Returns what it was at the other moment."""
        return f"{value} {self.then}" if self.then else f"{verb} {value}"


DOWNGRADE: Final = Moments("after the downgrade", "is still there after the downgrade")
REUPGRADE: Final = Moments(
    "after the second upgrade", "is there after the second upgrade and was not after the first"
)

_FLAGS: Final = {
    "nullable": ("nullable", "NOT NULL"),
    "unique": ("unique", "not unique"),
    "deferrable": ("DEFERRABLE", "NOT DEFERRABLE"),
    "validated": ("valid", "NOT VALID"),
    "autoincrement": ("automatically numbered", "not automatically numbered"),
    "nulls_not_distinct": ("NULLS NOT DISTINCT", "NULLS DISTINCT"),
}
_FIELDS: Final = {
    "where": "condition",
    "include": "included columns",
    "ref_table": "table it refers to",
    "ref_columns": "columns it refers to",
    "ondelete": "ON DELETE",
    "onupdate": "ON UPDATE",
    "initially": "INITIALLY",
    "match": "MATCH",
    "method": "access method",
    "generated": "expression",
    GIVEN_NAME: "name",
}


def changed(subject: str, field: str, old: Any, new: Any, moments: Moments) -> str:
    """Returns in words that a part of a definition is another one."""
    if field in _FLAGS:
        yes, no = _FLAGS[field]
        return f"{subject} is {yes if new else no} {moments.now}, {moments.before('was', yes if old else no)}"
    was, now = value_pair(said(old), said(new), _SENSIBLE)
    if field in ("type", "kind"):
        return f"{subject} is {now} {moments.now}, {moments.before('was', was)}"
    if field == "position":
        return f"{subject} stands at {now} {moments.now}, {moments.before('stood at', was)}"
    what = _FIELDS.get(field, field)
    if old is None or old == ():
        return f"{subject} has the {what} {now} {moments.now}, {moments.before('had', 'none')}"
    if new is None or new == ():
        return f"{subject} has no {what} {moments.now}, {moments.before('had', was)}"
    return f"the {what} of {subject} is {now} {moments.now}, {moments.before('was', was)}"


def subject_of(difference: Difference) -> str:
    """Returns the object of a difference in words: `users.age`, `index ix_users_email on users`."""
    place, part, kind = difference.table, difference.part, difference.kind
    if kind == "column":
        return f"{place}.{part}"
    if kind == "other":
        return str(place)
    if part is None:
        return f"{kind} {place}"
    if part == "":  # a check without a name
        some = difference.old or difference.new
        part = f"({shortened(some.expression or '', _SENSIBLE)})" if isinstance(some, Constraint) else ""
    return f"{kind} {part} on {place}".replace("  ", " ")


def definition_of(some: Any) -> str:
    """Returns a constraint or an index as it would be written, empty for anything else."""
    if isinstance(some, Index):
        columns = "" if isinstance(some.columns, Unknown) else ", ".join(some.columns)
        where = f" WHERE {some.where}" if some.where else ""
        return shortened(f"({columns}){where}", _SENSIBLE)
    if isinstance(some, Constraint):
        target = f" to {some.ref_table} ({', '.join(some.ref_columns)})" if some.ref_table else ""
        columns = f"({', '.join(some.columns)})" if some.columns else ""
        return shortened(f"{columns}{target} {some.expression or ''}".strip(), _SENSIBLE)
    return ""


def said(value: Any) -> str:
    """Returns a part of a definition as text."""
    if value is None or value == ():
        return "none"
    if isinstance(value, SqlType):
        text = str(value) if value.labels else str(value).lower()
        return text + (f" COLLATE {value.collation}" if value.collation else "")
    if isinstance(value, Generated):
        return f"{value.expression} ({'stored' if value.stored else 'virtual'})"
    if isinstance(value, tuple):
        return f"({', '.join(said(item) for item in value)})"
    return str(value)


def shortened(text: str, length: int) -> str:
    """Returns a text of at most this length, on one line.

    >>> shortened("a rather long sentence", 10)
    'a rathe...'
    """
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 3] + "..."


def value_pair(old: str, new: str, length: int = _VALUE) -> tuple[str, str]:
    """Returns two different texts shortened so that the difference shows.

    >>> value_pair("x" * 90 + "a", "x" * 90 + "b", 20)
    ('...xxxxxxxxxxa', '...xxxxxxxxxxb')
    """
    old, new = " ".join(old.split()) or old, " ".join(new.split()) or new
    if max(len(old), len(new)) <= length:
        return old, new
    same = next((i for i, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), 0)
    same = same or (min(len(old), len(new)) if old[:1] == new[:1] else 0)
    start = max(0, same - 10) if same > length - 15 else 0
    cut = [shortened(text[start:], length - 3 if start else length) for text in (old, new)]
    return ("..." + cut[0], "..." + cut[1]) if start else (cut[0], cut[1])


def value_of(value: str | None) -> str:
    """Returns a value of a row for a message: NULL, a number as it is, everything else in quotes."""
    if value is None:
        return "NULL"
    if re.fullmatch(r"-?[0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)?|X?'.*'", value, re.DOTALL):
        return value
    return f"'{value}'"
