"""What fails in a downgrade is told once, and what it was to do is not told again (MRT801, 802, 806)."""

from __future__ import annotations

import pytest

from mrt_lint.plugin import Severity
from mrt_lint.schema.dialects import Dialect
from tests.rules.linting import findings, found

ROLLBACK = "MRT205 MRT801 MRT802 MRT803 MRT806"
TEAMS = 'op.create_table("teams", sa.Column("id", sa.Integer, primary_key=True))'
USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String(80)),
)
"""
MEMBERS = """
op.create_table(
    "{0}",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("team_id", sa.Integer, sa.ForeignKey("teams.id", name="fk_{0}")),
)
"""


@pytest.mark.parametrize("database", ["postgresql", "mysql"])
def test_a_table_that_several_keys_refer_to_is_one_finding(database: Dialect) -> None:
    """PostgreSQL and MySQL both refuse, whatever the number of keys."""
    upgrade = "\n".join([TEAMS, *(MEMBERS.format(name) for name in ("readers", "writers"))])
    downgrade = 'op.drop_table("teams")\nop.drop_table("readers")\nop.drop_table("writers")'
    (told,) = findings("MRT806", upgrade, downgrade, database=database)
    assert "fk_readers of readers and fk_writers of writers" in told.message


def test_a_key_that_several_foreign_keys_need_is_one_finding() -> None:
    upgrade = 'op.create_unique_constraint("uq", "users", ["email"])\n' + "\n".join(
        f'op.create_table("{name}", sa.Column("email", sa.String(80)), '
        f'sa.ForeignKeyConstraint(["email"], ["users.email"], name="fk_{name}"))'
        for name in ("mails", "logins")
    )
    downgrade = 'op.drop_constraint("uq", "users")\nop.drop_table("mails")\nop.drop_table("logins")'
    (told,) = findings("MRT806", upgrade, downgrade, given=USERS)
    assert "foreign key fk_logins of logins and foreign key fk_mails of mails need it" in told.message


def test_a_drop_that_is_given_a_column_for_a_name_is_one_finding() -> None:
    upgrade = 'op.add_column("users", sa.Column("a", sa.Integer))\n'
    upgrade += 'op.add_column("users", sa.Column("b", sa.Integer))'
    downgrade = 'op.drop_column("users", sa.Column("a"))\nop.drop_column("users", "b")'
    (told,) = findings(ROLLBACK, upgrade, downgrade, given=USERS)
    assert (told.rule, told.help) == ("MRT806", "give the call what it takes")


def test_a_column_that_no_drop_is_there_for_is_told_beside_it() -> None:
    upgrade = 'op.add_column("users", sa.Column("a", sa.Integer))\n'
    upgrade += 'op.add_column("users", sa.Column("b", sa.Integer))'
    downgrade = 'op.drop_column("users", sa.Column("a"))'
    assert found(ROLLBACK, upgrade, downgrade, given=USERS) == ["MRT801", "MRT806"]


def test_a_foreign_key_that_is_dropped_without_a_name_is_one_finding() -> None:
    given = TEAMS + USERS.replace(
        'sa.Column("email"', 'sa.Column("team_id", sa.Integer),\n    sa.Column("email"'
    )
    upgrade = 'op.create_foreign_key("fk_team", "users", "teams", ["team_id"], ["id"])'
    downgrade = 'op.drop_constraint(None, "users", type_="{}")'
    assert found(ROLLBACK, upgrade, downgrade.format("foreignkey"), given=given) == ["MRT806"]
    # That one was never to drop the foreign key.
    assert found(ROLLBACK, upgrade, downgrade.format("unique"), given=given) == ["MRT801", "MRT806"]


OPENING = "helper_of_ours(op)"
DROPS = {
    "a constraint": 'op.drop_constraint("uq_other", "users", type_="unique")',
    "an index": 'op.drop_index("ix_other", table_name="users")',
    "a column": 'op.drop_column("users", "other")',
}


@pytest.mark.parametrize("what", DROPS)
def test_what_no_migration_has_made_is_not_lost(what: str) -> None:
    """Something was not understood before, but nothing speaks of this object."""
    upgrade = 'op.add_column("users", sa.Column("a", sa.Integer))'
    downgrade = f'{DROPS[what]}\nop.drop_column("users", "a")'
    assert found(ROLLBACK, upgrade, downgrade, given=[USERS, OPENING]) == ["MRT806"]


@pytest.mark.parametrize("what", DROPS)
def test_a_part_of_a_table_older_than_the_history_may_be_lost(what: str) -> None:
    upgrade = 'op.add_column("users", sa.Column("a", sa.Integer))'
    downgrade = f'{DROPS[what]}\nop.drop_column("users", "a")'
    (told,) = findings(ROLLBACK, upgrade, downgrade)
    assert told.rule == "MRT802"
    assert "lost, or not there to be dropped" in told.message


FOUND = 'name = sa.inspect(op.get_bind()).get_{}("users")[0]["name"]\n'
ANEW = {
    "unique": (
        FOUND.format("unique_constraints"),
        'op.drop_constraint(name, "users", type_="unique")',
        'op.create_unique_constraint("uq_email", "users", ["email"])',
    ),
    "index": (
        FOUND.format("indexes"),
        'op.drop_index(name, table_name="users")',
        'op.create_index("ix_email", "users", ["email"])',
    ),
}


@pytest.mark.parametrize("kind", ANEW)
def test_what_the_upgrade_may_have_dropped_by_a_name_read_at_run_time(kind: str) -> None:
    """The downgrade makes it again: nobody left it behind."""
    read, drop, create = ANEW[kind]
    given = USERS + create.replace("_email", "_old")
    assert found(ROLLBACK, f"{read}if name != 'x':\n    {drop}", create, given=given) == []


@pytest.mark.parametrize("kind", ANEW)
def test_what_the_downgrade_drops_by_a_name_read_at_run_time_may_be_made_again(kind: str) -> None:
    read, drop, create = ANEW[kind]
    again = f"{read}{drop}\n{create}"
    given = USERS + create.replace("_email", "_old")
    assert found(ROLLBACK, again, again, given=given) == []


def test_what_only_the_downgrade_makes_stays() -> None:
    create = 'op.create_index("ix_email", "users", ["email"])'
    upgrade = 'op.add_column("users", sa.Column("a", sa.Integer))'
    downgrade = f'op.drop_column("users", "a")\n{create}'
    assert found(ROLLBACK, upgrade, downgrade, given=USERS) == ["MRT801"]


CONCURRENT = ", postgresql_concurrently=True)"


def test_an_index_whose_drop_the_transaction_refuses_is_one_finding() -> None:
    create = 'op.create_index("ix_email", "users", ["email"])'
    drop = 'op.drop_index("ix_email", table_name="users"' + CONCURRENT
    assert found(ROLLBACK, create, drop, given=USERS) == ["MRT806"]


def test_a_downgrade_runs_as_its_upgrade_does() -> None:
    """An upgrade that builds an index concurrently runs only where the runner holds no transaction."""
    create = 'op.create_index("ix_email", "users", ["email"]' + CONCURRENT
    drop = 'op.drop_index("ix_email", table_name="users"' + CONCURRENT
    block = f"with op.get_context().autocommit_block():\n    {create}"
    assert found(ROLLBACK, create, drop, given=USERS) == []
    assert found(ROLLBACK, block, drop, given=USERS) == ["MRT806"]


def test_a_primary_key_that_is_made_anew_may_be_the_same() -> None:
    """MySQL calls every primary key PRIMARY; of which columns it was before is not known."""
    anew = """
    op.drop_constraint("pk", "logs", type_="primary")
    op.create_primary_key("pk", "logs", ["id", "moment"])
    """
    assert found(ROLLBACK, anew, anew, database="mysql") == []


TWICE = (
    TEAMS
    + """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("team_id", sa.Integer),
    sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_one"),
    sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_two"),
)
"""
)


def test_one_of_two_equal_constraints_is_no_error() -> None:
    upgrade = 'op.drop_column("users", "team_id")'
    add = 'op.add_column("users", sa.Column("team_id", sa.Integer))\n'
    key = 'op.create_foreign_key("fk_two", "users", "teams", ["team_id"], ["id"])'
    (told,) = findings("MRT802", upgrade, add + key, given=TWICE)
    assert (told.severity, "fk_two" in told.message) == (Severity.WARNING, True)
    both = findings("MRT802", upgrade, add, given=TWICE)
    assert [one.severity for one in both] == [Severity.ERROR, Severity.ERROR]


SWAPPED = """
op.create_table(
    "users_old", sa.Column("id", sa.Integer, primary_key=True), sa.Column("age", sa.Integer{inline})
)
{more}
op.drop_table("users")
op.rename_table("users_old", "users")
"""


@pytest.mark.parametrize(
    ("inline", "more", "equal"),
    [
        (", index=True", "", "ix_users_old_age"),
        ("", "op.create_index('other', 'users_old', ['age'])", "other"),
        ("", "op.create_index('other', 'users_old', ['age'], unique=True)", None),
        ("", "op.create_index('other', 'users_old', ['age', 'id'])", None),
        ("", "", None),
    ],
)
def test_an_index_that_an_equal_one_stands_in_for_is_no_error(
    inline: str, more: str, equal: str | None
) -> None:
    given = """
    op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("age", sa.Integer))
    op.create_index("by_age", "users", ["age"])
    """
    upgrade = 'op.add_column("users", sa.Column("name", sa.Text))'
    told = findings("MRT802", upgrade, SWAPPED.format(inline=inline, more=more), given=given)
    (index,) = (one for one in told if "index by_age" in one.message)
    assert (index.severity == Severity.WARNING) == (equal is not None)
    assert (f"an equal one is there: {equal}" in index.message) == (equal is not None)


def test_a_statement_of_mysql_tells_that_the_project_is_for_it() -> None:
    upgrade = """
    op.add_column("users", sa.Column("name", sa.String(80)))
    op.execute("UPDATE users u JOIN teams t ON t.id = u.id SET u.name = 'x'")
    """
    given = TEAMS + USERS
    tight = 'op.drop_column("users", "name")\nop.drop_column("users", "email")\n'
    tight += 'op.add_column("users", sa.Column("email", sa.String(80), nullable=False))'
    (plain,) = findings(
        "MRT806", upgrade.replace("JOIN teams t ON t.id = u.id", ""), tight, given=given, database=None
    )
    assert plain.dialects == ("postgresql",)
    assert findings("MRT806", upgrade, tight, given=given, database=None) == []


CHECK = 'op.create_check_constraint("filled", "users", "email <> \'\'")'


@pytest.mark.parametrize("kind", ["", ', type_="check"'])
def test_a_check_that_a_naming_convention_may_call_otherwise(kind: str) -> None:
    """Conventions of checks put the given name at the end of a longer one."""
    drop = 'op.drop_constraint("{}", "users"' + kind + ")"
    called = drop.format("ck_users_filled")
    assert found(ROLLBACK, CHECK, called, given=USERS) == []
    assert found("MRT909", CHECK, called, given=USERS) == ["MRT909"]
    assert found(ROLLBACK, CHECK, drop.format("ck_users_empty"), given=USERS) == ["MRT806"]
    known: dict[str, object] = {"naming-convention": {"ix": "ix_%(column_0_label)s"}}
    assert found(ROLLBACK, CHECK, called, given=USERS, settings=known) == ["MRT806"]


FUNCTION = """
op.execute(
    "CREATE OR REPLACE FUNCTION stamp() RETURNS TRIGGER LANGUAGE plpgsql AS "
    "$$ BEGIN NEW.moment = {}; RETURN NEW; END $$"
)
"""


def test_a_function_that_both_directions_replace_may_be_older_than_the_history() -> None:
    new, old = FUNCTION.format("clock_timestamp()"), FUNCTION.format("now()")
    older = 'op.add_column("users", sa.Column("a", sa.Integer))'
    assert found(ROLLBACK, new, old, given=older) == []
    more = f'{new}\nop.add_column("users", sa.Column("b", sa.Integer))'
    drop = 'op.drop_column("users", "b")'
    assert found(f"MRT104 {ROLLBACK}", more, drop, given=older) == ["MRT104"]
    assert found(ROLLBACK, new, old, given=USERS) == ["MRT801"]


def test_an_index_that_a_drop_of_an_unknown_name_may_have_dropped_is_not_in_the_way() -> None:
    upgrade = 'op.add_column("users", sa.Column("hidden", sa.Boolean(), index=True))'
    rebuild = 'with op.batch_alter_table("users") as batch_op:\n    batch_op.drop_column("hidden")'
    drop = 'from ours import name_of\nop.drop_index(name_of("users", "hidden"), "users")'
    assert found(ROLLBACK, upgrade, f"{drop}\n{rebuild}", given=USERS, database="sqlite") == []
    assert found(ROLLBACK, upgrade, rebuild, given=USERS, database="sqlite") == ["MRT806"]


@pytest.mark.parametrize(("database", "codes"), [("mysql", ["MRT806"]), ("postgresql", ["MRT803"])])
def test_a_text_without_a_length_is_none_of_mysql(database: Dialect, codes: list[str]) -> None:
    upgrade = 'op.drop_column("users", "email")'
    downgrade = 'op.add_column("users", sa.Column("email", sa.String()))'
    given = USERS.replace("sa.String(80)", "sa.Text()")
    told = findings("MRT803 MRT806", upgrade, downgrade, given=given, database=database)
    assert [finding.rule for finding in told] == codes
    assert ("without a length" in told[0].message) is (database == "mysql")


@pytest.mark.parametrize("kind", ["sa.String(80)", "sa.Text()", "sa.LargeBinary()", "sa.Unicode(9)"])
def test_what_mysql_has_is_no_failure(kind: str) -> None:
    upgrade = f'op.add_column("users", sa.Column("extra", {kind}))'
    again = f'op.drop_column("users", "extra")\nop.add_column("users", sa.Column("extra", {kind}))'
    assert found("MRT806 MRT807", upgrade, again, given=USERS, database="mysql") == []


@pytest.mark.parametrize(("length", "codes"), [("80", ["MRT806"]), ("", [])])
def test_a_history_that_mysql_cannot_build_is_not_for_mysql(length: str, codes: list[str]) -> None:
    given = USERS.replace("80", length)
    again = 'op.add_column("users", sa.Column("email", sa.String()))'
    assert found("MRT806", 'op.drop_column("users", "email")', again, given=given, database=None) == codes


def test_a_table_with_several_such_columns_is_one_finding() -> None:
    table = 'op.create_table("teams", sa.Column("a", sa.String({0})), sa.Column("b", sa.String({0})))'
    (told,) = findings(
        "MRT806", 'op.drop_table("teams")', table.format(""), given=table.format(9), database="mysql"
    )
    assert "columns teams.a and teams.b: MySQL has no VARCHAR without a length" in told.message


@pytest.mark.parametrize(("name", "freed"), [("None", True), ('"other"', False)])
def test_a_column_that_a_nameless_drop_was_to_set_free_is_not_told_again(name: str, freed: bool) -> None:
    """MySQL drops no column that a foreign key uses; the statement before fails already."""
    upgrade = (
        f'{TEAMS}\nop.add_column("users", sa.Column("team_id", sa.Integer))\n'
        'op.create_foreign_key(None, "users", "teams", ["team_id"], ["id"])'
    )
    constraint = f'op.drop_constraint({name}, "users", type_="foreignkey")'
    column = 'op.drop_column("users", "team_id")'
    for downgrade in (f"{constraint}\n{column}", f"{column}\n{constraint}"):
        (told,) = findings(
            "MRT806", upgrade, f'{downgrade}\nop.drop_table("teams")', given=USERS, database="mysql"
        )
        first = downgrade.startswith(constraint)
        assert ("column users.team_id cannot be dropped" in told.message) == (not freed and not first)


CLEAN = "import library\nlibrary.clean(op)"
EMAIL = 'op.add_column("users", sa.Column("email", sa.String(80)))'


@pytest.mark.parametrize("database", ["sqlite", "postgresql", "mysql"])
@pytest.mark.parametrize("downgrade", [EMAIL, USERS])
def test_what_code_that_is_not_understood_may_have_dropped_is_not_in_the_way(
    downgrade: str, database: Dialect
) -> None:
    assert found("MRT806", CLEAN, downgrade, given=USERS, database=database) == []
    assert found("MRT806", "op.execute('SELECT 1')", downgrade, given=USERS, database=database) == ["MRT806"]


def test_a_function_that_is_replaced_is_pointed_at_and_not_the_trigger_that_calls_it() -> None:
    trigger = (
        'op.execute("CREATE TRIGGER stamps BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION stamp()")\n'
    )
    upgrade = f'{FUNCTION.format("clock_timestamp()")}\nop.execute("DROP TRIGGER stamps ON users")\n{trigger}'
    given = f"{USERS}\n{FUNCTION.format('now()')}\n{trigger}"
    (told,) = findings("MRT104 MRT803", upgrade, "op.execute('SELECT 1')", given=given)
    (alone,) = findings(
        "MRT104 MRT803", FUNCTION.format("clock_timestamp()"), "op.execute('SELECT 1')", given=given
    )
    assert "function stamp()" in told.message
    assert told.span.line == alone.span.line


UNBOUND = """
with op.batch_alter_table("members") as batch_op:
    batch_op.drop_constraint("fk_members", type_="foreignkey")
