"""Columns that are dropped after a copy, or renamed in disguise (MRT206, MRT208, MRT810), and drops on some ways."""

from __future__ import annotations

from pathlib import Path

import pytest

from mrt_lint.config.settings import settings
from mrt_lint.lint.engine import check
from tests.rules.linting import REGISTRY, findings, found

CODES = "MRT201 MRT206 MRT208 MRT810"
USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("a", sa.String(20)),
    sa.Column("b", sa.String(20)),
    sa.Column("done", sa.Boolean),
)
op.create_table("notes", sa.Column("user_id", sa.Integer), sa.Column("a", sa.String(20)))
"""
ADD_C = 'op.add_column("users", sa.Column("c", sa.String(41)))'
DROP_A = 'op.drop_column("users", "a")'
ADD_A = 'op.add_column("users", sa.Column("a", sa.String(20)))'
BACK = f'{ADD_A}\nop.drop_column("users", "c")'


def execute(statement: str) -> str:
    return f'op.execute("{statement}")'


COPIES = {
    "an update": (execute("UPDATE users SET c = a || b"), ["MRT201", "MRT208"]),
    "an update of Core": (
        "u = sa.table('users', sa.column('a'), sa.column('c'))\nop.execute(u.update().values(c=sa.func.lower(u.c.a)))",
        ["MRT201", "MRT208"],
    ),
    "an insert": (execute("INSERT INTO notes SELECT id, a FROM users"), ["MRT201", "MRT208"]),
    "an insert of a join": (
        execute("INSERT INTO notes SELECT u.id, u.a FROM users u JOIN notes n ON n.user_id = u.id"),
        ["MRT201", "MRT208"],
    ),
    "a table": (execute("CREATE TABLE kept AS SELECT id, a || b AS ab FROM users"), ["MRT201", "MRT208"]),
    "another column": (execute("UPDATE users SET c = b"), ["MRT201"]),
    "a condition": (execute("UPDATE users SET c = b WHERE a IS NULL"), ["MRT201"]),
    "the same name in another table": (
        execute("UPDATE users SET c = (SELECT n.a FROM notes n WHERE n.user_id = users.id)"),
        ["MRT201"],
    ),
    "nothing": ("pass", ["MRT201"]),
}


@pytest.mark.parametrize("case", COPIES)
def test_a_column_that_is_copied_and_dropped(case: str) -> None:
    copy, codes = COPIES[case]
    assert found(CODES, f"{ADD_C}\n{copy}\n{DROP_A}", BACK, given=USERS) == codes


def test_a_declared_way_of_no_return_mutes_nothing_of_it() -> None:
    upgrade = f"{ADD_C}\n{execute('UPDATE users SET c = a')}\n{DROP_A}"
    assert found(CODES, upgrade, "raise NotImplementedError()", given=USERS) == ["MRT201", "MRT208"]


MOVED = f"{ADD_C}\n{execute('UPDATE users SET c = a')}\n{DROP_A}"
NOT_ALL_MOVED = {
    "some rows": f"{ADD_C}\n{execute('UPDATE users SET c = a WHERE done')}\n{DROP_A}",
    "computed": f"{ADD_C}\n{execute('UPDATE users SET c = lower(a)')}\n{DROP_A}",
    "overwritten again": f"{MOVED}\n{execute('UPDATE users SET c = NULL')}",
    "dropped again": f"{MOVED}\nop.drop_column('users', 'c')",
    "some rows deleted": f"{MOVED}\n{execute('DELETE FROM users WHERE done')}",
}


def _severities(upgrade: str, downgrade: str) -> set[str]:
    told = findings("MRT201 MRT208", upgrade, downgrade, given=USERS, database="sqlite")
    return {finding.severity.value for finding in told}


def test_where_no_way_leads_back_nothing_is_lost_of_what_another_column_holds() -> None:
    assert _severities(MOVED, "raise NotImplementedError()") == {"warning"}
    (drop, _) = findings("MRT201 MRT208", MOVED, "raise NotImplementedError()", given=USERS)
    assert drop.message.endswith("though its values were put into users.c first")
    assert _severities(MOVED, "pass") == {"error"}


@pytest.mark.parametrize("case", NOT_ALL_MOVED)
def test_what_the_other_column_does_not_hold_is_lost(case: str) -> None:
    assert _severities(NOT_ALL_MOVED[case], "raise NotImplementedError()") == {"error"}


def test_it_is_one_finding_per_migration() -> None:
    upgrade = f"{ADD_C}\n{execute('UPDATE users SET c = a || b')}\n{DROP_A}\nop.drop_column('users', 'b')"
    assert found("MRT208", upgrade, given=USERS) == ["MRT208"]


def test_refilling_one_of_two_is_not_enough() -> None:
    upgrade = f"{ADD_C}\n{execute('UPDATE users SET c = a')}\n{DROP_A}\nop.drop_column('users', 'b')"
    downgrade = (
        f"{ADD_A}\nop.add_column('users', sa.Column('b', sa.String(20)))\n{execute('UPDATE users SET a = c')}"
    )
    assert found("MRT208", upgrade, downgrade, given=USERS) == ["MRT208"]
    assert found("MRT208", upgrade.rpartition("\n")[0], downgrade, given=USERS) == []


RENAMES = {
    "the same type": ('sa.Column("c", sa.String(20))', ["MRT201", "MRT810"]),
    "another length": ('sa.Column("c", sa.String(30))', ["MRT201"]),
    "another type": ('sa.Column("c", sa.Integer)', ["MRT201"]),
}


@pytest.mark.parametrize("case", RENAMES)
def test_a_rename_in_disguise(case: str) -> None:
    column, codes = RENAMES[case]
    assert found(CODES, f'op.add_column("users", {column})\n{DROP_A}', BACK, given=USERS) == codes
    assert found(CODES, f'{DROP_A}\nop.add_column("users", {column})', BACK, given=USERS) == codes


def test_a_rename_is_seen_without_the_history() -> None:
    assert found(CODES, f'op.add_column("users", sa.Column("c", sa.String(20)))\n{DROP_A}', BACK) == [
        "MRT201",
        "MRT810",
    ]


def test_a_column_that_is_made_anew_is_no_rename() -> None:
    assert found(CODES, f"{DROP_A}\n{ADD_A}", given=USERS) == ["MRT201"]


def test_one_new_column_is_the_rename_of_one_old() -> None:
    upgrade = f'op.add_column("users", sa.Column("c", sa.String(20)))\n{DROP_A}\nop.drop_column("users", "b")'
    assert found("MRT810", upgrade, given=USERS) == ["MRT810"]


def test_a_batch_is_not_what_stands_in_its_block() -> None:
    upgrade = """
    with op.batch_alter_table("users") as b:
        b.drop_column("a")
        b.execute("ALTER TABLE users DROP COLUMN done")
        op.drop_column("users", "b")
    """
    assert found("MRT201 MRT206", upgrade, given=USERS) == ["MRT206", "MRT201", "MRT201"]


HELPER = """
from alembic import op

