"""Holds the State of the replay against the State of the real database, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

from mrt_lint.schema.names import Kind, Unknown
from mrt_lint.schema.objects import Column, Constraint, EnumType, Index, SchemaObject, Table
from mrt_lint.schema.state import State
from mrt_lint.schema.types import SqlType

KINDS: tuple[Kind, ...] = ("view", "type", "sequence", "trigger", "function", "schema", "extension", "policy")

# How the replay came to know something, and where the data comes from, is nothing that a database
# tells; nor does MariaDB tell which index it made by itself for a foreign key (`implied`), nor any
# database where a constraint was written (`inline`, `behind`), that a column was filled from another (`copy_of`) or
# that a name is a convention's (`nameless`).
_OWN_BUSINESS = {
    "automatic",
    "implied",
    "assumed",
    "sure",
    "origin",
    "python_default",
    "name",
    "inline",
    "behind",
    "copy_of",
    "nameless",
}


def wrong(replayed: State, real: State) -> list[str]:
    """Returns every claim of the replay that the database contradicts, as sentences."""
    return [text for sure, text in _differences(replayed, real) if sure]


def unknown(replayed: State, real: State) -> list[str]:
    """Returns what the replay does not claim to know although the database holds it, as sentences."""
    return [text for sure, text in _differences(replayed, real) if not sure]


def _differences(replayed: State, real: State) -> Iterator[tuple[bool, str]]:
    """Yields (a wrong claim?, sentence) for every difference."""
    mine = {replayed.key("table", table.name): table for table in replayed.tables() if not table.temporary}
    theirs = {real.key("table", table.name): table for table in real.tables()}
    for key in sorted({*mine, *theirs}):
        if key not in theirs:
            yield _sure(replayed, mine[key]), f"table {mine[key].name} is not there"
        elif key not in mine:
            yield replayed.complete, f"table {theirs[key].name} is there and not in the State"
        else:
            yield from _table(replayed, mine[key], theirs[key])
    for kind in KINDS:
        yield from _objects(replayed, real, kind)


def _sure(state: State, table: Table) -> bool:
    """Returns whether the replay claims that the table is there: nothing unknown came between."""
    return table.sure and table.epoch == state.epoch


def _table(state: State, mine: Table, real: Table) -> Iterator[tuple[bool, str]]:
    name, complete, sure = str(real.name), state.knows_all_of(mine), _sure(state, mine)
    if mine.comment != real.comment:
        known = not isinstance(mine.comment, Unknown)
        yield known, f"table {name}: comment is {real.comment!r}, not {mine.comment!r}"
    for key in sorted({*mine.columns, *real.columns}):
        if key not in real.columns:
            yield sure and mine.columns[key].sure, f"column {name}.{key} is not there"
        elif key not in mine.columns:
            yield complete, f"column {name}.{real.columns[key].name} is there and not in the State"
        else:
            yield from _fields(f"column {name}.{key}", mine.columns[key], real.columns[key])
    my_keys, real_keys = _constraints(state, mine), _constraints(state, real)
    for key in sorted({*my_keys, *real_keys}):
        if key not in real_keys:
            yield sure and my_keys[key].sure, f"constraint {key} of {name} is not there"
        elif key not in my_keys:
            yield complete, f"constraint {key} of {name} is there and not in the State"
        else:
            yield from _fields(f"constraint {key} of {name}", my_keys[key], real_keys[key])
    for key in sorted({*mine.indexes, *real.indexes}):
        if key not in real.indexes:
            yield sure and mine.indexes[key].sure, f"index {key} of {name} is not there"
        elif key not in mine.indexes:
            yield complete, f"index {key} of {name} is there and not in the State"
        else:
            yield from _fields(f"index {key} of {name}", mine.indexes[key], real.indexes[key])


def _constraints(state: State, table: Table) -> dict[str, Constraint]:
    """Returns the constraints under their names, unnamed ones under what they say."""
    found = {}
    for constraint in table.constraints:
        said = f"{constraint.kind}({', '.join(constraint.columns)}){constraint.expression or ''}"
        found[state.fold(constraint.name) if constraint.name else said] = constraint
    return found


def _fields(
    subject: str, mine: Column | Constraint | Index, real: Column | Constraint | Index
) -> Iterator[tuple[bool, str]]:
    for each in fields(mine):
        if each.name in _OWN_BUSINESS:
            continue
        one, other = _plain(getattr(mine, each.name)), _plain(getattr(real, each.name))
        if one != other:
            known = not isinstance(one, Unknown) and not (isinstance(one, SqlType) and not one.exact)
            yield known, f"{subject}: {each.name} is {_word(other)}, not {_word(one)}"


def _plain(value: Any) -> Any:
    """Returns a type without what belongs to its creation, not to the column."""
    if isinstance(value, SqlType):
        element = _plain(value.element) if value.element is not None else None
        # The name of an array type is the name of its element.
        name = element.name if element is not None else value.name
        return replace(value, name=name, creates_type=False, variants=(), element=element)
    return value


def _word(value: Any) -> str:
    if isinstance(value, SqlType):
        return f"{value}" + (f" COLLATE {value.collation}" if value.collation else "")
    return repr(value)


def _objects(replayed: State, real: State, kind: Kind) -> Iterator[tuple[bool, str]]:
    mine = {replayed.key(kind, value.name): value for value in replayed.all(kind)}
    theirs = {real.key(kind, value.name): value for value in real.all(kind)}
    for key in sorted({*mine, *theirs}):
        one, other = mine.get(key), theirs.get(key)
        if other is None:
            assert one is not None
            yield one.sure, f"{kind} {one.name} is not there"
        elif one is None:
            # The sequence of a SERIAL or identity column is a part of the column.
            owned = isinstance(other, SchemaObject) and (other.table or other.details)
            if not (kind == "sequence" and owned):
                yield replayed.complete, f"{kind} {other.name} is there and not in the State"
        elif isinstance(other, EnumType):
            labels = one.labels if isinstance(one, EnumType) else None
            if labels != other.labels:
                known = not isinstance(labels, Unknown)
                yield known, f"type {other.name}: labels are {other.labels}, not {labels}"
        elif isinstance(other, SchemaObject) and isinstance(one, SchemaObject):
            if kind == "view" and one.details != other.details:
                yield True, f"view {other.name}: details are {other.details}, not {one.details}"
            # PostgreSQL keeps a view as a tree and prints it with every name qualified; SQLite keeps
            # the text. Only texts can be held against a text.
            if kind == "view" and replayed.dialect == "sqlite" and one.definition != other.definition:
                known = not isinstance(one.definition, Unknown)
                yield known, f"view {other.name}: is {other.definition!r}, not {one.definition!r}"
            if one.table != other.table and kind in ("trigger", "policy"):
                yield True, f"{kind} {other.name}: is on {other.table}, not {one.table}"
