"""What is said of reflected types agrees with SQLAlchemy's own classes; where nothing is known, nothing is said."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from mrt_lint.schema.reflected_types import reflected_as
from mrt_lint.schema.types import SqlType

CLASSES = (
    "Text",
    "String",
    "Integer",
    "BigInteger",
    "SmallInteger",
    "Boolean",
    "Date",
    "DateTime",
    "Numeric",
)
KINDS = {
    "text": sa.TEXT,
    "varchar": sa.VARCHAR,
    "char": sa.CHAR,
    "integer": sa.INTEGER,
    "bigint": sa.BIGINT,
    "smallint": sa.SMALLINT,
    "boolean": sa.BOOLEAN,
    "date": sa.DATE,
    "timestamp": sa.TIMESTAMP,
    "numeric": sa.NUMERIC,
}


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("asked", CLASSES)
def test_it_is_what_the_class_is(name: str, asked: str) -> None:
    expected = issubclass(KINDS[name], getattr(sa, asked))
    assert reflected_as(SqlType(name), (asked,), "postgresql") is expected
    assert reflected_as(SqlType(name), (asked,), "sqlite") is expected


def test_one_of_several_is_enough() -> None:
    assert reflected_as(SqlType("bigint"), ("Text", "Integer"), "postgresql") is True


def test_nothing_is_said_where_nothing_is_known() -> None:
    assert reflected_as(SqlType("varchar"), ("String",), "oracle") is None
    assert reflected_as(SqlType("hstore"), ("String",), "postgresql") is None
    assert reflected_as(SqlType("boolean"), ("Boolean",), "mysql") is None
    assert reflected_as(SqlType("text"), ("Text", "Encrypted"), "postgresql") is True
    assert reflected_as(SqlType("date"), ("Encrypted",), "postgresql") is None
