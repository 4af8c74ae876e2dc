"""MRT703: a table is dropped or renamed that the running code still uses."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.compat import withdrawn_table
from mrt_lint.ops import DropTable, RenameTable
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration

USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("phone", sa.String(20)),
    sa.Column("age", sa.Integer),
)
"""


class RollingDeployDropTable(Rule):
    """A table dropped or renamed while the old code still runs.

    ## What it does
    Finds dropped and renamed tables, and tables moved to another schema, unless a table or a view has the
    old name when the upgrade is over.

    ## Why is this bad?
    In a rolling deploy the old code runs on for a while after the migration, and every statement on
    the table fails.

    ## Example
    ```python
    def upgrade():
        op.rename_table("users", "accounts")
    ```

    ## Use instead
    Drop a table one release after the code stopped using it. Leave a view under the old name of a
    renamed one until no old code runs any more; PostgreSQL also writes through it:
    ```python
    def upgrade():
        op.rename_table("users", "accounts")
        op.execute("CREATE VIEW users AS SELECT * FROM accounts")

    def downgrade():
        op.execute("DROP VIEW users")
        op.rename_table("accounts", "users")
    ```
    """

    code = "MRT703"
    name = "rolling-deploy-drop-table"
    group = "rolling-deploy"
    severity = Severity.ERROR
    pattern = "DROP TABLE during rolling deploy"
    aliases = ("DeleteModel during rolling deploy", "RenameModel during rolling deploy")
    on = (DropTable, RenameTable)
    opt_in = True

    BAD = [
        migration(
            'op.rename_table("users", "accounts")  # MRT703',
            'op.rename_table("accounts", "users")',
            given=USERS,
        ),
    ]
    GOOD = [
        migration(
            """
            op.rename_table("users", "accounts")
            op.execute("CREATE VIEW users AS SELECT * FROM accounts")
            """,
            """
            op.execute("DROP VIEW users")
            op.rename_table("accounts", "users")
            """,
            given=USERS,
            database="postgresql",
        ),
    ]

    def check(self, subject: DropTable | RenameTable, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when nothing has the table's name after the upgrade."""
        if ctx.direction != "upgrade":
            return
        gone = withdrawn_table(subject, ctx.before, ctx.roundtrip)
        if gone is not None:
            what = f"renamed to {gone.new}" if gone.new else "dropped"
            yield self.finding(
                subject,
                f"table {gone.table} is {what} while old code, which still uses it, runs",
                help="leave a view under the old name, or drop it a release after the code stopped using it",
                subject=gone.subject,
            )
