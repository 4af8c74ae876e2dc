"""Writes the rows of one table: all at once, and when that fails one by one with other values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from mrt_dynamic.plain_sql import quoted, run, table_of
from mrt_dynamic.seeding.rows import Composer, Made
from mrt_dynamic.seeding.running import Guarded, attempted, reason_of
from mrt_dynamic.seeding.target import Target
from mrt_dynamic.seeding.written import literal
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Table

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_CHUNK: Final = 200
"""Rows of one INSERT; SQL Server takes 1000 at most."""

_SEARCH: Final = 240
"""Rows that are tried until the first one goes in, and as many again for all that fail after it."""


@dataclass(slots=True)
class Written:
    """How many rows went in, and what the database said of the last one that did not."""

    rows: int = 0
    error: str = ""


class Writer:
    """Writes to one database."""

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self.connection = connection
        self.dialect = dialect

    def write(self, target: Target, rows: Sequence[Made], composer: Composer) -> Written:
        """Returns what came of the rows; those that the database refuses are tried in other ways."""
        if not rows:
            return Written()
        if not target.slots:
            return self._defaults(target, len(rows))
        if not target.loose or len(rows) == 1:
            error = self._together(target, [row.values for row in rows])
            if not error:
                return Written(len(rows))
        target.taken.clear()
        return _Search(self, target, composer).write(rows)

    def insert(self, target: Target, values: Sequence[Mapping[str, Any]]) -> str:
        """Writes rows in one attempt; returns why the database refused them, "" if it did not."""
        statements = list(self._statements(target, values))
        if self.dialect == "postgresql" and _deferred(target) and not target.ahead:
            statements += ["SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED"]
        error = attempted(self.connection, self.dialect, statements)
        return "" if error is None else reason_of(error)

    def _together(self, target: Target, values: Sequence[Mapping[str, Any]]) -> str:
        if len(values) <= _CHUNK or self.dialect == "postgresql":
            return self.insert(target, values)
        # Without a savepoint a later chunk's failure would leave the earlier ones there.
        return "too many rows for one statement"

    def _statements(self, target: Target, values: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        step = 1 if self.dialect == "oracle" else _CHUNK
        for start in range(0, len(values), step):
            yield self.statement(target, values[start : start + step])

    def statement(self, target: Target, values: Sequence[Mapping[str, Any]]) -> str:
        """Returns one INSERT."""
        rows = [[row.get(name) for name in target.columns] for row in values]
        return insertion(target.table, self.dialect, target.columns, rows)

    def _defaults(self, target: Target, count: int) -> Written:
        """Writes rows to a table whose every column the database fills (or that has none)."""
        own = table_of(target.table.name, self.dialect)
        mysql = self.dialect in ("mysql", "mariadb")
        statement = f"INSERT INTO {own} () VALUES ()" if mysql else f"INSERT INTO {own} DEFAULT VALUES"
        written = Written()
        for _ in range(count):
            with Guarded(self.connection, self.dialect) as attempt:
                attempt.run(statement)
            if attempt.error is not None:
                written.error = reason_of(attempt.error)
                break
            written.rows += 1
        return written

    def continue_counting(self, target: Target) -> None:
        """Makes PostgreSQL's sequences go on behind the values that were given by hand."""
        if self.dialect != "postgresql":
            return
        own = table_of(target.table.name, self.dialect)
        for name in target.counted:
            column = target.table.columns[name]
            sequence = (
                f"pg_get_serial_sequence({literal(own, self.dialect)}, {literal(column.name, self.dialect)})"
            )
            if isinstance(column.default, str) and "'" in column.default:
                sequence = "'" + column.default.split("'")[1] + "'"
            highest = f"(SELECT max({quoted(column.name, self.dialect)}) FROM {own})"
            with Guarded(self.connection, self.dialect) as attempt:
                attempt.run(f"SELECT setval({sequence}, {highest})")


