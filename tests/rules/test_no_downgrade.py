"""Downgrades that are missing or do nothing (MRT101, MRT102)."""

from __future__ import annotations

import pytest

from tests.rules.linting import findings, found

USERS = 'op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.Integer))'
DROP = 'op.drop_column("users", "n")'

NOTHING = (
    "pass",
    "...",
    '"""Nothing."""',
    "return",
    'op.execute("SELECT 1")',
    "op.execute(\"COMMENT ON TABLE users IS 'x'\")",
)
NO_CHANGE = (
    "pass",
    'op.execute("SELECT 1")',
    'op.execute("SET lock_timeout = 1000")',
    'op.execute("ANALYZE users")',
    "op.execute(\"COMMENT ON TABLE users IS 'x'\")",
    'op.create_table_comment("users", "x")',
)


@pytest.mark.parametrize("downgrade", NOTHING)
def test_a_downgrade_that_does_nothing(downgrade: str) -> None:
    assert found("MRT101 MRT102 MRT201", DROP, downgrade, given=USERS) == ["MRT201", "MRT102"]


@pytest.mark.parametrize("upgrade", NO_CHANGE)
def test_an_upgrade_that_changes_nothing_needs_none(upgrade: str) -> None:
    assert found("MRT101 MRT102", upgrade, given=USERS) == []


def test_a_downgrade_that_raises_says_so() -> None:
    assert found("MRT101 MRT102 MRT808", DROP, "raise NotImplementedError()", given=USERS) == ["MRT808"]


def test_a_downgrade_whose_only_call_raises_is_not_one_that_does_nothing() -> None:
    upgrade = 'op.add_column("users", sa.Column("m", sa.Integer))'
    wrong = 'op.drop_column("users", sa.Column("m"))'
    assert found("MRT102 MRT806", upgrade, wrong, given=USERS) == ["MRT806"]


@pytest.mark.parametrize(
    ("code", "upgrade"),
    [
        ("MRT103", 'op.execute("UPDATE users SET n = 5")'),
        ("MRT408", 'op.drop_index("ix_n", table_name="users")'),
        ("MRT106", 'op.bulk_insert(sa.table("users", sa.column("n")), [{"n": 5}])'),
    ],
)
def test_what_no_downgrade_undoes_is_told_so(code: str, upgrade: str) -> None:
    given = f'{USERS}\nop.create_index("ix_n", "users", ["n"])'
    (told,) = findings(code, upgrade, None, given=given)
    assert told.message.endswith("; there is no downgrade")
    (told,) = findings(code, upgrade, given=given)
    assert "; the downgrade does not" in told.message


def test_a_downgrade_that_does_nothing_where_the_upgrade_does_something_on_one_database() -> None:
    asked = 'if op.get_bind().dialect.name == "sqlite":\n    op.execute("UPDATE users SET n = 5")'
    other = 'else:\n    op.execute("SELECT 1")'
    (told,) = findings("MRT102", f"{asked}\n{other}", "pass", given=USERS, database=None)
    assert told.dialects == ("sqlite",)
    (told,) = findings("MRT102", f"{asked}\n{DROP}", "pass", given=USERS, database=None)
    assert told.dialects == ()
    (told,) = findings("MRT102", asked, "pass", given=USERS, database="sqlite")
    assert told.dialects == ()