"""
BOUND = """
with op.batch_alter_table("members") as batch_op:
    batch_op.create_foreign_key("fk_members", "teams", ["team_id"], ["id"])
"""
KEYS = 'op.execute("PRAGMA foreign_keys={}")\n'


@pytest.mark.parametrize(
    ("database", "pragma", "codes"),
    [
        ("sqlite", "", []),
        ("sqlite", KEYS.format("OFF"), []),
        ("sqlite", KEYS.format("ON"), ["MRT805"]),
        ("postgresql", "", ["MRT805"]),
    ],
)
def test_sqlite_checks_no_foreign_key_unless_told_to(
    database: Dialect, pragma: str, codes: list[str]
) -> None:
    given = f"{TEAMS}\n{MEMBERS.format('members')}"
    assert found("MRT805", UNBOUND, pragma + BOUND, given=given, database=database) == codes


@pytest.mark.parametrize(
    "reader",
    [
        'op.execute("CREATE VIEW v AS SELECT email FROM users")',
        'op.execute("CREATE TRIGGER t AFTER INSERT ON teams BEGIN INSERT INTO users (email) VALUES (1); END")',
    ],
)
def test_a_rebuild_in_the_old_manner_of_sqlite_looks_at_no_view_or_trigger(reader: str) -> None:
    upgrade = 'op.add_column("users", sa.Column("age", sa.Integer))'
    rebuild = 'with op.batch_alter_table("users") as batch_op:\n    batch_op.drop_column("age")'
    given = f"{TEAMS}\n{USERS}\n{reader}"
    for pragma, codes in (("", ["MRT806"]), ('op.execute("PRAGMA legacy_alter_table=1")\n', [])):
        assert found("MRT806", upgrade, pragma + rebuild, given=given, database="sqlite") == codes


@pytest.mark.parametrize(
    ("kind", "database", "codes"),
    [
        ("sa.dialects.postgresql.JSONB()", "mysql", ["MRT807"]),
        ("sa.dialects.postgresql.ARRAY(sa.Integer)", "mysql", ["MRT807"]),
        ("sa.dialects.postgresql.TSVECTOR()", "mysql", ["MRT807"]),
        ("sa.dialects.postgresql.JSONB()", "postgresql", []),
        ("sa.dialects.postgresql.JSONB().with_variant(sa.JSON(), 'mysql')", "mysql", []),
        ("sa.dialects.postgresql.UUID()", "mysql", []),
    ],
)
def test_a_type_of_postgresql_alone_is_none_of_mysql(kind: str, database: Dialect, codes: list[str]) -> None:
    upgrade = f'import sqlalchemy.dialects.postgresql\nop.add_column("users", sa.Column("extra", {kind}))'
    assert (
        found("MRT807", upgrade, 'op.drop_column("users", "extra")', given=USERS, database=database) == codes
    )


CLEARED = 'op.execute("DROP INDEX IF EXISTS ix_email")\nop.drop_column("users", "email")'
RESTORED = f'{EMAIL}\nop.create_index("ix_email", "users", ["email"])'
ADDED = 'op.add_column("users", sa.Column("age", sa.Integer))'


@pytest.mark.parametrize(
    ("given", "upgrade", "downgrade", "codes"),
    [
        ("", CLEARED, RESTORED, []),
        (USERS, CLEARED, RESTORED, ["MRT801"]),
        ("", ADDED, 'op.execute("DROP INDEX IF EXISTS ix_old")\nop.drop_column("users", "age")', []),
        ("", ADDED, 'op.execute("DROP INDEX ix_old")\nop.drop_column("users", "age")', ["MRT802"]),
    ],
)
def test_what_only_a_drop_if_exists_speaks_of(
    given: str, upgrade: str, downgrade: str, codes: list[str]
) -> None:
    assert found("MRT801 MRT802", upgrade, downgrade, given=given or []) == codes


def test_a_rename_that_is_undone_fails_for_what_the_rename_itself_looks_for() -> None:
    """Its history is not what the database went through: that is said of the upgrade."""
    rename = 'op.execute("ALTER TABLE users RENAME CONSTRAINT {} TO {}")'
    there, back = rename.format("ck_old", "ck_new"), rename.format("ck_new", "ck_old")
    assert found("MRT806", there, back, given=USERS) == []
    assert found("MRT806", "op.execute('SELECT 1')", back, given=USERS) == ["MRT806"]


def test_a_key_that_is_made_anew_fails_for_the_drop_that_finds_none() -> None:
    upgrade = (
        'op.execute("ALTER TABLE users DROP CONSTRAINT users_pkey")\n'
        'op.create_primary_key("people_pkey", "users", ["id"])'
    )
    again = 'op.create_primary_key("users_pkey", "users", ["id"])'
    drop = 'op.execute("ALTER TABLE users DROP CONSTRAINT users_pkey")'
    (told,) = findings("MRT806", upgrade, f"{drop}\n{again}", given=USERS)
    assert "users_pkey on users does not exist" in told.message
    (told,) = findings("MRT806", upgrade, again, given=USERS)
    assert "has a primary key already" in told.message


ANSWERED = """
op.create_table("teams", sa.Column("id", sa.Integer, primary_key=True), sa.Column("made", sa.DateTime))
op.create_table("calls", sa.Column("id", sa.Integer, primary_key=True), sa.Column("made", sa.DateTime))
"""
EACH = """
for name in ("teams", "calls"):
    op.drop_column(name, "made")
