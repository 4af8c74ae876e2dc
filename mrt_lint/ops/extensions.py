"""What extensions of PostgreSQL bring along, as far as columns use it (from the extensions' own scripts)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from mrt_lint.schema.expressions import calls
from mrt_lint.schema.names import Name

if TYPE_CHECKING:
    from mrt_lint.ops.base import Operation
    from mrt_lint.schema.state import State

_TYPES: Final = {
    "citext": ("citext",),
    "cube": ("cube",),
    "hstore": ("hstore",),
    "isn": ("ean13", "isbn13", "ismn13", "issn13", "isbn", "ismn", "issn", "upc"),
    "ltree": ("ltree", "lquery", "ltxtquery"),
    "postgis": ("geometry", "geography", "box2d", "box3d"),
    "seg": ("seg",),
    "vector": ("vector", "halfvec", "sparsevec"),
}
_FUNCTIONS: Final = {
    "uuid-ossp": ("uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4", "uuid_nil"),
    "pgcrypto": ("gen_random_bytes", "gen_salt"),
}


def drop_members(state: State, op: Operation, extension: str, cascade: bool) -> State:
    """Returns the state without the columns of an extension's types and the defaults that call its functions.

    Without CASCADE they stand against dropping it.
    """
    from mrt_lint.ops.alter import SetDefault
    from mrt_lint.ops.dropped_columns import DropColumn
    from mrt_lint.ops.enums import users

    uses: list[tuple[Name, str, Operation]] = []
    for kind in _TYPES.get(extension, ()):
        for table, column in users(state, Name(kind)):
            drop = DropColumn(table=table, name=column, cascade=True, direction=op.direction)
            uses.append((table, column, drop))
    functions = set(_FUNCTIONS.get(extension, ()))
    for owner in state.tables():
        for item in owner.columns.values():
            if isinstance(item.default, str) and functions & calls(item.default):
                without = SetDefault(table=owner.name, name=item.name, default=None)
                uses.append((owner.name, item.name, replace(without, direction=op.direction)))
    for table, column, removal in uses:
        if cascade:
            state = removal.apply(state)
            continue
        found = state.table(table)
        message = f"extension {extension} cannot be dropped while column {table}.{column} needs it"
        sure = found is not None and state.is_there(found)
        return state.fault(op, "invalid", "extension", extension, message, sure)
    return state
