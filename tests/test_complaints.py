"""What users of migration linters complain about most, as named cases."""

from __future__ import annotations

import pytest

from mrt_lint.lint.examples import Example, Step, migration
from mrt_lint.lint.finding import Finding, Severity
from mrt_lint.lint.plugins import installed
from mrt_lint.lint.registry import build
from mrt_lint.lint.rule import Rule
from mrt_lint.testing import run

REGISTRY = build([plugin for plugin in installed() if plugin.distribution.startswith("mrt-lint ")])

USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String(80)),
    sa.Column("name", sa.String(50), nullable=False),
)
op.create_table("teams", sa.Column("id", sa.Integer, primary_key=True))
"""


def findings(example: Example) -> list[Finding]:
    """Returns the findings on the example's own files, in order."""
    own = {name for name, _ in example.files[-example.shown :]}
    return [finding for finding in run(example, REGISTRY).findings if finding.path in own]


def codes(example: Example) -> list[str]:
    """Returns the codes of these findings."""
    return [finding.rule for finding in findings(example)]


NEW_TABLE = [
    'op.create_index("ix_jobs_kind", "jobs", ["kind"])',
    'op.create_unique_constraint("uq_jobs_kind", "jobs", ["kind"])',
    'op.add_column("jobs", sa.Column("state", sa.Integer, nullable=False))',
    'op.alter_column("jobs", "kind", existing_type=sa.String(20), nullable=False)',
    'op.add_column("jobs", sa.Column("token", sa.Uuid, server_default=sa.text("gen_random_uuid()")))',
    'op.add_column("jobs", sa.Column("many", sa.Integer, server_default="0"))',
    'op.create_foreign_key("fk_jobs_user", "jobs", "users", ["user_id"], ["id"])',
    'op.alter_column("jobs", "kind", existing_type=sa.String(20), type_=sa.String(5))',
    'op.drop_column("jobs", "kind")',
    'op.execute("TRUNCATE jobs")',
    "op.execute(\"UPDATE jobs SET kind = 'new'\")",
    'op.bulk_insert(sa.table("jobs", sa.column("kind")), [{"kind": "new"}])',
    'op.rename_table("jobs", "tasks")',
]


@pytest.mark.parametrize("statement", NEW_TABLE)
def test_a_table_made_in_the_same_migration_has_no_rows_to_lose_and_no_users_to_lock_out(
    statement: str,
) -> None:
    table = """
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(20)),
        sa.Column("user_id", sa.Integer),
    )
    """
    upgrade = f"{table}\n    {statement}"
    gone = "tasks" if "rename" in statement else "jobs"
    example = migration(upgrade, f'op.drop_table("{gone}")', given=USERS, database="postgresql")
    assert codes(example) == []


def test_the_downgrade_may_drop_what_the_upgrade_created() -> None:
    example = migration(
        """
        op.create_table("tags", sa.Column("id", sa.Integer, primary_key=True))
        op.add_column("users", sa.Column("nick", sa.String(20)))
        """,
        """
        op.drop_column("users", "nick")
        op.drop_table("tags")
        """,
        given=USERS,
    )
    assert codes(example) == []


def test_the_downgrade_builds_indexes_as_it_likes() -> None:
    example = migration(
        """
        with op.get_context().autocommit_block():
            op.drop_index("ix_users_name", table_name="users", postgresql_concurrently=True)
        """,
        'op.create_index("ix_users_name", "users", ["name"])',
        given=USERS + 'op.create_index("ix_users_name", "users", ["name"])\n',
        database="postgresql",
    )
    assert codes(example) == []


PROOFS = [
    "email IS NOT NULL",
    "email IS NOT NULL AND email <> ''",
]


@pytest.mark.parametrize("condition", PROOFS)
def test_set_not_null_after_a_validated_check(condition: str) -> None:
    added = Step(
        f'op.execute("ALTER TABLE users ADD CONSTRAINT ck CHECK ({condition}) NOT VALID")',
        'op.execute("ALTER TABLE users DROP CONSTRAINT ck")',
    )
    validated = Step('op.execute("ALTER TABLE users VALIDATE CONSTRAINT ck")')
    example = migration(
        'op.alter_column("users", "email", existing_type=sa.String(80), nullable=False)',
        'op.alter_column("users", "email", existing_type=sa.String(80), nullable=True)',
        given=[USERS, added, validated],
        database="postgresql",
    )
    assert codes(example) == []


WIDER = [("sa.String(50)", "sa.String(100)"), ("sa.String(50)", "sa.Text()")]


@pytest.mark.parametrize(("old", "new"), WIDER)
def test_a_type_that_only_grows_is_no_hazard(old: str, new: str) -> None:
    example = migration(
        f'op.alter_column("users", "name", existing_type={old}, type_={new})',
        f'op.alter_column("users", "name", existing_type={new}, type_={old})',
        given=USERS,
        database="postgresql",
    )
    assert codes(example) == ["MRT805"]


def test_a_concurrent_index_in_an_autocommit_block() -> None:
    example = migration(
        """
        with op.get_context().autocommit_block():
            op.create_index("ix_users_email", "users", ["email"], postgresql_concurrently=True)
        """,
        """
        with op.get_context().autocommit_block():
            op.drop_index("ix_users_email", table_name="users", postgresql_concurrently=True)
        """,
        given=USERS,
        database="postgresql",
    )
    assert codes(example) == []


def test_other_databases_build_indexes_online() -> None:
    for database in ("sqlite", "mysql", "mariadb", "oracle", "mssql"):
        example = migration(
            'op.create_index("ix_users_email", "users", ["email"])',
            'op.drop_index("ix_users_email", table_name="users")',
            given=USERS,
            database=database,  # type: ignore[arg-type]
        )
        assert "MRT407" not in codes(example), database


