"""All rows of all tables as exact text, so that what came back can be held against what was there."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import SQLAlchemyError

from mrt_dynamic.plain_sql import run
from mrt_dynamic.snapshot.ledger import written_since
from mrt_dynamic.snapshot.literals import Select, literals_of, select_of, settled_for
from mrt_dynamic.snapshot.postgresql_session import is_settled
from mrt_lint.schema.names import Key, Name
from mrt_lint.schema.objects import Table
from mrt_lint.schema.state import State

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LARGE: Final = 50_000
"""Tables with more rows are kept as a digest: that they differ is seen, not where."""

Row = tuple[str | None, ...]
"""The values of one row as SQL literals, None for NULL; in the order of `TableRows.columns`."""


@dataclass(frozen=True, slots=True)
class TableRows:
    """The rows of one table: a multiset, since a table without a key may hold one twice.

    `columns` as the database spells them, sorted; `key`: those of the primary key. `digest`: in the
    place of the rows of a large table, a sum over all of them. `total`: how many rows there are.
    """

    name: Name
    columns: tuple[str, ...]
    key: tuple[str, ...]
    rows: Counter[Row]
    total: int
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a database at one moment. `unreadable`: tables that cannot be read, with the reason."""

    tables: Mapping[Key, TableRows] = field(default_factory=dict)
    unreadable: Mapping[Key, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Returns the number of rows in all tables that could be read."""
        return sum(table.total for table in self.tables.values())


def read_rows(
    connection: Connection,
    state: State,
    tables: Collection[Name] | None = None,
    earlier: Rows | None = None,
    large: int = LARGE,
    since: State | None = None,
) -> Rows:
    """Returns the rows of all tables of the State, or of `tables` with the others as they were `earlier`.

    `since`: the State at that earlier moment, where it is known: what became another table is read anyway.
    Values of generated columns are left out: they follow from the others. Of a partitioned table the
    partitions are read. What is read is exact: strings whole, floats to the last bit, and on SQLite
    with the type of each value. A transaction that is open stays open; a table that the database
    refuses to read is noted with its reason. Raises sqlalchemy.exc.SQLAlchemyError when nothing can
    be read at all.
    """
    read, unreadable, stale = _known(state, tables, earlier, since)
    todo: list[tuple[Key, Table]] = []
    for key in stale:
        unreadable.pop(key, None)
        there = state.objects.get(key)
        if isinstance(there, Table) and not _only_partitions(state, there):
            todo.append((key, there))
        else:
            read.pop(key, None)
    inside = connection.in_transaction() and not is_settled(connection)
    added = any(key not in read for key, _ in todo)
    while todo:
        # A query that PostgreSQL refuses ends the transaction, so the rest is read in the next one.
        with suppress(_RefusedError), settled_for(connection, state.dialect) as encoding:
            while todo:
                key, table = todo.pop(0)
                found = _read(connection, state, table, large, encoding, inside)
                if isinstance(found, TableRows):
                    read[key] = found
                    continue
                unreadable[key] = found
                read.pop(key, None)
                if not inside:
                    raise _RefusedError
    return Rows(dict(sorted(read.items())) if added else read, unreadable)


def _known(
    state: State, tables: Collection[Name] | None, earlier: Rows | None, since: State | None
) -> tuple[dict[Key, TableRows], dict[Key, str], list[Key]]:
    """Returns the rows known from before, in order, and the keys of the tables to be read again, sorted."""
    keys = state.kinds.get("table") or ()
    if earlier is None or tables is None:
        return {}, {}, list(keys)
    stale = {state.key("table", name) for name in tables}
    written = written_since(state, since) if since is not None else None
    if written is None:
        stale.update(key for key in keys if key not in earlier.tables and key not in earlier.unreadable)
        gone = {*earlier.tables, *earlier.unreadable}.difference(keys)
    else:
        stale.update(key for key in written if key.kind == "table")
        gone = set()
    # Copied whole: to go through all tables for the few that are others is what a long history pays for.
    read, unreadable = dict(earlier.tables), dict(earlier.unreadable)
    return read, unreadable, sorted(stale | gone)


class _RefusedError(Exception):
    """The database refused to give the rows of a table."""


def _only_partitions(state: State, table: Table) -> bool:
    """Returns whether all rows stand in other tables: PostgreSQL's partitions are tables of their own."""
    return state.dialect == "postgresql" and "partitioning" in dict(table.options)


def primary_key(table: Table) -> tuple[str, ...]:
    """Returns the columns of the primary key, empty if there is none."""
    return next((one.columns for one in table.constraints if one.kind == "primary"), ())


def _read(
    connection: Connection, state: State, table: Table, large: int, encoding: str, inside: bool
) -> TableRows | str:
    """Returns the rows of one table, or why they cannot be read."""
    chosen = sorted(
        (column for column in table.columns.values() if column.generated is None), key=lambda one: one.name
    )
    select = select_of(state.dialect, table, chosen)
    folded = {state.fold(name) for name in primary_key(table)}
    names = tuple(column.name for column in chosen)
    key = tuple(name for name in names if state.fold(name) in folded)
    try:
        if inside and state.dialect == "postgresql":
            # What it refuses must not end the caller's transaction.
            with connection.begin_nested():
                found = _fetched(connection, select, large, encoding)
        else:
            found = _fetched(connection, select, large, encoding)
    except SQLAlchemyError as error:
        lines = str(getattr(error, "orig", None) or error).strip().splitlines()
        return lines[0] if lines else type(error).__name__
    if isinstance(found, str):
        total, _, digest = found.partition(" ")
        return TableRows(table.name, names, key, Counter(), int(total), digest)
    return TableRows(table.name, names, key, found, sum(found.values()))


def _fetched(connection: Connection, select: Select, large: int, encoding: str) -> Counter[Row] | str:
    """Returns the rows, or for a large table their number and digest."""
    text = f"{select.text} LIMIT {large + 1}" if select.limits else select.text
    rows = Counter(literals_of(select, row, encoding) for row in run(connection, text).all())
    if sum(rows.values()) <= large:
        return rows
    del rows
    # A cursor of PostgreSQL's needs a transaction.
    streams = getattr(connection.connection.dbapi_connection, "autocommit", None) is not True
    options = {"stream_results": True, "yield_per": 1000} if streams else {}
    return _digest(literals_of(select, row, encoding) for row in run(connection, select.text, **options))


def _digest(rows: Iterable[Row]) -> str:
    total, mass = 0, 0
    for row in rows:
        total += 1
        hashed = hashlib.blake2b(repr(row).encode("utf-8", "surrogatepass"), digest_size=16).digest()
        mass = (mass + int.from_bytes(hashed, "big")) % (1 << 128)
    return f"{total} {mass:032x}"
