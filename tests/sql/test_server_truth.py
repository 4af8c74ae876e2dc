"""Canonical SQL against real servers: what they print is what was written, and it computes the same."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from mrt_lint.sql import canonical_default, canonical_text, lower_sql, type_from_sql
from tests.backends import need, scratch
from tests.sql.reading import MY, PG

COLUMNS = {
    "i": "integer",
    "b": "bigint",
    "s": "smallint",
    "n": "numeric(10,2)",
    "d": "double precision",
    "v": "varchar(50)",
    "x": "text",
    "c": "char(3)",
    "f": "boolean",
    "day": "date",
    "ts": "timestamp",
    "tz": "timestamptz",
    "j": "jsonb",
    "arr": "text[]",
    "ints": "integer[]",
    "u": "uuid",
    "mood": "mood",
    "iv": "interval",
    '"Mixed"': "text",
    '"order"': "integer",
}
TYPES = {name.strip('"'): type_from_sql(text, PG) for name, text in COLUMNS.items()}

CHECKS = [
    "i > 0",
    "i >= 0 AND i <= 100",
    "i BETWEEN 1 AND 10",
    "i NOT BETWEEN 1 AND 10",
    "i IN (1, 2, 3)",
    "i NOT IN (1, 2)",
    "i <> 5",
    "i != 5",
    "NOT (i = 5)",
    "v IN ('a', 'b')",
    "v NOT IN ('a', 'b')",
    "v = 'x'",
    "v <> ''",
    "x = ANY (ARRAY['a', 'b'])",
    "x <> ALL (ARRAY['a', 'b'])",
    "x IN ('a')",
    "mood IN ('sad', 'ok')",
    "mood = 'sad'",
    "mood <> 'ok'::mood",
    "length(v) > 3",
    "char_length(x) > 3",
    "lower(v) = v",
    "v ~ '^[a-z]+$'",
    "x !~ 'q'",
    "x ~* 'abc'",
    "v LIKE 'a%'",
    "x NOT LIKE '%b'",
    "x ILIKE 'a_'",
    "x LIKE 'a!_%' ESCAPE '!'",
    "x SIMILAR TO 'a|b'",
    "i IS NOT NULL OR b IS NULL",
    "(i IS NULL) <> (b IS NULL)",
    "i + b * 2 > 10",
    "(i + b) * 2 > 10",
    "n > 0",
    "n >= 0.5",
    "d > 1",
    "d > 1.5",
    "n > i",
    "b > 5000000000",
    "i > -1",
    "s > 0",
    "s IN (1, 2)",
    "b IN (1, 2)",
    "n IN (1, 2.5)",
    "day > '2020-01-01'",
    "ts > '2020-01-01 00:00:00'",
    "tz < now()",
    "j ? 'a'",
    "j @> '{\"a\": 1}'",
    "j ->> 'a' = 'x'",
    "(j -> 'a' ->> 'b') IS NOT NULL",
    "j #>> '{a,b}' = 'c'",
    "coalesce(j ->> 'a', '') <> ''",
    "jsonb_typeof(j) = 'object'",
    "arr @> ARRAY['x']",
    "cardinality(ints) < 5",
    "array_length(ints, 1) > 0",
    "i = ANY (ints)",
    "u = '00000000-0000-0000-0000-000000000000'",
    "CASE WHEN f THEN i > 0 ELSE i < 0 END",
    "f",
    "NOT f",
    "f IS TRUE",
    "f IS NOT FALSE",
    "f = true",
    "upper(\"Mixed\") = 'A'",
    '"order" > 0',
    "c = 'abc'",
    "num_nonnulls(i, b) = 1",
    "x IS DISTINCT FROM v",
    "i % 2 = 0",
    "i & 1 = 0",
    "substring(x from 1 for 2) = 'ab'",
    "trim(x) <> ''",
    "extract(year from day) > 2000",
    "ts - interval '1 day' < tz",
    "iv > interval '2 hours'",
    "iv < interval '7 days'",
    "day + 1 > day",
    "v || 'x' = x",
    "position('@' in x) > 1",
    "date_trunc('month', ts) = ts",
    "(i > 0 AND b > 0) OR (i < 0 AND b < 0)",
    "i > 0 AND (b > 0 OR s > 0) AND n > 0",
    "x COLLATE \"C\" > 'a'",
    r"x ~ E'\\d+'",
    "x = 'it''s'",
    "abs(i) > 1",
    "i::text = '5'",
    "x::integer > 5",
    "- i < 0",
    "length(v) <= 50 AND v = upper(v)",
    "x = any('{a,b}'::text[])",
]

DEFAULTS = [
    ("i", "0"),
    ("i", "-1"),
    ("i", "(1 + 2)"),
    ("i", "nextval('sq')"),
    ("i", "nextval('sq'::regclass)"),
    ("b", "5000000000"),
    ("b", "0"),
    ("s", "1"),
    ("n", "0"),
    ("n", "1.5"),
    ("n", "-1.5"),
    ("d", "0.5"),
    ("v", "'x'"),
    ("v", "'active'::character varying"),
    ("x", "''"),
    ("x", "'a' || 'b'"),
    ("x", "md5(random()::text)"),
    ("x", "current_user"),
    ("x", "'random()'"),
    ("f", "true"),
    ("f", "'t'"),
    ("tz", "now()"),
    ("tz", "CURRENT_TIMESTAMP"),
    ("tz", "now() + interval '1 day'"),
    ("tz", "'infinity'"),
    ("tz", "clock_timestamp()"),
    ("ts", "timezone('utc', now())"),
    ("ts", "now() at time zone 'utc'"),
    ("day", "CURRENT_DATE"),
    ("j", "'{}'"),
    ("j", "'[]'::jsonb"),
    ("arr", "'{}'"),
    ("arr", "ARRAY[]::text[]"),
    ("u", "gen_random_uuid()"),
    ("mood", "'ok'"),
    ("mood", "'ok'::mood"),
    ("iv", "'1 day'"),
    ("iv", "interval '2 days'"),
    ("c", "'ab'"),
]

INDEXES = [
    "(v)",
    "(v DESC)",
    "(v DESC NULLS LAST, i)",
    "(i ASC NULLS FIRST)",
    "((i + b))",
    "(coalesce(v, ''))",
    "(v varchar_pattern_ops)",
    "(lower(x) text_pattern_ops)",
    '(x COLLATE "C")',
    "((j ->> 'a'))",
    '("Mixed")',
    '("order" DESC)',
    '(upper("Mixed"), i)',
    "(date_trunc('day', ts))",
    "(i) WHERE f",
    "(i) WHERE f IS TRUE AND v = 'x'",
    "(i) WHERE v IN ('a','b')",
    "(i) INCLUDE (b) WHERE tz IS NULL",
]


@pytest.fixture(scope="module")
def postgresql(tmp_path_factory) -> Iterator:
    need("postgresql")
    with scratch("postgresql", tmp_path_factory.mktemp("pg"), "mrt_sql") as engine:
        connection = engine.raw_connection()
        connection.driver_connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')")
        cursor.execute("CREATE SEQUENCE sq")
        cursor.execute(f"CREATE TABLE t ({', '.join(f'{name} {text}' for name, text in COLUMNS.items())})")
        yield cursor
        connection.close()


def printed(cursor, query) -> str:
    cursor.execute(query)
    (text,) = cursor.fetchone()
    return text


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_as_postgresql_prints_it(postgresql, check):
    postgresql.execute(f"ALTER TABLE t ADD CONSTRAINT k CHECK ({check})")
    text = printed(postgresql, "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'k'")
    postgresql.execute("ALTER TABLE t DROP CONSTRAINT k")
    assert canonical_text(text.removeprefix("CHECK "), PG, TYPES) == canonical_text(check, PG, TYPES)


@pytest.mark.parametrize(("column", "default"), DEFAULTS)
def test_a_default_as_postgresql_prints_it(postgresql, column, default):
    postgresql.execute(f"ALTER TABLE t ALTER {column} SET DEFAULT {default}")
    text = printed(
        postgresql, "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 't'::regclass"
    )
    postgresql.execute(f"ALTER TABLE t ALTER {column} DROP DEFAULT")
    assert canonical_default(text, PG, TYPES[column]) == canonical_default(default, PG, TYPES[column])


@pytest.mark.parametrize("parts", INDEXES)
def test_an_index_as_postgresql_prints_it(postgresql, parts):
    postgresql.execute(f"CREATE INDEX k ON t {parts}")
    text = printed(postgresql, "SELECT pg_get_indexdef('k'::regclass)")
    postgresql.execute("DROP INDEX k")
    (written,) = lower_sql(f"CREATE INDEX k ON t {parts}", (PG,), {})
    (read,) = lower_sql(text, (PG,), {})
    assert read.index.columns == written.index.columns
    assert read.index.include == written.index.include
    assert canonical_text(read.index.where or "", PG, TYPES) == canonical_text(
        written.index.where or "", PG, TYPES
    )


class Expressions:
    """Random expressions over `i`, `k` (numbers), `f` (boolean) and `x` (text), without needless brackets."""

    def __init__(
        self, seed: int, arithmetic: list[str], boolean: list[str], joined: str, text: list[str]
    ) -> None:
        self.random = random.Random(seed)
        self.arithmetic = arithmetic
        self.boolean = boolean
        self.joined = joined
        self.text = text

    def any(self) -> str:
        pick = self.random.choice([self.number, self.condition, self.words])
        return pick(self.random.randint(1, 4))

    def number(self, depth: int) -> str:
        kind = self.random.random() if depth > 0 else 0
        if kind < 0.25:
            return self.random.choice(["1", "2", "0", "-1", "5", "i", "k", "2.5", "NULL"])
        if kind < 0.75:
            return f"{self.number(depth - 1)} {self.random.choice(self.arithmetic)} {self.number(depth - 1)}"
        if kind < 0.85:
            return f"({self.number(depth - 1)})"
        if kind < 0.9:
            return f"- {self.number(depth - 1)}"
        if kind < 0.95:
            return f"abs({self.number(depth - 1)})"
        return f"CASE WHEN {self.condition(depth - 1)} THEN {self.number(depth - 1)} ELSE i END"

    def words(self, depth: int) -> str:
        kind = self.random.random() if depth > 0 else 0
        if kind < 0.4:
            return self.random.choice(["'a'", "'ab'", "x", "'A%'", "''", "'1'"])
        if kind < 0.7:
            return self.joined.format(self.words(depth - 1), self.words(depth - 1))
        return f"({self.words(depth - 1)})" if kind < 0.85 else f"lower({self.words(depth - 1)})"

    def condition(self, depth: int) -> str:
        kind = self.random.random() if depth > 0 else 0
        choose = self.random.choice
        number = self.number
        if kind < 0.1:
            return choose(["TRUE", "FALSE", "f", "NULL", "i > 0", "x IS NULL"])
        if kind < 0.3:
            return f"{number(depth - 1)} {choose(['=', '<>', '<', '>=', '!='])} {number(depth - 1)}"
        if kind < 0.4:
            return f"{self.words(depth - 1)} {choose(self.text)} {self.words(depth - 1)}"
        if kind < 0.6:
            return f"{self.condition(depth - 1)} {choose(self.boolean)} {self.condition(depth - 1)}"
        if kind < 0.68:
            return f"NOT {self.condition(depth - 1)}"
        if kind < 0.75:
            return f"({self.condition(depth - 1)})"
        if kind < 0.8:
            low, high = number(depth - 2), number(depth - 2)
            return f"{number(depth - 1)} {choose(['', 'NOT '])}BETWEEN {low} AND {high}"
        if kind < 0.88:
            return f"{number(depth - 1)} {choose(['', 'NOT '])}IN ({number(depth - 2)}, {number(depth - 2)})"
        if kind < 0.94:
            return f"{number(depth - 1)} IS {choose(['', 'NOT '])}NULL"
        return f"{self.condition(depth - 1)} IS {choose(['', 'NOT '])}{choose(['TRUE', 'FALSE', 'UNKNOWN'])}"


ROWS = (
    "(SELECT 3 AS i, -2 AS k, TRUE AS f, 'ab' AS x UNION ALL SELECT 0, 7, FALSE, 'A'"
    " UNION ALL SELECT NULL, 1, NULL, NULL) r"
)


def same_values(cursor, error, expressions, dialect) -> int:
    """Returns how many of 1500 expressions could be computed; asserts that canonical text gives the same."""
    computed = 0
    for _ in range(1500):
        text = expressions.any()
        try:
            cursor.execute(f"SELECT {text} FROM {ROWS}")
        except error:
            continue
        expected = cursor.fetchall()
        written = canonical_text(text, dialect)
        cursor.execute(f"SELECT {written} FROM {ROWS}")
        assert cursor.fetchall() == expected, (text, written)
        computed += 1
    return computed


def test_canonical_text_computes_the_same_in_postgresql(postgresql):
    import psycopg

    expressions = Expressions(
        1,
        ["+", "-", "*", "/", "%"],
        ["AND", "OR"],
        "{} || {}",
        ["=", "LIKE", "NOT LIKE", "ILIKE", "<"],
    )
    assert same_values(postgresql, psycopg.Error, expressions, PG) > 1000


@pytest.fixture(scope="module")
def mariadb(tmp_path_factory) -> Iterator:
    need("mariadb")
    with scratch("mariadb", tmp_path_factory.mktemp("my"), "mrt_sql") as engine:
        connection = engine.raw_connection()
        cursor = connection.cursor()
        cursor.execute(
            "CREATE TABLE t (i int, b bigint, v varchar(50), f tinyint(1), d date, `Order` int, e"
            " enum('a','b'))"
        )
        yield cursor
        connection.close()


def test_canonical_text_computes_the_same_in_mariadb(mariadb):
    import pymysql

    expressions = Expressions(
        2,
        ["+", "-", "*", "/", "%", "DIV", "MOD", "&", "|", "^", "<<"],
        ["AND", "OR", "XOR", "&&", "||"],
        "concat({}, {})",
        ["=", "LIKE", "NOT LIKE", "<"],
    )
    assert same_values(mariadb, pymysql.Error, expressions, MY) > 1000


MARIADB_CHECKS = [
    "i > 0",
    "i BETWEEN 1 AND 5",
    "i NOT BETWEEN 1 AND 5",
    "v IN ('a', 'b')",
    "v <> ''",
    "NOT (i = 1)",
    "i > 0 AND (b > 0 OR f = 1)",
    "i + b * 2 > 10",
    "(i + b) * 2 > 10",
    "`Order` >= 1",
    "char_length(v) > 2",
    "v LIKE 'a%'",
    "i IS NOT NULL OR b IS NULL",
    "e = 'a'",
    "d > '2020-01-01'",
    "f = TRUE",
    "coalesce(v, 'x') <> 'y'",
]


@pytest.mark.parametrize("check", MARIADB_CHECKS)
def test_a_check_as_mariadb_prints_it(mariadb, check):
    mariadb.execute(f"ALTER TABLE t ADD CONSTRAINT k CHECK ({check})")
    mariadb.execute(
        "SELECT check_clause FROM information_schema.check_constraints"
        " WHERE constraint_name = 'k' AND constraint_schema = database()"
    )
    (text,) = mariadb.fetchone()
    mariadb.execute("ALTER TABLE t DROP CONSTRAINT k")
    assert canonical_text(text, "mariadb") == canonical_text(check, "mariadb")


MARIADB_DEFAULTS = [
    ("int", "0"),
    ("int", "'5'"),
    ("int", "-1"),
    ("varchar(5)", "'x'"),
    ("varchar(5)", "'it''s'"),
    ("tinyint(1)", "TRUE"),
    ("datetime", "CURRENT_TIMESTAMP"),
    ("datetime", "now()"),
    ("datetime(6)", "now(6)"),
    ("decimal(5,2)", "1.5"),
    ("enum('a','b')", "'a'"),
    ("varchar(40)", "(uuid())"),
    ("date", "'2020-01-01'"),
]


@pytest.mark.parametrize(("type_", "default"), MARIADB_DEFAULTS)
def test_a_default_as_mariadb_prints_it(mariadb, type_, default):
    mariadb.execute(f"ALTER TABLE t ADD COLUMN q {type_} DEFAULT {default}")
    mariadb.execute(
        "SELECT column_default FROM information_schema.columns"
        " WHERE table_schema = database() AND table_name = 't' AND column_name = 'q'"
    )
    (text,) = mariadb.fetchone()
    mariadb.execute("ALTER TABLE t DROP COLUMN q")
    known = type_from_sql(type_, "mariadb")
    assert canonical_default(text, "mariadb", known) == canonical_default(default, "mariadb", known)
