"""Which type changes write a table anew: the facts as measured (tests/truth/test_rewrites.py measures them)."""

from __future__ import annotations

import pytest

from mrt_lint.schema.rewrites import reindexes, rewrites, widens
from mrt_lint.schema.types import SqlType
from mrt_lint.sql import type_from_sql

KEPT = """
postgresql varchar(50) > varchar(100)
postgresql varchar(50) > varchar
postgresql varchar(50) > text
postgresql text > varchar
postgresql numeric(10,2) > numeric(12,2)
postgresql numeric(10,2) > numeric
postgresql timestamp(3) > timestamp
postgresql time(0) > time
postgresql interval(0) > interval
postgresql varbit(3) > varbit(5)
postgresql cidr > inet
postgresql varchar(3)[] > varchar[]
postgresql bit(3) > varbit
postgresql integer > oid
postgresql xml > text
postgresql timestamptz(0) > timestamptz
mariadb varchar(20) > varchar(50)
mariadb varchar(5) > varchar(31)
mariadb enum('a','b') > enum('a','b','c')
"""
ANEW = """
postgresql integer > bigint
postgresql smallint > integer
postgresql bigint > integer
postgresql varchar(100) > varchar(50)
postgresql text > varchar(5)
postgresql char(5) > varchar(9)
postgresql numeric(10,2) > numeric(12,4)
postgresql numeric(12,2) > numeric(10,2)
postgresql real > double precision
postgresql json > jsonb
postgresql date > timestamp
postgresql uuid > text
postgresql varchar(3)[] > varchar(9)[]
postgresql integer[] > bigint[]
mariadb int > bigint
mariadb int > varchar(20)
mariadb enum('a','b') > enum('b','a')
mariadb varchar(300) > varchar(20)
mariadb text > mediumtext
mariadb date > datetime
mariadb enum('a','b') > enum('a','x','b')
postgresql timestamp(6) > timestamp(3)
postgresql interval > interval(0)
postgresql inet > cidr
postgresql char(5) > char(9)
"""


def _types(line: str) -> tuple[str, SqlType, SqlType]:
    database, _, change = line.partition(" ")
    old, new = (type_from_sql(text, database) for text in change.split(" > "))  # type: ignore[arg-type]
    assert old is not None
    assert new is not None
    return database, old, new


@pytest.mark.parametrize("line", KEPT.strip().splitlines())
def test_what_changes_the_catalogue_alone(line: str) -> None:
    database, old, new = _types(line)
    assert rewrites(old, new, database) is False  # type: ignore[arg-type]


@pytest.mark.parametrize("line", ANEW.strip().splitlines())
def test_what_writes_every_row(line: str) -> None:
    database, old, new = _types(line)
    assert rewrites(old, new, database) is True  # type: ignore[arg-type]
    assert not widens(old, new, database)  # type: ignore[arg-type]


def test_other_databases_are_not_known() -> None:
    _, old, new = _types("postgresql integer > bigint")
    assert rewrites(old, new, "oracle") is None
    assert rewrites(old, old, "postgresql") is False
    assert reindexes(old, old, "postgresql") is False


def test_an_index_is_kept_with_its_table_or_built_anew() -> None:
    for line in ("postgresql varchar(50) > varchar(100)", "postgresql cidr > inet"):
        _, old, new = _types(line)
        assert reindexes(old, new, "postgresql") is False
    for line in ("postgresql integer > bigint", "postgresql bit(3) > varbit(5)"):
        _, old, new = _types(line)
        assert reindexes(old, new, "postgresql") is True
