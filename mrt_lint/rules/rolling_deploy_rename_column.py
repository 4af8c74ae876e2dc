"""MRT702: a column is renamed that the running code still knows by its old name."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.compat import renamed_column
from mrt_lint.ops import RedefineColumn, RenameColumn
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration

USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("phone", sa.String(20)),
    sa.Column("age", sa.Integer),
)
"""


class RollingDeployRenameColumn(Rule):
    """A column renamed while the old code still runs.

    ## What it does
    Finds renamed columns of existing tables. If a column has the old name when the upgrade is over, or
    a view stands where the table was, the old code is served and nothing is reported.

    ## Why is this bad?
    In a rolling deploy there is no moment at which both versions of the code find the column: the old
    one fails after the migration, the new one would have failed before it.

    ## Example
    ```python
    def upgrade():
        op.alter_column("users", "phone", new_column_name="telephone")
    ```

    ## Use instead
    Keep the name in the database and give the attribute the new one
    (`telephone = Column("phone", ...)`). Or add the new column, let the code write both, copy the old rows,
    let the code read the new one, and drop the old one, each step in a release of its own.
    """

    code = "MRT702"
    name = "rolling-deploy-rename-column"
    group = "rolling-deploy"
    severity = Severity.ERROR
    pattern = "RENAME COLUMN during rolling deploy"
    aliases = ("RenameField during rolling deploy",)
    on = (RenameColumn, RedefineColumn)
    opt_in = True

    BAD = [
        migration(
            'op.alter_column("users", "phone", new_column_name="telephone")  # MRT702',
            'op.alter_column("users", "telephone", new_column_name="phone")',
            given=USERS,
            database="postgresql",
        ),
    ]
    GOOD = [
        migration(
            """
            op.add_column("users", sa.Column("mail", sa.String(80)))
            op.alter_column("users", "mail", new_column_name="email")
            """,
            'op.drop_column("users", "email")',
            given=USERS,
            database="postgresql",
        ),
    ]

    def check(self, subject: RenameColumn | RedefineColumn, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when nothing has the old name after the upgrade."""
        if ctx.direction != "upgrade":
            return
        gone = renamed_column(subject, ctx.before, ctx.roundtrip)
        if gone is not None:
            yield self.finding(
                subject,
                f"{gone.subject} is renamed to {gone.new} while old code, which names {gone.column}, runs",
                help="keep the name in the database, or add a new column and let the code write both",
                subject=gone.subject,
            )
