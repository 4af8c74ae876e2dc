"""MRT203: a table that existed before is truncated."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.writes import emptied_tables
from mrt_lint.ops import Truncate as TruncateOperation
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration

EVENTS = """
op.create_table("events", sa.Column("id", sa.Integer, primary_key=True), sa.Column("what", sa.Text))
"""


class Truncate(Rule):
    """A TRUNCATE of rows that no downgrade brings back.

    ## What it does
    Finds TRUNCATE of tables that existed before the migration, and the tables that CASCADE empties
    with them. A table that this migration creates is left alone.

    ## Why is this bad?
    All rows are gone at once, on MySQL and MariaDB even when the migration fails afterwards. No downgrade
    can make them again.

    ## Example
    ```python
    def upgrade():
        op.execute("TRUNCATE events")

    def downgrade():
        pass
    ```

    ## Use instead
    Put the rows out of the way and drop them in a later release:
    ```python
    def upgrade():
        op.rename_table("events", "events_retired")
        op.create_table(
            "events", sa.Column("id", sa.Integer, primary_key=True), sa.Column("what", sa.Text)
        )

    def downgrade():
        op.drop_table("events")
        op.rename_table("events_retired", "events")
    ```
    """

    code = "MRT203"
    name = "truncate"
    group = "rollback"
    severity = Severity.ERROR
    pattern = "TRUNCATE"
    aliases = ("TRUNCATE in migration",)
    frameworks = ("alembic",)
    on = (TruncateOperation,)

    BAD = [
        migration(
            """
            op.execute("TRUNCATE TABLE events")  # MRT203
            op.add_column("events", sa.Column("seen", sa.Integer))
            """,
            'op.drop_column("events", "seen")',
            given=EVENTS,
            database="postgresql",
        ),
        migration(
            'op.get_bind().execute(sa.text("TRUNCATE events RESTART IDENTITY CASCADE"))  # MRT203',
            "pass",
            given=EVENTS,
            database="postgresql",
            marks={"downgrade": "MRT102"},
        ),
    ]
    GOOD = [
        migration(
            """
            op.create_table("numbers", sa.Column("n", sa.Integer, primary_key=True))
            op.execute("INSERT INTO numbers (n) VALUES (1), (2)")
            op.execute("TRUNCATE numbers")
            """,
            'op.drop_table("numbers")',
            database="postgresql",
        ),
        migration(
            """
            op.execute("ALTER TABLE events RENAME TO events_retired")
            op.create_table(
                "events", sa.Column("id", sa.Integer, primary_key=True), sa.Column("what", sa.Text)
            )
            """,
            """
            op.drop_table("events")
            op.rename_table("events_retired", "events")
            """,
            given=EVENTS,
            database="mysql",
        ),
    ]

    def check(self, subject: TruncateOperation, ctx: Context) -> Iterator[Finding]:
        """Yields a finding for every table of before whose rows do not come back."""
        if ctx.direction != "upgrade":
            return
        for table, cascades in emptied_tables(subject, ctx.before, ctx.roundtrip):
            also = f" with {subject.table} (CASCADE)" if cascades else ""
            yield self.finding(
                subject,
                f"table {table.name} is emptied{also}; its rows do not come back",
                help="copy the rows aside for the downgrade, or rename the table and drop it later",
                subject=f"rows of {table.name}",
            )
