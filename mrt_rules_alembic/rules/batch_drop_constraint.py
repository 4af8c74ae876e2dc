"""MRT410: a batch drops a constraint that the downgrade does not create again."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.common import only_in_batch
from mrt_lint.hazards.constraints import lost_guard
from mrt_lint.ops import DropConstraint
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration

USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String(80)),
    sa.UniqueConstraint("email", name="uq_users_email"),
)
"""


class BatchDropConstraint(Rule):
    """A constraint dropped in a batch that downgrade does not create again.

    ## What it does
    Finds constraints that `batch_op.drop_constraint` drops and that are not there again after the
    downgrade: the same kind on the same columns of the same table. Foreign keys are MRT205.

    ## Why is this bad?
    The batch makes the whole table anew without the constraint. After the rollback the old code relies
    on it still, and rows get in that it can never be added over again.

    ## Example
    ```python
    def upgrade():
        with op.batch_alter_table("users") as batch_op:
            batch_op.drop_constraint("uq_users_email", type_="unique")
            batch_op.add_column(sa.Column("login", sa.String(80)))

    def downgrade():
        with op.batch_alter_table("users") as batch_op:
            batch_op.drop_column("login")
    ```

    ## Use instead
    ```python
    def downgrade():
        with op.batch_alter_table("users") as batch_op:
            batch_op.drop_column("login")
            batch_op.create_unique_constraint("uq_users_email", ["email"])
    ```
    """

    code = "MRT410"
    name = "batch-drop-constraint"
    group = "rollback"
    severity = Severity.WARNING
    pattern = "DROP CONSTRAINT in batch_alter_table"
    frameworks = ("alembic",)
    on = (DropConstraint,)

    BAD = [
        migration(
            """
            with op.batch_alter_table("users") as batch_op:
                batch_op.drop_constraint("uq_users_email", type_="unique")  # MRT410
                batch_op.add_column(sa.Column("login", sa.String(80)))
            """,
            """
            with op.batch_alter_table("users") as batch_op:
                batch_op.drop_column("login")
            """,
            given=USERS,
        ),
    ]
    GOOD = [
        migration(
            """
            with op.batch_alter_table("users") as batch_op:
                batch_op.drop_constraint("uq_users_email", type_="unique")
            """,
            """
            op.execute("DELETE FROM users WHERE id NOT IN (SELECT min(id) FROM users GROUP BY email)")
            with op.batch_alter_table("users") as batch_op:
                batch_op.create_unique_constraint("uq_users_email", ["email"])
            """,
            given=USERS,
        ),
    ]

    def check(self, subject: DropConstraint, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when the constraint is missing after the downgrade."""
        if ctx.direction != "upgrade" or not only_in_batch(subject, ctx.migration):
            return
        lost = lost_guard(subject, ctx.before, ctx.roundtrip)
        if lost is None:
            return
        yield self.finding(
            subject,
            f"{lost.words} is dropped in a batch; {lost.fate}",
            help="create the constraint again in a batch of downgrade, of the same kind on the same columns",
            subject=lost.subject,
        )
