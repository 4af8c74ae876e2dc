"""All rows, read exactly and compared as multisets: what is lost, changed or new, by column and key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mrt_dynamic.results import Failure
from mrt_dynamic.snapshot.compare_rows import row_failures
from mrt_dynamic.snapshot.rows import Rows, read_rows
from mrt_lint.schema.names import Name
from tests.backends import DATABASES
from tests.dynamic.snapshots import Grounds, Live

USERS = """CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(200), phone VARCHAR(20));;
    INSERT INTO users VALUES (1, 'Ann', '555'), (2, 'Bob', NULL), (10, 'Cy', '777')"""
BAGS = """CREATE TABLE bags (a INTEGER, b VARCHAR(20));;
    INSERT INTO bags VALUES (1, 'x'), (1, 'x'), (2, 'y')"""


@pytest.fixture(params=DATABASES)
def live(request: pytest.FixtureRequest, grounds: Grounds) -> Iterator[Live]:
    with grounds.live(request.param) as live:
        yield live


def rows(live: Live, large: int = 1000) -> Rows:
    found = read_rows(live.connection, live.reader.read(live.connection), large=large)
    assert not live.connection.in_transaction()
    return found


def after(live: Live, given: str, change: str) -> list[tuple[str, ...]]:
    """Returns kind, table, column and message of each failure."""
    live.run(given)
    before = rows(live)
    live.run(change)
    return [flat(failure) for failure in row_failures(before, rows(live))]


def flat(failure: Failure) -> tuple[str, ...]:
    return failure.kind.value, failure.table or "", failure.column or "", failure.message


def test_no_difference(live: Live) -> None:
    assert after(live, f"{USERS};; {BAGS}", "UPDATE users SET name = name") == []
    assert rows(live).total == 6


def test_a_column_that_comes_back_empty(live: Live) -> None:
    ((kind, table, column, message),) = after(
        live, USERS, "ALTER TABLE users DROP COLUMN phone;; ALTER TABLE users ADD phone VARCHAR(20)"
    )
    assert (kind, table, column) == ("rows-changed", "users", "phone")
    assert message.startswith("users.phone: 2 of 3 rows came back as NULL (id 1 was ")
    assert "id 10 was " in message


def test_a_column_that_is_gone_takes_its_values_along(live: Live) -> None:
    found = after(live, USERS, "ALTER TABLE users DROP COLUMN phone")
    assert found == [
        ("rows-lost", "users", "phone", "users.phone: the values of 2 rows are gone with the column")
    ]


def test_another_value_names_row_and_column(live: Live) -> None:
    found = after(live, USERS, "UPDATE users SET name = 'Anna' WHERE id = 1")
    assert found == [
        (
            "rows-changed",
            "users",
            "name",
            "users.name: 1 of 3 rows came back with another value (id 1 was 'Ann', is 'Anna')",
        )
    ]


def test_blanks_and_case_are_values(live: Live) -> None:
    found = after(
        live,
        USERS,
        "UPDATE users SET name = 'Ann ' WHERE id = 1;; UPDATE users SET name = 'BOB' WHERE id = 2",
    )
    assert [(kind, column) for kind, _, column, _ in found] == [("rows-changed", "name")]
    assert "2 of 3" in found[0][3]


def test_rows_that_are_gone_and_rows_that_are_new(live: Live) -> None:
    found = after(live, USERS, "DELETE FROM users WHERE id > 1;; INSERT INTO users VALUES (3, 'Di', '1')")
    assert [(kind, message) for kind, _, _, message in found] == [
        ("rows-lost", "users: 2 of 3 rows are gone (id 2; id 10)"),
        ("rows-extra", "users: 1 row is there that was not before the upgrade (id 3)"),
    ]


def test_rows_under_other_keys(live: Live) -> None:
    found = after(live, USERS, "UPDATE users SET id = id + 100")
    assert [(kind, column) for kind, _, column, _ in found] == [("rows-changed", "id")]
    assert "id 1 was 1, is 101" in found[0][3]


def test_a_table_that_is_gone_is_told_once(live: Live) -> None:
    found = after(live, USERS, "DROP TABLE users")
    assert found == [("rows-lost", "users", "", "users: all 3 rows are gone with the table")]


def test_an_emptied_table(live: Live) -> None:
    found = after(live, USERS, "DELETE FROM users")
    assert found == [("rows-lost", "users", "", "users: 3 of 3 rows are gone (id 1; id 2; id 10)")]


def test_without_a_key_one_of_two_equal_rows_is_missed(live: Live) -> None:
    if live.dialect == "mariadb":
        delete = "DELETE FROM bags WHERE a = 1 LIMIT 1"
    else:
        place = "rowid" if live.dialect == "sqlite" else "ctid"
        delete = f"DELETE FROM bags WHERE {place} = (SELECT min({place}) FROM bags)"
    ((kind, table, _, message),) = after(live, BAGS, delete)
    assert (kind, table) == ("rows-lost", "bags")
    assert message.startswith("bags: 1 of 3 rows is gone (")


def test_without_a_key_a_changed_column_is_named(live: Live) -> None:
    ((kind, _, column, message),) = after(live, BAGS, "UPDATE bags SET b = 'z' WHERE a = 2")
    assert (kind, column) == ("rows-changed", "b")
    assert message.endswith("('y' is gone, 'z' is new)")


def test_values_that_change_places_without_a_key(live: Live) -> None:
    live.run(BAGS, "INSERT INTO bags VALUES (3, 'y')")
    before = rows(live)
    live.run("UPDATE bags SET b = CASE WHEN b = 'x' THEN 'y' ELSE 'x' END")
    ((kind, table, column, _),) = [flat(failure) for failure in row_failures(before, rows(live))]
    assert (kind, table, column) == ("rows-changed", "bags", "")


def test_a_large_table_is_told_by_its_number_and_digest(live: Live) -> None:
    live.run(USERS)
    before = rows(live, large=2)
    assert before.tables[live.reader.read(live.connection).key("table", Name("users"))].digest
    assert row_failures(before, rows(live, large=2)) == ()
    live.run("UPDATE users SET name = 'x' WHERE id = 1")
    assert [flat(one)[0] for one in row_failures(before, rows(live, large=2))] == ["rows-changed"]
    live.run("INSERT INTO users VALUES (11, 'x', 'y')")
    assert [flat(one)[0] for one in row_failures(before, rows(live, large=2))] == ["rows-extra"]
    live.run("DELETE FROM users WHERE id > 5")
    assert [flat(one)[0] for one in row_failures(before, rows(live, large=2))] == ["rows-lost"]


def test_only_the_tables_that_are_asked_for_are_read_again(live: Live) -> None:
    live.run(USERS, BAGS)
    state = live.reader.read(live.connection)
    before = read_rows(live.connection, state)
    live.run("DELETE FROM users;; DELETE FROM bags")
    now = read_rows(live.connection, state, tables=[Name("bags")], earlier=before)
    users, bags = state.key("table", Name("users")), state.key("table", Name("bags"))
    assert now.tables[users] is before.tables[users]
    assert now.tables[bags].total == 0


def test_generated_columns_are_left_out(live: Live) -> None:
    live.run(
        "CREATE TABLE t (a INTEGER, g INTEGER GENERATED ALWAYS AS (a + 1) STORED);; INSERT INTO t (a) VALUES (1)"
    )
    (table,) = rows(live).tables.values()
    assert table.columns == ("a",)


EXACT = {
    "sqlite": [
        ("1", "1.0"),
        ("1", "'1'"),
        ("'a'", "x'61'"),
        ("'a' || char(0) || 'b'", "'a' || char(0) || 'c'"),
        ("0.1 + 0.2", "0.3"),
        ("NULL", "'NULL'"),
        ("''", "NULL"),
    ],
    "postgresql": [
        ("0.1::float8 + 0.2::float8", "0.3::float8"),
        ("0.1::float4", "0.10000001::float4"),
        ("1.10", "1.1"),
        ("'a'::text", "'a '::text"),
        ("'\\x6100'::bytea", "'\\x6101'::bytea"),
        ("''::text", "NULL::text"),
        ("timestamp '2020-01-01 00:00:00.000001'", "timestamp '2020-01-01'"),
        ("timestamptz '2020-01-01 00:00+00'", "timestamptz '2020-01-01 00:00+01'"),
        ("'{\"a\": 1}'::json", "'{\"a\":1}'::json"),
        ("interval '1 day'", "interval '24 hours'"),
    ],
    "mariadb": [
        ("CAST(0.1 AS DOUBLE) + CAST(0.2 AS DOUBLE)", "CAST(0.3 AS DOUBLE)"),
        ("CAST(1.10 AS DECIMAL(5,2))", "CAST(1.11 AS DECIMAL(5,2))"),
        ("'a'", "'A'"),
        ("'a'", "'a '"),
        ("_utf8mb4'\U0001f600'", "_utf8mb4'\U0001f601'"),
        ("x'6100'", "x'6101'"),
        ("''", "NULL"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("database", "one", "other"),
    [(database, *pair) for database, pairs in EXACT.items() for pair in pairs],
)
def test_values_that_look_alike(grounds: Grounds, database: str, one: str, other: str) -> None:
    with grounds.live(database) as live:
        if database == "sqlite":
            live.run(f"CREATE TABLE t (v);; INSERT INTO t VALUES ({one}), ({other})")
        else:
            live.run(f"CREATE TABLE t AS SELECT {one} AS v UNION ALL SELECT {other}")
        (table,) = rows(live).tables.values()
        assert len(table.rows) == 2, table.rows


def test_floats_of_mariadb_are_exact(grounds: Grounds) -> None:
    with grounds.live("mariadb") as live:
        live.run("CREATE TABLE t (v FLOAT);; INSERT INTO t VALUES (0.1), (0.10000001)")
        (table,) = rows(live).tables.values()
        assert len(table.rows) == 2


def test_texts_of_a_connection_with_a_small_character_set(grounds: Grounds) -> None:
    with grounds.live("mariadb") as live:
        live.run("CREATE TABLE t (v VARCHAR(9));; INSERT INTO t VALUES ('\U0001f600'), ('\U0001f601')")
        live.run("SET NAMES latin1")
        (table,) = rows(live).tables.values()
        assert len(table.rows) == 2


def test_texts_that_are_not_utf8(grounds: Grounds) -> None:
    with grounds.live("sqlite") as live:
        live.run("CREATE TABLE t (v);; INSERT INTO t VALUES (CAST(x'ff' AS TEXT)), (CAST(x'fe' AS TEXT))")
        (table,) = rows(live).tables.values()
        assert len(table.rows) == 2


@pytest.fixture
def postgres(grounds: Grounds) -> Iterator[Live]:
    with grounds.live("postgresql") as live:
        live.run("GRANT USAGE ON SCHEMA public TO PUBLIC")
        yield live


def test_rows_of_other_schemas_partitions_and_heirs_are_told_once(postgres: Live) -> None:
    postgres.run(
        "CREATE SCHEMA app;; CREATE TABLE app.t (a int);; INSERT INTO app.t VALUES (1)",
        "CREATE TABLE p (a int) PARTITION BY LIST (a);; CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
        "INSERT INTO p VALUES (1);; CREATE TABLE old (a int);; CREATE TABLE young () INHERITS (old)",
        "INSERT INTO young VALUES (1)",
    )
    found = {str(table.name): table.total for table in rows(postgres).tables.values()}
    assert found == {"app.t": 1, "p1": 1, "old": 0, "young": 1}


def test_a_table_that_cannot_be_read_is_noted_with_its_reason(postgres: Live) -> None:
    postgres.run(
        "CREATE TABLE a (x int);; CREATE TABLE b (x int);; CREATE TABLE c (x int);; INSERT INTO c VALUES (1)",
        "CREATE FUNCTION fail(int) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END'",
    )
    before = rows(postgres)
    postgres.run("DROP ROLE IF EXISTS mrt_rows_reader;; CREATE ROLE mrt_rows_reader")
    try:
        postgres.run("GRANT SELECT ON a, c TO mrt_rows_reader;; SET ROLE mrt_rows_reader")
        after = rows(postgres)
        postgres.run("RESET ROLE")
        (reason,) = after.unreadable.values()
        assert reason == "permission denied for table b"
        assert {str(table.name) for table in after.tables.values()} == {"a", "c"}
        ((kind, table, _, message),) = [flat(failure) for failure in row_failures(before, after)]
        assert (kind, table) == ("unseeded", "b")
        assert "permission denied" in message
    finally:
        postgres.run("RESET ROLE;; REVOKE ALL ON a, c FROM mrt_rows_reader;; DROP ROLE mrt_rows_reader")


def test_an_open_transaction_survives_a_table_that_cannot_be_read(postgres: Live) -> None:
    postgres.run("CREATE TABLE a (x int);; CREATE TABLE b (x int)")
    postgres.run("DROP ROLE IF EXISTS mrt_rows_reader2;; CREATE ROLE mrt_rows_reader2")
    try:
        postgres.run("GRANT SELECT, INSERT ON b TO mrt_rows_reader2")
        state = postgres.reader.read(postgres.connection)
        postgres.connection.exec_driver_sql("SET LOCAL ROLE mrt_rows_reader2")
        postgres.connection.exec_driver_sql("INSERT INTO b VALUES (1)")
        found = read_rows(postgres.connection, state)
        assert found.total == 1
        assert len(found.unreadable) == 1
        assert postgres.connection.in_transaction()
        postgres.connection.rollback()
    finally:
        postgres.run("REVOKE ALL ON b FROM mrt_rows_reader2;; DROP ROLE mrt_rows_reader2")


def test_a_policy_does_not_hide_rows(postgres: Live) -> None:
    postgres.run(
        "CREATE TABLE t (a int);; INSERT INTO t VALUES (1), (2);; DROP ROLE IF EXISTS mrt_rows_owner"
    )
    postgres.run("CREATE ROLE mrt_rows_owner")
    try:
        postgres.run(
            "ALTER TABLE t OWNER TO mrt_rows_owner;; ALTER TABLE t ENABLE ROW LEVEL SECURITY",
            "ALTER TABLE t FORCE ROW LEVEL SECURITY;; CREATE POLICY p ON t USING (a = 1)",
            "SET ROLE mrt_rows_owner",
        )
        found = rows(postgres)
        assert found.total == 0
        assert "row-level security" in next(iter(found.unreadable.values()))
    finally:
        postgres.run("RESET ROLE;; DROP TABLE t;; DROP ROLE mrt_rows_owner")
