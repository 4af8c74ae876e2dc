"""Values and names as SQL. Those of Oracle and SQL Server follow their manuals; no server is at hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from mrt_dynamic.plain_sql import quoted, table_of
from mrt_dynamic.seeding.written import Sql, literal
from mrt_lint.schema.names import Name
from tests.backends import DATABASES
from tests.dynamic.seeding.live import ask, built

TEXTS = [
    "",
    "O'Neil",
    "back\\slash",
    "50% :x {} ?",
    "new\nline\ttab",
    "ü \U0001f600 e\u0301",
    "'; DROP TABLE t; --",
    '"quoted"',
    "\\'",
]


@pytest.mark.parametrize("database", DATABASES)
def test_texts_come_back_as_they_were(database: str, engine_of: Callable[[str], Engine]) -> None:
    with built(engine_of(database), database, []) as connection:
        for text in TEXTS:
            cast = "::text" if database == "postgresql" else ""
            assert ask(connection, f"SELECT {literal(text, database)}{cast}") == text  # type: ignore[arg-type]


@pytest.mark.parametrize("mode", ["", "NO_BACKSLASH_ESCAPES", "ANSI_QUOTES"])
def test_mysql_settings_do_not_matter(mode: str, engine_of: Callable[[str], Engine]) -> None:
    with built(engine_of("mariadb"), "mariadb", []) as connection:
        connection.exec_driver_sql(f"SET sql_mode = '{mode}'")
        connection.exec_driver_sql("SET NAMES latin1")
        for text in TEXTS:
            assert ask(connection, f"SELECT HEX({literal(text, 'mariadb')})") == text.encode().hex().upper()


@pytest.mark.parametrize("setting", ["on", "off"])
def test_postgresql_settings_do_not_matter(setting: str, engine_of: Callable[[str], Engine]) -> None:
    with built(engine_of("postgresql"), "postgresql", []) as connection:
        connection.exec_driver_sql(f"SET standard_conforming_strings = {setting}")
        for text in TEXTS:
            assert ask(connection, f"SELECT {literal(text, 'postgresql')}::text") == text


MOMENT = dt.datetime(2024, 2, 29, 13, 5, 6, 70)

OTHERS: list[tuple[Any, str, str]] = [
    (None, "NULL", "NULL"),
    (True, "1", "1"),
    (Decimal("1E+3"), "1000", "1000"),
    (b"\x00\xff", "HEXTORAW('00ff')", "0x00ff"),
    (MOMENT, "TIMESTAMP '2024-02-29 13:05:06.000070'", "'2024-02-29T13:05:06.000070'"),
    (MOMENT.date(), "DATE '2024-02-29'", "'2024-02-29'"),
    ("it's", "'it''s'", "N'it''s'"),
    (Sql("next"), "next", "next"),
]


@pytest.mark.parametrize(("value", "oracle", "mssql"), OTHERS)
def test_oracle_and_sql_server(value: Any, oracle: str, mssql: str) -> None:
    assert literal(value, "oracle") == oracle
    assert literal(value, "mssql") == mssql


def test_names_are_quoted() -> None:
    assert quoted('a"b', "postgresql") == '"a""b"'
    assert quoted("a`b", "mariadb") == "`a``b`"
    assert quoted("a]b", "mssql") == "[a]]b]"
    assert quoted("users", "oracle") == '"USERS"'
    assert table_of(Name("t"), "postgresql") == '"public"."t"'
    assert table_of(Name("t", "s"), "sqlite") == '"s"."t"'
