"""What we say of a condition is what the database says; where we cannot tell, we do not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from mrt_dynamic.seeding.comparing import UNSURE
from mrt_dynamic.seeding.evaluation import evaluate
from mrt_dynamic.seeding.patterns import glob_texts, like_texts, regex_texts
from mrt_dynamic.seeding.reading import condition
from mrt_dynamic.seeding.written import literal
from tests.dynamic.seeding.live import ask, built

ROWS: list[dict[str, Any]] = [
    {
        "i": 5,
        "j": 7,
        "n": Decimal("2.50"),
        "s": "Abc",
        "d": dt.date(2024, 2, 29),
        "t": dt.datetime(2024, 2, 29, 13, 5, 6),
        "b": True,
        "a": ("x", "y"),
        "k": '{"id": 1, "tag": "t"}',
    },
    {
        "i": -8,
        "j": None,
        "n": Decimal("0"),
        "s": "",
        "d": dt.date(1969, 12, 31),
        "t": dt.datetime(2020, 1, 1),
        "b": False,
        "a": (),
        "k": "[1]",
    },
    {"i": None, "j": 0, "n": None, "s": None, "d": None, "t": None, "b": None, "a": None, "k": None},
    {
        "i": 3,
        "j": 3,
        "n": Decimal("-1.25"),
        "s": " x-y_z@w.de ",
        "d": dt.date(2024, 1, 1),
        "t": dt.datetime(1999, 12, 31, 23, 59, 59),
        "b": True,
        "a": ("z",),
        "k": '"v"',
    },
]
TYPES = {
    "i": "integer",
    "j": "integer",
    "n": "numeric",
    "s": "text",
    "d": "date",
    "t": "timestamp",
    "b": "boolean",
    "a": "text[]",
    "k": "jsonb",
}

POSTGRESQL = """i = 5 | i <> 5 | i > j | i >= 3 AND j < 9 | i IS NULL OR j IS NULL | NOT (i > 3) | i BETWEEN 3 AND 5 | i NOT IN (5, 6) | i IN (5, NULL) | i + j = 12 | i - j < 0 | i * j = 35 | i % 5 = 0 | i % 3 = -2 |
    abs(i) > 7 | n > 0 | n = 2.5 | n * 2 = 5 | n <= i | s = 'Abc' | s <> '' | s LIKE 'A%' | s LIKE '_bc' | s NOT LIKE '%b%' | s ILIKE 'aB%' | s ~ '^[A-Z][a-z]+$' | s ~* '^ABC$' | s !~ 'b' |
    length(s) = 3 | char_length(trim(s)) > 3 | octet_length(s) < 4 | lower(s) = 'abc' | upper(s) = s | s = lower(s) | substring(s from 1 for 1) = 'A' | left(s, 1) = 'A' | position('@' in s) > 0 | strpos(s, 'b') = 2 |
    replace(s, 'b', '') = 'Ac' | s || 'd' = 'Abcd' | coalesce(s, 'none') = 'none' | nullif(i, 5) IS NULL | d = '2024-02-29' | d > '2000-01-01' | d < CURRENT_DATE | d >= DATE '2024-01-01' AND d < DATE '2025-01-01' |
    extract(year FROM d) = 2024 | date_part('month', d) = 2 | extract(dow FROM d) = 4 | t > '2020-01-01' | t <= '2024-02-29 13:05:06' | t > d | t < now() | b | NOT b | b IS TRUE | b IS NOT TRUE | b = true | b <> (i = 5) |
    (i IS NULL) <> (j IS NULL) | (i IS NULL) = (s IS NULL) | num_nonnulls(i, j) = 1 | num_nulls(i, j, s) > 1 | i IS DISTINCT FROM j | i IS NOT DISTINCT FROM j | CASE WHEN i > 3 THEN j ELSE i END > 2 |
    cardinality(a) > 0 | array_length(a, 1) = 2 | 'x' = ANY(a) | s = ANY(ARRAY['Abc', 'q']) | i <> ALL(ARRAY[1, 2]) | jsonb_typeof(k) = 'object' | k ? 'id' | (k ->> 'tag') = 't' | (k -> 'id') IS NOT NULL | round(n) = 3 | ceil(n) = 3 |
    floor(n) = -2 | greatest(i, j) = 7 | (s = '') IS NULL | i::text = '5' | s::varchar(10) = 'Abc' | starts_with(s, 'A') | (CASE WHEN i IS NULL THEN 0 ELSE 1 END) + (CASE WHEN j IS NULL THEN 0 ELSE 1 END) = 1"""

SQLITE = "i = 5 | s GLOB '[A-Z]*' | s GLOB '*[^a-z]' | typeof(i) = 'integer' | length(s) = 3 | s LIKE 'abc' | instr(s, 'b') = 2 | ifnull(i, 0) = 0 | i IS NOT j | trim(s) <> '' | json_valid(k) = 1 | substr(s, 1, 1) = 'A' | i % 5 = 0"


def agree(database: str, texts: str, types: dict[str, str], engine_of: Callable[[str], Engine]) -> None:
    wrong, unsure = [], 0
    with built(engine_of(database), database, []) as connection:
        for text in [part.strip() for part in texts.split(" | ")]:
            node = condition(text, database)  # type: ignore[arg-type]
            for row in ROWS:
                given = {name: row[name] for name in types}
                columns = ", ".join(
                    f"CAST({literal(value, database)} AS {types[name]}) AS {name}"
                    for name, value in given.items()
                )  # type: ignore[arg-type]
                expected = ask(connection, f"SELECT {text} FROM (SELECT {columns}) AS r")
                found = evaluate(node, given)
                unsure += found is UNSURE and None not in given.values()
                if (found is not UNSURE and (found is None) is not (expected is None)) or (
                    found is not UNSURE and found is not None and bool(found) is not bool(expected)
                ):
                    wrong.append((text, given, expected, found))
    assert wrong == []
    assert unsure == 0


def test_conditions_mean_what_they_mean_on_postgresql(engine_of: Callable[[str], Engine]) -> None:
    agree("postgresql", POSTGRESQL.replace("\n    ", " "), TYPES, engine_of)


def test_conditions_mean_what_they_mean_on_sqlite(engine_of: Callable[[str], Engine]) -> None:
    types = {"i": "INTEGER", "j": "INTEGER", "s": "TEXT", "k": "TEXT"}
    agree("sqlite", SQLITE, types, engine_of)


@pytest.mark.parametrize(
    "text", ["own_function(i) = 1", "i = (SELECT max(x) FROM y)", "i ~~~ 3", "((", "unknown_column = 1"]
)
def test_what_is_not_known_is_unsure(text: str) -> None:
    assert evaluate(condition(text, "postgresql"), {"i": 1}) is UNSURE


def test_one_side_may_decide_whatever_the_other_is() -> None:
    assert evaluate(condition("i = 2 AND own(i)", "postgresql"), {"i": 1}) is False
    assert evaluate(condition("i = 1 OR own(i)", "postgresql"), {"i": 1}) is True
    assert evaluate(condition("i = 1 AND own(i)", "postgresql"), {"i": 1}) is UNSURE


@pytest.mark.parametrize(
    "pattern",
    [
        "^[A-Z]{3}$",
        r"^\d+$",
        "^[^@]+@[^@]+$",
        "^(a|bc)+-[0-9]{2,4}$",
        "^[[:alpha:]_][[:alnum:]_]*$",
        "x",
        "^$",
        r"^\+?[0-9 ()-]{7,}$",
        r"^\S+\.(jpg|png)$",
        "^[a-f0-9]{8}-[a-f0-9]{4}$",
        "^.{5}$",
        r"^v\d+\.\d+(\.\d+)?$",
    ],
)
def test_texts_match_the_regular_expression(pattern: str, engine_of: Callable[[str], Engine]) -> None:
    texts = {text for number in range(8) for text in regex_texts(pattern, number)}
    assert texts
    with built(engine_of("postgresql"), "postgresql", []) as connection:
        for text in texts:
            query = f"SELECT {literal(text, 'postgresql')}::text ~ {literal(pattern, 'postgresql')}"
            assert ask(connection, query), text
    if pattern not in ("^$", "x"):
        assert len(texts) > 3


@pytest.mark.parametrize("pattern", ["x%", "%@%.%", "a_c", "100\\%%", "", "%"])
def test_texts_match_like(pattern: str, engine_of: Callable[[str], Engine]) -> None:
    with built(engine_of("postgresql"), "postgresql", []) as connection:
        for text in like_texts(pattern, 4):
            assert ask(
                connection,
                f"SELECT {literal(text, 'postgresql')}::text LIKE {literal(pattern, 'postgresql')}",
            ), text


@pytest.mark.parametrize("pattern", ["[A-Z]*", "a?c", "*-[0-9][0-9]", "[^x]*"])
def test_texts_match_glob(pattern: str, engine_of: Callable[[str], Engine]) -> None:
    with built(engine_of("sqlite"), "sqlite", []) as connection:
        for text in glob_texts(pattern, 4):
            assert ask(connection, f"SELECT {literal(text, 'sqlite')} GLOB '{pattern}'"), text


@pytest.mark.parametrize(
    "text", ["call.future.add(lambda _: self.stop())", "VACUUM FULL x", "a = = b", "SHOW x y z", "("]
)
def test_a_condition_that_cannot_be_read_says_nothing(text: str, caplog: pytest.LogCaptureFixture) -> None:
    condition(text, "postgresql")
    assert caplog.records == []
