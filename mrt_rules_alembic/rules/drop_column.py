"""MRT201: a column that held data is dropped."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.columns import lost_column
from mrt_lint.hazards.common import only_in_batch
from mrt_lint.ops import DropColumn as DropColumnOperation
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration

USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("phone", sa.String(20)),
    sa.Column("name", sa.String(80)),
)
"""


class DropColumn(Rule):
    """A dropped column whose data no downgrade brings back.

    ## What it does
    Finds columns that held data before the migration and are dropped by it, through any API or SQL,
    unless the round trip proves that the downgrade restores the data.
    A warning, no error, where code that is not understood may bring it back, or where the database refuses
    another column before that as soon as the table has rows (NOT NULL without a default, MRT401).

    ## Why is this bad?
    The downgrade can re-create the column, not what was in it. The rollback runs clean, the schema is
    as it was, and the data is gone.

    ## Example
    ```python
    def upgrade():
        op.drop_column("users", "phone")

    def downgrade():
        op.add_column("users", sa.Column("phone", sa.String(20)))
    ```

    ## Use instead
    Two releases. In the first the application stops using the column and the schema stays as it is.
    In a later one, when no rollback to the old code is needed any more, copy the data aside and drop it:
    ```python
    def upgrade():
        op.execute("CREATE TABLE users_phone_backup AS SELECT id, phone FROM users")
        op.drop_column("users", "phone")

    def downgrade():
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.execute(
            "UPDATE users SET phone = b.phone FROM users_phone_backup b WHERE b.id = users.id"
        )
        op.drop_table("users_phone_backup")
    ```
    Where no way back is wanted, let `downgrade` raise NotImplementedError and suppress this finding
    with a reason.
    """

    code = "MRT201"
    name = "drop-column"
    group = "rollback"
    severity = Severity.ERROR
    pattern = "DROP COLUMN in upgrade"
    aliases = ("DROP COLUMN",)
    frameworks = ("alembic",)
    on = (DropColumnOperation,)

    BAD = [
        migration(
            'op.drop_column("users", "phone")  # MRT201',
            'op.add_column("users", sa.Column("phone", sa.String(20)))',
            given=USERS,
        ),
        migration(
            'op.execute("ALTER TABLE users DROP COLUMN phone")  # MRT201',
            'op.execute("ALTER TABLE users ADD COLUMN phone VARCHAR(20)")',
            given=USERS,
        ),
    ]
    GOOD = [
        migration(
            """
            op.add_column("users", sa.Column("tmp", sa.Integer))
            op.drop_column("users", "tmp")
            op.create_index("ix_users_name", "users", ["name"])
            """,
            'op.drop_index("ix_users_name", table_name="users")',
            given=USERS,
            database="mysql",
        ),
        migration(
            """
            op.add_column("users", sa.Column("telephone", sa.String(20)))
            op.execute("UPDATE users SET telephone = phone")
            op.drop_column("users", "phone")
            """,
            """
            op.add_column("users", sa.Column("phone", sa.String(20)))
            op.execute("UPDATE users SET phone = telephone")
            op.drop_column("users", "telephone")
            """,
            given=USERS,
        ),
    ]

    def check(self, subject: DropColumnOperation, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when the column's old data does not come back."""
        if ctx.direction != "upgrade" or only_in_batch(subject, ctx.migration):
            return
        lost = lost_column(subject, ctx.before, ctx.roundtrip)
        if lost is None:
            return
        yield self.finding(
            subject,
            f"{lost.words} is dropped; {lost.fate}",
            help="stop using the column first and drop it in a later release, or copy its data aside",
            subject=lost.subject,
            severity=None if lost.sure else Severity.WARNING,
        )
