"""MRT701: a column is dropped that the running code still names."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.compat import dropped_column
from mrt_lint.ops import DropColumn
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration

USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("phone", sa.String(20)),
    sa.Column("age", sa.Integer),
)
"""


class RollingDeployDropColumn(Rule):
    """A column dropped while the old code still runs.

    ## What it does
    Finds dropped columns of tables that stay. A column that is there again under its name when the
    upgrade is over is none.

    ## Why is this bad?
    In a rolling deploy the old code runs on for a while after the migration. Its SELECTs and INSERTs name
    every column that its models have, so each of them fails from the moment the column is gone.

    ## Example
    ```python
    def upgrade():
        op.drop_column("users", "phone")
    ```

    ## Use instead
    Two releases: in the first the models lose the column while the table keeps it (nullable, or with
    a server default), in the second, when no old code runs any more, the column is dropped.
    """

    code = "MRT701"
    name = "rolling-deploy-drop-column"
    group = "rolling-deploy"
    severity = Severity.ERROR
    pattern = "DROP COLUMN during rolling deploy"
    aliases = ("RemoveField during rolling deploy",)
    on = (DropColumn,)
    opt_in = True

    BAD = [
        migration(
            'op.drop_column("users", "phone")  # MRT201, MRT701',
            'op.add_column("users", sa.Column("phone", sa.String(20)))',
            given=USERS,
        ),
    ]
    GOOD = [
        migration(
            """
            op.add_column("users", sa.Column("draft", sa.Integer))
            op.drop_column("users", "draft")
            op.add_column("users", sa.Column("mail", sa.String(80)))
            """,
            'op.drop_column("users", "mail")',
            given=USERS,
        ),
    ]

    def check(self, subject: DropColumn, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when the column is gone after the upgrade."""
        if ctx.direction != "upgrade":
            return
        gone = dropped_column(subject, ctx.before, ctx.roundtrip)
        if gone is not None:
            yield self.finding(
                subject,
                f"{gone.subject} is dropped while old code, which still names it, runs",
                help="take it out of the models in one release and drop it in a later one",
                subject=gone.subject,
            )
