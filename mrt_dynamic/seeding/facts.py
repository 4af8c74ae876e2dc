"""What a State does not say and the making of rows needs: read from the live database, a query or two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.engine import Connection

from mrt_dynamic.seeding.running import rows_of
from mrt_dynamic.seeding.written import literal
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Key
from mrt_lint.schema.objects import Table
from mrt_lint.schema.types import SqlType


@dataclass(frozen=True, slots=True)
class UserType:
    """A type that the database does not bring along.

    `kind`: "domain", "enum", "composite", "range", "multirange", "base". `base`: a domain's type, a
    range's element. `fields`: the types of a composite's parts. `checks`: a domain's conditions
    (SQL, the value is VALUE). `samples`: texts that a base type was seen to read.
    """

    kind: str
    base: SqlType | None = None
    fields: tuple[SqlType, ...] = ()
    labels: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    not_null: bool = False
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one database besides its State.

    `types`: by (schema, name), folded; schema "" for a name alone. `charset`: of the database, a key of
    `values_text.UNICODE`; `charsets`: of single columns, by (table, column), folded. `partitions`: tables
    that are parts of another one. `bounds`: of a partitioned table, the condition of each leaf; a leaf
    whose condition only the database can tell has "". `loose`: tables whose failed statements are not undone.
    `explicit`: tables whose INTEGER key SQLite does not count (WITHOUT ROWID).
    """

    types: Mapping[tuple[str, str], UserType] = field(default_factory=dict)
    charset: str = "all"
    charsets: Mapping[tuple[str, str], str] = field(default_factory=dict)
    partitions: frozenset[Key] = frozenset()
    bounds: Mapping[Key, tuple[str, ...]] = field(default_factory=dict)
    loose: frozenset[Key] = frozenset()
    explicit: frozenset[Key] = frozenset()

    def type(self, found: SqlType) -> UserType | None:
        """Returns the user's own type that a column has, None if it is a built-in one."""
        name = found.name.lower()
        return self.types.get((found.schema.lower() if found.schema else "", name)) or self.types.get(
            ("", name)
        )


def read_facts(connection: Connection, dialect: Dialect, tables: Sequence[Table]) -> Facts:
    """Returns what the tables about to be filled need."""
    if dialect == "postgresql":
        from mrt_dynamic.seeding.facts_postgresql import read

        return read(connection, tables)
    if dialect in ("mysql", "mariadb"):
        from mrt_dynamic.seeding.facts_mysql import read as read_mysql

        return read_mysql(connection, dialect, tables)
    if dialect == "sqlite":
        return Facts(explicit=_without_rowid(connection, tables))
    return Facts()


def _without_rowid(connection: Connection, tables: Sequence[Table]) -> frozenset[Key]:
    """Returns the tables that look like WITHOUT ROWID; to take one more for such does no harm."""
    names = ", ".join(literal(table.name.name, "sqlite") for table in tables)
    query = f"SELECT name FROM sqlite_master WHERE name IN ({names}) AND sql LIKE '%WITHOUT%ROWID%'"
    return frozenset(Key("table", "", row["name"].lower()) for row in rows_of(connection, query))
