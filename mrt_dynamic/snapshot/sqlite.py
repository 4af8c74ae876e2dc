"""Reads a State from SQLite's own statements, which `sqlite_master` keeps; checks stand nowhere else."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from functools import lru_cache
from itertools import takewhile
from operator import eq
from typing import TYPE_CHECKING, Any

from mrt_dynamic.plain_sql import quoted, run
from mrt_dynamic.snapshot.ledger import Bundle, Ledger
from mrt_dynamic.snapshot.reading import OF, action, default_of, facts, left_alone, read_type, text_of
from mrt_dynamic.snapshot.sqlite_ddl import (
    ColumnText,
    ConstraintText,
    IndexText,
    NotReadError,
    TableText,
    normal,
    read_index,
    read_table,
    read_view,
)
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import AnyObject, Column, Constraint, Generated, Index, SchemaObject, Table
from mrt_lint.schema.state import State
from mrt_lint.schema.types import SqlType

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_MASTER = (
    "SELECT +type, +name, +tbl_name, +sql FROM main.sqlite_master WHERE sql IS NOT NULL ORDER BY type, name"
)
"""Without the indexes behind UNIQUE and PRIMARY KEY, which have no statement of their own.

As expressions they have no declared type, for which the driver may have been given a converter.
"""

Statement = tuple[str, str, str, str]
"""One row of `sqlite_master`: kind, name, table, SQL."""


class SqliteReader:
    """Reads one database again and again; see `mrt_dynamic.snapshot.schema.Reader`."""

    def __init__(self, version_table: Name) -> None:
        self._version_table = version_table.name.lower()
        self._ledger = Ledger("sqlite")
        self._rows: list[Statement] = []
        self._virtual = False
        self._read: dict[Hashable, tuple[Statement, ...]] = {}

    def read(self, connection: Connection, working: Connection | None = None) -> State:
        """Returns the State of the database behind the connection.

        `working`: another one to the same file, which changed it. SQLite reads the whole schema anew for each
        connection but that one, so it is asked where it can be.
        """
        with left_alone(connection):
            return self._state(connection, _committed(connection, working) or _statements(connection))

    def _state(self, connection: Connection, rows: list[Statement]) -> State:
        if rows == self._rows:
            return self._ledger.state
        others = _others(self._rows, rows)
        if not self._virtual and not any(row[0] == "table" and is_virtual(row[3]) for row in others):
            return self._some(rows, sorted({row[2].lower() for row in others}))
        found: dict[Hashable, list[Statement]] = defaultdict(list)
        virtual = {row[1].lower(): row[3] for row in rows if row[0] == "table" and is_virtual(row[3])}
        shadows = {shadow for name, sql in virtual.items() for shadow in _shadows(name, sql)}
        for row in rows:
            table = row[2].lower()
            if table == self._version_table or table.startswith("sqlite_") or table in shadows:
                continue
            found[table].append(row)
        now = {name: tuple(statements) for name, statements in found.items()}
        bundles: dict[Hashable, Bundle] = {}
        for name, statements in now.items():
            if self._read.get(name) == statements:
                continue
            if name in virtual:
                bundles[name] = tuple(_virtual(connection, statements))
            else:
                bundles[name] = _objects(statements)
        gone = [name for name in self._read if name not in now]
        self._read, self._rows, self._virtual = now, rows, bool(virtual)
        return self._ledger.write(bundles, gone)

    def _some(self, rows: list[Statement], names: list[str]) -> State:
        """Returns the State where only these tables may be others, and none is virtual."""
        found: dict[str, list[Statement]] = {name: [] for name in names}
        for row in [row for row in rows if row[2].lower() in found]:
            found[row[2].lower()].append(row)
        bundles: dict[Hashable, Bundle] = {}
        gone: list[str] = []
        for name, statements in found.items():
            if name == self._version_table or name.startswith("sqlite_"):
                continue
            if statements:
                self._read[name] = tuple(statements)
                bundles[name] = _objects(self._read[name])
            elif self._read.pop(name, None) is not None:
                gone.append(name)
        self._rows = rows
        return self._ledger.write(bundles, gone)


def _statements(connection: Connection) -> list[Statement]:
    """Returns the statements in the database, sorted."""
    driver = _plain_driver(connection)
    return list(map(tuple, run(connection, _MASTER).all())) if driver is None else _asked(driver)


def _committed(connection: Connection, working: Connection | None) -> list[Statement] | None:
    """Returns the statements as another connection sees them; None where they may not be committed."""
    if working is None or working.closed or working.invalidated:
        return None
    own, driver = _plain_driver(connection), _plain_driver(working)
    if own is None or driver is None or driver.in_transaction:
        return None
    try:
        # A cursor that was not read to its end may keep it at an earlier moment.
        return _asked(driver) if _version(own) == _version(driver) else None
    except sqlite3.Error:  # an authorizer of the user's, another thread's connection
        return None


def _plain_driver(connection: Connection) -> sqlite3.Connection | None:
    """Returns the driver's own connection, None where it is another driver or gives texts in another way."""
    driver: Any = connection.connection.driver_connection
    return driver if isinstance(driver, sqlite3.Connection) and driver.text_factory is str else None


