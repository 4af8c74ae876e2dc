"""MRT206: a column that held data is dropped in a batch."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.columns import lost_column
from mrt_lint.hazards.common import only_in_batch
from mrt_lint.ops import DropColumn
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration

USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("phone", sa.String(20)),
    sa.Column("name", sa.String(80)),
)
"""


class BatchDropColumn(Rule):
    """A column dropped in a batch whose data no downgrade brings back.

    ## What it does
    Finds what MRT201 finds, inside `op.batch_alter_table`: columns that held data before the migration
    and are dropped by it, unless the round trip proves that the downgrade restores the data.
    A warning, no error, where code that is not understood may bring it back.

    ## Why is this bad?
    The downgrade can re-create the column, not what was in it. On SQLite the batch copies the table
    without the column and drops the old table: nothing is left to recover from.

    ## Example
    ```python
    def upgrade():
        with op.batch_alter_table("users") as batch_op:
            batch_op.drop_column("phone")

    def downgrade():
        with op.batch_alter_table("users") as batch_op:
            batch_op.add_column(sa.Column("phone", sa.String(20)))
    ```

    ## Use instead
    Two releases: first the application stops using the column, in a later release it is dropped. Or copy
    the data aside before:
    ```python
    def upgrade():
        op.execute("CREATE TABLE users_phone AS SELECT id, phone FROM users")
        with op.batch_alter_table("users") as batch_op:
            batch_op.drop_column("phone")

    def downgrade():
        with op.batch_alter_table("users") as batch_op:
            batch_op.add_column(sa.Column("phone", sa.String(20)))
        op.execute(
            "UPDATE users SET phone = (SELECT b.phone FROM users_phone b WHERE b.id = users.id)"
        )
        op.drop_table("users_phone")
    ```
    """

    code = "MRT206"
    name = "batch-drop-column"
    group = "rollback"
    severity = Severity.ERROR
    pattern = "DROP COLUMN in batch_alter_table"
    frameworks = ("alembic",)
    on = (DropColumn,)

    BAD = [
        migration(
            """
            with op.batch_alter_table("users") as batch_op:
                batch_op.drop_column("phone")  # MRT206
            """,
            """
            with op.batch_alter_table("users") as batch_op:
                batch_op.add_column(sa.Column("phone", sa.String(20)))
            """,
            given=USERS,
        ),
    ]
    GOOD = [
        migration(
            """
            with op.batch_alter_table("users") as batch_op:
                batch_op.add_column(sa.Column("nickname", sa.String(40)))
            """,
            """
            with op.batch_alter_table("users") as batch_op:
                batch_op.drop_column("nickname")
            """,
            given=USERS,
        ),
        migration(
            """
            op.execute("CREATE TABLE users_phone AS SELECT id, phone FROM users")
            with op.batch_alter_table("users") as batch_op:
                batch_op.drop_column("phone")
            """,
            """
            with op.batch_alter_table("users") as batch_op:
                batch_op.add_column(sa.Column("phone", sa.String(20)))
            op.execute("UPDATE users SET phone = (SELECT b.phone FROM users_phone b WHERE b.id = users.id)")
            op.drop_table("users_phone")
            """,
            given=USERS,
        ),
    ]

    def check(self, subject: DropColumn, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when the column's old data does not come back."""
        if ctx.direction != "upgrade" or not only_in_batch(subject, ctx.migration):
            return
        lost = lost_column(subject, ctx.before, ctx.roundtrip)
        if lost is not None:
            yield self.finding(
                subject,
                f"{lost.words} is dropped; {lost.fate}",
                help="stop using the column first and drop it in a later release, or copy its data aside",
                subject=lost.subject,
                severity=None if lost.sure else Severity.WARNING,
            )
