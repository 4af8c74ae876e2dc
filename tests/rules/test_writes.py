"""Rows and contents that the upgrade writes or removes (MRT103, MRT106, MRT203)."""

from __future__ import annotations

import pytest

from mrt_lint.plugin import EVERYTHING
from tests.rules.linting import findings, found

CODES = "MRT103 MRT106 MRT203 MRT804"
USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String(80)),
    sa.Column("state", sa.String(20)),
)
"""
ORDERS = """
op.create_table(
    "orders",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id")),
)
"""
ADDED = 'op.add_column("users", sa.Column("extra", sa.String(80)))'
BACK = 'op.drop_column("users", "extra")'

CASES = {
    "an old column": ("UPDATE users SET email = lower(email)", BACK, ["MRT103"]),
    "two old columns": ("UPDATE users SET email = 'x', state = 'y'", BACK, ["MRT103", "MRT103"]),
    "a row that is there, by an upsert": (
        "INSERT INTO users (id, email, state) VALUES (1, 'x', 'y') ON CONFLICT (id) DO UPDATE SET state = 'z'",
        f'op.execute("DELETE FROM users WHERE id = 1")\n{BACK}',
        ["MRT103"],
    ),
    "a new column": ("UPDATE users SET extra = email", BACK, []),
    "written back, not as it was": (
        "UPDATE users SET state = 'y'",
        f"op.execute(\"UPDATE users SET state = 'z'\")\n{BACK}",
        ["MRT804"],
    ),
    "another column written back": (
        "UPDATE users SET state = 'y'",
        f"op.execute(\"UPDATE users SET email = 'z'\")\n{BACK}",
        ["MRT103", "MRT804"],
    ),
    "no way back on purpose": ("UPDATE users SET state = 'y'", "raise NotImplementedError()", []),
    "code that may write it back": (
        "UPDATE users SET state = 'y'",
        f"unknown.restore(op.get_bind())\n{BACK}",
        [],
    ),
    "rows": ("INSERT INTO users (id) VALUES (1)", BACK, ["MRT106"]),
    "rows deleted again": (
        "INSERT INTO users (id) VALUES (1)",
        f'op.execute("DELETE FROM users WHERE id = 1")\n{BACK}',
        [],
    ),
    "rows of a table that goes": ("INSERT INTO users (id) VALUES (1)", 'op.drop_table("users")', []),
    "all rows": ("TRUNCATE users", BACK, ["MRT203"]),
    "all rows, no way back on purpose": ("TRUNCATE users", "raise NotImplementedError()", ["MRT203"]),
}


@pytest.mark.parametrize("case", CASES)
def test_what_an_upgrade_writes(case: str) -> None:
    statement, downgrade, codes = CASES[case]
    upgrade = f'{ADDED}\nop.execute("{statement}")'
    head = "import unknown\n" if "unknown." in downgrade else ""
    assert found(CODES, upgrade, head + downgrade, given=USERS) == codes


def test_an_update_before_the_column_is_dropped_is_told_of_once() -> None:
    upgrade = 'op.execute("UPDATE users SET state = trim(state)")\nop.drop_column("users", "state")'
    assert found(
        f"{CODES} MRT201", upgrade, 'op.add_column("users", sa.Column("state", sa.String(20)))', given=USERS
    ) == ["MRT201"]


def test_a_merge_may_overwrite() -> None:
    merge = (
        "MERGE INTO users u USING orders o ON u.id = o.user_id WHEN MATCHED THEN UPDATE SET state = 'buyer'"
    )
    (finding,) = findings("MRT103", f'op.execute("{merge}")', given=[USERS, ORDERS])
    assert "may" in finding.message


def test_rows_are_pointed_at_where_they_are_inserted() -> None:
    upgrade = """
    op.bulk_insert(sa.table("users", sa.column("id")), [{"id": 1}])
    op.drop_column("users", "email")
    """
    (finding,) = findings("MRT106", upgrade, given=USERS)
    assert finding.span.line + 1 == findings("MRT201", upgrade, given=USERS)[0].span.line


def test_rows_say_nothing_of_columns() -> None:
    upgrade = f'op.execute("INSERT INTO users (id) VALUES (1)")\n{ADDED}'
    assert found(
        "MRT106 MRT801", upgrade, 'op.execute("ANALYZE users")\nop.drop_column("users", "state")', given=USERS
    ) == [
        "MRT106",
        "MRT801",
    ]


def test_truncate_with_the_tables_that_refer_to_it() -> None:
    told = [
        one.message
        for one in findings("MRT203", 'op.execute("TRUNCATE users CASCADE")', given=[USERS, ORDERS])
    ]
    assert len(told) == 2
    assert any("orders" in message and "CASCADE" in message for message in told)


def test_truncate_of_rows_that_come_back() -> None:
    upgrade = 'op.execute("CREATE TABLE kept AS SELECT * FROM users")\nop.execute("TRUNCATE users")'
    downgrade = 'op.execute("INSERT INTO users SELECT * FROM kept")\nop.drop_table("kept")'
    assert found("MRT203", upgrade, downgrade, given=USERS) == []
    assert found("MRT203", upgrade, 'op.drop_table("kept")', given=USERS) == ["MRT203"]


def test_an_empty_downgrade_mutes_nothing_of_this() -> None:
    statement = "op.execute(\"UPDATE users SET state = 'y'\")"
    assert EVERYTHING in {one.subject for one in findings("MRT102", statement, "pass", given=USERS)}
    assert found("MRT102 MRT103 MRT804", statement, "pass", given=USERS) == ["MRT103", "MRT102"]


def test_rows_that_the_downgrade_deletes_are_told_of_there() -> None:
    upgrade = "op.execute(\"UPDATE users SET email = 'x' WHERE id = 1\")"
    told = findings("MRT804", upgrade, 'op.execute("DELETE FROM users")', given=USERS)
    assert [one.message for one in told if one.message.startswith("table ")] == [
        "table users is empty after the downgrade"
    ]
    (rows,) = (one for one in told if one.message.startswith("table "))
    (update,) = findings("MRT103", upgrade, given=USERS)
    assert rows.span.line > update.span.line


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO sqlite_sequence (name, seq) VALUES ('users', 9)",
        "UPDATE sqlite_sequence SET seq = 9 WHERE name = 'users'",
        "DELETE FROM sqlite_sequence WHERE name = 'users'",
    ],
)
def test_the_numbers_that_sqlite_keeps_are_no_rows_of_the_project(statement: str) -> None:
    upgrade = f'{ADDED}\nop.execute("{statement}")'
    assert found(f"{CODES} MRT104", upgrade, BACK, given=USERS, database="sqlite") == []
    assert found(f"{CODES} MRT104", upgrade, BACK, given=USERS, database="postgresql") != []


def test_rows_that_are_deleted_are_told_by_the_statement_that_names_them() -> None:
    """Those that go along with their parents come after."""
    given = USERS + ORDERS.replace('"users.id"', '"users.id", ondelete="CASCADE"')
    upgrade = (
        'op.execute("DELETE FROM orders WHERE user_id IS NULL")\n'
        "op.execute(\"DELETE FROM users WHERE state = 'gone'\")"
    )
    told = findings("MRT104", upgrade, BACK, given=given)
    orders = [finding.message for finding in told if "table orders" in finding.message]
    assert orders
    assert all("user_id IS NULL" in message for message in orders)


def test_a_condition_known_only_at_run_time_is_said_in_words() -> None:
    upgrade = (
        'for row in op.get_bind().execute(sa.text("SELECT id FROM users")):\n'
        '    op.get_bind().execute(sa.text(f"DELETE FROM users WHERE {row.condition}"))'
    )
    (told,) = findings("MRT105", upgrade, BACK, given=USERS)
    assert "{...}" not in told.message
    assert "known only when it runs" in told.message


def test_rows_that_the_upgrade_may_have_inserted_are_not_surely_lost() -> None:
    """Where the condition does not hold the downgrade deletes nothing but what was there, if there was any."""
    downgrade = 'op.execute("DELETE FROM users WHERE id > 6")'
    insert = "op.execute(\"INSERT INTO users (id, email) VALUES (7, 'a')\")"
    assert found("MRT804", f"if input():\n    {insert}", downgrade, given=USERS) == []
    other = "op.execute(\"UPDATE users SET email = 'b' WHERE id = 1\")"
    assert found("MRT804", f"if input():\n    {other}", downgrade, given=USERS) == ["MRT804"]
    whole = 'op.execute("DELETE FROM users")'
    assert found("MRT804", f"if input():\n    {insert}", whole, given=USERS) == ["MRT804"]


FLEET = """
op.create_table("crews", sa.Column("id", sa.Integer, primary_key=True), sa.Column("kind", sa.String(9)))
op.create_table(
    "boats",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("crew_id", sa.Integer, sa.ForeignKey("crews.id", ondelete="CASCADE")),
)
op.create_table(
    "trips",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("crew_id", sa.Integer, sa.ForeignKey("crews.id", ondelete="SET NULL")),
)
"""
CLEARING = """op.execute("DELETE FROM crews WHERE kind IS NULL")
op.add_column("crews", sa.Column("note", sa.Text))"""
NO_NOTE = 'op.drop_column("crews", "note")'


def test_what_a_deletion_takes_along_is_no_worse_than_the_deletion() -> None:
    told = findings("MRT104 MRT804", CLEARING, NO_NOTE, given=FLEET)
    assert {(finding.rule, finding.severity.value) for finding in told} == {
        ("MRT104", "warning"),
        ("MRT804", "warning"),
    }
    assert {word for finding in told for word in ("crews", "boats", "trips") if word in finding.message} == {
        "crews",
        "boats",
        "trips",
    }


def test_what_the_downgrade_empties_is_an_error_all_the_same() -> None:
    upgrade = "op.execute(\"UPDATE crews SET kind = 'x' WHERE kind IS NULL\")"
    (told,) = findings("MRT103 MRT804", upgrade, 'op.execute("UPDATE crews SET kind = NULL")', given=FLEET)
    assert (told.rule, told.severity.value) == ("MRT804", "error")
