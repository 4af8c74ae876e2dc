"""NOT NULL: added, set, not taken back; and what PostgreSQL has to read for it (MRT401, 402, 403, 213)."""

from __future__ import annotations

import pytest

from mrt_lint.sql.nulls import never_null
from tests.rules.linting import findings, found

USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String(80)),
    sa.Column("name", sa.String(80), nullable=False),
)
"""
CHECKED = 'op.create_check_constraint("known", "users", "email IS NOT NULL")'
NOT_VALID = 'op.create_check_constraint("known", "users", "email IS NOT NULL", postgresql_not_valid=True)'
VALIDATED = 'op.execute("ALTER TABLE users VALIDATE CONSTRAINT known")'

ADDED = {
    "required": ('sa.Column("x", sa.Integer, nullable=False)', True),
    "nullable": ('sa.Column("x", sa.Integer)', False),
    "with a default": ('sa.Column("x", sa.Integer, nullable=False, server_default="0")', False),
    "with a default that is not known": (
        'sa.Column("x", sa.Integer, nullable=False, server_default=unknown())',
        False,
    ),
    "with NULL as default": (
        'sa.Column("x", sa.Integer, nullable=False, server_default=sa.text("NULL"))',
        True,
    ),
    "with a default of Python's": ('sa.Column("x", sa.Integer, nullable=False, default=0)', True),
    "identity": ('sa.Column("x", sa.Integer, sa.Identity(), nullable=False)', False),
    "generated": ('sa.Column("x", sa.Integer, sa.Computed("id"), nullable=False)', False),
    "counted": ('sa.Column("x", sa.Integer, primary_key=True)', False),
    "a key that does not count": (
        'sa.Column("x", sa.Integer, primary_key=True, autoincrement=False)',
        True,
    ),
}


@pytest.mark.parametrize("case", ADDED)
def test_a_column_without_a_value_for_old_rows(case: str) -> None:
    column, fires = ADDED[case]
    assert found("MRT401", f'op.add_column("users", {column})', given=USERS) == ["MRT401"] * fires


def test_the_default_of_python_is_named() -> None:
    add = 'op.add_column("users", sa.Column("x", sa.Integer, nullable=False, default=0))'
    (finding,) = findings("MRT401 MRT404", add, given=USERS)
    assert "default= is Python's" in finding.message


@pytest.mark.parametrize(
    ("database", "column", "words"),
    [
        ("postgresql", "sa.Integer", "this fails when the table has rows"),
        ("mariadb", "sa.Integer", "MariaDB fills the rows that are there with the type's zero value"),
        ("mysql", "sa.Date", "this fails when the table has rows"),
        (None, "sa.Integer", "this fails when the table has rows (MySQL fills the rows with"),
        (None, "sa.Date", "this fails when the table has rows"),
    ],
)
def test_what_happens_to_the_rows_is_said_of_every_target(database: str, column: str, words: str) -> None:
    add = f'op.add_column("users", sa.Column("x", {column}, nullable=False))'
    (finding,) = findings("MRT401", add, given=USERS, database=database)  # type: ignore[arg-type]
    assert words in finding.message
    assert finding.dialects == ()


def test_the_target_of_a_guarded_statement_alone_is_named() -> None:
    upgrade = """
    if op.get_bind().dialect.name == "mysql":
        op.add_column("users", sa.Column("x", sa.Integer, nullable=False))
    """
    (finding,) = findings("MRT401", upgrade, given=USERS, database=None)
    assert "MySQL fills the rows that are there" in finding.message


def test_a_condition_of_the_run_says_nothing_of_the_database() -> None:
    upgrade = """
    import os
    if os.environ.get("LARGE"):
        op.add_column("users", sa.Column("x", sa.Integer, nullable=False))
    """
    (finding,) = findings("MRT401", upgrade, given=USERS, database=None)
    assert "MySQL fills the rows with" in finding.message


def test_a_table_that_may_be_empty_is_not_taken_for_empty() -> None:
    """Nothing in the history says that it has rows; nothing says that it has none."""
    add = 'op.add_column("users", sa.Column("x", sa.Integer, nullable=False))'
    assert found("MRT401", add) == ["MRT401"]
    assert found(
        "MRT401", f'op.rename_table("users", "people")\n{add.replace("users", "people")}', given=USERS
    ) == ["MRT401"]
    made = 'op.create_table("users", sa.Column("id", sa.Integer))'
    assert found("MRT401", f"{made}\n{add}") == []


def test_a_column_that_is_there_already_is_not_added() -> None:
    add = (
        'op.execute("ALTER TABLE users ADD COLUMN IF NOT EXISTS email int NOT NULL DEFAULT random() UNIQUE")'
    )
    assert found("MRT401 MRT404 MRT405 MRT406 MRT704 MRT706", add, given=USERS) == []
    new = add.replace("email", "x")
    assert found("MRT401 MRT404 MRT405 MRT406", new, given=USERS) == ["MRT404"]


def test_a_column_that_the_downgrade_alone_presupposes_is_added() -> None:
    """Where the condition does not hold, dropping it assumes that it was there before."""
    upgrade = """
    import os
    if os.environ.get("WIDE"):
        op.add_column("users", sa.Column("x", sa.Integer, server_default=sa.text("random()"), nullable=False))
        op.add_column("users", sa.Column("y", sa.Integer, nullable=False))
    """
    downgrade = 'op.drop_column("users", "x")\nop.drop_column("users", "y")'
    assert found("MRT401 MRT404 MRT704", upgrade, downgrade) == ["MRT404", "MRT401", "MRT704"]


SET = 'op.alter_column("users", "email", existing_type=sa.String(80), nullable=False)'
UNSET = 'op.alter_column("users", "email", existing_type=sa.String(80), nullable=True)'
RAW = 'op.execute("ALTER TABLE users ALTER COLUMN email SET NOT NULL")'
REVERSED = {
    "by the same call": (SET, UNSET, []),
    "not at all": (SET, "pass", ["MRT402"]),
    "in another column": (SET, UNSET.replace("email", "name"), ["MRT402", "MRT803"]),
    "by SQL": (SET, 'op.execute("ALTER TABLE users ALTER COLUMN email DROP NOT NULL")', []),
    "SQL by the call": (RAW, UNSET, []),
    "SQL not at all": (RAW, "pass", ["MRT403"]),
    "declared impossible": (SET, "raise NotImplementedError", []),
    "with its column": (SET, 'op.drop_column("users", "email")', []),
    "in the upgrade itself": (f"{SET}\n{UNSET}", "pass", []),
    "what was so before": (SET.replace("email", "name"), "pass", []),
    "after a change of type": (
        SET.replace("nullable", "type_=sa.Text(), nullable"),
        'op.alter_column("users", "email", existing_type=sa.Text(), type_=sa.String(80))',
        ["MRT402"],
    ),
    "of a renamed column": (
        f'op.alter_column("users", "email", new_column_name="mail")\n{SET.replace("email", "mail")}',
        'op.alter_column("users", "mail", new_column_name="email")',
        ["MRT402"],
    ),
    "of a new column": (
        f'op.add_column("users", sa.Column("x", sa.Text))\n{SET.replace("email", "x")}',
        "pass",
        [],
    ),
}


@pytest.mark.parametrize("case", REVERSED)
def test_not_null_is_taken_back(case: str) -> None:
    upgrade, downgrade, codes = REVERSED[case]
    assert found("MRT402 MRT403 MRT803", upgrade, downgrade, given=USERS) == codes


def test_a_file_alone_may_set_not_null_what_was_nullable() -> None:
    assert found("MRT402", SET) == ["MRT402"]
    assert found("MRT402", SET.replace("nullable", "existing_nullable=False, nullable")) == []
    kept = 'op.alter_column("users", "email", existing_type=sa.String(80), existing_nullable=False, type_=sa.Text())'
    assert found("MRT402", kept, database="mysql") == []
    (finding,) = findings("MRT403", 'op.execute("ALTER TABLE t MODIFY a INT NOT NULL")', database="mysql")
    assert "may not have been before" in finding.message


def test_what_a_column_was_before_that_nothing_tells_is_left_open() -> None:
    doubt = "which it may not have been before"
    (open_,) = findings("MRT402", SET)
    (said,) = findings("MRT402", SET.replace("nullable", "existing_nullable=True, nullable"))
    (known,) = findings("MRT402", SET, given=USERS)
    assert [doubt in one.message for one in (open_, said, known)] == [True, False, False]


def test_a_missing_downgrade_does_not_mute_it() -> None:
    (finding,) = findings("MRT402", SET, None, given=USERS)
    assert finding.message == "users.email is set NOT NULL; there is no downgrade"


SCANNED = {
    "nothing proves it": ([USERS], [], True),
    "a valid check": ([USERS, CHECKED], [], False),
    "a check of this migration": ([USERS], [CHECKED], False),
    "a check that is not validated": ([USERS, NOT_VALID], [], True),
    "a check that was validated": ([USERS, NOT_VALID, VALIDATED], [], False),
    "a check of more": ([USERS, CHECKED.replace("NULL", "NULL AND id > 0")], [], False),
    "a check of less": ([USERS, CHECKED.replace("NULL", "NULL OR id > 0")], [], True),
    "a check of another column": ([USERS, CHECKED.replace("email", "name")], [], True),
    "a check that was dropped": ([USERS, CHECKED, 'op.drop_constraint("known", "users")'], [], True),
    "a check before a rename": (
        [USERS.replace('"email"', '"mail"'), CHECKED.replace("email", "mail")],
        ['op.alter_column("users", "mail", new_column_name="email")'],
        False,
    ),
    "a new table": ([], [USERS], False),
    "a column that is NOT NULL": ([USERS.replace("String(80))", "String(80), nullable=False)")], [], False),
    "a new column": (
        [USERS.replace('"email"', '"mail"')],
        ['op.add_column("users", sa.Column("email"))'],
        False,
    ),
}


@pytest.mark.parametrize("case", SCANNED)
def test_postgresql_reads_the_table_unless_a_check_proves_it(case: str) -> None:
    given, first, fires = SCANNED[case]
    upgrade = "\n".join([*first, 'op.alter_column("users", "email", nullable=False)'])
    assert found("MRT213", upgrade, given=given) == ["MRT213"] * fires


def test_the_scan_is_postgresqls_and_a_check_proves_nothing_before_12() -> None:
    assert found("MRT213", SET, given=USERS, database="mysql") == []
    assert found("MRT213", SET, given=[USERS, CHECKED], version="11") == ["MRT213"]
    key = 'op.create_primary_key("pk", "users", ["email"])'
    keyless = USERS.replace(", primary_key=True", "")
    assert found("MRT213 MRT402", SET, given=[keyless, key]) == []


@pytest.mark.parametrize(
    ("condition", "columns"),
    [
        ("a IS NOT NULL AND b IS NOT NULL", "ab"),
        ("(a IS NOT NULL AND b > 0) OR (a IS NOT NULL AND b IS NOT NULL)", "a"),
        ("NOT (a IS NULL OR b > 0)", "a"),
        ("NOT (a IS NULL AND b IS NULL)", ""),
        ('"userId" IS NOT NULL', {"userId"}),
        ("a > 0", ""),
        ("a IS NULL", ""),
        ("a IS", ""),
        ("(a, b) IS NOT NULL", ""),
    ],
)
def test_columns_that_a_condition_proves(condition: str, columns: str) -> None:
    assert never_null(condition) == set(columns)


PAIR = """
op.create_table(
    "pairs",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("one", sa.Text),
    sa.Column("two", sa.Text),
    sa.CheckConstraint("{0}", name="some"),
)
"""
STRICT = """
op.alter_column("pairs", "one", existing_type=sa.Text, nullable=False)
op.drop_constraint("some", "pairs", type_="check")
"""
AGAIN = """
op.alter_column("pairs", "one", existing_type=sa.Text, nullable=True)
op.create_check_constraint("some", "pairs", "{0}")
"""
EITHER = "one IS NOT NULL OR two IS NOT NULL"


@pytest.mark.parametrize(
    ("check", "implied"),
    [
        ("NOT (one IS NULL AND two IS NULL)", True),
        (EITHER, True),
        ("two = 'x' OR one IS NOT NULL", True),
        ("NOT (one IS NULL OR two IS NULL)", False),
        ("two IS NOT NULL", False),
        ("one IS NOT NULL AND one <> ''", False),
        ("one <> ''", False),
        ("(one IS NULL) <> (two IS NULL)", False),
    ],
)
def test_a_check_that_not_null_of_the_new_schema_implies_lets_no_row_in_that_violates_it(
    check: str, implied: bool
) -> None:
    codes = found("MRT805", STRICT, AGAIN.format(check), given=PAIR.format(check))
    assert codes == ([] if implied else ["MRT805"])


@pytest.mark.parametrize(
    ("upgrade", "downgrade"),
    [
        (
            'op.drop_constraint("some", "pairs", type_="check")',
            AGAIN.format(EITHER),
        ),
        (
            STRICT,
            'op.drop_column("pairs", "one")\nop.add_column("pairs", sa.Column("one", sa.Text))\n'
            f'op.create_check_constraint("some", "pairs", "{EITHER}")',
        ),
    ],
)
def test_it_is_implied_by_columns_that_stay_as_they_are_alone(upgrade: str, downgrade: str) -> None:
    assert found("MRT805", upgrade, downgrade, given=PAIR.format(EITHER)) == ["MRT805"]
