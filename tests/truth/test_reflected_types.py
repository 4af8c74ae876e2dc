"""The classes that reflection makes of column types are those that the replay takes them for."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.reflected_types import reflected_as
from mrt_lint.schema.types import SqlType
from mrt_lint.sql import type_from_sql
from tests.backends import need, scratch

TYPES = (
    "text",
    "varchar(20)",
    "char(3)",
    "json",
    "integer",
    "bigint",
    "smallint",
    "boolean",
    "date",
    "time",
    "timestamp",
    "numeric(10, 2)",
)
ASKED = (
    "Text",
    "String",
    "JSON",
    "Integer",
    "BigInteger",
    "SmallInteger",
    "Boolean",
    "Date",
    "DateTime",
    "Numeric",
)


def kind_of(text: str, database: Dialect) -> SqlType:
    kind = type_from_sql(text, database)
    assert kind is not None
    return kind


@pytest.mark.parametrize("database", ["sqlite", "postgresql", "mariadb"])
def test_a_reflected_type_is_what_it_is_taken_for(database: Dialect, tmp_path: Path) -> None:
    need(database)
    columns = ", ".join(f"c{number} {text} NULL" for number, text in enumerate(TYPES))
    with scratch(database, tmp_path, "mrt_reflected") as engine, engine.connect() as connection:
        connection.execute(sa.text(f"CREATE TABLE t ({columns})"))
        reflected = [column["type"] for column in sa.inspect(connection).get_columns("t")]
        connection.rollback()
    answers = 0
    for text, real in zip(TYPES, reflected, strict=True):
        kind = kind_of(text, database)
        for name in ASKED:
            said = reflected_as(kind, (name,), database)
            assert said in (None, isinstance(real, getattr(sa, name))), (text, name)
            answers += said is not None
    assert answers >= len(ASKED) * (len(TYPES) - 2)


def test_nothing_is_said_of_other_classes() -> None:
    assert reflected_as(kind_of("text", "postgresql"), ("JSONB",), "postgresql") is None
    assert reflected_as(kind_of("money", "postgresql"), ("Text",), "postgresql") is None
    assert reflected_as(kind_of("text", "oracle"), ("Text",), "oracle") is None