def drop(table, column):
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column(column)
    else:
        op.drop_column(table, column)
"""
HELPED = """
import sqlalchemy as sa
from alembic import op
from helpers import drop

revision, down_revision = "2", "1"

def upgrade():
    drop("users", "a")

def downgrade():
    op.add_column("users", sa.Column("a", sa.String(20)))
"""


def test_what_a_helper_drops_in_a_batch_on_one_database_alone_is_one_finding(tmp_path: Path) -> None:
    body = "\n    ".join(USERS.strip().splitlines())
    head = "import sqlalchemy as sa\nfrom alembic import op\nrevision, down_revision = '1', None\n"
    files = {
        "alembic.ini": "[alembic]\nscript_location = migrations\nprepend_sys_path = .\n",
        "helpers.py": HELPER,
        "migrations/env.py": "",
        "migrations/versions/1.py": f"{head}def upgrade():\n    {body}\ndef downgrade():\n    pass\n",
        "migrations/versions/2.py": HELPED,
    }
    (tmp_path / "migrations" / "versions").mkdir(parents=True)
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    report = check([tmp_path], settings(None, {}, REGISTRY.options, tmp_path), REGISTRY)
    drops = [one for one in report.findings if one.rule in ("MRT201", "MRT206")]
    assert [(one.rule, one.dialects) for one in drops] == [("MRT201", ())]


@pytest.mark.parametrize(("drop", "code"), [(DROP_A, "MRT201"), ('op.drop_table("notes")', "MRT202")])
def test_a_drop_under_a_condition_is_told_of(drop: str, code: str) -> None:
    upgrade = f'import os\nif os.environ["A"]:\n    {drop}'
    create = 'op.create_table("notes", sa.Column("user_id", sa.Integer), sa.Column("a", sa.String(20)))'
    assert found("MRT201 MRT202", upgrade, ADD_A if code == "MRT201" else create, given=USERS) == [code]


def test_a_refill_that_is_not_understood_is_not_called_missing() -> None:
    upgrade = f"{ADD_C}\n{execute('UPDATE users SET c = a')}\n{DROP_A}"
    downgrade = f"import unknown\n{ADD_A}\nunknown.refill(op.get_bind())"
    (told,) = findings("MRT201 MRT208", upgrade, downgrade, given=USERS)
    assert told.rule == "MRT201"
    assert "not understood" in told.message


def test_a_refill_that_is_computed_is_not_called_missing() -> None:
    downgrade = f"{ADD_A}\n{execute('UPDATE users SET a = lower(b)')}"
    (told,) = findings("MRT201", DROP_A, downgrade, given=USERS)
    assert told.message.endswith("the downgrade re-adds it with values computed from other data")


def test_a_column_kept_in_another_type_under_its_name_is_not_lost() -> None:
    """It is renamed, copied into a new column of its old name, and dropped; there is no way back."""
    upgrade = f"""
