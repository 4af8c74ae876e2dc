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


MODE = 'op.add_column("users", sa.Column("mode", sa.Integer, nullable=False, server_default="1"))\n'
NOTED = MODE + sql("UPDATE users SET mode = 3 WHERE NOT asked") + 'op.drop_column("users", "asked")\n'
NO_MODE = 'op.drop_column("users", "mode")\n'
DEFAULTED = 'op.add_column("users", sa.Column("asked", sa.Boolean, nullable=False, server_default="true"))\n'
SET = "UPDATE users SET asked = false WHERE mode = 3"


@pytest.mark.parametrize(
    ("upgrade", "downgrade", "lost"),
    [
        (NOTED, DEFAULTED + sql(SET) + NO_MODE, False),
        (NOTED, ASKED + sql(SET, "UPDATE users SET asked = true WHERE mode = 1") + NO_MODE, False),
        (NOTED, ASKED + sql(SET) + NO_MODE, True),
        (NOTED, DEFAULTED + NO_MODE, True),
        (NOTED, DEFAULTED + sql("UPDATE users SET asked = false WHERE id = 3") + NO_MODE, True),
        (NOTED, DEFAULTED + sql(SET, "UPDATE users SET asked = true") + NO_MODE, True),
        (NOTED.replace("WHERE NOT asked", "WHERE id = 3"), DEFAULTED + sql(SET) + NO_MODE, True),
        (
            NOTED.replace("NOT asked", "phone IS NULL").replace('"asked"', '"phone"'),
            PHONE
            + sql(
                "UPDATE users SET phone = '1' WHERE mode = 1", "UPDATE users SET phone = '2' WHERE mode = 3"
            ),
            True,
        ),
    ],
)
def test_a_flag_kept_as_what_another_column_holds(upgrade: str, downgrade: str, lost: bool) -> None:
    found = findings(CODES, upgrade, downgrade, given=GIVEN)
    assert [finding.rule for finding in found if finding.severity is ERROR] == (["MRT201"] if lost else [])


def test_a_flag_of_a_table_that_no_migration_makes() -> None:
    found = findings(CODES, NOTED, DEFAULTED + sql(SET) + NO_MODE)
    assert [finding for finding in found if finding.severity is ERROR] == []
    found = findings(CODES, NOTED, DEFAULTED + NO_MODE)
    assert [finding.rule for finding in found if finding.severity is ERROR] == ["MRT201"]


LINKED = """
op.create_table("links", sa.Column("id", sa.Integer, primary_key=True), sa.Column("phone", sa.String(20)))
op.add_column("users", sa.Column("link_id", sa.Integer))
op.execute(
    "WITH old AS (SELECT nextval(pg_get_serial_sequence('links', 'id')) AS link, id AS user_id, phone FROM users), "
    "made AS (INSERT INTO links (id, phone) SELECT link, phone FROM old RETURNING id AS link) "
    "UPDATE users SET link_id = made.link FROM made, old WHERE users.id = old.user_id AND made.link = old.link"
)
"""
READ_BACK = sql(
    "UPDATE users SET phone = l.phone FROM (SELECT id, phone FROM links WHERE phone IS NOT NULL) l WHERE link_id = l.id"
)
UNLINKED = 'op.drop_column("users", "link_id")\nop.drop_table("links")\n'


@pytest.mark.parametrize(("back", "errors"), [(READ_BACK, []), ("", ["MRT201"])])
def test_what_one_statement_puts_aside_and_links(back: str, errors: list[str]) -> None:
    downgrade = PHONE + back + UNLINKED
    found = findings("MRT201 MRT206", LINKED + GONE, downgrade, given=GIVEN)
    assert [finding.rule for finding in found if finding.severity is ERROR] == errors
    assert not findings("MRT104", LINKED + GONE, downgrade, given=GIVEN)


SPACES = (
    'op.create_table("spaces", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))\n'
)
COPIED = f"""
{SPACES.replace("spaces", "projects")}
conn = op.get_bind()
for row in conn.execute(sa.text("SELECT id, name FROM {{table}}")).fetchall():
    conn.execute(sa.text("INSERT INTO projects (id, name) VALUES (:id, :name)"), {{{{"id": row.id, "name": row.name}}}})
op.drop_table("spaces")
"""
COPIED_BACK = f"""
{SPACES}
conn = op.get_bind()
for row in conn.execute(sa.text("SELECT id, name FROM projects")):
    conn.execute(sa.text("INSERT INTO spaces (id, name) VALUES (:id, :name)"), {{"id": row.id, "name": row.name}})
op.drop_table("projects")
"""
RAISES = 'raise NotImplementedError("no way back")'


@pytest.mark.parametrize(
    ("upgrade", "downgrade", "severities"),
    [
        (COPIED.format(table="spaces"), RAISES, [WARNING]),
        (COPIED.format(table="users"), RAISES, [ERROR]),
        ('op.drop_table("spaces")', RAISES, [ERROR]),
        (COPIED.format(table="spaces"), SPACES, [ERROR]),
        (COPIED.format(table="spaces"), COPIED_BACK, []),
    ],
)
def test_a_table_that_code_copies(upgrade: str, downgrade: str, severities: list[Severity]) -> None:
    found = findings("MRT202", upgrade, downgrade, given=GIVEN + SPACES)
    assert [finding.severity for finding in found] == severities


