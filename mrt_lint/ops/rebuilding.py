"""A table while a batch of Alembic is about to make it anew: what the batch's operations do to it.

Such a batch knows a column by its key, the name it had when the batch began, also after it is renamed;
all takes effect together when the new table is created. Source: `alembic/operations/batch.py`
(ApplyBatchImpl: `columns`, `column_transfers`, `_transfer_elements_to_new_table`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from mrt_lint.ops.editing import sorted_constraints
from mrt_lint.ops.reflection import ORDERS
from mrt_lint.schema.expressions import identifiers
from mrt_lint.schema.names import Unknown
from mrt_lint.schema.objects import Column, Constraint, Index, Rebuilding, Table
from mrt_lint.schema.types import SqlType

if TYPE_CHECKING:
    from mrt_lint.schema.state import State


def with_added(table: Table, key: str, column: Column) -> Table:
    """Returns the table with a column more, or in the place of the one that had this key."""
    so_far = table.rebuilding or Rebuilding()
    return replace(
        table,
        columns={**table.columns, key: column},
        gone=table.gone - {("column", key)},
        rebuilding=replace(so_far, dropped=so_far.dropped - {key}, added=so_far.added | {key}),
    )


def without_column(state: State, table: Table, name: str) -> Table:
    """Returns the table without a column: its primary key shrinks, all else waits for the end."""
    folded = state.fold(name)
    constraints = []
    for constraint in table.constraints:
        if constraint.kind == "primary":
            columns = tuple(column for column in constraint.columns if state.fold(column) != folded)
            if not columns and constraint.columns:
                continue
            constraint = replace(constraint, columns=columns)
        constraints.append(constraint)
    columns_left = {key: column for key, column in table.columns.items() if key != folded}
    so_far = table.rebuilding or Rebuilding()
    shorter = replace(
        table,
        columns=columns_left,
        constraints=sorted_constraints(tuple(constraints)),
        gone=table.gone | {("column", folded)},
        rebuilding=replace(so_far, dropped=so_far.dropped | {folded}),
    )
    return numbered(state, shorter) if shorter.constraints != table.constraints else shorter


def with_renamed(table: Table, key: str, column: Column) -> Table:
    """Returns the table in which a column has another name, under its old key."""
    return replace(table, columns={**table.columns, key: column})


def numbered(state: State, table: Table) -> Table:
    """Returns the table after a change of its key: on SQLite a whole INTEGER key is the row id."""
    if state.dialect != "sqlite":
        return table
    keys = [constraint.columns for constraint in table.constraints if constraint.kind == "primary"]
    alone = state.fold(keys[0][0]) if keys and len(keys[0]) == 1 else None
    columns = {
        key: replace(column, autoincrement=key == alone and _is_integer(column))
        for key, column in table.columns.items()
    }
    return replace(table, columns=columns)


def _is_integer(column: Column) -> bool:
    return isinstance(column.type, SqlType) and column.type.name == "integer"


def is_key(state: State, table: Table, name: str) -> bool:
    """Returns whether the batch knows a column by this name; one that is not known may be there."""
    folded = state.fold(name)
    if folded in table.columns:
        return True
    so_far = table.rebuilding or Rebuilding()
    new_names = {state.fold(column.name) for column in table.columns.values()}
    return folded not in so_far.dropped | new_names and not state.knows_all_of(table)


def unmade(state: State, table: Table) -> Iterator[tuple[str, str, str, bool]]:
    """Yields what makes the creation of the new table fail, as (kind, subject, message, sure).

    What may have been dropped by a statement that is not understood is not surely in the way.
    """
    needs = f"which {table.name} lacks when it is rebuilt"
    names: set[str] = set()
    for column in table.columns.values():
        folded = state.fold(column.name)
        if folded in names:
            subject = f"{table.name}.{column.name}"
            message = f"column {subject} is there twice when {table.name} is rebuilt"
            yield "column", subject, message, column.sure
        names.add(folded)
        expression = column.generated.expression if column.generated is not None else ""
        missing = _missing(state, table, identifiers(expression))
        if missing is not None:
            subject = f"{table.name}.{column.name}"
            message = f"generated column {subject} needs column {missing}, {needs}"
            yield "column", subject, message, column.sure
    for constraint in table.constraints:
        words = identifiers(constraint.expression or "")
        missing = _missing(state, table, words) if constraint.kind == "check" else None
        if missing is not None:
            subject = f"{table.name}.{constraint.name}"
            yield "constraint", subject, f"{subject} needs column {missing}, {needs}", constraint.sure
    for index in table.indexes.values():
        missing = _missing_in_index(state, table, index)
        if missing is not None:
            subject = f"index {index.name} of {table.name}"
            yield "index", subject, f"{subject} needs column {missing}, {needs}", index.sure


def made(state: State, table: Table) -> Table:
    """Returns the table as it is created: keys of columns that are not there are left out silently."""
    constraints = []
    for constraint in _with_spare(state, table):
        by_key = constraint.kind in ("primary", "unique", "foreign")
        if by_key and not all(is_key(state, table, name) for name in constraint.columns):
            continue
        names = tuple(_final(state, table, name) for name in constraint.columns)
        if constraint.kind == "foreign":
            constraint = replace(constraint, inline="")  # SQLAlchemy writes it as one of the table.
        constraints.append(replace(constraint, columns=names) if by_key else constraint)
    indexes = {
        key: index
        if isinstance(index.columns, Unknown)
        else replace(index, columns=tuple(_final_element(state, table, text) for text in index.columns))
        for key, index in table.indexes.items()
        if _missing_in_index(state, table, index) is None
    }
    columns = {state.fold(column.name): column for column in table.columns.values()}
    away = {("column", key) for key in table.columns.keys() - columns.keys()}
    new = replace(
        table,
        columns=columns,
        constraints=sorted_constraints(tuple(constraints)),
        indexes=indexes,
        gone=(table.gone | away) - {("column", key) for key in columns},
        rebuilding=None,
    )
    return new if _has_key(new) or not _has_key(table) else numbered(state, new)


def _with_spare(state: State, table: Table) -> tuple[Constraint, ...]:
    """Returns the constraints, with the primary key of before if the new one is left out.

    A new key on a column that the batch renames is left out when it goes by the new name.
    """
    spare = table.rebuilding.spare if table.rebuilding is not None else None
    new = [c for c in table.constraints if c.kind == "primary"]
    if spare is None or any(all(is_key(state, table, name) for name in c.columns) for c in new):
        return table.constraints
    return (*table.constraints, spare)


def _has_key(table: Table) -> bool:
    return any(constraint.kind == "primary" for constraint in table.constraints)


def _final(state: State, table: Table, name: str) -> str:
    column = table.columns.get(state.fold(name))
    return name if column is None or state.fold(column.name) == state.fold(name) else column.name


def _element(state: State, table: Table, text: str) -> tuple[str, str]:
    """Returns the column that an element of an index is and what stands behind it; "": an expression."""
    head, _, tail = text.partition(" ")
    named = head.isidentifier() or state.fold(head) in table.columns
    ordered = not tail or tail.partition(" ")[0].upper() in ORDERS
    return (head, tail) if named and ordered else ("", "")


def plain(state: State, table: Table, index: Index) -> bool:
    """Returns whether all elements of an index are columns and nothing else."""
    texts = () if isinstance(index.columns, Unknown) else index.columns
    return all(_element(state, table, text) == (text, "") for text in texts)


def _final_element(state: State, table: Table, text: str) -> str:
    head, tail = _element(state, table, text)
    return f"{_final(state, table, head)} {tail}".rstrip() if head else text


def _missing_in_index(state: State, table: Table, index: Index) -> str | None:
    """Returns the first column that an index names and the new table has not."""
    texts = [] if isinstance(index.columns, Unknown) else list(index.columns)
    words: set[str] = set()
    for text in (*texts, *index.include):
        head, _ = _element(state, table, text)
        if head and not is_key(state, table, head):
            return head
        words |= set() if head else identifiers(text)
    return _missing(state, table, words | identifiers(index.where or ""))


def _missing(state: State, table: Table, words: set[str]) -> str | None:
    """Returns the first name of a column that was dropped or renamed away, None if all are there."""
    names = {state.fold(column.name) for column in table.columns.values()}
    gone = ((table.rebuilding or Rebuilding()).dropped | table.columns.keys()) - names
    return next((word for word in sorted(map(state.fold, words)) if word in gone), None)
