"""How the tests of this folder read SQL and write down what they expect."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mrt_lint.ops.base import Operation
from mrt_lint.ops.control import Opaque
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column, Constraint
from mrt_lint.schema.types import SqlType, sql_type
from mrt_lint.sql import lower_sql

PG: Dialect = "postgresql"
MY: Dialect = "mysql"
LITE: Dialect = "sqlite"
ORA: Dialect = "oracle"
MS: Dialect = "mssql"

T = Name("t")
S = Name("s")


def case(dialect: Dialect, sql: str, *expected: Operation) -> Any:
    """Returns one row of a table of cases: the text, the database, the operations it must give."""
    return pytest.param(dialect, sql, expected, id=f"{dialect}: {' '.join(sql.split())[:90]}")


def read(dialect: Dialect, sql: str) -> tuple[Operation, ...]:
    """Returns the operations of a text for one database."""
    return lower_sql(sql, (dialect,), {})


def check(dialect: Dialect, sql: str, expected: tuple[Operation, ...]) -> None:
    """Asserts that the text gives exactly the expected operations."""
    assert read(dialect, sql) == tuple(replace(operation, sql=True) for operation in expected)


def opaque(dialect: Dialect, sql: str) -> Opaque:
    """Returns the one Opaque that the text must give."""
    (operation,) = read(dialect, sql)
    assert isinstance(operation, Opaque), operation
    return operation


def column(name: str, type_: SqlType | str, *, null: bool = True, **fields: Any) -> Column:
    """Returns a column; `type_` may be the canonical name of a type without arguments."""
    found = sql_type(type_) if isinstance(type_, str) else type_
    return Column(name, found, nullable=null, **fields)


def foreign(columns: str, table: str, refs: str = "", **fields: Any) -> Constraint:
    """Returns a foreign key; columns and referenced columns as words."""
    return Constraint(
        "foreign",
        fields.pop("name", None),
        tuple(columns.split()),
        ref_table=Name(table),
        ref_columns=tuple(refs.split()),
        **fields,
    )


INT = sql_type("integer")
TEXT = sql_type("text")


def varchar(length: int) -> SqlType:
    """Returns VARCHAR(length)."""
    return sql_type("varchar", length)
