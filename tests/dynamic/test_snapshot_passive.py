"""After rows of our own only their tables are looked at, where nothing hands rows on to others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mrt_dynamic.snapshot.passive import stays_in
from mrt_dynamic.verify.lookout import Lookout
from mrt_lint.schema.names import Name
from tests.backends import DATABASES
from tests.dynamic.snapshots import VERSION_TABLE, Grounds, Live

TWO = """CREATE TABLE one (id INTEGER NOT NULL PRIMARY KEY, a INTEGER);;
    CREATE TABLE two (id INTEGER NOT NULL PRIMARY KEY, b INTEGER);; INSERT INTO two VALUES (1, 1)"""


@pytest.fixture(params=DATABASES)
def live(request: pytest.FixtureRequest, grounds: Grounds) -> Iterator[Live]:
    with grounds.live(request.param) as live:
        yield live


def looked(live: Live, *inserts: str) -> dict[str, int]:
    """Returns how many rows each table is said to have, after rows of our own in `one` alone."""
    lookout = Lookout(live.dialect, VERSION_TABLE)
    before = lookout.everything(live.connection)
    # Once as usual, so that there are hashes.
    lookout.watch(live.connection, before)
    before = lookout.look(live.connection, before)
    lookout.watch(live.connection, before)
    live.run(*inserts)
    live.connection.commit()
    after = lookout.look(live.connection, before, frozenset([Name("one")]))
    assert after.rows == lookout.everything(live.connection).rows
    assert {str(name) for name in lookout.touched} == {
        str(table.name) for key, table in after.rows.tables.items() if before.rows.tables[key] != table
    }
    # What follows is compared with it as with any other moment.
    lookout.watch(live.connection, after)
    live.run("UPDATE two SET b = 7")
    live.connection.commit()
    assert lookout.look(live.connection, after).rows == lookout.everything(live.connection).rows
    assert lookout.touched == {Name("two")}
    return {str(table.name): table.total for table in after.rows.tables.values()}


def test_rows_that_stay_in_their_table(live: Live) -> None:
    live.run(TWO)
    assert looked(live, "INSERT INTO one VALUES (1, 1)", "INSERT INTO one VALUES (2, 2)") == {
        "one": 2,
        "two": 1,
    }


def test_nothing_was_written(live: Live) -> None:
    live.run(TWO)
    assert looked(live) == {"one": 0, "two": 1}


def test_a_trigger_hands_them_on(live: Live) -> None:
    live.run(TWO)
    if live.dialect == "postgresql":
        live.run(
            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN INSERT INTO two VALUES (NEW.id + 9, 0); RETURN NEW; END'",
            "CREATE TRIGGER t AFTER INSERT ON one FOR EACH ROW EXECUTE FUNCTION f()",
        )
    else:
        each = "" if live.dialect == "sqlite" else "FOR EACH ROW "
        live.run(
            f"CREATE TRIGGER t AFTER INSERT ON one {each}BEGIN INSERT INTO two VALUES (NEW.id + 9, 0); END"
        )
    assert looked(live, "INSERT INTO one VALUES (1, 1)") == {"one": 1, "two": 2}


@pytest.mark.parametrize("live", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    "more",
    [
        "CREATE RULE r AS ON INSERT TO one DO ALSO INSERT INTO two VALUES (NEW.id + 9, 0)",
        "CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'INSERT INTO two VALUES (9, 0) RETURNING b';;"
        " ALTER TABLE one ALTER a SET DEFAULT f()",
    ],
)
def test_rules_and_functions_hand_them_on(live: Live, more: str) -> None:
    live.run(TWO)
    live.run(more)
    assert looked(live, "INSERT INTO one (id) VALUES (1)") == {"one": 1, "two": 2}


@pytest.mark.parametrize("live", ["postgresql"], indirect=True)
def test_partitions_take_them(live: Live) -> None:
    live.run(
        "CREATE TABLE one (id INTEGER, a INTEGER) PARTITION BY RANGE (id)",
        "CREATE TABLE part PARTITION OF one FOR VALUES FROM (0) TO (100)",
        "CREATE TABLE two (id INTEGER, b INTEGER);; INSERT INTO two VALUES (1, 1)",
    )
    assert looked(live, "INSERT INTO one VALUES (1, 1)") == {"part": 1, "two": 1}


@pytest.mark.parametrize("live", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("more", "stays"),
    [
        ("", True),
        ("CREATE TYPE mood AS ENUM ('ok')", True),
        ("CREATE TABLE three (id SERIAL)", True),
        ("CREATE SEQUENCE s", False),
        ("CREATE VIEW v AS SELECT * FROM one", False),
        ("CREATE RULE r AS ON INSERT TO two DO ALSO NOTIFY x", False),
        ("CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1'", False),
        ("CREATE POLICY p ON two USING (true)", False),
    ],
)
def test_what_may_act(live: Live, more: str, stays: bool) -> None:
    live.run(TWO)
    if more:
        live.run(more)
    assert stays_in(live.reader.read(live.connection), [Name("one")]) is stays
    assert not stays_in(live.reader.read(live.connection), [Name("gone")])
