"""The schema that models make: they are created in the scratch database, in the place of the migrated tables.

Everything else that the migrations made stays there, since models may need it: extensions, functions of
defaults, domains, schemas. What cannot be created is left out and named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from mrt_lint.phrases import counted, listed

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlalchemy.engine import Connection

    from mrt_dynamic.verify.run import Verifier
    from mrt_lint.schema.state import State

_MOST = 3
"""Objects that cannot be created and are named with the reason."""


@dataclass(frozen=True, slots=True)
class Modelled:
    """The schema with the models' tables. `tables`: those that are in it; `trouble`: why others are not.

    `missing`: the names of indexes that could not be created, either.
    """

    schema: State
    tables: frozenset[sa.Table]
    trouble: tuple[str, ...] = ()
    missing: frozenset[str] = frozenset()

    @property
    def notes(self) -> tuple[str, ...]:
        """Returns a sentence for the user on what could not be created, if there is anything."""
        if not self.trouble:
            return ()
        more = len(self.trouble) - _MOST
        named = [*self.trouble[:_MOST], f"{more} more"] if more > 0 else list(self.trouble)
        return (f"{counted(len(self.trouble), 'object')} of the models cannot be created: {listed(named)}",)


def modelled(verifier: Verifier, metadata: sa.MetaData) -> Modelled:
    """Returns what the models make.

    To be called outside of any run of env.py; the database is to be put back afterwards.
    """
    engine = verifier.scratch.engine()
    try:
        with engine.connect() as connection:
            trouble: list[str] = []
            tables = _with_room(connection, metadata, trouble)
            missing: frozenset[str] = frozenset()
            if not _done(connection, partial(metadata.create_all, connection, tables), "models", []):
                trouble.clear()
                tables = _with_room(connection, metadata, trouble)
                tables, missing = _one_by_one(connection, tables, trouble)
            schema = verifier.ground.lookout.schema(connection)
            return Modelled(schema, frozenset(tables), tuple(trouble), missing)
    finally:
        engine.dispose()


def _one_by_one(
    connection: Connection, tables: Sequence[sa.Table], trouble: list[str]
) -> tuple[list[sa.Table], frozenset[str]]:
    """Creates enum types, tables without their indexes, each index.

    Returns the tables that could be created, and the names of the indexes that could not.
    """
    from sqlalchemy.schema import CreateTable

    made: list[sa.Table] = []
    missing: set[str] = set()
    if connection.dialect.name == "postgresql":
        for enum in _enums(tables):
            _done(connection, partial(enum.create, connection, checkfirst=True), f"type {enum.name}", trouble)
    for table in tables:
        name = f"table {table.fullname}"
        if _done(connection, partial(connection.execute, CreateTable(table)), name, trouble):
            made.append(table)
            for index in sorted(table.indexes, key=lambda one: str(one.name)):
                named = f"index {index.name} on {table.fullname}"
                # Unlike CREATE INDEX by itself it minds for which databases the index is meant.
                if not _done(connection, partial(index.create, connection), named, trouble):
                    missing.add(str(index.name))
    return made, frozenset(missing)


def _done(connection: Connection, create: Callable[[], Any], name: str, trouble: list[str]) -> bool:
    """Creates something and returns whether that went well; else the reason is added to `trouble`."""
    from sqlalchemy.exc import SQLAlchemyError

    from mrt_dynamic.scratch.trouble import first_line

    try:
        create()
        connection.commit()
    except (SQLAlchemyError, NotImplementedError) as error:
        connection.rollback()
        trouble.append(f"{name} ({first_line(error)})")
        return False
    return True


def _with_room(connection: Connection, metadata: sa.MetaData, trouble: list[str]) -> list[sa.Table]:
    """Drops the tables, enum types and sequences of the models, and creates their schemas.

    Returns the tables that are gone: one that cannot be dropped must not be compared with itself.
    """
    import sqlalchemy as sa

    tables = metadata.sorted_tables
    for statement in _dropping(connection, tables):
        _done(connection, partial(connection.exec_driver_sql, statement), "", [])
    _done(connection, partial(metadata.drop_all, connection), "", [])
    there = sa.inspect(connection)
    for schema in sorted({table.schema for table in tables if table.schema}):
        if not there.has_schema(schema):
            _done(connection, partial(connection.execute, sa.schema.CreateSchema(schema)), schema, trouble)
    left = [table for table in tables if there.has_table(table.name, schema=table.schema)]
    trouble += [f"table {table.fullname} (the migrated one cannot be dropped)" for table in left]
    connection.rollback()
    return [table for table in tables if table not in left]


def _dropping(connection: Connection, tables: Sequence[sa.Table]) -> Iterator[str]:
    """Yields the statements that drop tables, and on PostgreSQL their enum types."""
    name = connection.dialect.name
    quoted: Any = connection.dialect.identifier_preparer  # format_type is PostgreSQL's
    along = " CASCADE" if name == "postgresql" else ""
    if name in ("mysql", "mariadb"):
        yield "SET SESSION foreign_key_checks = 0"
    for table in reversed(tables):
        # Always in quotes: not every word that a database reserves is known to SQLAlchemy.
        parts = [quoted.quote_identifier(part) for part in (table.schema, table.name) if part]
        yield f"DROP TABLE IF EXISTS {'.'.join(parts)}{along}"
    if name == "postgresql":
        for enum in _enums(tables):
            yield f"DROP TYPE IF EXISTS {quoted.format_type(enum)}{along}"
    if name in ("mysql", "mariadb"):
        yield "SET SESSION foreign_key_checks = 1"


def _enums(tables: Iterable[sa.Table]) -> list[sa.Enum]:
    """Returns the enum types of tables that are objects of their own."""
    import sqlalchemy as sa

    types = [column.type for table in tables for column in table.columns]
    elements = [getattr(each, "item_type", each) for each in types]  # of arrays
    return [each for each in elements if isinstance(each, sa.Enum) and each.native_enum and each.name]
