"""Tells which tables a step may have written, so that only these are read again.

Nothing is taken from what a migration says: the database itself is asked, so that triggers, cascades,
functions and cursors of the driver are seen. None is the answer where that is not certain.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from mrt_dynamic.plain_sql import run, table_of
from mrt_dynamic.snapshot.ledger import written_since
from mrt_dynamic.snapshot.literals import settled_for
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Key, Name
from mrt_lint.schema.objects import Table
from mrt_lint.schema.state import State

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_WRITES: Final = {
    sqlite3.SQLITE_INSERT: 0,
    sqlite3.SQLITE_UPDATE: 0,
    sqlite3.SQLITE_DELETE: 0,
    sqlite3.SQLITE_DROP_TABLE: 0,
    sqlite3.SQLITE_ALTER_TABLE: 1,
    sqlite3.SQLITE_CREATE_VTABLE: 0,
    sqlite3.SQLITE_DROP_VTABLE: 0,
}
"""Actions of the authorizer that may change rows, with the argument that names the table (C manual)."""


Hashes = Mapping[Key, str]
"""One for each table, over all its rows."""


class Watch:
    """Watches one step at a time: `start`, run the step, `stop`; both States come from the same Reader."""

    def __init__(self, dialect: Dialect) -> None:
        self._watch = _Sqlite() if dialect == "sqlite" else _Hashes(dialect)

    @property
    def hashes(self) -> Hashes | None:
        """Returns the hashes at the last `stop`, None where none were taken."""
        return self._watch.hashes

    def start(self, connection: Connection, state: State, known: Hashes | None = None) -> None:
        """Begins to watch. `connection`: the one that the step runs on; `state`: what is there now.

        `known`: the hashes of the very rows that `stop` is to be compared with, taken before.
        """
        self._watch.start(connection, state, known)

    def stop(self, connection: Connection, state: State) -> frozenset[Name] | None:
        """Returns the tables of `state` whose rows may differ from those at `start`, None if not known.

        Tables that are new, and tables that are not what they were, are always among them.
        """
        return self._watch.stop(connection, state)

    def wrote(self, connection: Connection, state: State, tables: frozenset[Name]) -> frozenset[Name] | None:
        """Does what `stop` does, where it is known that rows can only have been written to these tables."""
        return self._watch.wrote(connection, state, tables)


def other_tables(before: State, after: State) -> Iterator[tuple[Key, Table | None, Table | None]]:
    """Yields the keys of tables that may not be the very same in both, with the table in each; sorted."""
    keys = written_since(after, before)
    if keys is None:
        keys = sorted({*(before.kinds.get("table") or ()), *(after.kinds.get("table") or ())})
    for key in keys:
        old, new = before.objects.get(key), after.objects.get(key)
        if key.kind == "table" and old is not new:
            yield key, old if isinstance(old, Table) else None, new if isinstance(new, Table) else None


def _new_tables(before: State, after: State) -> set[Name]:
    """Returns the tables that are new or not defined as they were."""
    return {new.name for _, _, new in other_tables(before, after) if new is not None}


class _Sqlite:
    """SQLite asks the authorizer what each statement may do, those of triggers and cascades included.

    To set it expires the statements that are prepared already, so they are asked about again.
    """

    def __init__(self) -> None:
        self._before: State | None = None
        self._driver: sqlite3.Connection | None = None
        self._version = 0
        self._written: set[str] = set()
        self._heard = 0
        self.hashes: Hashes | None = None

    def start(self, connection: Connection, state: State, _known: Hashes | None) -> None:
        self._before, self._written, self._driver = state, set(), None
        driver: Any = connection.connection.driver_connection
        if isinstance(driver, sqlite3.Connection):
            self._version = driver.execute("PRAGMA data_version").fetchone()[0]
            driver.set_authorizer(self._listen)
            self._driver = driver

    def _listen(self, action: int, one: str | None, two: str | None, *_: str | None) -> int:
        self._heard += 1
        place = _WRITES.get(action)
        if place is not None:
            self._written.add(((one, two)[place] or "").lower())
        return sqlite3.SQLITE_OK

    def wrote(self, connection: Connection, state: State, _tables: frozenset[Name]) -> frozenset[Name] | None:
        return self.stop(connection, state)

    def stop(self, connection: Connection, state: State) -> frozenset[Name] | None:
        driver, before = self._driver, self._before
        self._driver = None
        now: Any = connection.connection.driver_connection
        if driver is None or before is None or id(now) != id(driver):
            return None
        heard = self._heard
        # Another connection may have written, and a migration may have set an authorizer of its own.
        version = driver.execute("PRAGMA data_version").fetchone()[0]
        listening = self._heard > heard
        driver.set_authorizer(_allow)
        if version != self._version or not listening:
            return None
        named = [table for name in self._written if (table := state.table(name)) is not None]
        if any("virtual table" in dict(table.options) for table in named):
            return None
        return frozenset({table.name for table in named} | _new_tables(before, state))


def _allow(*_: Any) -> int:
    return sqlite3.SQLITE_OK


class _Hashes:
    """A server is asked for a hash over the rows of each table before and after."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect: Dialect = dialect
        self._before: State | None = None
        self.hashes: Hashes | None = None

    def start(self, connection: Connection, state: State, known: Hashes | None) -> None:
        self._before = state
        self.hashes = _hashes(connection, state, self._dialect) if known is None else known

    def stop(self, connection: Connection, state: State) -> frozenset[Name] | None:
        before, old = self._before, self.hashes
        new = self.hashes = _hashes(connection, state, self._dialect)
        if before is None or old is None or new is None:
            return None
        changed = {
            table.name
            for key, table in _tables(state)
            if (found := new.get(key)) is None or found != old.get(key)
        }
        return frozenset(changed | _new_tables(before, state))

    def wrote(self, connection: Connection, state: State, tables: frozenset[Name]) -> frozenset[Name] | None:
        if self.hashes is None:
            return self.stop(connection, state)
        new = _hashes(connection, state, self._dialect, {state.key("table", name) for name in tables})
        self.hashes = None if new is None else {**self.hashes, **new}
        return None if new is None else tables


