"""The user's own rows and values come first, and what is refused is said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.engine import Connection, Engine

from mrt_dynamic.plain_sql import run
from mrt_dynamic.seeding import Filled, Seeder
from mrt_dynamic.seeding.custom import CustomSeedError
from mrt_dynamic.seeding.report import custom_seed
from tests.dynamic.seeding.live import ask, built, state_of

try:
    import tomllib
except ImportError:  # Python 3.10
    import tomli as tomllib  # type: ignore[import-not-found, no-redef]

TABLES = [
    "CREATE TABLE p (id serial PRIMARY KEY, name varchar(20) NOT NULL)",
    "CREATE TABLE t (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, p_id integer NOT NULL REFERENCES p (id), tags text[], data jsonb, at timestamptz, n numeric CHECK (n > 0))",
]
Run = Callable[..., tuple[Filled, Connection]]


@pytest.fixture
def filled(engine_of: Callable[[str], Engine]) -> Any:
    contexts = []

    def fill(*tables: str, **options: Any) -> tuple[Filled, Connection]:
        if contexts:
            contexts.pop().__exit__(None, None, None)
        context = built(engine_of("postgresql"), "postgresql", tables or TABLES)
        contexts.append(context)
        connection = context.__enter__()
        state = state_of(connection, "postgresql")
        return Seeder("postgresql", **options).fill(connection, state), connection

    yield fill
    for context in contexts:
        context.__exit__(None, None, None)


def test_rows_replace_ours_and_are_referred_to(filled: Run) -> None:
    done, connection = filled(
        custom_seeds={"p": [{"id": 7, "name": "Ada"}, {"id": 9, "name": "O'Neil 50% :x"}]}
    )
    assert done.unseeded == ()
    assert [tuple(row) for row in run(connection, "SELECT id, name FROM p ORDER BY id")] == [
        (7, "Ada"),
        (9, "O'Neil 50% :x"),
    ]
    assert ask(connection, "SELECT array_agg(DISTINCT p_id ORDER BY p_id) FROM t") == [7, 9]
    assert ask(connection, "INSERT INTO p (name) VALUES ('next') RETURNING id") == 10


def test_values_of_every_kind(filled: Run) -> None:
    row = {
        "id": 5,
        "p_id": 1,
        "tags": ["a", "b,c", None],
        "data": {"k": [1, "x"]},
        "at": dt.datetime(2024, 5, 6, 7, 8, tzinfo=dt.timezone.utc),
        "n": Decimal("1.50"),
    }
    done, connection = filled(custom_seeds={"p": lambda: [{"name": "one"}], "public.t": [], "t": [row]})
    assert done.unseeded == ()
    found = run(connection, "SELECT id, tags, data, n, at = '2024-05-06 07:08+00' FROM t").one()
    assert tuple(found) == (5, ["a", "b,c", None], {"k": [1, "x"]}, Decimal("1.50"), True)


def test_a_function_may_write_the_rows_itself(filled: Run) -> None:
    def write(connection: Connection) -> None:
        run(connection, "INSERT INTO p (name) VALUES ('own')")

    done, connection = filled(custom_seeds={"p": write})
    assert ask(connection, "SELECT string_agg(name, ',') FROM p") == "own"
    assert done.unseeded == ()
    assert any("own function" in note for note in done.notes)


def test_a_refused_row_is_reported_and_the_others_go_in(filled: Run) -> None:
    done, connection = filled(
        custom_seeds={"t": [{"p_id": 1, "n": 3}, {"p_id": 1, "n": -3}, {"p_id": 99999}]}
    )
    (found,) = done.unseeded
    assert found.table == "t"
    assert "custom row 2" in found.reason
    assert "t_n_check" in found.reason
    assert "custom row 3" in found.reason
    assert ask(connection, "SELECT count(*) FROM t") == 1


def test_a_column_that_is_not_there_yet_is_left_out(filled: Run) -> None:
    done, connection = filled(custom_seeds={"p": [{"name": "Ada", "phone": "1"}]})
    assert ask(connection, "SELECT count(*) FROM p") == 1
    assert done.notes == ("custom seed of p: there is no column phone, it is left out",)


@pytest.mark.parametrize(
    ("seed", "message"),
    [
        ({"id": 1}, "must give a list of rows"),
        (lambda: "x", "must give a list of rows"),
        ([1], "must be a dict"),
        (lambda: 1 / 0, "raised ZeroDivisionError"),
    ],
)
def test_what_is_no_seed_is_an_error(seed: Any, message: str, filled: Run) -> None:
    with pytest.raises(CustomSeedError, match=message):
        filled(custom_seeds={"p": seed})


def test_single_columns_can_be_given(filled: Run) -> None:
    overrides = {"p": {"name": lambda number: f"name {number}"}, "t": {"n": 42, "tags": None}}
    _, connection = filled(seed_overrides=overrides)
    assert ask(
        connection, "SELECT bool_and(name ~ '^name [0-9]+$') AND count(DISTINCT name) = count(*) FROM p"
    )
    assert ask(connection, "SELECT bool_and(n = 42) AND count(tags) = 0 AND count(*) > 2 FROM t")


def test_more_usual_rows_on_request(filled: Run) -> None:
    _, connection = filled("CREATE TABLE t (id serial PRIMARY KEY, flag boolean NOT NULL)", seed_rows=25)
    assert ask(connection, "SELECT count(*) >= 25 FROM t")


def test_without_extremes_no_value_is_at_the_end_of_its_type(filled: Run) -> None:
    table = "CREATE TABLE t (a integer NOT NULL, b numeric(9,2) NOT NULL, c double precision NOT NULL, d timestamp NOT NULL)"
    _, connection = filled(table, extremes=False)
    assert ask(
        connection,
        "SELECT max(abs(a)) < 10000 AND max(abs(b)) < 10000 AND max(abs(c)) < 10000 AND min(a) < 0 FROM t",
    )
    assert ask(connection, "SELECT sum(a * b * c) IS NOT NULL AND max(d) < '2030-01-01' FROM t")


def test_the_custom_seed_to_paste_goes_in(filled: Run) -> None:
    table = "CREATE TABLE t (id serial PRIMARY KEY, v text NOT NULL CHECK (md5(v) = 'c8dae1c50e092f3d877192fc555b1dcf'), n numeric, w boolean NOT NULL, \"odd name\" date)"
    done, _ = filled(table)
    (found,) = done.unseeded
    assert "t_v_check" in found.reason
    rows = tomllib.loads(found.seed)["tool"]["mrt-lint"]["verify"]["custom-seeds"]["t"]
    rows[0]["v"] = "sesame"
    done, connection = filled(table, custom_seeds={"t": rows})
    assert done.unseeded == ()
    assert ask(connection, "SELECT count(*) FROM t WHERE v = 'sesame' AND w IS NOT NULL") == 1


def test_odd_texts_survive_toml() -> None:
    row = {
        "a": 'q"\\\n\t\x07 \U0001f600',
        "b.c": b"\x00\xff",
        "d": float("inf"),
        "e": (1, None, 2),
        "f": None,
        "g": 2**70,
    }
    found = tomllib.loads(custom_seed("x.y z", row))
    assert found["tool"]["mrt-lint"]["verify"]["custom-seeds"]["x.y z"] == [
        {"a": row["a"], "b.c": "\\x00ff", "d": "inf", "e": [1, 2], "g": str(2**70)}
    ]
