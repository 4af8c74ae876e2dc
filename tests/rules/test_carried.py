"""What is moved to another table and back, or by code that is not followed, is not surely lost (MRT201, 202, 804)."""

from __future__ import annotations

import pytest

from mrt_lint.plugin import Severity
from tests.rules.linting import findings

CODES = "MRT201 MRT202 MRT206 MRT208 MRT804"
GIVEN = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("phone", sa.String(20)),
    sa.Column("asked", sa.Boolean),
)
op.create_table(
    "facts", sa.Column("user_id", sa.Integer), sa.Column("what", sa.String(20)), sa.Column("words", sa.String(20))
)
"""
PHONE = 'op.add_column("users", sa.Column("phone", sa.String(20)))\n'
GONE = 'op.drop_column("users", "phone")\n'
USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("phone", sa.String(20)),
    sa.Column("asked", sa.Boolean),
)
"""


def sql(*statements: str) -> str:
    return "".join(f'op.execute("{statement}")\n' for statement in statements)


def loop(query: str, statement: str) -> str:
    return f"""
c = op.get_bind()
for row in c.execute(sa.text("{query}")):
    c.execute(sa.text("{statement}"), {{"id": row[0], "words": row[1]}})
"""


OUT = "INSERT INTO facts (user_id, what, words) SELECT id, 'phone', phone FROM users WHERE phone IS NOT NULL"
BACK = (
    "UPDATE users SET phone = (SELECT words FROM facts WHERE user_id = users.id AND what = 'phone' LIMIT 1)"
)
LOOP_OUT = loop("SELECT id, phone FROM users", "INSERT INTO facts VALUES (:id, 'phone', :words)")
LOOP_BACK = loop("SELECT user_id, words FROM facts", "UPDATE users SET phone = :words WHERE id = :id")
REST = "UPDATE users SET phone = '' WHERE phone IS NULL"
ROWS_OUT = "INSERT INTO facts (user_id, what, words) SELECT id, 'user', phone FROM users"
ROWS_BACK = "INSERT INTO users (id, phone) SELECT user_id, words FROM facts WHERE what = 'user'"
FLAG_OUT = "INSERT INTO facts (user_id, what) SELECT id, 'asked' FROM users WHERE asked"
FLAG_BACK = "UPDATE users SET asked = TRUE WHERE id IN (SELECT user_id FROM facts WHERE what = 'asked')"
ASKED = 'op.add_column("users", sa.Column("asked", sa.Boolean))\n'
ERROR, WARNING = Severity.ERROR, Severity.WARNING

CASES = {
    "by queries": (sql(OUT) + GONE, PHONE + sql(BACK), []),
    "left where it is": (sql(OUT), sql(BACK), []),
    "by loops": (LOOP_OUT + GONE, PHONE + LOOP_BACK, []),
    "by loops, the rest by a statement": (LOOP_OUT + GONE, PHONE + LOOP_BACK + sql(REST), []),
    "a flag": (sql(FLAG_OUT) + 'op.drop_column("users", "asked")', ASKED + sql(FLAG_BACK), []),
    "not read back": (sql(OUT) + GONE, PHONE, [("MRT201", ERROR), ("MRT208", ERROR)]),
    "read back, then overwritten": (
        sql(OUT) + GONE,
        PHONE + sql(BACK, "UPDATE users SET phone = 'x'"),
        [("MRT201", ERROR), ("MRT208", ERROR)],
    ),
    "read back, then cut": (
        sql(OUT) + GONE,
        PHONE + sql(BACK, "UPDATE users SET phone = substr(phone, 1, 2)"),
        [("MRT201", ERROR), ("MRT208", ERROR)],
    ),
    "nothing put there": (GONE, PHONE + sql(BACK), [("MRT201", ERROR)]),
    "only written by the downgrade": (sql(FLAG_OUT), sql(BACK), [("MRT804", ERROR)]),
    "read by the upgrade, written by code": (
        loop("SELECT id, phone FROM users", "INSERT INTO facts VALUES (:id, 'phone', :words)"),
        loop("SELECT id, words FROM facts", "UPDATE users SET phone = :words"),
        [],
    ),
    "rows": (sql(ROWS_OUT, "DROP TABLE users"), USERS + sql(ROWS_BACK), [("MRT804", ERROR)]),
    "rows, not read back": (sql(ROWS_OUT, "DROP TABLE users"), USERS, [("MRT202", ERROR)]),
    "rows that were put nowhere": (
        sql("DROP TABLE users"),
        USERS + sql(ROWS_BACK),
        [("MRT202", ERROR)],
    ),
}
"""The rows have one more column, `asked`, which is not moved: that one is lost."""


@pytest.mark.parametrize("case", CASES)
def test_what_is_put_into_another_table(case: str) -> None:
    upgrade, downgrade, expected = CASES[case]
    found = findings(CODES, upgrade, downgrade, given=GIVEN)
    assert [(finding.rule, finding.severity) for finding in found] == expected


HEAD = "import unknown\n"
HANDED = "unknown.move(op.get_bind())\n"


@pytest.mark.parametrize(
    ("upgrade", "downgrade", "severity", "words"),
    [
        (GONE, PHONE + HANDED, WARNING, "re-adds it; whether its data comes back is not understood"),
        (HANDED + GONE, PHONE, ERROR, "re-adds it empty"),
        (
            'op.drop_table("users")',
            USERS + HANDED,
            WARNING,
            "re-creates it; whether its rows come back is not",
        ),
        ('op.drop_table("users")', USERS, ERROR, "re-creates it without its rows"),
    ],
)
def test_code_that_is_not_understood_may_bring_it_back(
    upgrade: str, downgrade: str, severity: Severity, words: str
) -> None:
    found = findings("MRT201 MRT202", HEAD + upgrade, HEAD + downgrade, given=GIVEN)
    assert [finding.severity for finding in found] == [severity]
    assert words in found[0].message


KEYED = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("phone", sa.String(20)),
    sa.UniqueConstraint("phone", name="phone"),
)
op.create_table("facts", sa.Column("user_id", sa.Integer), sa.Column("what", sa.Text), sa.Column("words", sa.Text))
"""


def test_a_key_that_is_called_as_the_column_says_nothing_of_its_data() -> None:
    found = findings(f"{CODES} MRT802", LOOP_OUT + GONE, PHONE + LOOP_BACK, given=KEYED)
    assert [finding.rule for finding in found] == ["MRT802"]


def test_a_column_put_aside_comes_back_though_other_rows_are_deleted() -> None:
    doubled = "DELETE FROM users WHERE id IN (SELECT user_id FROM facts)"
    found = findings(CODES, sql(doubled, OUT) + GONE, PHONE + sql(BACK), given=GIVEN)
    assert "MRT201" not in {finding.rule for finding in found}
    found = findings(CODES, sql(doubled, OUT) + GONE, PHONE, given=GIVEN)
    assert "MRT201" in {finding.rule for finding in found}
