"""Follows tables and columns through renames: what an object of before is called later."""

from __future__ import annotations

from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column, Table
from mrt_lint.schema.origin import kept_or_cast
from mrt_lint.schema.state import State


def table_now(before: State, later: State, name: Name) -> Table | None:
    """Returns the table that holds the rows which table `name` had before, else the one of that name."""
    return rows_now(before, later, name) or later.table(name)


def rows_now(before: State, later: State, name: Name) -> Table | None:
    """Returns the table that holds the rows which table `name` had before, None if there is none."""
    own = before.key("table", name)

    def holds(table: Table) -> bool:
        return later.holds_old_rows(table) and later.key("table", later.base_name(table)) == own

    same = later.table(name)
    if same is not None and holds(same):
        return same
    tables = (later.objects.get(key) for key in later.changed_since(before) or ())
    return next((table for table in tables if isinstance(table, Table) and holds(table)), None)


def column_now(later: State, table: Table, owner: Name, name: str) -> Column | None:
    """Returns the column of a later table that holds the data which `owner.name` had before.

    A column whose data was only cast counts; else the column of that name.
    """
    same = table.columns.get(later.fold(name))
    if same is not None and same.origin is None and same.name == name and later.base_name(table) == owner:
        return same
    wanted = (later.key("table", owner), later.fold(name))
    candidates = [same] if same is not None else []
    for column in [*candidates, *table.columns.values()]:
        source = kept_or_cast(later.origin(table, column))
        if source is not None and (later.key("table", source.table), later.fold(source.column)) == wanted:
            return column
    return same
