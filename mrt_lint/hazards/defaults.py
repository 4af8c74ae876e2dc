"""Columns added to a table with rows so that the database writes every row again.

Facts: PostgreSQL manual, ALTER TABLE (notes), and measurements on PostgreSQL 15 and MariaDB 10.11
(tests/truth/test_hazards.py).
"""

from __future__ import annotations

from typing import Final

from mrt_lint.classes import dataclass
from mrt_lint.hazards.nullability import extended_table
from mrt_lint.ops import AddColumn
from mrt_lint.roundtrip import RoundTrip
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.expressions import identifiers
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column, SchemaObject
from mrt_lint.schema.state import State
from mrt_lint.schema.types import SqlType
from mrt_lint.schema.volatility import Volatility, default_volatility

AT_ONCE: Final[dict[Dialect, tuple[int, ...]]] = {
    "postgresql": (11,),
    "mysql": (8, 0, 12),
    "mariadb": (10, 3),
}
"""Since which version a column with a constant default is added without writing any row.

Sources: release notes of PostgreSQL 11 and MariaDB 10.3.2, MySQL 8.0 manual 15.12.1 (ALGORITHM=INSTANT).
Before it PostgreSQL holds an exclusive lock; MySQL (since 5.6) and MariaDB (since 10.0) build the table anew
in place and let others read and write meanwhile (MySQL 5.7 manual, "Online DDL Operations", Adding a Column).
"""

ONLINE_COPY: Final = (11, 2)
"""Since which version MariaDB copies a table while others read and write (release notes, MDEV-16329)."""


def lock_of_rewrite(dialect: Dialect, version: tuple[int, ...] | None) -> str:
    """Returns under which lock a database writes a table again for values that differ, in words; may be "".

    MySQL and MariaDB copy the table, or count its rows, while others may read it (MySQL manual, "Online DDL
    Operations": STORED and AUTO_INCREMENT columns permit no concurrent DML; measured on MariaDB 10.11:
    LOCK=NONE is refused, LOCK=SHARED is not).
    """
    if dialect == "postgresql":
        return "under an exclusive lock"
    if dialect == "mariadb" and version is not None and version >= ONLINE_COPY[: len(version)]:
        return ""
    return "under a lock against writing"


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Why adding a column writes the whole table again, in words; `sure` False: it may."""

    why: str
    sure: bool = True


def rewriting_column(add: AddColumn, state: State, trip: RoundTrip) -> Rewrite | None:
    """Returns why adding the column to a table of before rewrites it, on any version; None: it does not."""
    table = extended_table(add, state, trip)
    if table is None or table.rebuilding is not None:
        return None
    return column_rewrite(add.column, state)


def column_rewrite(column: Column, state: State) -> Rewrite | None:
    """Returns why a database with rows in the table must compute this column for each of them."""
    if state.dialect not in AT_ONCE:
        return None
    if column.identity or column.autoincrement:
        return Rewrite("its values are counted")
    if column.generated is not None:
        return Rewrite("it is generated and stored") if column.generated.stored else None
    if isinstance(column.default, str):
        kind, function = default_volatility(column.default, state)
        if kind is Volatility.VOLATILE:
            return Rewrite(f"its default calls {function}(), which gives every row a value of its own")
        if kind is Volatility.UNKNOWN:
            return Rewrite(
                f"its default calls {function}(), which is volatile unless declared otherwise", False
            )
    if isinstance(column.type, SqlType) and _constrained(column.type, state):
        return Rewrite(f"the domain {column.type.name} has a constraint, which every row is checked against")
    return None


def _constrained(kind: SqlType, state: State, seen: frozenset[str] = frozenset()) -> bool:
    """Returns whether a type is a PostgreSQL domain with a constraint, its own or of a domain below it."""
    if state.dialect != "postgresql" or kind.element is not None or kind.name in seen:
        return False
    domain = state.get("type", Name(kind.name, kind.schema))
    if not isinstance(domain, SchemaObject) or not isinstance(domain.definition, str):
        return False
    if not domain.definition.startswith("DOMAIN "):
        return False
    words = {word.lower() for word in identifiers(domain.definition)}
    if "check" in words or {"not", "null"} <= words:
        return True
    return any(_constrained(SqlType(word), state, seen | {kind.name}) for word in words)


def slow_default(add: AddColumn, state: State, trip: RoundTrip, version: tuple[int, ...] | None) -> bool:
    """Returns whether the column has a default that this database writes into every row, or may.

    `version` None: not known, so it may be too old to do without. A version counts as far as it is
    given: MySQL "8.0" is not taken for older than 8.0.12.
    """
    since = AT_ONCE.get(state.dialect)
    table = extended_table(add, state, trip)
    if since is None or table is None or table.rebuilding is not None:
        return False
    if add.column.default is None or add.column.generated is not None:
        return False
    return version is None or version < since[: len(version)]


def may_be_slow(dialect: Dialect, least: tuple[int, ...] | None) -> bool:
    """Returns whether a database of at least this version (None: any) may write a default into every row."""
    return least is None or dialect not in AT_ONCE or least < AT_ONCE[dialect]
