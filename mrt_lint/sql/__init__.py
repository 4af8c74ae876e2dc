"""SQL text read as operations; the only importer of sqlglot, which is loaded when there is text to read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mrt_lint.sql.holes import HOLE_PREFIX, has_hole, is_hole

if TYPE_CHECKING:
    from mrt_lint.ops.base import Operation
    from mrt_lint.schema.dialects import Dialect
    from mrt_lint.schema.types import SqlType

__all__ = [
    "HOLE_PREFIX",
    "canonical_default",
    "canonical_text",
    "has_hole",
    "is_hole",
    "lower_sql",
    "type_from_sql",
]


def lower_sql(text: str, dialects: tuple[Dialect, ...], facts: Mapping[str, Any]) -> tuple[Operation, ...]:
    """Returns what the statements of `text` do, in order; total: never raises.

    `dialects`: the databases that may run it. Where they read a statement alike, its operations come
    once under the guard of `facts`, else once per group of databases that agree, guarded by DialectIs.
    `facts`: base fields of Operation (span, statement, direction, api, guard, transaction, batch).
    """
    from mrt_lint.sql.lower import lower_sql as lower

    return lower(text, dialects, facts)


def canonical_text(sql: str, dialect: Dialect, types: Mapping[str, SqlType] | None = None) -> str:
    """Returns an expression or query in the one spelling that stands for all equal ones; never raises.

    `types`: the types of the columns it may name; with them the casts that PostgreSQL adds when it
    prints an expression are recognised as such. Without them only casts that surely mean nothing go.

    >>> canonical_text("(Status)::text = 'new'::text", "postgresql")
    "CAST(status AS TEXT) = 'new'"
    >>> from mrt_lint.schema.types import sql_type
    >>> canonical_text("(Status)::text = 'new'::text", "postgresql", {"status": sql_type("varchar")})
    "status = 'new'"
    """
    from mrt_lint.sql.canonical import canonical_text as canonical

    return canonical(sql, dialect, types)


def canonical_default(sql: str, dialect: Dialect, type: SqlType | None = None) -> str:
    """Returns a column's default in canonical spelling; `type` is the column's.

    A cast to the column's own type says nothing and goes.

    >>> from mrt_lint.schema.types import sql_type
    >>> canonical_default("'new'::order_status", "postgresql", sql_type("order_status"))
    "'new'"
    """
    from mrt_lint.sql.canonical import canonical_default as canonical

    return canonical(sql, dialect, type)


def type_from_sql(text: str, dialect: Dialect) -> SqlType | None:
    """Returns a type written in SQL, None if it is none.

    >>> str(type_from_sql("character varying(20)", "postgresql"))
    'VARCHAR(20)'
    """
    from mrt_lint.sql.types import type_from_sql as read

    return read(text, dialect)
