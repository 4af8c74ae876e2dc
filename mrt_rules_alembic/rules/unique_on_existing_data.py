"""MRT406: a unique key over rows that may hold duplicates."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.uniqueness import UniqueKey, unproven_keys
from mrt_lint.ops import AddColumn, AddConstraint, CreateIndex
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration

USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String(80)),
)
"""


class UniqueOnExistingData(Rule):
    """A UNIQUE constraint or unique index over columns that hold data.

    ## What it does
    Finds unique constraints and indexes that are added over existing columns, or over a new column with
    the same default in every row. A new column that is NULL everywhere has no duplicates, and a key that
    replaces one on the same columns (or on some of them) cannot fail.

    ## Why is this bad?
    One pair of equal rows is enough for the migration to fail, and such pairs are in production, not in
    the test database.

    ## Example
    ```python
    def upgrade():
        op.create_unique_constraint("uq_users_email", "users", ["email"])
    ```

    ## Use instead
    Find and merge the duplicates in an earlier release, in which the code already writes no new ones, and
    suppress this finding with that reason.
    """

    code = "MRT406"
    name = "unique-on-existing-data"
    group = "locks"
    severity = Severity.WARNING
    pattern = "UNIQUE constraint on existing data"
    frameworks = ("alembic",)
    on = (AddConstraint, CreateIndex, AddColumn)

    BAD = [
        migration(
            'op.create_index("uq_users_email", "users", ["email"], unique=True)  # MRT406',
            'op.drop_index("uq_users_email", table_name="users")',
            given=USERS,
            database="mysql",
        ),
        migration(
            """
            with op.batch_alter_table("users") as batch:
                batch.create_unique_constraint("uq_users_email", ["email"])  # MRT406
            """,
            """
            with op.batch_alter_table("users") as batch:
                batch.drop_constraint("uq_users_email", type_="unique")
            """,
            given=USERS,
            database="sqlite",
        ),
    ]
    GOOD = [
        migration(
            """
            op.add_column("users", sa.Column("login", sa.String(80)))
            op.create_index("uq_users_login", "users", ["login"], unique=True)
            """,
            'op.drop_column("users", "login")',
            given=USERS,
            database="mysql",
        ),
        migration(
            """
            op.drop_index("uq_users_email", table_name="users")
            op.create_index("ux_users_email", "users", ["email"], unique=True)
            """,
            """
            op.drop_index("ux_users_email", table_name="users")
            op.create_index("uq_users_email", "users", ["email"], unique=True)
            """,
            given=[USERS, 'op.create_index("uq_users_email", "users", ["email"], unique=True)'],
            database="sqlite",
        ),
    ]

    def check(self, subject: AddConstraint | CreateIndex | AddColumn, ctx: Context) -> Iterator[Finding]:
        """Yields a finding for every key that rows of before may violate."""
        if ctx.direction != "upgrade":
            return
        for key in unproven_keys(subject, ctx.before, ctx.roundtrip):
            key = key.on_any if len(ctx.dialects) > 1 else key
            yield self.finding(
                subject,
                f"{key.words}: this fails when two rows {_which(key)}",
                help="merge the duplicates in an earlier release, in which the code writes no new ones",
                subject=key.subject,
            )


def _which(key: UniqueKey) -> str:
    if key.rewritten is None:
        return "that are there already are equal"
    return f"are still equal after what line {key.rewritten} does"
