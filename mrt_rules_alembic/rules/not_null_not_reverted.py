"""MRT402: a column is set NOT NULL and is still NOT NULL after the downgrade."""

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
    sa.Column("name", sa.String(80)),
)
"""


class NotNullNotReverted(Rule):
    """A column that the upgrade sets NOT NULL and the downgrade does not make nullable again.

    ## What it does
    Finds `alter_column(nullable=False)` on columns that could hold NULL before the migration and still
    cannot after the downgrade. It looks at each column: to make another one nullable does not help.

    ## Why is this bad?
    After the rollback the old code runs again, which writes NULL, and every such INSERT is refused.

    ## Example
    ```python
    def upgrade():
        op.alter_column("users", "email", existing_type=sa.String(80), nullable=False)

    def downgrade():
        pass
    ```

    ## Use instead
    ```python
    def downgrade():
        op.alter_column("users", "email", existing_type=sa.String(80), nullable=True)
    ```
    """

    code = "MRT402"
    name = "not-null-not-reverted"
    group = "rollback"
    severity = Severity.WARNING
    pattern = "NOT NULL without reverting nullable"
    frameworks = ("alembic",)
    on = (SetNullable, RedefineColumn)

    BAD = [
        migration(
            """
            op.alter_column("users", "email", existing_type=sa.String(80), nullable=False)  # MRT402
            op.alter_column("users", "name", existing_type=sa.String(80), nullable=False)
            """,
            'op.alter_column("users", "name", existing_type=sa.String(80), nullable=True)',
            given=USERS,
            database="mysql",
        ),
        migration(
            """
            with op.batch_alter_table("users") as batch:
                batch.alter_column("email", existing_type=sa.String(80), nullable=False)  # MRT402
            """,
            """
            with op.batch_alter_table("users") as batch:
                batch.alter_column("name", existing_type=sa.String(80), nullable=True)
            """,
            given=USERS,
            database="sqlite",
        ),
    ]
    GOOD = [
        migration(
            'op.alter_column("users", "email", existing_type=sa.String(80), nullable=False)',
            'op.alter_column("users", "email", existing_type=sa.String(80), nullable=True)',
            given=USERS,
            database="mysql",
        ),
        migration(
            """
            with op.batch_alter_table("users") as batch:
                batch.alter_column("email", existing_type=sa.String(80), nullable=False)
            """,
            """
            with op.batch_alter_table("users") as batch:
                batch.alter_column("email", existing_type=sa.String(80), nullable=True)
            """,
            given=USERS,
            database="sqlite",
        ),
    ]

    def check(self, subject: SetNullable | RedefineColumn, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when the column stays NOT NULL."""
        if ctx.direction != "upgrade" or subject.sql:
            return
        found = stays_tightened(subject, ctx.before, ctx.roundtrip)
        if found is None:
            return
        fate = no_way_back(ctx.roundtrip) or "the downgrade does not make it nullable again"
        # Nothing says what it was in a table that no migration made, nor does the call.
        unknown = isinstance(found.column.nullable, Unknown) and subject.existing_nullable is not True
        doubt = ", which it may not have been before" if unknown else ""
        yield self.finding(
            subject,
            f"{found.subject} is set NOT NULL{doubt}; {fate}",
            help="set it nullable again in downgrade, for this column",
            subject=f"{found.subject}:nullable",
        )
