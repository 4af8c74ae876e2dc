"""What statements read: columns as SQL resolves their names at the moment when the statement runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.ops.editing import is_system_column
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column, Table
from mrt_lint.schema.origin import Origin

if TYPE_CHECKING:
    from mrt_lint.ops.base import Operation
    from mrt_lint.schema.state import State


@dataclass(frozen=True, slots=True)
class ColumnRead:
    """What a query names: a column of the first of `relations` (innermost first) that has it.

    `column` None: a relation as such; "*": every column that it has now. `sure` False: it may be no
    column of these at all (an output name, a column of a function's rows).
    """

    relations: tuple[Name, ...]
    column: str | None = None
    sure: bool = True


def reads_key_only(state: State, table: Table, reads: Iterable[ColumnRead]) -> bool:
    """Returns whether a condition asks for nothing but the primary key of the table itself.

    Rows that are picked by their key are picked whatever is in them, so also old ones.
    """
    key = next((c.columns for c in table.constraints if c.kind == "primary" and c.sure), ())
    folded = {state.fold(column) for column in key}
    own = state.key("table", table.name)
    named = [(state.key("table", read.relations[0]), read.column) for read in reads]
    return bool(named) and all(
        relation == own and column is not None and state.fold(column) in folded for relation, column in named
    )


def check_reads(
    state: State, op: Operation, reads: Iterable[ColumnRead], sources: Iterable[Name] = ()
) -> State:
    """Returns the state with a fault for each table or column that is read and surely not there."""
    named = [*sources, *(read.relations[0] for read in reads if read.column is None)]
    missing = [("table", str(name)) for name in named if _gone(state, name)]
    for read in reads:
        if read.column is None or not read.sure or is_system_column(state, read.column):
            continue
        if _lacking(state, read.relations, read.column):
            missing.append(("column", f"{read.relations[0]}.{read.column}"))
    for kind, subject in dict.fromkeys(missing):
        state = state.fault(op, "missing", kind, subject, f"{kind} {subject} does not exist at that point")
    return state


def _gone(state: State, name: Name) -> bool:
    return state.absent("table", name) and state.absent("view", name)


def _lacking(state: State, relations: Iterable[Name], column: str) -> bool:
    """Returns whether every relation in sight is known, and none has the column."""
    for name in relations:
        table = state.table(name)
        if table is None or state.fold(column) in table.columns:
            return False
        if not state.knows_all_of(table) and ("column", state.fold(column)) not in table.gone:
            return False
    return True


def origins_read(state: State, reads: Iterable[ColumnRead]) -> Iterator[Origin]:
    """Yields where the data comes from that is read; of every relation that a column may belong to."""
    for read in reads:
        if read.column is None:
            continue
        for name in read.relations:
            table = state.table(name)
            if table is None:
                continue
            column = table.columns.get(state.fold(read.column))
            if column is None and state.knows_all_of(table):
                continue
            yield state.origin(table, column or Column(read.column))
            if column is not None and read.sure:
                break
