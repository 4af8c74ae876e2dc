"""MRT841: SQL is put together with values that are known only at run time."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.ops import Operation
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration

USERS = """
op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("team", sa.String(20)))
"""


class InterpolatedSql(Rule):
    """SQL put together with values known only at run time.

    ## What it does
    Finds SQL text made by an f-string, `%`, `.format`, `join` or `+` with a value that is not known in the
    migration: read from the database, the environment or another package. Values that the file itself
    defines are known, and bound parameters are left alone.

    ## Why is this bad?
    Nobody can read from the migration what it does, so it could not be analysed. A quote in the value
    breaks the statement; a value that others can write may run any SQL.

    ## Example
    ```python
    def upgrade():
        team = os.environ["DEFAULT_TEAM"]
        op.execute(f"UPDATE users SET team = '{team}' WHERE team IS NULL")
    ```

    ## Use instead
    ```python
    def upgrade():
        team = os.environ["DEFAULT_TEAM"]
        op.execute(
            sa.text("UPDATE users SET team = :team WHERE team IS NULL").bindparams(team=team)
        )
    ```
    Names of tables and columns cannot be bound: write them into the migration.
    """

    code = "MRT841"
    name = "interpolated-sql"
    group = "hygiene"
    severity = Severity.WARNING
    on = (Operation,)

    BAD = [
        migration(
            """
            op.add_column("users", sa.Column("home", sa.String(20)))
            op.execute("UPDATE users SET home = '%s'" % os.environ["DEFAULT_TEAM"])  # MRT841
            """,
            'op.drop_column("users", "home")',
            given=USERS,
            imports="import os",
        ),
    ]
    GOOD = [
        migration(
            """
            team = os.environ["DEFAULT_TEAM"]
            op.add_column("users", sa.Column("home", sa.String(20)))
            op.execute(sa.text("UPDATE users SET home = :team").bindparams(team=team))
            """,
            'op.drop_column("users", "home")',
            given=USERS,
            imports="import os",
        ),
        migration(
            """
            for name in ("home", "away"):
                op.add_column("users", sa.Column(name, sa.String(20)))
                op.execute(f"UPDATE users SET {name} = team")
            """,
            """
            op.drop_column("users", "away")
            op.drop_column("users", "home")
            """,
            given=USERS,
        ),
    ]

    def check(self, subject: Operation, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when part of the SQL text is not known."""
        if subject.interpolated:
            parts = "; ".join(subject.interpolated)
            yield self.finding(
                subject,
                f"this SQL is put together when the migration runs and cannot be read before: {parts}",
                help="bind values: sa.text('... :value').bindparams(value=value); write names into the file",
            )
