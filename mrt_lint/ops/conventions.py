"""Names that a naming convention gives, where the convention itself is not known.

A project whose MetaData is put together when the application starts names its constraints by a convention
that is read nowhere; its migrations leave the name out where they make one, and say it where they drop it.
Sources: SQLAlchemy, "Configuring Constraint Naming Conventions": a name is made of kind, table and columns,
that of a check of the given name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mrt_lint.schema.names import UNKNOWN, Name, Unknown
from mrt_lint.schema.objects import Constraint, Index, Table

if TYPE_CHECKING:
    from mrt_lint.schema.state import State

NAMED_BY = "hangs on a naming convention that is not known"
"""What is said of a name that may mean another thing, or nothing."""

_KINDS = {"fk": "foreign", "fkey": "foreign", "uq": "unique", "pk": "primary", "pkey": "primary"}


def constraint_meant(state: State, table: Table, name: str, kind: Any) -> Constraint | None:
    """Returns the one constraint that a convention may call so, None where none or several may be meant."""
    if state.names_known or _is_named(state, table, name) or state.fold(name) in table.indexes:
        return None
    checks = [c for c in table.constraints if c.kind == "check" and c.name and is_within(state, c.name, name)]
    if kind in ("check", UNKNOWN) and checks:
        return checks[0] if len(checks) == 1 else None
    if not state.names_hidden:
        return None
    told = {_KINDS[word] for word in state.fold(name).split("_") if word in _KINDS}
    wanted = {kind} if not isinstance(kind, Unknown) else told or {"foreign", "unique"}
    found = [
        one
        for one in table.constraints
        if one.kind in wanted and one.kind != "check" and (one.automatic or one.name is None)
    ]
    closest: Constraint | None = _closest(state, name, [(one, one.columns) for one in found])
    return closest


def index_meant(state: State, table: Table, name: Name) -> Index | None:
    """Returns the one index that a convention may call so, None where none or several may be meant."""
    if state.fold(name.name) in table.indexes or _is_named(state, table, name.name):
        return None
    unnamed = [one for one in table.indexes.values() if may_be_called_otherwise(state, table.name, one)]
    known = [(one, one.columns) for one in unnamed if not isinstance(one.columns, Unknown)]
    found: Index | None = _closest(state, name.name, known)
    return found


def may_be_called_otherwise(state: State, table: Name, index: Index) -> bool:
    """Returns whether a convention that is not known may have named an index that was made without a name.

    Where there is none SQLAlchemy calls it `ix_` with schema, table and first column.
    """
    if not state.names_hidden or isinstance(index.columns, Unknown) or not index.columns:
        return False
    usual = "_".join(part for part in ("ix", table.schema, table.name, index.columns[0]) if part)
    return index.automatic or (index.name is not None and state.fold(index.name) == state.fold(usual))


def columns_of_nameless(state: State, kind: str, table: Name | None, part: str | None) -> tuple[str, ...]:
    """Returns the columns of an index that code left without a name, where that name is not known.

    None for anything else.
    """
    owner = state.table(table) if kind == "index" and table is not None and state.names_hidden else None
    index = owner.indexes.get(state.fold(part or "")) if owner is not None else None
    if index is None or isinstance(index.columns, Unknown) or not (index.nameless or index.automatic):
        return ()
    return index.columns


def may_name(state: State, name: str | None, columns: tuple[str, ...] | Unknown) -> bool:
    """Returns whether a convention that is not known may make this name of something on these columns."""
    if not state.names_hidden or name is None or isinstance(columns, Unknown):
        return False
    return _closest(state, name, [(True, columns)]) is True


def is_within(state: State, given: str, name: str) -> bool:
    """Returns whether a convention may make this name of the one that a check was given."""
    return state.fold(name).endswith(f"_{state.fold(given)}")


def _is_named(state: State, table: Table, name: str) -> bool:
    return any(one.name is not None and state.fold(one.name) == state.fold(name) for one in table.constraints)


def _closest(state: State, name: str, found: list[tuple[Any, tuple[str, ...]]]) -> Any:
    """Returns what has the most columns in the name, all of which must be there; None where two have."""
    padded = f"_{state.fold(name)}_"
    fitting = [
        (sum(map(len, columns)), one)
        for one, columns in found
        if columns and all(f"_{state.fold(column)}_" in padded for column in columns)
    ]
    most = max((length for length, _ in fitting), default=0)
    best = [one for length, one in fitting if length == most]
    return best[0] if len(best) == 1 else None
