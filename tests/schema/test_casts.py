"""What type changes do to values, against what the databases' manuals and servers say."""

from __future__ import annotations

import pytest

from mrt_lint.schema.casts import cast_effect
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
text uuid may fail
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
        ("ts", "text", "lossless"),
    ],
)
def test_on_sqlite_only_the_affinity_counts(old: str, new: str, effect: str) -> None:
    assert cast_effect(TYPES[old], TYPES[new], "sqlite").value == effect


def test_what_is_not_known_is_unknown() -> None:
    assert cast_effect(UNKNOWN, TYPES["text"], "postgresql").value == "unknown"
    assert cast_effect(SqlType("varchar", exact=False), TYPES["text"], "postgresql").value == "unknown"
