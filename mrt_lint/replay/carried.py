"""Tells what the upgrade copied out of a table or a column, and whether the downgrade reads it back.

That the way back restores it is not proven by that: which rows were copied, and which are found again,
hangs on conditions and on what else is in the other table. But it is not surely lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from mrt_lint.ops.contents import Expression
from mrt_lint.ops.copied_tables import CreateTableAs
from mrt_lint.ops.data import Insert, Query
from mrt_lint.ops.updates import Update
from mrt_lint.replay.contents import Loss, from_code, leaves
from mrt_lint.replay.flags import flag_kept_in
from mrt_lint.replay.links import is_linked
from mrt_lint.replay.tracing import rows_now
from mrt_lint.roundtrip import Harm
from mrt_lint.schema.expressions import identifiers
from mrt_lint.schema.names import Key, Name
from mrt_lint.schema.objects import Column, Table
from mrt_lint.schema.origin import Cast, ChangedRows, Derived, Inserted, Kept, KeptRows, NoRows, Origin
from mrt_lint.schema.state import State

if TYPE_CHECKING:
    from mrt_lint.ops.base import Operation

Steps = Iterable[tuple[State, "Operation"]]
Data = tuple[Key, str]
"""The data that a column (folded) of a table had before the migration."""


BY_CASE: Final = "comes back for the values that a CASE of both directions names; others do not"
"""What becomes of a column by whose values the upgrade found rows that tell them to the downgrade."""


def unless_carried(loss: Loss, before: State, upgrade: Steps, downgrade: Steps, after: State) -> Loss:
    """Returns the loss, or a doubt in its place where the downgrade reads what the upgrade copied aside.

    Or, of a flag, what it wrote elsewhere in the rows that the flag picks.
    """
    if loss.harm is Harm.COLUMN_DATA_LOST and loss.column is not None:
        wanted = (before.key("table", loss.table), before.fold(loss.column))
        taken = _aside(wanted, upgrade)
        column = after.column(loss.table, loss.column)
        if column is None:
            return loss
        joined = set(_joined_by(wanted, upgrade))
        if _is_joined_back(wanted, before, downgrade, column.origin, joined):
            what = "is computed back by the downgrade from the rows that the upgrade joined by it"
            return replace(loss, harm=Harm.UNPROVEN, what=what)
        joined = set(_told_by(wanted, upgrade, downgrade))
        if _is_joined_back(wanted, before, downgrade, column.origin, joined):
            return replace(loss, harm=Harm.UNPROVEN, what=BY_CASE)
        kept = flag_kept_in(wanted, before, upgrade, downgrade, column)
        if kept is None and not _is_read(before, column.origin, taken):
            return loss
        read = kept or _read_back(wanted, downgrade, taken)
    elif loss.harm is Harm.ROWS_LOST and loss.kind == "table" and _is_only_filled(after.table(loss.table)):
        own = before.key("table", loss.table)
        taken = set(rows_aside(own, upgrade))
        read = next(iter(_among(taken, before, _rows_back(own, downgrade))), None)
    else:
        return loss
    if read is None:
        return loss
    what = f"comes back from {read}, where the upgrade put it; that all of it does cannot be proven"
    return replace(loss, harm=Harm.UNPROVEN, what=what)


# Columns


def _is_read(before: State, origin: Origin | None, taken: set[Key]) -> bool:
    """Returns whether contents are computed, or copied from one of these tables: no value for all rows."""
    if isinstance(origin, Cast):
        return _is_read(before, origin.source, taken)
    copied_back = isinstance(origin, Kept) and before.key("table", origin.table) in taken
    return copied_back or isinstance(origin, Derived)


def _is_joined_back(
    wanted: Data, before: State, downgrade: Steps, origin: Origin | None, joined: set[Data]
) -> bool:
    """Returns whether contents are computed from data that an UPDATE of the upgrade compared to a column's.

    `joined`: what it compared. Only where the rows that it joined can still be found: what it read from them
    is left in the table.
    """
    old = before.objects.get(wanted[0])
    between = next((state for state, _ in downgrade), None)
    if not isinstance(origin, Derived) or not isinstance(old, Table) or between is None:
        return False
    middle = rows_now(before, between, old.name)
    left = middle.columns.get(wanted[1]) if middle is not None else None
    if left is not None and left.origin == origin:
        return False  # What the upgrade wrote there is left as it is.
    read = set(_kept_in(before, origin))
    return middle is not None and any(
        is_linked(before, old, middle, key, wanted[1])
        for key, column in read.intersection(joined)
        if (key, column) != wanted
    )


def _joined_by(wanted: Data, upgrade: Steps) -> Iterator[Data]:
    """Yields the data of other tables to which an UPDATE compared a column's to read from their rows."""
    for state, step in upgrade:
        if not isinstance(step, Update):
            continue
        own = state.key("table", step.table)
        for lookup in (value.lookup for _, value in step.assignments or () if value.lookup is not None):
            source = state.key("table", lookup.source)
            for mine, theirs in lookup.pairs:
                if wanted in _of(state, [(own, state.fold(mine))]):
                    yield from _of(state, [(source, state.fold(theirs))])


