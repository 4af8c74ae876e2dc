"""Canonical SQL: equal texts get one spelling, different ones never."""

from __future__ import annotations

from itertools import combinations

import pytest

from mrt_lint.schema.types import SqlType, sql_type
from mrt_lint.sql import canonical_default, canonical_text
from tests.sql.reading import LITE, MS, MY, ORA, PG

TYPES = {
    "v": sql_type("varchar", 20),
    "x": sql_type("text"),
    "i": sql_type("integer"),
    "n": sql_type("numeric"),
    "mood": SqlType("mood"),
    "day": sql_type("date"),
}

EQUAL = [
    (PG, ["A > 0", "a>0", "(a > 0)", "((a) > (0))", '"a" > 0', "a /* x */ > 0"]),
    (PG, ["a <> 1", "a != 1", "NOT a = 1", "NOT (a = 1)"]),
    (PG, ["a IN (1, 2)", "a = ANY (ARRAY[1, 2])", "(a = any(array[1,2]))"]),
    (PG, ["a NOT IN (1, 2)", "a <> ALL (ARRAY[1, 2])", "NOT a IN (1, 2)"]),
    (
        PG,
        [
            "a = 'x'",
            "a IN ('x')",
            "a = 'x'::text",
            "a = 'x'::character varying",
            "a = ANY (ARRAY['x'::text])",
        ],
    ),
    (
        PG,
        [
            "a = ANY (ARRAY['x', 'y'])",
            "a = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[])",
        ],
    ),
    (PG, ["a::int", "CAST(a AS integer)", "cast(a as INT4)", "(a)::integer"]),
    (PG, ["now()", "CURRENT_TIMESTAMP", "current_timestamp", "NOW()", "transaction_timestamp()"]),
    (PG, ["true", "TRUE", "'t'::boolean", "'true'::bool"]),
    (PG, ["a LIKE 'x'", "a ~~ 'x'", "(a ~~ 'x'::text)"]),
    (PG, ["a NOT LIKE 'x'", "a !~~ 'x'", "NOT (a LIKE 'x')"]),
    (PG, ["a ILIKE 'x'", "a ~~* 'x'"]),
    (PG, ["a LIKE 'x' ESCAPE '!'", "a ~~ like_escape('x'::text, '!'::text)"]),
    (PG, ["a IS NOT NULL", "a NOTNULL"]),
    (PG, ["a BETWEEN 1 AND 2", "a >= 1 AND a <= 2", "((a >= 1) AND (a <= 2))"]),
    (PG, ["a NOT BETWEEN 1 AND 2", "a < 1 OR a > 2"]),
    (PG, ["a AND b AND c", "(a AND b) AND c", "a AND (b AND c)"]),
    (PG, ["a + b + c", "(a + b) + c"]),
    (PG, ["a * b + c", "(a * b) + c"]),
    (PG, ["a OR b AND c", "a OR (b AND c)"]),
    (PG, ["NOT a AND b", "(NOT a) AND b", "(NOT (a)) AND (b)"]),
    (PG, ["-1", "'-1'::integer", "- 1", "(-1)"]),
    (PG, ["5000000000", "'5000000000'::bigint"]),
    (PG, ["n > 0", "n > (0)::numeric"]),
    (PG, ["nextval('s')", "nextval('s'::regclass)"]),
    (PG, ["interval '1 day'", "'1 day'::interval"]),
    (PG, ["interval '2 hours'", "'02:00:00'::interval"]),
    (PG, ["timezone('utc', a)", "a AT TIME ZONE 'utc'", "timezone('utc'::text, a)"]),
    (PG, ["$$x$$", "'x'", "E'x'"]),
    (PG, ["trim(a)", "TRIM(BOTH FROM a)"]),
    (PG, ["extract(epoch from a)", "EXTRACT(EPOCH FROM a)"]),
    (PG, ["date '2020-01-01'", "'2020-01-01'::date", "CAST('2020-01-01' AS date)"]),
    (PG, ["lower(a)", "LOWER(A)", 'lower("a")']),
    (PG, ["a #>> '{b}'", "a #>> '{b}'::text[]"]),
    (PG, ["SELECT a FROM t", "select A from T;".rstrip(";"), 'SELECT "a"\nFROM "t"']),
    (MY, ["`a` > 0", "A>0", "(a > 0)"]),
    (MY, ["now()", "CURRENT_TIMESTAMP", "current_timestamp()", "LOCALTIME", "localtimestamp()"]),
    (MY, ["now(6)", "CURRENT_TIMESTAMP(6)"]),
    (MY, ["true", "1"]),
    (MY, ["_utf8mb4'x'", "'x'", '"x"']),
    (MY, ["a <> 1", "a != 1", "NOT (a = 1)"]),
    (MY, ["a IS NOT NULL", "NOT a IS NULL", "NOT (a IS NULL)"]),
    (LITE, ['"A" > 0', "[a] > 0", "a > 0"]),
    (MS, ["[a] > 0", "((a)>(0))"]),
    (MS, ["getdate()", "(GETDATE())"]),
    (ORA, ["a > 0", "A > 0", '"A" > 0']),
]


