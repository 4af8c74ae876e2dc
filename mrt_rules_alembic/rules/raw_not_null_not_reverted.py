"""MRT403: SQL sets a column NOT NULL that is still NOT NULL after the downgrade."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.common import no_way_back
from mrt_lint.hazards.nullability import stays_tightened
from mrt_lint.ops import RedefineColumn, SetNullable
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration
from mrt_lint.schema.names import Unknown

USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String(80)),
)
"""


class RawNotNullNotReverted(Rule):
    """A column that SQL text sets NOT NULL and the downgrade does not make nullable again.

    ## What it does
    Finds `SET NOT NULL` and MySQL's `MODIFY ... NOT NULL` in SQL text, on columns that could hold NULL
    before the migration and still cannot after the downgrade.

    ## Why is this bad?
    After the rollback the old code runs again, which writes NULL, and every such INSERT is refused.

    ## Example
    ```python
    def upgrade():
        op.execute("ALTER TABLE users ALTER COLUMN email SET NOT NULL")

    def downgrade():
        pass
    ```

    ## Use instead
    ```python
    def downgrade():
        op.execute("ALTER TABLE users ALTER COLUMN email DROP NOT NULL")
    ```
    """

    code = "MRT403"
    name = "raw-not-null-not-reverted"
    group = "rollback"
    severity = Severity.WARNING
    pattern = "NOT NULL via raw SQL without reverse"
    frameworks = ("alembic",)
    on = (SetNullable, RedefineColumn)

    BAD = [
        migration(
            """
            op.add_column("users", sa.Column("login", sa.String(80)))
            op.execute("ALTER TABLE users MODIFY email VARCHAR(80) NOT NULL")  # MRT403
            """,
            'op.drop_column("users", "login")',
            given=USERS,
            database="mysql",
        ),
        migration(
            """
            op.add_column("users", sa.Column("login", sa.String(80)))
            op.execute("ALTER TABLE users ALTER COLUMN email SET NOT NULL")  # MRT403, MRT213
            """,
            'op.drop_column("users", "login")',
            given=USERS,
            database="postgresql",
        ),
    ]
    GOOD = [
        migration(
            'op.execute("ALTER TABLE users MODIFY email VARCHAR(80) NOT NULL")',
            'op.execute("ALTER TABLE users MODIFY email VARCHAR(80) NULL")',
            given=USERS,
            database="mysql",
        ),
        migration(
            """
            op.create_table("orders", sa.Column("id", sa.Integer), sa.Column("note", sa.Text))
            op.execute("ALTER TABLE orders ALTER COLUMN note SET NOT NULL")
            """,
            'op.drop_table("orders")',
            database="postgresql",
        ),
    ]

    def check(self, subject: SetNullable | RedefineColumn, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when the column stays NOT NULL."""
        if ctx.direction != "upgrade" or not subject.sql:
            return
        found = stays_tightened(subject, ctx.before, ctx.roundtrip)
        if found is None:
            return
        fate = no_way_back(ctx.roundtrip) or "the downgrade does not make it nullable again"
        unknown = isinstance(found.column.nullable, Unknown) and isinstance(subject, RedefineColumn)
        doubt = ", which it may not have been before" if unknown else ""
        yield self.finding(
            subject,
            f"{found.subject} is set NOT NULL{doubt}; {fate}",
            help="set it nullable again in downgrade, for this column",
            subject=f"{found.subject}:nullable",
        )
