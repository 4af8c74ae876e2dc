"""SQL types in their canonical spelling."""

from __future__ import annotations

import pytest

from mrt_lint.schema.types import SqlType, sql_type
from mrt_lint.sql import type_from_sql
from tests.sql.reading import INT, LITE, MS, MY, ORA, PG, TEXT, varchar

TYPES = [
    (PG, "int", INT),
    (PG, "INTEGER", INT),
    (PG, "int4", INT),
    (PG, "pg_catalog.int4", INT),
    (PG, "int8", sql_type("bigint")),
    (PG, "int2", sql_type("smallint")),
    (PG, "character varying(20)", varchar(20)),
    (PG, "varchar", sql_type("varchar")),
    (PG, "char(3)", sql_type("char", 3)),
    (PG, "character(3)", sql_type("char", 3)),
    (PG, '"char"', SqlType('"char"')),
    (PG, "bpchar", sql_type("char")),
    (PG, "double precision", sql_type("double")),
    (PG, "float", sql_type("double")),
    (PG, "float(24)", sql_type("real")),
    (PG, "float(25)", sql_type("double")),
    (PG, "float8", sql_type("double")),
    (PG, "float4", sql_type("real")),
    (PG, "decimal(10, 2)", sql_type("numeric", 10, 2)),
    (PG, "numeric(4,-2)", sql_type("numeric", 4, -2)),
    (PG, "bool", sql_type("boolean")),
    (PG, "timestamp", sql_type("timestamp")),
    (PG, "timestamp(3) without time zone", sql_type("timestamp", 3)),
    (PG, "timestamp with time zone", sql_type("timestamptz")),
    (PG, "timestamp(3) with time zone", sql_type("timestamptz", 3)),
    (PG, "timestamptz(3)", sql_type("timestamptz", 3)),
    (PG, "time with time zone", sql_type("timetz")),
    (PG, "interval", sql_type("interval")),
    (PG, "interval(3)", sql_type("interval", 3)),
    (PG, "interval day to second(3)", sql_type("interval", "day to second", 3)),
    (PG, "bit varying(5)", sql_type("varbit", 5)),
    (PG, "text[]", SqlType("text", element=TEXT)),
    (PG, "text[3][4]", SqlType("text", element=TEXT)),
    (PG, "text ARRAY", SqlType("text", element=TEXT)),
    (PG, "integer array[4]", SqlType("integer", element=INT)),
    (PG, "_text", SqlType("text", element=TEXT)),
    (PG, "_status", SqlType("_status")),
    (PG, "varchar(5)[]", SqlType("varchar", element=varchar(5))),
    (PG, "Status", SqlType("status")),
    (PG, 'x."Status"', SqlType("Status", schema="x")),
    (PG, "geometry(Point, 4326)", SqlType("geometry", ("point", 4326))),
    (PG, 'text COLLATE "C"', SqlType("text", collation="C")),
    (PG, "bigserial", SqlType("bigserial")),
    (MY, "int(11)", INT),
    (MY, "int unsigned", SqlType("integer", unsigned=True)),
    (MY, "bigint(20) unsigned zerofill", SqlType("bigint", unsigned=True)),
    (MY, "tinyint(1)", sql_type("boolean")),
    (MY, "bool", sql_type("boolean")),
    (MY, "tinyint(4)", sql_type("tinyint")),
    (MY, "mediumint", sql_type("mediumint")),
    (MY, "real", sql_type("double")),
    (MY, "float(7,2)", SqlType("float", (7, 2))),
    (MY, "float(30)", sql_type("double")),
    (MY, "fixed(5,2)", sql_type("numeric", 5, 2)),
    (MY, "enum('a','b''c')", SqlType("enum", labels=("a", "b'c"))),
    (MY, "set('a')", SqlType("set", labels=("a",))),
    (
        MY,
        "varchar(5) character set latin1 collate latin1_bin",
        SqlType("varchar", (5,), collation="latin1_bin"),
    ),
    (MY, "varchar(5) charset latin1", SqlType("varchar", (5,), collation="latin1")),
    (MY, "year(4)", SqlType("year")),
    (MY, "datetime(6)", SqlType("datetime", (6,))),
    (MY, "national varchar(5)", varchar(5)),
    (MY, "long varchar", sql_type("mediumtext")),
    (LITE, "VARCHAR(5)", varchar(5)),
    (LITE, "UNSIGNED BIG INT", SqlType("unsigned big int")),
    (LITE, "my own type(1, 2)", SqlType("my own type", (1, 2))),
    (LITE, "DOUBLE PRECISION", sql_type("double")),
    (MS, "nvarchar(max)", sql_type("varchar", "max")),
    (MS, "[int]", INT),
    (MS, "datetime2(7)", SqlType("datetime2", (7,))),
    (MS, "float", SqlType("float")),
    (ORA, "VARCHAR2(10 CHAR)", varchar(10)),
    (ORA, "NUMBER(10,2)", sql_type("numeric", 10, 2)),
    (ORA, "TIMESTAMP WITH LOCAL TIME ZONE", SqlType("timestamp with local time zone")),
    (ORA, "LONG RAW", SqlType("long raw")),
]


@pytest.mark.parametrize(("dialect", "text", "expected"), TYPES, ids=[f"{row[0]}: {row[1]}" for row in TYPES])
def test_type(dialect, text, expected):
    assert type_from_sql(text, dialect) == expected


@pytest.mark.parametrize("text", ["", "1", "int int", "varchar(", "int)", "'x'", "text[", "(int)"])
def test_what_is_no_type(text):
    assert type_from_sql(text, PG) is None


def test_mariadb_is_read_as_mysql():
    assert type_from_sql("tinyint(1)", "mariadb") == sql_type("boolean")