FOLDED = sql(
    "UPDATE users SET phone = spaces.name FROM spaces WHERE spaces.id = users.id", "DROP TABLE spaces"
)
UNFOLDED = SPACES + sql("INSERT INTO spaces (id, name) SELECT id, phone FROM users")


@pytest.mark.parametrize(
    ("upgrade", "downgrade", "codes"),
    [
        (FOLDED, UNFOLDED, []),
        (FOLDED, SPACES, ["MRT202"]),
        (
            FOLDED.replace("spaces.name", "'x'"),
            SPACES + sql("INSERT INTO spaces (id, name) VALUES (1, 'a')"),
            ["MRT202"],
        ),
        (sql("DROP TABLE spaces"), UNFOLDED, ["MRT202"]),
    ],
)
def test_rows_that_are_folded_into_those_of_another_table(
    upgrade: str, downgrade: str, codes: list[str]
) -> None:
    found = findings("MRT202", upgrade, downgrade, given=GIVEN + SPACES)
    assert [finding.rule for finding in found if finding.severity is ERROR] == codes


HOOKS = """
op.create_table("hook", sa.Column("id", sa.Integer, primary_key=True), sa.Column("code", sa.String(40), unique=True))
op.create_table("entry", sa.Column("n", sa.Integer, primary_key=True), sa.Column("hook_code", sa.String(40)%s))
"""
LISTED = "UPDATE entry e SET hook_code_%s = h.code_%s FROM hook h WHERE e.hook_code = h.code"


def spelled_anew(kind: str, tag: str, hook: str, entry: str) -> str:
    """Returns the steps that put new values in the place of a code and of what refers to it."""
    add = [f'op.add_column("{t}", sa.Column("{c}_{tag}", {kind}))\n' for t, c in PAIRS]
    drop = [f'op.drop_column("{t}", "{c}")\n' for t, c in PAIRS]
    name = [f'op.alter_column("{t}", "{c}_{tag}", new_column_name="{c}")\n' for t, c in PAIRS]
    return "".join([*add, sql(hook, entry), *drop, *name])


PAIRS = (("hook", "code"), ("entry", "hook_code"))
SHORT = spelled_anew(
    "sa.Integer",
    "new",
    "UPDATE hook SET code_new = CAST(substr(code, 4) AS INTEGER)",
    LISTED % ("new", "new"),
)
LONG = "UPDATE hook SET code_old = 'wh-' || CAST(code AS VARCHAR)"


@pytest.mark.parametrize("reference", ["", ', sa.ForeignKey("hook.code")'])
def test_a_key_that_is_spelled_anew_and_left_so_is_lost(reference: str) -> None:
    given = HOOKS % reference
    left = findings(f"{CODES} MRT103", SHORT, "pass", given=given)
    assert {"MRT201", "MRT208"} <= {finding.rule for finding in left}
    written = sql("UPDATE entry e SET hook_code = h.code FROM hook h WHERE e.n = h.id")
    assert [finding.rule for finding in findings(f"{CODES} MRT103", written, "pass", given=given)] == [
        "MRT103"
    ]


@pytest.mark.parametrize("reference", ["", ', sa.ForeignKey("hook.code")'])
@pytest.mark.parametrize(
    ("upgrade", "entry", "lost"),
    [
        (SHORT, LISTED % ("old", "old"), False),
        (SHORT, "UPDATE entry SET hook_code_old = 'x'", True),
        (SHORT, "UPDATE entry e SET hook_code_old = h.id FROM hook h WHERE e.hook_code = h.code", True),
        (
            SHORT
            + 'op.drop_column("entry", "hook_code")\nop.add_column("entry", sa.Column("hook_code", sa.Integer))',
            LISTED % ("old", "old"),
            True,
        ),
    ],
)
def test_a_key_that_is_spelled_anew_is_computed_back_through_the_same_join(
    reference: str, upgrade: str, entry: str, lost: bool
) -> None:
    found = findings(
        CODES, upgrade, spelled_anew("sa.String(40)", "old", LONG, entry), given=HOOKS % reference
    )
    assert sorted({finding.rule for finding in found}) == (["MRT201", "MRT208"] if lost else [])


PINNED = """
op.create_table("entry", sa.Column("id", sa.Integer, primary_key=True))
op.create_table("pinned", sa.Column("entry_id", sa.Integer{0}))
"""
FLAGGED = """
op.add_column("entry", sa.Column("pinned", sa.Boolean, server_default=sa.false()))
op.execute("UPDATE entry SET pinned = true WHERE id IN (SELECT entry_id FROM pinned)")
op.drop_table("pinned")
"""
UNFLAGGED = """
op.create_table("pinned", sa.Column("entry_id", sa.Integer{0}))
op.execute("INSERT INTO pinned (entry_id) SELECT id FROM entry WHERE pinned")
op.drop_column("entry", "pinned")
"""


@pytest.mark.parametrize(("reference", "codes"), [(', sa.ForeignKey("entry.id")', []), ("", ["MRT804"])])
def test_a_table_of_references_that_becomes_a_flag_is_read_back_from_what_it_referred_to(
    reference: str, codes: list[str]
) -> None:
    back = UNFLAGGED.format(reference)
    assert [one.rule for one in findings(CODES, FLAGGED, back, given=PINNED.format(reference))] == codes
