"""MRT408: an index is dropped and not created again by the downgrade."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.common import no_way_back
from mrt_lint.hazards.indexes import lost_index
from mrt_lint.ops import DropIndex
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration

USERS = """
op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("email", sa.String(80)))
op.create_index("ix_users_email", "users", ["email"])
"""


class DropIndexWithoutReverse(Rule):
    """An index dropped in upgrade that downgrade does not create again.

    ## What it does
    Finds dropped indexes of which neither the upgrade nor the downgrade makes another on the same
    table and columns.

    ## Why is this bad?
    After the rollback the old code runs its queries without the index: nothing fails, everything is
    slow, and no schema check tells why. A unique index also guarded the data.

    ## Example
    ```python
    def upgrade():
        op.drop_index("ix_users_email", table_name="users")
        op.add_column("users", sa.Column("login", sa.String(80)))

    def downgrade():
        op.drop_column("users", "login")
    ```

    ## Use instead
    ```python
    def downgrade():
        op.drop_column("users", "login")
        op.create_index("ix_users_email", "users", ["email"])
    ```
    """

    code = "MRT408"
    name = "drop-index-without-reverse"
    group = "rollback"
    severity = Severity.WARNING
    pattern = "DROP INDEX without reverse"
    frameworks = ("alembic",)
    on = (DropIndex,)

    BAD = [
        migration(
            """
            op.drop_index("ix_users_email", table_name="users")  # MRT408
            op.add_column("users", sa.Column("login", sa.String(80)))
            """,
            'op.drop_column("users", "login")',
            given=USERS,
        ),
    ]
    GOOD = [
        migration(
            'op.drop_index("ix_users_email", table_name="users")',
            'op.create_index("ix_users_email", "users", ["email"])',
            given=USERS,
        ),
    ]

    def check(self, subject: DropIndex, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when the index is missing after the downgrade."""
        if ctx.direction != "upgrade":
            return
        lost = lost_index(subject, ctx.before, ctx.roundtrip)
        if lost is None:
            return
        on = f" on {lost.table}" if lost.table else ""
        columns = f" ({lost.columns})" if lost.columns else ""
        fate = no_way_back(ctx.roundtrip) or "the downgrade does not create it again"
        yield self.finding(
            subject,
            f"index {lost.index.name}{on}{columns} is dropped; {fate}",
            help="create the index again in downgrade, on the same table and columns",
            subject=f"{lost.table}.{lost.index.name}" if lost.table else f"index {lost.index.name}",
        )