"""


@pytest.mark.parametrize(
    ("downgrade", "words"),
    [
        (
            """
            for name in ("teams", "calls"):
                op.add_column(name, sa.Column("made", sa.DateTime, nullable=False))
            """,
            ["column teams.made is added NOT NULL", "; 1 more would fail at this statement"],
        ),
        (
            """
            for name in ("teams", "calls"):
                op.drop_index(f"ix_{name}", table_name=name)
            """,
            ["ix_teams", "; 1 more would fail at this statement"],
        ),
        (
            """
            op.add_column("teams", sa.Column("made", sa.DateTime, nullable=False))
            """,
            ["column teams.made is added NOT NULL without a default: that fails when the table has rows"],
        ),
    ],
)
def test_a_statement_in_a_loop_that_fails_again_and_again_is_one_finding(
    downgrade: str, words: list[str]
) -> None:
    (told,) = findings("MRT806", EACH, downgrade, given=ANSWERED)
    assert all(word in told.message for word in words)
    assert ("more" in told.message) is (len(words) > 1)


def test_two_statements_that_fail_are_two_findings() -> None:
    down = "\n".join(
        f'op.add_column("{name}", sa.Column("made", sa.DateTime, nullable=False))'
        for name in ("teams", "calls")
    )
    assert found("MRT806", EACH, down, given=ANSWERED) == ["MRT806", "MRT806"]


MADE_AGAIN = {
    "a check": (
        'op.create_check_constraint("short", "users", "length(email) < 40")',
        'op.create_check_constraint("short", "users", "length(email) < 20")',
    ),
    "an index": ('op.create_index("ix", "users", ["email"])', 'op.create_index("ix", "users", ["id"])'),
    "a column": (
        'op.add_column("users", sa.Column("login", sa.String(9)))',
        'op.add_column("users", sa.Column("login", sa.String(5)))',
    ),
}


@pytest.mark.parametrize("what", MADE_AGAIN)
def test_what_the_downgrade_makes_a_second_time_is_not_told_as_left_as_well(what: str) -> None:
    assert found(ROLLBACK, *MADE_AGAIN[what], given=USERS) == ["MRT806"]


def test_a_table_is_made_again_before_the_one_that_it_refers_to() -> None:
    """Measured on PostgreSQL 15 and MariaDB 10.11; SQLite looks for the other table when a row is written."""
    given = f"{TEAMS}\n{MEMBERS.format('members')}"
    drops = 'op.drop_table("members")\nop.drop_table("teams")'
    wrong, right = f"{MEMBERS.format('members')}\n{TEAMS}", f"{TEAMS}\n{MEMBERS.format('members')}"
    for database in ("postgresql", "mariadb", "mysql"):
        (told,) = findings("MRT806", drops, wrong, given=given, database=database)
        assert told.message == "the downgrade fails here: table teams does not exist at that point"
        assert found("MRT806", drops, right, given=given, database=database) == []
    assert found("MRT806", drops, wrong, given=given, database="sqlite") == []


def test_a_table_that_refers_to_itself_or_to_one_of_others_is_no_failure() -> None:
    table = """
    op.create_table(
        "pages",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("parent_id", sa.Integer, sa.ForeignKey("pages.id")),
        sa.Column("owner_id", sa.Integer, sa.ForeignKey("accounts.id")),
    )
    """
    assert found("MRT806 MRT807", 'op.drop_table("pages")', table, given=[USERS, table]) == []
    assert found("MRT806 MRT807", table, 'op.drop_table("pages")', given=USERS) == []


def test_mysql_passes_over_a_reference_beside_a_column() -> None:
    """The manual's "FOREIGN KEY Constraint Differences"; MariaDB refuses."""
    sql = "CREATE TABLE members (id INT PRIMARY KEY, team_id INT REFERENCES teams (id))"
    down = f'op.execute("{sql}")'
    for database, codes in (("mysql", []), ("mariadb", ["MRT806"])):
        drop = 'op.drop_table("teams")'
        assert found("MRT806", drop, down, given=TEAMS, database=database) == codes