def _told_by(wanted: Data, upgrade: Steps, downgrade: Steps) -> Iterator[Data]:
    """Yields the data of other tables by which rows were found through a CASE over a column's values.

    Only where a CASE of the downgrade gives each of these values back.
    """
    given_back = [
        {(given, value) for value, given in written.cases}
        for state, step in downgrade
        if isinstance(step, Update) and state.key("table", step.table) == wanted[0]
        for name, written in step.assignments or ()
        if state.fold(name) == wanted[1]
    ]
    for state, step in upgrade:
        if not isinstance(step, Update):
            continue
        for one in step.compared:
            mine = _of(state, [(state.key("table", step.table), state.fold(one.column))])
            if wanted in mine and any({*one.cases} <= back for back in given_back):
                yield from _of(state, [(state.key("table", one.source), state.fold(one.other))])


def _kept_in(state: State, origin: Origin) -> Iterator[Data]:
    """Yields the data of before that contents are made of."""
    for leaf in leaves(origin):
        if isinstance(leaf, Kept):
            yield state.key("table", leaf.table), state.fold(leaf.column)


def _aside(wanted: Data, upgrade: Steps) -> set[Key]:
    """Returns the tables into which rows are put that are made of a column's data, or picked by it.

    Of rows put together by code: those that follow a query which names the column.
    """
    found: set[Key] = set()
    queried = False
    for state, step in upgrade:
        if isinstance(step, Query):
            queried = queried or wanted in set(_of(state, _named(state, step.query, None, "*" in step.query)))
        elif isinstance(step, Insert | CreateTableAs):
            picked = _of(state, _named(state, f"{step.where} {step.query}", step.source, False))
            if wanted in {*copied(step, state), *picked} or (queried and _is_made_by_code(step)):
                found.add(state.key("table", step.table))
        elif isinstance(step, Update) and queried and any(from_code(value.sql) for value in _values(step)):
            found.add(state.key("table", step.table))
    return found


def _read_back(wanted: Data, downgrade: Steps, taken: set[Key]) -> Name | None:
    """Returns the table, of those taken, from which the column is read; what is written over it counts."""
    found: Name | None = None
    queried: list[Name] = []
    for state, step in downgrade:
        if isinstance(step, Query):
            queried += _among(taken, state, _tables_in(state, step.query))
        elif isinstance(step, Insert) and state.key("table", step.table) == wanted[0]:
            found = next(iter(_among(taken, state, _read_by(state, step))), found)
        elif isinstance(step, Update) and state.key("table", step.table) == wanted[0]:
            for column, value in step.assignments or ():
                if state.fold(column) == wanted[1]:
                    read = _among(taken, state, _read_in(step, value))
                    read += queried if from_code(value.sql) else []
                    found = next(iter(read), found if step.where or step.sources else None)
    return found


def _read_in(step: Update, value: Expression) -> list[Name]:
    """Returns the other tables that a value is read from, or that tell in which rows it is written."""
    named = [name for read in (*value.reads, *step.where_reads) for name in read.relations]
    named += [value.lookup.source] if value.lookup is not None else []
    return [name for name in (*named, *step.sources) if name != step.table]


def _among(taken: set[Key], state: State, names: Iterable[Name]) -> list[Name]:
    return [name for name in names if state.key("table", name) in taken]


def _values(step: Update) -> list[Expression]:
    return [value for _, value in step.assignments or ()]


def _is_made_by_code(step: Insert | CreateTableAs) -> bool:
    """Returns whether a cell of the rows is known only at run time."""
    if not isinstance(step, Insert) or step.query or step.source is not None:
        return False
    return step.rows is None or any(not cell for row in step.rows for cell in row)


# Rows