def test_a_unique_constraint_on_a_new_nullable_column_meets_no_duplicates() -> None:
    example = migration(
        """
        op.add_column("users", sa.Column("nick", sa.String(20)))
        op.create_unique_constraint("uq_users_nick", "users", ["nick"])
        """,
        'op.drop_column("users", "nick")',
        given=USERS,
        database="postgresql",
    )
    assert "MRT406" not in codes(example)


def test_a_drop_and_add_of_the_same_index_is_no_loss() -> None:
    example = migration(
        """
        op.drop_index("ix_users_name", table_name="users")
        op.create_index("ix_users_name", "users", ["name"], unique=True)
        """,
        """
        op.drop_index("ix_users_name", table_name="users")
        op.create_index("ix_users_name", "users", ["name"])
        """,
        given=USERS + 'op.create_index("ix_users_name", "users", ["name"])\n',
        database="mysql",
    )
    assert "MRT408" not in codes(example)


def test_an_ignored_statement_hides_no_other() -> None:
    example = migration(
        """
        op.drop_column(
            "users", "email"
        )  # noqa: MRT201 -- exported before
        op.drop_column("users", "name")
        """,
        """
        op.add_column("users", sa.Column("email", sa.String(80)))
        op.add_column("users", sa.Column("name", sa.String(50), server_default=""))
        """,
        given=USERS,
        database="postgresql",
    )
    found = [finding for finding in findings(example) if finding.rule == "MRT201"]
    assert [finding.subject for finding in found] == ["users.name"]


def test_words_behind_an_ignore_do_not_widen_it() -> None:
    example = migration(
        'op.drop_column("users", "email")  # noqa: MRT202 and the rest',
        'op.add_column("users", sa.Column("email", sa.String(80)))',
        given=USERS,
    )
    assert "MRT201" in codes(example)


def test_a_warning_alone_does_not_fail_the_run() -> None:
    example = migration(
        'op.drop_index("ix_users_name", table_name="users")\nop.add_column("users", sa.Column("a", sa.Integer))',
        'op.drop_column("users", "a")',
        given=USERS + 'op.create_index("ix_users_name", "users", ["name"])\n',
    )
    assert {finding.severity for finding in findings(example)} == {Severity.WARNING}


@pytest.mark.parametrize("rule", REGISTRY.rules, ids=lambda rule: rule.code)
def test_every_finding_says_what_to_do(rule: Rule) -> None:
    for example in rule.BAD:
        report = run(example, REGISTRY, *((rule.code,) if rule.opt_in else ()))
        silent = [f.message for f in report.findings if f.rule == rule.code and not f.help]
        assert silent == []


def test_the_body_of_a_function_is_not_run_by_the_migration() -> None:
    example = migration(
        '''
        op.execute(
            """
            CREATE FUNCTION cleanup() RETURNS void AS $$
            BEGIN
                TRUNCATE users;
                DROP TABLE teams;
            END $$ LANGUAGE plpgsql
            """
        )
        ''',
        'op.execute("DROP FUNCTION cleanup()")',
        given=USERS,
        database="postgresql",
    )
    assert codes(example) == []


def test_a_do_block_is_run_by_the_migration() -> None:
    example = migration(
        'op.execute("DO $$ BEGIN ALTER TABLE users DROP COLUMN email; END $$")',
        'op.add_column("users", sa.Column("email", sa.String(80)))',
        given=USERS,
        database="postgresql",
    )
    assert "MRT201" in codes(example)


def test_a_backfill_of_a_new_column_destroys_nothing() -> None:
    example = migration(
        """
        op.add_column("users", sa.Column("nick", sa.String(50)))
        op.execute("UPDATE users SET nick = name")
        """,
        'op.drop_column("users", "nick")',
        given=USERS,
        database="postgresql",
    )
    assert codes(example) == []


def test_a_plain_string_default_is_a_constant() -> None:
    example = migration(
        'op.add_column("users", sa.Column("kind", sa.String(20), server_default="random()"))',
        'op.drop_column("users", "kind")',
        given=USERS,
        database="postgresql",
    )
    assert "MRT404" not in codes(example)


FOREIGN_KEY = 'op.create_foreign_key("fk_users_team", "users", "teams", ["team_id"], ["id"])'


def test_the_index_that_mysql_keeps_for_itself_is_no_news_to_others() -> None:
    given = USERS + 'op.add_column("users", sa.Column("team_id", sa.Integer))\n'
    for before in ((), given):
        example = migration(
            FOREIGN_KEY, 'op.drop_constraint("fk_users_team", "users", type_="foreignkey")', given=before
        )
        assert codes(example) == []


def test_an_upgrade_that_comes_to_nothing_needs_no_downgrade() -> None:
    example = migration(
        """
        op.create_table("scratch", sa.Column("id", sa.Integer, primary_key=True))
        op.drop_table("scratch")
        """,
        "pass",
        given=USERS,
        database="postgresql",
    )
    assert codes(example) == []


def test_a_history_may_begin_with_a_full_database() -> None:
    example = migration('op.execute("DROP TABLE IF EXISTS notes")', "raise NotImplementedError")
    assert codes(example) == ["MRT202", "MRT808"]
    later = migration('op.execute("DROP TABLE IF EXISTS notes")', "pass", given=USERS)
    assert codes(later) == []


@pytest.mark.parametrize("given", ["", USERS, 'op.execute("CALL something()")'])
def test_what_a_broken_batch_left_behind_may_be_cleared_away(given: str) -> None:
    example = migration('op.execute("DROP TABLE IF EXISTS _alembic_tmp_users")', "pass", given=given or ())
    assert "MRT202" not in codes(example)