op.alter_column("users", "a", new_column_name="old_a")
op.add_column("users", sa.Column("a", sa.String({{}})))
{execute("UPDATE users SET a = old_a")}
op.drop_column("users", "old_a")
"""
    assert found(CODES, upgrade.format(40), "pass", given=USERS) == []
    assert found(CODES, upgrade.format(40).replace("a = old_a", "a = 'x'"), "pass", given=USERS) == ["MRT201"]


def test_a_refill_that_hangs_on_other_data_is_not_told_to_be_of_other_values() -> None:
    """Which rows get the word is read from a column that the upgrade filled from the dropped one."""
    fill = """
for key, value in op.get_bind().execute(sa.text("SELECT id, {0} FROM users")):
    if value:
        op.get_bind().execute(sa.text("UPDATE users SET {1} = '{2}' WHERE id = :id"), {{"id": key}})
"""
    upgrade = f"{ADD_C}{fill.format('a', 'c', 'yes')}{DROP_A}"
    downgrade = f"{ADD_A}{fill.format('c', 'a', 'no')}{execute('ALTER TABLE users DROP COLUMN c')}"
    (told,) = findings("MRT201", upgrade, downgrade, given=USERS)
    assert told.message.endswith("the downgrade re-adds it with values computed from other data")
    other = f"{ADD_A}\n{execute('UPDATE users SET a = gen_random_uuid()')}"
    (told,) = findings("MRT201", DROP_A, other, given=USERS)
    assert told.message.endswith("the downgrade re-adds it with other values")


def test_of_several_columns_those_with_like_names_go_together() -> None:
    names = ("remind_mail", "remind_push", "remind_at_night_push", "remind_at_night_mail")
    columns = [f'sa.Column("{name}", sa.Boolean)' for name in names]
    given = f'op.create_table("choices", sa.Column("id", sa.Integer), {", ".join(columns[:2])})'
    upgrade = "\n".join(
        [f'op.add_column("choices", {column})' for column in columns[2:]]
        + [f'op.drop_column("choices", "{name}")' for name in names[:2]]
    )
    told = [finding.message for finding in findings("MRT810", upgrade, given=given)]
    assert [message.split(" is dropped and ")[1].split(",")[0] for message in told] == [
        "remind_at_night_mail",
        "remind_at_night_push",
    ]


def test_of_several_columns_with_unlike_names_the_order_counts() -> None:
    given = 'op.create_table("t", sa.Column("xyz", sa.Date), sa.Column("klm", sa.Date))'
    upgrade = """
op.add_column("t", sa.Column("born", sa.Date))
op.add_column("t", sa.Column("wed", sa.Date))
op.drop_column("t", "xyz")
op.drop_column("t", "klm")
"""
    told = [finding.message for finding in findings("MRT810", upgrade, given=given)]
    assert ["born" in told[0], "wed" in told[1]] == [True, True]


def test_what_the_downgrade_computes_is_not_called_lost() -> None:
    upgrade = "\n".join(
        [ADD_C, execute("UPDATE users SET c = a || b"), DROP_A, 'op.drop_column("users", "done")']
    )
    again = f'{ADD_A}\nop.add_column("users", sa.Column("done", sa.Boolean))\n'
    computed = execute("UPDATE users SET a = CASE WHEN id > 3 THEN 'x' ELSE 'y' END")
    (one,) = findings("MRT208", upgrade, f'{again}{computed}\nop.drop_column("users", "c")', given=USERS)
    assert one.message.endswith("does not restore users.done and computes users.a from other data")
    (one,) = findings("MRT208", upgrade, f'{again}op.drop_column("users", "c")', given=USERS)
    assert one.message.endswith("the downgrade does not restore users.a, users.done")
