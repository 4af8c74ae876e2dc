"""Sequences that stand for themselves: no row moves them, so a number is taken from each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from mrt_dynamic.plain_sql import run, table_of
from mrt_lint.schema.objects import SchemaObject

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from mrt_lint.schema.dialects import Dialect
    from mrt_lint.schema.state import State

_NEXT: Final[dict[Dialect, str]] = {
    "postgresql": "SELECT nextval('{}')",
    "mariadb": "SELECT NEXT VALUE FOR {}",
}


def new_sequences(state: State, before: State | None) -> list[SchemaObject]:
    """Returns the sequences of `state` that are not in `before` and that no column owns."""
    if state.dialect not in _NEXT:
        return []
    return [
        each
        for each in state.all("sequence")
        if isinstance(each, SchemaObject)
        and each.table is None
        and (before is None or before.get("sequence", each.name) is None)
    ]


def advance(connection: Connection, dialect: Dialect, sequences: Sequence[SchemaObject]) -> None:
    """Takes a number from each.

    One that starts anew after a round trip is then seen to have lost its place. The caller commits.
    """
    for each in sequences:
        place = table_of(each.name, dialect)
        run(connection, _NEXT[dialect].format(place.replace("'", "''") if dialect == "postgresql" else place))