@pytest.mark.parametrize("database", ["postgresql", "mysql"])
def test_a_rename_that_is_not_undone_is_one_finding_whatever_was_written_since(database: Dialect) -> None:
    upgrade = """
    op.alter_column("users", "email", new_column_name="mail", existing_type=sa.String(80))
    op.execute("UPDATE users SET mail = lower(mail)")
    """
    down = 'op.execute("UPDATE users SET id = id")'
    assert found(f"MRT302 {ROLLBACK}", upgrade, down, given=USERS, database=database) == ["MRT302"]


def test_a_type_that_could_not_be_dropped_is_in_the_way_of_the_one_made_anew() -> None:
    given = 'op.create_table("jobs", sa.Column("state", sa.Enum("a", "b", name="phase")))'
    swap = """
    op.execute("ALTER TYPE phase RENAME TO phase_old")
    op.execute("CREATE TYPE phase AS ENUM ('a', 'b', 'c')")
    op.execute("ALTER TABLE jobs ALTER COLUMN state TYPE phase USING state::text::phase")
    op.execute("DROP TYPE phase_old")
    """
    down = """
    op.execute("DROP TYPE phase")
    op.execute("CREATE TYPE phase AS ENUM ('a', 'b')")
    """
    (told,) = findings("MRT806", swap, down, given=given)
    assert "type phase is still used by jobs.state" in told.message


