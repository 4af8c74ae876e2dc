"""Queries of the catalogs as questions to the schema."""

from __future__ import annotations

import pytest

from mrt_lint.ops.guard import Exists
from mrt_lint.schema.names import Name
from mrt_lint.sql.catalog import Enumeration, Question, question
from tests.sql.reading import LITE, MY, PG, T

COLUMN = "FROM information_schema.columns WHERE table_name = 't' AND column_name = 'a'"
A = Exists("column", T, "a")
ASKED = [
    (PG, f"SELECT 1 {COLUMN}", Question(A, "rows", 1)),
    (PG, f"SELECT column_name {COLUMN};", Question(A, "rows", "a")),
    (PG, f"SELECT column_default {COLUMN}", Question(A, "rows")),
    (PG, f"SELECT count(*) {COLUMN}", Question(A, "count")),
    (PG, f"SELECT EXISTS (SELECT 1 {COLUMN})", Question(A, "truth")),
    (PG, "SELECT to_regclass('x.t')", Question(Exists("table", Name("t", "x")), "name", "x.t")),
    (MY, f"SELECT 1 {COLUMN} AND table_schema = DATABASE()", Question(A, "rows", 1)),
    (MY, "SHOW TABLES LIKE 't'", Question(Exists("table", T), "rows")),
    (MY, "SHOW COLUMNS FROM t LIKE 'a'", Question(A, "rows")),
    (MY, "SHOW INDEX FROM t WHERE Key_name = 'i'", Question(Exists("index", T, "i"), "rows")),
    (
        MY,
        "SELECT 1 FROM information_schema.statistics WHERE table_name = 't' AND index_name = 'i'",
        Question(Exists("index", T, "i"), "rows", 1),
    ),
    (
        LITE,
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 't'",
        Question(Exists("table", T), "rows", "t"),
    ),
    (
        LITE,
        "SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = 'i'",
        Question(Exists("index", Name(""), "i"), "rows", 1),
    ),
    (LITE, "PRAGMA table_info(t)", Enumeration("column", T, (1, "name"))),
    (LITE, "PRAGMA table_info('t')", Enumeration("column", T, (1, "name"))),
    (
        PG,
        "SELECT data_type, column_name FROM information_schema.columns WHERE table_name = 't'",
        Enumeration("column", T, (1, "column_name")),
    ),
]
NOT_ASKED = [
    (PG, f"SELECT max(column_name) {COLUMN}"),
    (PG, f"SELECT 1 {COLUMN} AND is_nullable = 'NO'"),
    (PG, f"SELECT 1 {COLUMN} OR table_name = 's'"),
    (PG, "SELECT 1 FROM columns WHERE table_name = 't' AND column_name = 'a'"),
    (PG, f"SELECT 1 {COLUMN.replace(chr(39) + 'a' + chr(39), ':name')}"),
    (PG, "SELECT count(*) FROM t"),
    (PG, "DELETE FROM t"),
    (PG, "nothing that is SQL ("),
    (MY, f"SELECT 1 {COLUMN} AND table_schema = 'shop'"),
    (MY, "SHOW TABLES LIKE 't%'"),
    (LITE, "PRAGMA foreign_keys"),
]


@pytest.mark.parametrize(("dialect", "sql", "expected"), ASKED)
def test_a_query_of_the_catalogs_is_a_question(dialect, sql, expected):
    assert question(sql, dialect) == expected


@pytest.mark.parametrize(("dialect", "sql"), NOT_ASKED)
def test_anything_else_is_none(dialect, sql):
    assert question(sql, dialect) is None
