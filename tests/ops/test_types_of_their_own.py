"""CREATE, ALTER and DROP TYPE where the database has no such statement (tried on MariaDB 10.11 and SQLite)."""

from __future__ import annotations

import pytest

from mrt_lint import ops
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Name
from mrt_lint.schema.state import State

MOOD = Name("mood")
CREATE = ops.CreateType(type=MOOD, labels=("a",), sql=True)
STATEMENTS: list[ops.Operation] = [
    CREATE,
    ops.AddEnumValue(type=MOOD, label="b", sql=True),
    ops.DropType(type=MOOD, sql=True),
]


def problems(operation: ops.Operation, dialect: Dialect) -> list[str]:
    return [fault.problem for fault in operation.apply(State(dialect)).faults if fault.sure]


@pytest.mark.parametrize("dialect", ["mysql", "mariadb", "sqlite"])
@pytest.mark.parametrize("operation", STATEMENTS, ids=lambda one: type(one).__name__)
def test_a_database_without_types_has_no_statement_for_them(
    operation: ops.Operation, dialect: Dialect
) -> None:
    assert problems(operation, dialect) == ["unsupported"]


@pytest.mark.parametrize("dialect", ["mssql", "oracle"])
def test_enum_types_are_those_of_postgresql(dialect: Dialect) -> None:
    assert problems(CREATE, dialect) == ["unsupported"]
    assert problems(CREATE, "postgresql") == []
    alias = ops.CreateType(type=MOOD, definition="FROM VARCHAR(20)", sql=True)
    assert problems(alias, dialect) == []


def test_what_sqlalchemy_leaves_out_is_no_statement() -> None:
    assert problems(ops.CreateType(type=MOOD, labels=("a",)), "mysql") == []