def test_a_primary_key_is_one_finding_whatever_each_database_calls_it() -> None:
    """MySQL calls every primary key PRIMARY."""
    given = 'op.create_table("logs", sa.Column("id", sa.Integer, nullable=False))'
    add = 'op.create_primary_key("pk_logs", "logs", ["id"])'
    (told,) = findings("MRT801", add, 'op.execute("UPDATE logs SET id = id")', given=given, database=None)
    assert told.dialects == ()


INDEX = 'op.create_index("ix_{0}", "users", ["{0}"])\n'


@pytest.mark.parametrize(
    ("upgrade", "downgrade", "codes"),
    [
        (INDEX.format("email"), 'op.drop_index("ix_mail", "users")', ["MRT806"]),
        (
            INDEX.format("email") + INDEX.format("id"),
            'op.drop_index("ix_mail", "users")',
            ["MRT801", "MRT801", "MRT806"],
        ),
        (
            INDEX.format("email"),
            'op.drop_constraint("ix_mail", "users", type_="unique")',
            ["MRT801", "MRT806"],
        ),
        (INDEX.format("email"), 'op.drop_index("ix_mail", "teams")', ["MRT801", "MRT806"]),
        (
            'op.create_unique_constraint("uq", "users", ["email"])',
            'op.drop_constraint("uk", "users", type_="unique")',
            ["MRT806"],
        ),
        (
            'op.create_unique_constraint("uq", "users", ["email"])',
            'op.drop_constraint("uk", "users", type_="check")',
            ["MRT801", "MRT806"],
        ),
    ],
)
def test_what_a_drop_of_a_wrong_name_was_meant_for_is_told_at_the_drop(
    upgrade: str, downgrade: str, codes: list[str]
) -> None:
    assert found(ROLLBACK, upgrade, downgrade, given=[TEAMS, USERS]) == codes


