"""Sequences that stand for themselves: no row moves them, so a number is taken from each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mrt_dynamic.seeding.running import run
from mrt_dynamic.seeding.written import table_of
from mrt_lint.schema.objects import SchemaObject

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from mrt_lint.schema.state import State


def advance(connection: Connection, state: State, before: State | None) -> bool:
    """Returns whether sequences moved: those of `state` that are not in `before` and that no column owns.

    One that starts anew after a round trip is then seen to have lost its place. The caller commits.
    """
    moved = False
    for each in state.all("sequence"):
        if not isinstance(each, SchemaObject) or each.table is not None:
            continue
        if before is not None and before.get("sequence", each.name) is not None:
            continue
        place = table_of(each.name, state.dialect)
        if state.dialect == "postgresql":
            text = place.replace("'", "''")
            run(connection, f"SELECT nextval('{text}')")
        elif state.dialect == "mariadb":
            run(connection, f"SELECT NEXT VALUE FOR {place}")
        else:
            continue
        moved = True
    return moved