@pytest.mark.parametrize(("dialect", "texts"), EQUAL, ids=[f"{row[0]}: {row[1][0]}" for row in EQUAL])
def test_equal_texts_have_one_spelling(dialect, texts):
    assert len({canonical_text(text, dialect) for text in texts}) == 1


DIFFERENT = [
    (PG, ["a > 0", "a >= 0", "b > 0", "a > 1", '"A" > 0']),
    (PG, ["a - (b - c)", "a - b - c"]),
    (PG, ["a OR b AND c", "(a OR b) AND c"]),
    (PG, ["NOT a AND b", "NOT (a AND b)"]),
    (PG, ["a::text = 'x'", "a = 'x'"]),
    (PG, ["('now'::text)::date", "'now'::date"]),
    (PG, ["nextval('s')", "nextval('s'::text)"]),
    (PG, ["'a'", "'A'", "'a '", "'b'"]),
    (PG, ["now()", "clock_timestamp()", "statement_timestamp()", "CURRENT_DATE", "current_timestamp(3)"]),
    (PG, ["a LIKE 'x'", "a ILIKE 'x'", "a ~ 'x'", "a ~* 'x'"]),
    (PG, ["a = 1", "a IS NOT DISTINCT FROM 1"]),
    (PG, ["ROW(a, b) IS NOT NULL", "NOT (ROW(a, b) IS NULL)"]),
    (PG, ["a IN ('x', 'y')", "a IN ('y', 'x')"]),
    (PG, ["a / 2", "a / 2::numeric"]),
    (PG, ["'5'::integer", "'05'"]),
    (PG, ["a -> 'b'", "a ->> 'b'", "a -> 0", "a -> '0'"]),
    (PG, ["(a).b", "a.b"]),
    (PG, ["f(a)", "x.f(a)", '"F"(a)']),
    (PG, ["to_char(a, 'YYYY')", "to_char(a, 'yyyy')", "to_char(a, 'FMMonth')"]),
    (PG, ["a COLLATE \"C\" > 'x'", "a > 'x'", "a COLLATE \"en_US\" > 'x'"]),
    (PG, ["length(a)", "char_length(a)", "octet_length(a)"]),
    (PG, ["a > '1 day'::interval", "a > '2 days'::interval"]),
    (PG, ["sum(a)", "sum(DISTINCT a)", "sum(a) FILTER (WHERE b)", "sum(a) OVER (PARTITION BY b)"]),
    (
        PG,
        [
            "SELECT a FROM t",
            "SELECT DISTINCT a FROM t",
            "SELECT a FROM t LIMIT 1",
            "SELECT a FROM x.t",
            "SELECT a AS b FROM t",
        ],
    ),
    (PG, ["SELECT 1 UNION SELECT 2", "SELECT 1 UNION ALL SELECT 2"]),
    (MY, ["a || b", "concat(a, b)"]),
    (MY, ["length(a)", "char_length(a)"]),
    (MY, ["'a'", "'A'"]),
    (MY, ["now()", "now(3)", "utc_timestamp()"]),
    (MY, ["SELECT a FROM T", "SELECT a FROM t"]),
]


@pytest.mark.parametrize(("dialect", "texts"), DIFFERENT, ids=[f"{row[0]}: {row[1][0]}" for row in DIFFERENT])
def test_different_texts_stay_different(dialect, texts):
    for left, right in combinations(texts, 2):
        assert canonical_text(left, dialect) != canonical_text(right, dialect), (left, right)