def test_a_type_that_the_downgrade_lacks_is_told_where_it_lacks_it() -> None:
    given = ["op.execute(\"CREATE TYPE state AS ENUM ('new')\")", USERS]
    upgrade, again = 'op.execute("DROP TYPE state")', 'op.execute("ALTER TYPE state RENAME TO kind")'
    assert found("MRT802 MRT806", upgrade, again, given=given) == ["MRT806"]
    other = 'op.add_column("users", sa.Column("age", sa.Integer))'
    assert found("MRT104 MRT802 MRT806", upgrade, other, given=given) == ["MRT104"]


def test_it_is_told_at_the_drop_too_where_not_all_of_the_table_is_known() -> None:
    given = [TEAMS, USERS, "from ours import change\nchange(op)"]
    told = findings(ROLLBACK, INDEX.format("email"), 'op.drop_index("ix_mail", "users")', given=given)
    assert [one.rule for one in told] == ["MRT806"]
    assert "ix_mail of users is made by no migration" in told[0].message


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_an_index_that_is_dropped_after_its_column_is_one_finding(database: Dialect) -> None:
    """SQLite refuses to drop the column; PostgreSQL drops the index along and finds none then."""
    upgrade = """
    op.add_column("users", sa.Column("login", sa.String(40)))
    op.create_index("ix_login", "users", ["email", "login"])
    """
    down = 'op.drop_column("users", "login")\nop.drop_index("ix_login", table_name="users")'
    (told,) = findings("MRT806", upgrade, down, given=USERS, database=database)
    assert ("cannot be dropped" in told.message) is (database == "sqlite")


BY_CASCADE = """
op.execute("ALTER TABLE teams DROP CONSTRAINT {key} CASCADE")
op.create_primary_key("{key}", "teams", ["id"])
op.create_foreign_key("fk_readers", "readers", "teams", ["team_id"], ["id"])
"""


def test_what_a_drop_by_a_name_that_the_history_does_not_have_takes_along_is_not_in_the_way() -> None:
    """The key has another name (a convention elsewhere): what refers to it goes with CASCADE all the same."""
    given = [TEAMS, MEMBERS.format("readers")]
    for key, expected in (("teams_pkey", 0), ("pk_teams", 0)):
        told = findings("MRT806", BY_CASCADE.format(key=key), BY_CASCADE.format(key=key), given=given)
        assert len(told) == expected, key
