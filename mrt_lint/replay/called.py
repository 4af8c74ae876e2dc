"""Tells what differs from what is only called otherwise because a column or a table in it is renamed."""

from __future__ import annotations

from collections.abc import Mapping

from mrt_lint.schema.expressions import renamed
from mrt_lint.schema.names import Name, Unknown
from mrt_lint.schema.objects import Constraint, Index, Table
from mrt_lint.schema.origin import Kept
from mrt_lint.schema.replacing import replace
from mrt_lint.schema.state import State


def as_called_before(old: Table, new: Table, before: State, after: State) -> Table:
    """Returns the table of after with its constraints and indexes as they were, where only names differ.

    A column or a table that still has its new name is a difference of its own; a key on it, or a foreign
    key to it, is the same one.
    """
    names = _renamed_columns(old, new, after)
    constraints = tuple(_constraint(one, old, names, before, after) for one in new.constraints)
    indexes = {key: _index(one, old.indexes.get(key), names) for key, one in new.indexes.items()}
    return replace(new, constraints=constraints, indexes=indexes)


def _renamed_columns(old: Table, new: Table, after: State) -> dict[str, str]:
    """Returns the columns that hold the data of one of before which is not there, with that one's name."""
    found = {}
    for column in new.columns.values():
        if column.origin is None:
            continue  # It holds its own data under its own name.
        origin = after.origin(new, column)
        if not isinstance(origin, Kept) or after.key("table", origin.table) != after.key("table", old.name):
            continue
        if after.fold(origin.column) not in new.columns:
            found[column.name] = origin.column
    return found


def _constraint(
    one: Constraint, old: Table, names: Mapping[str, str], before: State, after: State
) -> Constraint:
    same = one
    if names:
        columns = tuple(names.get(name, name) for name in one.columns)
        same = replace(one, columns=columns, expression=_text(one.expression, names))
    if one.ref_table is not None:
        table, columns = _reference(one, one.ref_table, before, after)
        if (table, columns) != (one.ref_table, one.ref_columns):
            same = replace(same, ref_table=table, ref_columns=columns)
    return same if same in old.constraints else one


def _reference(
    key: Constraint, name: Name, before: State, after: State
) -> tuple[Name | None, tuple[str, ...]]:
    """Returns what a foreign key refers to, as it was called before."""
    table = after.table(name)
    if table is None:
        return name, key.ref_columns
    base = after.base_name(table)
    was = before.table(base)
    if was is None:
        return name, key.ref_columns
    columns = _renamed_columns(was, table, after)
    gone = after.table(base) is None
    return (base if gone else name), tuple(columns.get(column, column) for column in key.ref_columns)


def _index(one: Index, old: Index | None, names: Mapping[str, str]) -> Index:
    if old is None or not names or isinstance(one.columns, Unknown):
        return one
    columns = tuple(_text(text, names) or text for text in one.columns)
    include = tuple(names.get(name, name) for name in one.include)
    same = replace(one, columns=columns, where=_text(one.where, names), include=include)
    return same if same == old else one


def _text(text: str | None, names: Mapping[str, str]) -> str | None:
    for now, was in names.items():
        text = renamed(text, now, was) if text else text
    return text
