"""What type changes do to values, against what the databases' manuals and servers say."""

from __future__ import annotations

import pytest

from mrt_lint.schema.casts import cast_effect, chain_effect
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import UNKNOWN
from mrt_lint.schema.types import SqlType, sql_type

TYPES = {
    "v20": sql_type("varchar", 20),
    "v50": sql_type("varchar", 50),
    "text": sql_type("text"),
    "char5": sql_type("char", 5),
    "int2": sql_type("smallint"),
    "int4": sql_type("integer"),
    "int8": sql_type("bigint"),
    "uint4": SqlType("integer", unsigned=True),
    "n8_2": sql_type("numeric", 8, 2),
    "n10_2": sql_type("numeric", 10, 2),
    "n10_4": sql_type("numeric", 10, 4),
    "n": sql_type("numeric"),
    "real": sql_type("real"),
    "double": sql_type("double"),
    "bool": sql_type("boolean"),
    "date": sql_type("date"),
    "ts": sql_type("timestamp"),
    "tstz": sql_type("timestamptz"),
    "uuid": sql_type("uuid"),
    "json": sql_type("json"),
    "jsonb": sql_type("jsonb"),
    "ab": SqlType("enum", labels=("a", "b")),
    "abc": SqlType("enum", labels=("a", "b", "c")),
}

# (from, to, effect on PostgreSQL and MySQL)
CASES = """
v20 v50 lossless
v50 v20 unknown
v50 text lossless
text v50 unknown
text char5 lossy
int2 int4 lossless
int4 int8 lossless
int8 int4 may fail
int4 uint4 may fail
uint4 int8 lossless
int4 n lossless
int4 n8_2 may fail
int4 double lossless
int8 double lossy
n8_2 n10_2 lossless
n10_2 n8_2 may fail
n10_4 n10_2 lossy
n10_2 n10_4 may fail
n8_2 int4 lossy
real double lossless
double real lossy
double n8_2 lossy
bool int4 lossless
int4 bool lossy
date ts lossless
ts date lossy
ts tstz unknown
int4 text lossless
uuid text lossless
text uuid unknown
text jsonb lossy
text json may fail
json jsonb lossy
jsonb json lossless
ab abc lossless
abc ab may fail
uuid int4 unknown
"""


@pytest.mark.parametrize("line", CASES.strip().splitlines())
def test_on_a_server(line: str) -> None:
    old, new, effect = line.split(" ", 2)
    assert cast_effect(TYPES[old], TYPES[new], "postgresql").value == effect


@pytest.mark.parametrize(
    ("old", "new", "effect"),
    [
        ("v50", "v20", "lossless"),
        ("int8", "int4", "lossless"),
        ("int4", "text", "lossless"),
        ("text", "int4", "lossy"),
        ("n8_2", "int4", "lossy"),
        ("bool", "int4", "lossless"),
        ("ts", "text", "lossy"),
        ("ts", "date", "lossy"),
        ("n8_2", "text", "lossless"),
        ("text", "json", "unknown"),
    ],
)
def test_on_sqlite_a_batch_casts_there_and_back(old: str, new: str, effect: str) -> None:
    assert cast_effect(TYPES[old], TYPES[new], "sqlite").value == effect


def test_what_is_not_known_is_unknown() -> None:
    assert cast_effect(UNKNOWN, TYPES["text"], "postgresql").value == "unknown"
    assert cast_effect(SqlType("varchar", exact=False), TYPES["text"], "postgresql").value == "unknown"


def test_an_array_is_no_number() -> None:
    numbers = SqlType("integer", element=SqlType("integer"))
    assert cast_effect(TYPES["int4"], numbers, "postgresql").value == "unknown"
    assert cast_effect(numbers, TYPES["int8"], "postgresql").value == "unknown"


@pytest.mark.parametrize(
    ("chain", "dialect", "effect"),
    [
        ("int4 int8 int4", "postgresql", "lossless"),
        ("int4 int8 text int8 int4", "postgresql", "lossless"),
        ("v20 v50 text v20", "postgresql", "lossless"),
        # 5 is 5.00 as a numeric and as a text, which is no integer.
        ("int4 n10_2 text int4", "postgresql", "unknown"),
        ("int4 n8_2 int4", "postgresql", "may fail"),
        ("n10_4 n10_2 n10_4", "postgresql", "lossy"),
        ("text v20 text", "postgresql", "unknown"),
        ("date text date", "sqlite", "lossy"),
    ],
)
def test_a_chain_of_changes(chain: str, dialect: Dialect, effect: str) -> None:
    assert chain_effect(tuple(TYPES[name] for name in chain.split()), dialect).value == effect


def test_a_copy_on_sqlite_does_not_cast() -> None:
    assert chain_effect((TYPES["date"], TYPES["text"], TYPES["date"]), "sqlite", True).value == "lossless"
    blob = sql_type("blob")
    assert chain_effect((TYPES["int4"], blob, TYPES["int4"]), "sqlite", None).value == "unknown"


def test_numeric_has_no_limit_but_on_mysql() -> None:
    assert cast_effect(TYPES["n10_2"], TYPES["n"], "postgresql").value == "lossless"
    assert cast_effect(TYPES["n10_2"], TYPES["n"], "mysql").value == "lossy"


@pytest.mark.parametrize(
    ("old", "new", "effect"),
    [
        (sql_type("mediumtext"), sql_type("text"), "unknown"),
        (sql_type("varchar", 300), sql_type("text"), "lossless"),
        (sql_type("double"), sql_type("float"), "lossy"),
        (sql_type("datetime", 6), sql_type("datetime"), "lossy"),
        (sql_type("datetime"), sql_type("datetime", 6), "lossless"),
        (sql_type("timestamp"), sql_type("datetime"), "unknown"),
        (sql_type("boolean"), sql_type("tinyint"), "lossless"),
        (SqlType("enum", labels=("A", "b")), SqlType("enum", labels=("a", "b")), "unknown"),
        (
            SqlType("varchar", (9,), collation="utf8mb4"),
            SqlType("varchar", (9,), collation="latin1"),
            "may fail",
        ),
    ],
)
def test_on_mysql(old: SqlType, new: SqlType, effect: str) -> None:
    assert cast_effect(old, new, "mysql").value == effect