def _version(driver: sqlite3.Connection) -> object:
    """Returns a number that is another one after each change of the schema; to ask for it reads no schema."""
    return sqlite3.Cursor(driver).execute("PRAGMA schema_version").fetchone()


def _asked(driver: sqlite3.Connection) -> list[Statement]:
    # A cursor of the driver's own: SQLAlchemy's rows take longer than all the rest.
    return sqlite3.Cursor(driver).execute(_MASTER).fetchall()


def _others(old: list[Statement], new: list[Statement]) -> set[Statement]:
    """Returns what is only in one of two sorted lists, most of which is the same."""
    ahead = _common(old, new)
    old, new = old[ahead:], new[ahead:]
    behind = _common(reversed(old), reversed(new))
    return set(old[: len(old) - behind]).symmetric_difference(new[: len(new) - behind])


def _common(old: Iterable[Statement], new: Iterable[Statement]) -> int:
    """Returns how many statements at the beginning are the same in both."""
    return sum(takewhile(bool, map(eq, old, new)))


@lru_cache(maxsize=4096)
def is_virtual(sql: str) -> bool:
    """Returns whether a statement makes a virtual table."""
    return "virtual" in sql[:64].lower() and normal(sql[:64]).startswith("create virtual table")


_SHADOWS = {
    "fts3": ("content", "segments", "segdir", "docsize", "stat"),
    "fts4": ("content", "segments", "segdir", "docsize", "stat"),
    "fts5": ("data", "idx", "content", "docsize", "config"),
    "rtree": ("node", "parent", "rowid"),
    "rtree_i32": ("node", "parent", "rowid"),
    "geopoly": ("node", "parent", "rowid"),
}
"""The tables in which SQLite's own modules keep a virtual table (`notes_data` for `notes`)."""


def _shadows(name: str, sql: str) -> Iterator[str]:
    module = normal(sql).partition(" using ")[2].split()[:1]
    for word in module:
        yield from (f"{name}_{suffix}" for suffix in _SHADOWS.get(word, ()))


def _virtual(connection: Connection, statements: tuple[Statement, ...]) -> Iterator[AnyObject]:
    for kind, name, table, sql in statements:
        if kind != "table":
            yield _trigger(name, table, sql)
            continue
        columns = {}
        for row in run(connection, f"PRAGMA table_xinfo({quoted(name, 'sqlite')})").mappings():
            if row["hidden"] == 0:
                column = Column(row["name"], read_type(row["type"], "sqlite") if row["type"] else SqlType(""))
                columns[column.name.lower()] = column
        module = normal(sql).partition(" using ")[2]
        yield Table(Name(name), columns, options=(("virtual table", module),), rows=None)


@lru_cache(maxsize=4096)
def _objects(statements: tuple[Statement, ...]) -> Bundle:
    """Returns a table with its indexes and triggers, or a view with its triggers.

    The same statements give the very same objects, also after they were gone in between.
    """
    made: list[AnyObject] = []
    indexes: list[tuple[str, str]] = []
    tables: list[tuple[str, str]] = []
    for kind, name, table, sql in statements:
        if kind == "index":
            indexes.append((name, sql))
        elif kind == "table":
            tables.append((name, sql))
        elif kind == "view":
            made.append(_view(name, sql))
        else:
            made.append(_trigger(name, table, sql))
    return (*(_table(name, sql, indexes) for name, sql in tables), *made)


