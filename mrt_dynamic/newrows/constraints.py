"""Constraints and indexes that keep out fewer rows after an upgrade than before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mrt_dynamic.newrows.relaxations import Relaxation
from mrt_lint.replay.differences import structure

if TYPE_CHECKING:
    from mrt_lint.schema.objects import Constraint, Index, Table
    from mrt_lint.schema.state import State


def relaxed_constraints(before: State, after: State, old: Table, new: Table) -> Iterator[Relaxation]:
    """Yields a row for each constraint that is gone, or is no longer what it was."""
    kept = {structure(after, each) for each in new.constraints}
    for constraint in old.constraints:
        if structure(before, constraint) in kept:
            continue
        if not all(after.fold(column) in new.columns for column in constraint.columns):
            continue
        part = constraint.name or f"the {constraint.kind} constraint"
        if constraint.kind in ("unique", "primary"):
            if not _still_unique(constraint.columns, new, after):
                yield _second(new, constraint.columns, part)
            elif constraint.nulls_not_distinct and not _nulls_equal(constraint, new):
                yield _second_null(new, constraint.columns, part)
        elif constraint.kind == "foreign":
            if not _still_refers(constraint, new, before, after):
                columns = ", ".join(constraint.columns)
                what = f"a row whose {columns} refers to nothing in {constraint.ref_table}"
                remedy = f"delete or change rows whose {columns} refers to nothing in {constraint.ref_table}"
                yield Relaxation(new.name, what, f"{remedy}, before it adds {part} again", part,
                                 orphan=constraint.columns)  # fmt: skip
        elif constraint.kind == "check" and constraint.expression:
            what = f"a row that does not meet {constraint.expression}"
            remedy = f"change or delete rows that do not meet {constraint.expression}"
            yield Relaxation(new.name, what, f"{remedy}, before it adds {part} again", part,
                             violates=(constraint.expression,))  # fmt: skip
        elif constraint.kind == "exclude":
            excluded = _named(constraint.expression or "", new)
            if excluded:
                yield _second(new, excluded, part)


def relaxed_indexes(after: State, old: Table, new: Table) -> Iterator[Relaxation]:
    """Yields a row for each unique index that is gone, is plain, or covers fewer rows."""
    for index in old.indexes.values():
        if index.unique is not True or not isinstance(index.columns, tuple):
            continue
        if any(_covers(other, index) for other in new.indexes.values()):
            continue
        plain = all(after.fold(column) in new.columns for column in index.columns)
        columns = index.columns if plain else _named(" ".join(index.columns), new)
        if not columns or (plain and _still_unique(columns, new, after)):
            continue
        conditions = (index.where,) if index.where else ()
        columns = tuple(dict.fromkeys((*columns, *_named(index.where or "", new))))
        partly = [
            other.where
            for other in new.indexes.values()
            if other.unique is True and other.columns == index.columns and other.where
        ]
        yield _second(new, columns, index.name or "a unique index", conditions, tuple(partly))


def _second(
    table: Table,
    columns: tuple[str, ...],
    part: str,
    meets: tuple[str, ...] = (),
    violates: tuple[str, ...] = (),
) -> Relaxation:
    names = ", ".join(columns)
    remedy = f"delete or change all rows but one that share {names}, before it adds {part} again"
    what = f"a second row with the same {names}"
    return Relaxation(table.name, what, remedy, part, twin=columns, meets=meets, violates=violates)


def _second_null(table: Table, columns: tuple[str, ...], part: str) -> Relaxation:
    names = ", ".join(columns)
    remedy = f"delete or change all rows but one with NULL in {names}, before it adds {part} again"
    what = f"a second row with NULL in {names}"
    return Relaxation(table.name, what, remedy, part, values=dict.fromkeys(columns))


def _nulls_equal(constraint: Constraint, table: Table) -> bool:
    return any(
        other.kind in ("unique", "primary")
        and other.nulls_not_distinct
        and set(other.columns) <= set(constraint.columns)
        for other in table.constraints
    )


def _still_refers(constraint: Constraint, table: Table, before: State, after: State) -> bool:
    """Returns whether another key asks for the same parents."""

    def reference(state: State, each: Constraint) -> object:
        return each.ref_table and state.key("table", each.ref_table), each.columns, each.ref_columns

    return any(
        other.kind == "foreign"
        and other.validated
        and reference(after, other) == reference(before, constraint)
        for other in table.constraints
    )


def _covers(index: Index, old: Index) -> bool:
    """Returns whether the index keeps out all that the old one did."""
    same = index.unique is True and index.columns == old.columns and index.options == old.options
    return same and (index.where is None or index.where == old.where)


def _still_unique(columns: tuple[str, ...], table: Table, state: State) -> bool:
    """Returns whether something else keeps rows with the same values in these columns out."""
    wanted = {state.fold(column) for column in columns}
    for constraint in table.constraints:
        columns_of_it = {state.fold(column) for column in constraint.columns}
        if constraint.kind in ("primary", "unique") and columns_of_it and columns_of_it <= wanted:
            return True
    return any(
        index.unique is True
        and index.where is None
        and isinstance(index.columns, tuple)
        and {state.fold(column) for column in index.columns} <= wanted
        for index in table.indexes.values()
    )


def _named(text: str, table: Table) -> tuple[str, ...]:
    """Returns the columns of the table that are named in an expression."""
    words = {word.lower() for word in re.findall(r"\w+", re.sub(r"'[^']*'", "", text))}
    return tuple(column.name for column in table.columns.values() if column.name.lower() in words)