TYPED = [
    ("(v)::text = 'x'::text", "v = 'x'"),
    (
        "((v)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[]))",
        "v IN ('x', 'y')",
    ),
    ("lower((v)::text)", "lower(v)"),
    ("mood = 'ok'::mood", "mood = 'ok'"),
    ("mood = ANY (ARRAY['sad'::mood, 'ok'::mood])", "mood IN ('sad', 'ok')"),
    ("n > (i)::numeric", "n > i"),
    ("day > '2020-01-01'::date", "day > '2020-01-01'"),
    ("(n * (2)::numeric)", "n * 2"),
]


@pytest.mark.parametrize(("printed", "written"), TYPED)
def test_with_the_columns_types_the_casts_of_postgresql_are_recognised(printed, written):
    assert canonical_text(printed, PG, TYPES) == canonical_text(written, PG, TYPES)
    assert canonical_text(printed, PG) != canonical_text(written, PG)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("i::text = '5'", "i = '5'"),
        ("i / n::integer", "i / n"),
        ("i / 2::numeric", "i / 2"),
        ("n * 2.5::integer", "n * 2.5"),
        ("day > '2020-01-01'::timestamp", "day > '2020-01-01'"),
        ("mood = 'ok'::other_mood", "mood = 'ok'"),
        ("v::char(3) = 'x'", "v = 'x'"),
    ],
)
def test_a_cast_that_changes_something_stays(left, right):
    assert canonical_text(left, PG, TYPES) != canonical_text(right, PG, TYPES)


DEFAULTS = [
    (PG, "'x'::character varying", sql_type("varchar", 20), "'x'"),
    (PG, "'new'::status", SqlType("status"), "'new'"),
    (PG, "'new'::public.status", SqlType("status"), "'new'"),
    (PG, "'new'::other", SqlType("status"), "CAST('new' AS other)"),
    (PG, "'{}'::jsonb", sql_type("jsonb"), "'{}'"),
    (PG, "'{}'::text[]", SqlType("text", element=sql_type("text")), "'{}'"),
    (PG, "'0'", sql_type("integer"), "0"),
    (PG, "'-1.5'::numeric", sql_type("numeric", 10, 2), "-1.5"),
    (PG, "'t'", sql_type("boolean"), "TRUE"),
    (PG, "0", sql_type("boolean"), "0"),
    (PG, "'x'", sql_type("integer"), "'x'"),
    (PG, "'2020-01-01'::date", sql_type("date"), "'2020-01-01'"),
    (PG, "now()", sql_type("timestamptz"), "CURRENT_TIMESTAMP"),
    (PG, "'random()'", sql_type("text"), "'random()'"),
    (PG, "'x'::character varying", None, "'x'"),
    (MY, "'0'", sql_type("boolean"), "0"),
    (MY, "TRUE", sql_type("boolean"), "1"),
    (MY, "current_timestamp()", sql_type("timestamp"), "CURRENT_TIMESTAMP"),
    (MS, "((0))", sql_type("integer"), "0"),
    (MS, "('x')", sql_type("varchar", 5), "'x'"),
    (LITE, "'5'", sql_type("integer"), "5"),
    (LITE, "'x'", sql_type("varchar", 5), "'x'"),
]


@pytest.mark.parametrize(
    ("dialect", "text", "type_", "expected"), DEFAULTS, ids=[f"{row[0]}: {row[1]}" for row in DEFAULTS]
)
def test_default(dialect, text, type_, expected):
    assert canonical_default(text, dialect, type_) == expected


@pytest.mark.parametrize("text", ["a >", "(", "'", "a b c d", ")", "SELECT", "$$", "a ~~~ b", "", "é"])
@pytest.mark.parametrize("dialect", [PG, MY, LITE, ORA, MS])
def test_what_cannot_be_parsed_keeps_its_text(dialect, text):
    assert canonical_text(text, dialect) == canonical_text(f"  {text} ", dialect)
    canonical_default(text, dialect)


def test_quotes_stay_where_they_are_needed():
    assert canonical_text('"order" > 0', PG) == '"order" > 0'
    assert canonical_text('"comment" > 0', PG) == "comment > 0"
    assert canonical_text("`order` > 0", MY) == "`order` > 0"
    assert canonical_text('"a b" > 0', PG) == '"a b" > 0'
    assert canonical_text('"é" > 0', PG) == '"é" > 0'


def test_user_is_a_function_in_postgresql_and_a_column_in_quotes():
    assert canonical_text('"user" = 1', PG) != canonical_text("user = 1", PG)
    assert canonical_text("`user` = 1", MY) == canonical_text("user = 1", MY)