def _view(name: str, sql: str) -> SchemaObject:
    try:
        columns, query = read_view(sql)
    except NotReadError:
        return SchemaObject("view", Name(name), " ".join(sql.split()))
    details = facts([("columns", ", ".join(columns) or None)])
    return SchemaObject("view", Name(name), text_of(query, "sqlite"), details=details)


def _trigger(name: str, table: str, sql: str) -> SchemaObject:
    return SchemaObject("trigger", Name(name), normal(sql), table=Name(table))


def _table(name: str, sql: str, indexes: list[tuple[str, str]]) -> Table:
    read, options = [], []
    for index, text in indexes:
        try:
            read.append(_index(read_index(text)))
        except NotReadError:
            read.append(Index(index, (" ".join(text.split()),)))
    keyed = {(index.name or "").lower(): index for index in read}
    try:
        text_of_table = read_table(sql)
    except NotReadError:
        return Table(Name(name), indexes=keyed, options=(("definition", normal(sql)),), rows=None)
    options = list(_options(text_of_table))
    return Table(
        Name(name),
        {column.name.lower(): _column(column) for column in text_of_table.columns},
        tuple(_constraint(constraint) for constraint in text_of_table.constraints),
        keyed,
        options=facts(options),
        rows=None,
    )


def _options(text: TableText) -> Iterator[tuple[str, object]]:
    for option in text.options.split(" , "):
        if option:
            yield option, "yes"
    for column in text.columns:
        said = f"ON CONFLICT {column.conflict}" if column.conflict else None
        yield f"NOT NULL{OF}column {column.name}", said
        yield f"AUTOINCREMENT{OF}column {column.name}", "yes" if column.autoincrement else None
    for constraint in text.constraints:
        said = f"{constraint.kind} key ({', '.join(constraint.columns)})".replace("unique key", "unique")
        yield f"ON CONFLICT{OF}{said}", constraint.conflict or None
        yield f"columns{OF}{said}", ", ".join(constraint.parts) or None


def _column(text: ColumnText) -> Column:
    kind = read_type(text.type, "sqlite") if text.type else SqlType("")
    generated = None
    if text.generated is not None:
        generated = Generated(text_of(text.generated, "sqlite"), text.stored)
    if text.collation:
        kind = SqlType(kind.name, kind.args, collation=text.collation)
    return Column(
        text.name,
        kind,
        # The number of a row is never NULL, whether or not NOT NULL is written.
        text.nullable and not text.row_id,
        None if text.default is None else default_of(text.default, "sqlite", kind),
        autoincrement=text.autoincrement or text.row_id,
        generated=generated,
    )


def _constraint(text: ConstraintText) -> Constraint:
    return Constraint(
        text.kind,  # type: ignore[arg-type]
        text.name,
        text.columns,
        text_of(text.expression, "sqlite") if text.expression else None,
        Name(text.ref_table) if text.ref_table else None,
        text.ref_columns,
        action(text.ondelete),
        action(text.onupdate),
        text.deferrable,
        # INITIALLY IMMEDIATE and MATCH SIMPLE are what is meant when nothing is written.
        "DEFERRED" if text.initially == "DEFERRED" else None,
        text.match if text.match not in ("", "SIMPLE") else None,
    )


def _index(text: IndexText) -> Index:
    parts = tuple(_part(part) for part in text.parts)
    where = text_of(text.where, "sqlite") if text.where else None
    return Index(text.name, parts, text.unique, where=where)


def _part(text: str) -> str:
    words = text.rsplit(None, 1)
    descending = len(words) == 2 and words[1].upper() == "DESC"
    if len(words) == 2 and words[1].upper() in ("ASC", "DESC"):  # ASC is the default
        text = words[0]
    return text_of(text, "sqlite") + (" DESC" if descending else "")
