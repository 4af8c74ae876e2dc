"""Tells whether new rows in some tables can change nothing but these tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mrt_lint.schema.names import Key, Name
from mrt_lint.schema.objects import SchemaObject
from mrt_lint.schema.state import State

_SETTING: Final = "setting of "
"""With this begin the names of settings that hang on the database: `synchronous_commit` and the like."""

_ACTING: Final = ("trigger", "function", "view", "extension", "policy")
"""Kinds of objects that can make a statement do more than it says."""


def stays_in(state: State, tables: Iterable[Name]) -> bool:
    """Returns whether to insert rows into these tables changes nothing else.

    That is so for sure where nothing acts on its own: no trigger, rule or function, and no sequence besides
    those that move with the rows of their table. A partitioned table hands its rows on to others.
    """
    if any(state.kinds.get(kind) for kind in _ACTING):
        return False
    if any(_acts(state, key) for kind in ("other", "sequence") for key in state.kinds.get(kind) or ()):
        return False
    found = [state.table(name) for name in tables]
    return all(table is not None and "partitioning" not in dict(table.options) for table in found)


def _acts(state: State, key: Key) -> bool:
    """Returns whether a sequence stands for itself, and any other object for more than a remark."""
    found = state.objects[key]
    if not isinstance(found, SchemaObject):
        return False
    if key.kind == "sequence":
        return found.table is None
    return bool(found.definition) and not found.name.name.startswith(_SETTING)