def rows_aside(own: Key, upgrade: Steps) -> dict[Key, Name]:
    """Returns the tables into which rows of a table are put by a query, or by code that has queried it.

    Also into columns of rows that are there.
    """
    found: dict[Key, Name] = {}
    queried = False
    for state, step in upgrade:
        if isinstance(step, Query):
            queried = queried or bool(_among({own}, state, _tables_in(state, step.query)))
        elif isinstance(step, Insert | CreateTableAs):
            by_code = queried and _is_made_by_code(step)
            if by_code or _among({own}, state, _read_by(state, step)):
                found.setdefault(state.key("table", step.table), step.table)
        elif isinstance(step, Update) and any(_among({own}, state, _read_in(step, v)) for v in _values(step)):
            found.setdefault(state.key("table", step.table), step.table)
    found.pop(own, None)
    return found


def _is_only_filled(table: Table | None) -> bool:
    """Returns whether a table that began empty got rows, perhaps all of another's, and lost none of them."""
    rows = table.rows if table is not None else None
    if isinstance(rows, KeptRows):
        return True
    if not isinstance(rows, ChangedRows) or not isinstance(rows.base, NoRows):
        return False
    return all(isinstance(change, Inserted) for change in rows.changes)


def _rows_back(own: Key, downgrade: Steps) -> Iterator[Name]:
    """Yields the tables from which the downgrade puts rows into a table."""
    queried: list[Name] = []
    for state, step in downgrade:
        if isinstance(step, Query):
            queried += _tables_in(state, step.query)
        elif isinstance(step, Insert) and state.key("table", step.table) == own:
            yield from _read_by(state, step)
            yield from queried if _is_made_by_code(step) else ()


def _read_by(state: State, step: Insert | CreateTableAs) -> list[Name]:
    """Returns the tables that a query may read."""
    return [step.source] if step.source is not None else _tables_in(state, step.query)


def _tables_in(state: State, query: str) -> list[Name]:
    """Returns what the words of a query may name, also with one of them as the schema of another."""
    words = sorted(identifiers(query))
    qualified = (Name(word, schema) for schema in words for word in words)
    return [*map(Name, words), *(name for name in qualified if state.table(name) is not None)]


# What a statement copies


def copied(step: Operation, state: State) -> Iterator[Data]:
    """Yields the data of before that an operation puts into other columns."""
    if isinstance(step, Update):
        for name, value in step.assignments or ():
            written = (state.key("table", step.table), state.fold(name))
            yield from _of(state, (place for place in _read(state, value, step.table) if place != written))
    elif isinstance(step, Insert) and step.values:
        yield from _of(state, (place for value in step.values for place in _read(state, value, step.source)))
    elif isinstance(step, Insert) and (step.source is not None or step.query):
        everything = "*" in step.query or not step.query
        yield from _of(state, _named(state, step.query, step.source, everything))
    elif isinstance(step, CreateTableAs) and step.with_rows:
        computed = any(old is None for _, old in step.columns or ())
        plain = [old for _, old in step.columns or () if old is not None]
        if step.source is not None:
            yield from _of(state, ((state.key("table", step.source), state.fold(old)) for old in plain))
        if computed or step.columns is None:
            yield from _of(state, _named(state, step.query, step.source, step.columns is None))


def data_of(state: State, table: Table, column: Column) -> Iterator[Data]:
    """Yields the data of before that a column holds now, or is computed from."""
    return _kept_in(state, state.origin(table, column))


def _of(state: State, places: Iterable[Data]) -> Iterator[Data]:
    """Yields where the data of columns, as they are called now, was before the migration."""
    for key, name in places:
        table = state.objects.get(key)
        if isinstance(table, Table):
            yield from data_of(state, table, table.columns.get(name) or Column(name))


def _read(state: State, value: Expression, source: Name | None) -> Iterator[Data]:
    """Yields the columns that a value is computed from; a plain column is one of `source`."""
    if value.column is not None and value.lookup is not None:
        yield state.key("table", value.lookup.source), state.fold(value.column)
    elif value.reads:
        for read in value.reads:
            for name in read.relations if read.column is not None else ():
                table = state.table(name)
                columns = table.columns if table is not None else {}
                wanted = state.fold(read.column or "")
                yield from ((state.key("table", name), key) for key in columns if wanted in (key, "*"))
    elif value.column is not None and source is not None:
        yield state.key("table", source), state.fold(value.column)


def _named(state: State, query: str, source: Name | None, everything: bool) -> Iterator[Data]:
    """Yields the columns that the words of a query may mean, in the tables that they may mean."""
    words = identifiers(query)
    folded = set(map(state.fold, words))
    names = {*map(Name, words), *([source] if source is not None else [])}
    for name in sorted(names, key=str):
        table = state.table(name)
        if table is not None:
            key = state.key("table", name)
            yield from ((key, column) for column in table.columns if everything or column in folded)
