"""Looks at the scratch database; what cannot have changed since the last look is not read again."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mrt_dynamic.snapshot.passive import stays_in
from mrt_dynamic.snapshot.postgresql_session import settled
from mrt_dynamic.snapshot.rows import Rows, read_rows
from mrt_dynamic.snapshot.schema import Reader
from mrt_dynamic.snapshot.touched import Hashes, Watch

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from mrt_lint.schema.dialects import Dialect
    from mrt_lint.schema.names import Name
    from mrt_lint.schema.state import State

_PLAIN: Final = ("postgresql", "sqlite")
"""Where new rows change nothing else unless the schema says so; elsewhere that was not looked into."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What the database held at one moment. `hashes`: of these very rows, where they were taken."""

    schema: State
    rows: Rows
    hashes: Hashes | None = None

    def holds_nothing(self, table: Name) -> bool:
        """Returns whether a table has no rows that could be read; one whose parts hold them is not asked."""
        found = self.rows.tables.get(self.schema.key("table", table))
        return found.total == 0 if found is not None else self.unreadable(table) is not None

    def unreadable(self, table: Name) -> str | None:
        """Returns why a table's rows cannot be read, None if they can."""
        return self.rows.unreadable.get(self.schema.key("table", table))


class Lookout:
    """Gives moments of one database: `watch`, whatever happens, `look`.

    `touched`: the tables whose rows the last look found to be others.
    """

    def __init__(self, dialect: Dialect, version_table: Name) -> None:
        """Prepares; nothing is read yet."""
        self._dialect = dialect
        self._reader = Reader(dialect, version_table)
        self._watch = Watch(dialect)
        self._working: Connection | None = None
        self.touched: frozenset[Name] = frozenset()

    def schema(self, connection: Connection, working: Connection | None = None) -> State:
        """Returns the schema as it is. `working`: the connection that made the last changes to it."""
        found = self._reader.read(connection, working)
        connection.rollback()
        return found

    def everything(self, connection: Connection) -> Moment:
        """Returns the moment, every row read."""
        schema = self.schema(connection)
        rows = read_rows(connection, schema)
        connection.rollback()
        return Moment(schema, rows)

    def watch(self, working: Connection, last: Moment) -> None:
        """Notes from here on what is touched. `working`: the connection that will touch it."""
        self._working = working
        self._watch.start(working, last.schema, last.hashes)

    def look(self, connection: Connection, last: Moment, filled: frozenset[Name] | None = None) -> Moment:
        """Returns the moment; rows of tables not touched since `watch` are those of `last`.

        `filled`: all that happened since are new rows of our own in these tables. Where these cannot change
        anything else, nothing else is looked at.
        """
        assert self._working is not None, "nothing was watched"
        if self._dialect not in _PLAIN or filled is None or not stays_in(last.schema, filled):
            filled = None
        # On PostgreSQL one session for all three: to prepare one costs as much as to read a small schema.
        with settled(connection) if self._dialect == "postgresql" else nullcontext():
            if filled is not None:
                schema = last.schema
                written = self._watch.wrote(self._working, schema, filled)
            else:
                schema = self._reader.read(connection, self._working)
                written = self._watch.stop(self._working, schema)
            rows = read_rows(connection, schema, written, last.rows, since=last.schema)
        connection.rollback()
        changed = rows.tables if written is None else [schema.key("table", name) for name in written]
        self.touched = frozenset(
            table.name
            for key in changed
            if (table := rows.tables.get(key)) is not None and last.rows.tables.get(key) != table
        )
        return Moment(schema, rows, self._watch.hashes)
