"""MRT704: a new column asks for a value that the running code does not give."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.compat import demanded_column
from mrt_lint.ops import AddColumn
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration

USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("phone", sa.String(20)),
    sa.Column("age", sa.Integer),
)
"""


class RollingDeployAddNotNull(Rule):
    """A column added NOT NULL, without a default in the database, while the old code still runs.

    ## What it does
    Finds columns that are added to existing tables and are NOT NULL without a server default when the
    upgrade is over. A default that is there only to fill the old rows and dropped again does not count,
    nor does one that Python applies.

    ## Why is this bad?
    The INSERTs of the old code do not name the column, so the database refuses every one of them.

    ## Example
    ```python
    def upgrade():
        op.add_column("users", sa.Column("state", sa.String(20), nullable=False, server_default="active"))
        op.alter_column("users", "state", server_default=None)
    ```

    ## Use instead
    Let the server default stay, and drop it in a later release.
    ```python
    def upgrade():
        op.add_column("users", sa.Column("state", sa.String(20), nullable=False, server_default="active"))
    ```
    """

    code = "MRT704"
    name = "rolling-deploy-add-not-null"
    group = "rolling-deploy"
    severity = Severity.ERROR
    pattern = "ADD NOT NULL column without server_default"
    aliases = ("AddField during rolling deploy",)
    on = (AddColumn,)
    opt_in = True

    BAD = [
        migration(
            'op.add_column("users", sa.Column("state", sa.String(20), nullable=False))  # MRT401, MRT704',
            'op.drop_column("users", "state")',
            given=USERS,
        ),
        migration(
            """
            op.add_column(  # MRT704
                "users", sa.Column("state", sa.String(20), nullable=False, server_default="active")
            )
            op.alter_column("users", "state", server_default=None)
            """,
            'op.drop_column("users", "state")',
            given=USERS,
            database="postgresql",
            settings={"database-version": "15"},
        ),
    ]
    GOOD = [
        migration(
            """
            op.add_column(
                "users", sa.Column("state", sa.String(20), nullable=False, server_default="active")
            )
            """,
            'op.drop_column("users", "state")',
            given=USERS,
            database="postgresql",
            settings={"database-version": "15"},
        ),
    ]

    def check(self, subject: AddColumn, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when an INSERT that does not name the column is refused."""
        if ctx.direction != "upgrade":
            return
        column = demanded_column(subject, ctx.before, ctx.roundtrip)
        if column is not None:
            where = f"{subject.table}.{column.name}"
            yield self.finding(
                subject,
                f"{where} is NOT NULL without a server default: the INSERTs of old code, "
                "which does not know it, fail",
                help="let the column have a server default until no old code runs any more",
                subject=where,
            )
