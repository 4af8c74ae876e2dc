"""MRT407: an index is built while nothing can write to the table."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.locks import blocking_builds
from mrt_lint.ops import AddColumn, CreateIndex
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration

USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String(80)),
)
"""


class IndexWithoutConcurrently(Rule):
    """CREATE INDEX without CONCURRENTLY on a table that existed before (PostgreSQL).

    ## What it does
    Finds indexes on existing tables that PostgreSQL builds in one go. Tables made in this migration and
    partitioned tables, for which there is no CONCURRENTLY, are passed over.

    ## Why is this bad?
    The build holds a SHARE lock: everyone can read the table and nobody can write to it until the whole
    table was read and sorted, and all later statements of the migration are over.

    ## Example
    ```python
    def upgrade():
        op.create_index("ix_users_email", "users", ["email"])
    ```

    ## Use instead
    A migration of its own, outside the transaction:
    ```python
    def upgrade():
        with op.get_context().autocommit_block():
            op.create_index("ix_users_email", "users", ["email"], postgresql_concurrently=True)

    def downgrade():
        with op.get_context().autocommit_block():
            op.drop_index("ix_users_email", table_name="users", postgresql_concurrently=True)
    ```
    A build that fails leaves an invalid index behind: drop it before the next attempt. The index of a
    partitioned table is made with `ON ONLY`, its partitions' indexes concurrently, and then attached.
    """

    code = "MRT407"
    name = "index-without-concurrently"
    group = "locks"
    severity = Severity.WARNING
    pattern = "INDEX without CONCURRENTLY"
    frameworks = ("alembic",)
    on = (CreateIndex, AddColumn)

    BAD = [
        migration(
            'op.create_index("ix_users_email", "users", ["email"])  # MRT407',
            'op.drop_index("ix_users_email", table_name="users")',
            given=USERS,
            database="postgresql",
        ),
        migration(
            'op.add_column("users", sa.Column("login", sa.String(80), index=True))  # MRT407',
            """
            op.drop_index("ix_users_login", table_name="users")
            op.drop_column("users", "login")
            """,
            given=USERS,
        ),
    ]
    GOOD = [
        migration(
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
        ),
        migration(
            'op.create_index("ix_users_email", "users", ["email"])',
            'op.drop_index("ix_users_email", table_name="users")',
            given=USERS,
            database="mysql",
        ),
    ]

    def check(self, subject: CreateIndex | AddColumn, ctx: Context) -> Iterator[Finding]:
        """Yields a finding for every index that is built under a lock against writing."""
        if ctx.direction != "upgrade":
            return
        for index in blocking_builds(subject, ctx.before, ctx.roundtrip):
            yield self.finding(
                subject,
                f"{index.words} is built without CONCURRENTLY: nothing can write to the table meanwhile",
                help="create it with postgresql_concurrently=True in an autocommit_block()",
                subject=index.subject,
            )