def insertion(table: Table, dialect: Dialect, columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> str:
    """Returns one INSERT. `columns`: folded names; `rows`: their values."""
    names = ", ".join(quoted(table.columns[name].name, dialect) for name in columns)
    always = any(table.columns[name].identity == "always" for name in columns)
    overriding = " OVERRIDING SYSTEM VALUE" if always and dialect == "postgresql" else ""
    values = ", ".join("(" + ", ".join(literal(value, dialect) for value in row) + ")" for row in rows)
    return f"INSERT INTO {table_of(table.name, dialect)} ({names}){overriding} VALUES {values}"


def _deferred(target: Target) -> bool:
    return any(constraint.deferrable for constraint in target.table.constraints)


class _Search:
    """Tries rows one by one, with other values where the database refuses."""

    def __init__(self, writer: Writer, target: Target, composer: Composer) -> None:
        self.writer = writer
        self.target = target
        self.composer = composer
        self.written = Written()
        self.left = _SEARCH
        self.template: dict[str, Any] = {}

    def write(self, rows: Sequence[Made]) -> Written:
        """Returns what went in after all."""
        for row in rows:
            if self._try(row.values):
                continue
            error = self.written.error
            if not self.written.rows:
                found = self._searched(row, error)
                if not found and self.left <= 0:
                    break
            else:
                self._variants(row, error)
        return self.written

    def _try(self, values: dict[str, Any]) -> bool:
        error = self.writer.insert(self.target, [values])
        if error:
            self.written.error = error
            self.left -= 1
            return False
        if not self.written.rows:
            self.left = _SEARCH
        self.written.rows += 1
        self.target.taken.append(values)
        for demand in self.target.demands:
            demand.take(values)
        return True

    def _searched(self, row: Made, error: str) -> bool:
        """Returns whether a row went in with other values in the columns that the database names."""
        blamed = blamed_columns(self.target, error)
        everything = list(self.target.slots)
        for columns in (blamed, everything) if blamed else (everything,):
            tried = self.composer.variations(row.values, row.number, columns)
            for changed in islice(tried, max(0, self.left // 2)):
                if self._try(changed):
                    self.template = {
                        name: value for name, value in changed.items() if row.values.get(name) != value
                    }
                    return True
        return False

    def _variants(self, row: Made, error: str) -> None:
        """Tries what made the row special one by one, then the values that went in elsewhere."""
        for place, (name, value) in enumerate(row.given.items()):
            if self.left <= 0:
                break
            found = self.composer.base(row.number + 100 * (place + 1), {**self.template, name: value})
            found = found and self.composer.settled(found, row.number, (name,))
            if not found or self._try(found):
                continue
            blamed = blamed_columns(self.target, self.written.error) or list(self.target.slots)
            others = [column for column in blamed if column != name]
            for changed in islice(self.composer.variations(found, row.number, others), min(8, self.left)):
                if self._try(changed):
                    break
        if not row.given and self.left > 0:
            if self.template:
                again = self.composer.settled({**row.values, **self.template}, row.number, self.template)
                if again and self._try(again):
                    return
            blamed = blamed_columns(self.target, error) or list(self.target.slots)
            for changed in islice(
                self.composer.variations(row.values, row.number, blamed), min(40, self.left)
            ):
                if self._try(changed):
                    return


def blamed_columns(target: Target, error: str) -> list[str]:
    """Returns the columns that a database's message is about: named in it, or of a constraint named in it."""
    found: dict[str, None] = {}
    for constraint in target.table.constraints:
        if constraint.name and _names(error, constraint.name):
            found.update(dict.fromkeys(name for name in target.slots if _concerns(constraint, target, name)))
    for name, slot in target.slots.items():
        if _names(error, slot.name):
            found[name] = None
    return list(found)


def _concerns(constraint: Any, target: Target, name: str) -> bool:
    column = target.slots[name].name
    return column in constraint.columns or bool(
        constraint.expression and _names(constraint.expression, column)
    )


def _names(text: str, name: str) -> bool:
    """Returns whether a name stands in a text as a word of its own."""
    place = text.find(name)
    while place >= 0:
        before, after = text[place - 1 : place], text[place + len(name) : place + len(name) + 1]
        if not (before.isalnum() or before == "_" or after.isalnum() or after == "_"):
            return True
        place = text.find(name, place + 1)
    return False


def highest(connection: Connection, dialect: Dialect, table: Name, column: str) -> int:
    """Returns the largest value of a counted column, 0 without rows."""
    found = run(connection, f"SELECT max({quoted(column, dialect)}) FROM {table_of(table, dialect)}").scalar()
    return int(found or 0)


def updated(
    connection: Connection, dialect: Dialect, table: Name, values: Mapping[str, Any], where: str
) -> bool:
    """Returns whether the database let these values into the rows that the condition picks."""
    pairs = ", ".join(
        f"{quoted(name, dialect)} = {literal(value, dialect)}" for name, value in values.items()
    )
    with Guarded(connection, dialect) as attempt:
        attempt.run(f"UPDATE {table_of(table, dialect)} SET {pairs} WHERE {where}")
    return attempt.error is None


def picked(names: Iterable[str], values: Iterable[Any], dialect: Dialect) -> str:
    """Returns the condition that picks the row with these values in its key."""
    return " AND ".join(
        f"{quoted(name, dialect)} = {literal(value, dialect)}"
        for name, value in zip(names, values, strict=True)
    )