_AT_ONCE: Final = 100


def _tables(state: State) -> Iterator[tuple[Key, Table]]:
    """Yields the tables with their keys, sorted."""
    for key in state.kinds.get("table") or ():
        found = state.objects[key]
        if isinstance(found, Table):
            yield key, found


def _hashes(
    connection: Connection, state: State, dialect: Dialect, only: Container[Key] | None = None
) -> Hashes | None:
    """Returns a hash for each table that has one, None where the database cannot tell. `only`: of these."""
    from sqlalchemy.exc import SQLAlchemyError

    tables = [
        (key, table_of(table.name, dialect)) for key, table in _tables(state) if only is None or key in only
    ]
    found: dict[Key, str] = {}
    try:
        with settled_for(connection, dialect):
            for start in range(0, len(tables), _AT_ONCE):
                some = tables[start : start + _AT_ONCE]
                if dialect == "postgresql":
                    # An alias that no column is called, else it would mean that column.
                    parts = [
                        f"""SELECT {place}, count(*)::text || ' ' || coalesce(sum(hashtextextended(
                        "mrt row"::text, 0)), 0)::text FROM ONLY {name} AS "mrt row\""""
                        for place, (_, name) in enumerate(some)
                    ]
                    for place, said in run(connection, " UNION ALL ".join(parts)).all():
                        found[some[place][0]] = said
                elif dialect in ("mysql", "mariadb"):
                    names = ", ".join(name for _, name in some)
                    rows = run(connection, f"CHECKSUM TABLE {names} EXTENDED").all()
                    for (key, _), row in zip(some, rows, strict=True):
                        if row[1] is not None:
                            found[key] = str(row[1])
                else:
                    return None
    except SQLAlchemyError:
        # One table that cannot be read is reason enough to read every table by itself.
        return None
    return found
