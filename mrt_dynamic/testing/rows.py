"""Rows that a test writes by hand, and whether they are still what they were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class Written:
    """One row as it was given. `trouble`: why it could not be written, None when it was."""

    table: str
    key: str
    values: Mapping[str, Any]
    trouble: str | None = None


@dataclass(slots=True)
class Rows:
    """The rows of one test, in the order in which they were given."""

    written: list[Written] = field(default_factory=list)

    def seed(self, connection: Connection, table: str, rows: Sequence[Mapping[str, Any]], key: str) -> None:
        """Writes rows. Raises ValueError for a table or column that does not exist."""
        target = _table(connection, table)
        for row in rows:
            if unknown := sorted(set(row) - set(target.columns.keys())):
                raise ValueError(f"table {table!r} has no column {unknown[0]!r}")
        for row in rows:
            trouble = None
            try:
                with connection.begin_nested():
                    done = connection.execute(target.insert().values(dict(row)))
            except sa.exc.SQLAlchemyError as error:
                trouble = str(getattr(error, "orig", None) or error).splitlines()[0]
            else:
                given = done.inserted_primary_key
                if key not in row and key in target.columns and given is not None and len(given) == 1:
                    row = {key: given[0], **row}
            self.written.append(Written(table, key, dict(row), trouble))
        connection.commit()

    def differences(self, connection: Connection) -> Iterator[str]:
        """Yields what is no more as it was given, a sentence each."""
        for row in self.written:
            name = f"{row.table} {row.key}={row.values.get(row.key)!r}"
            if row.trouble is not None:
                yield f"{name} could not be written: {row.trouble}"
                continue
            try:
                target = _table(connection, row.table)
            except ValueError:
                yield f"{name} is gone: there is no table {row.table!r}"
                continue
            yield from _compared(connection, target, row, name)


def _compared(connection: Connection, target: sa.Table, row: Written, name: str) -> Iterator[str]:
    """Yields the columns of one row that hold something else now."""
    known = target.columns
    gone = [column for column in row.values if column not in known]
    for column in gone:
        yield f"{name}: the column {column!r} is gone"
    where = row.values if row.key not in row.values else {row.key: row.values[row.key]}
    if not all(column in known for column in where):
        return
    query = sa.select(target).where(*(known[column] == value for column, value in where.items()))
    found = connection.execute(query).mappings().first()
    if found is None:
        yield f"{name} is gone"
        return
    for column, value in row.values.items():
        if column in known and found[column] != value:
            yield f"{name}: {column} was {value!r}, is {found[column]!r}"


def _table(connection: Connection, name: str) -> sa.Table:
    """Returns a table (`schema.name` too) as it is now. Raises ValueError if there is none."""
    schema, _, bare = name.rpartition(".")
    try:
        return sa.Table(bare, sa.MetaData(), schema=schema or None, autoload_with=connection)
    except sa.exc.NoSuchTableError:
        raise ValueError(f"there is no table {name!r} in the schema as it is now") from None
