"""MRT202: a table that existed before is dropped."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.tables import lost_table
from mrt_lint.ops import DropTable as DropTableOperation
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration

NOTES = """
op.create_table(
    "notes",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("body", sa.Text),
)
"""


class DropTable(Rule):
    """A dropped table whose rows no downgrade brings back.

    ## What it does
    Finds tables that existed before the migration and are dropped by it. Tables made in the same
    migration, temporary ones, and rebuilds (copy into a new table, drop, rename) are left alone.
    A warning, no error, where code that is not understood may bring the rows back, or they were put into
    another table first and there is no way back at all.

    ## Why is this bad?
    The downgrade can re-create the table, not its rows.

    ## Example
    ```python
    def upgrade():
        op.drop_table("notes")

    def downgrade():
        op.create_table("notes", sa.Column("id", sa.Integer, primary_key=True), sa.Column("body", sa.Text))
    ```

    ## Use instead
    Put the table out of the way first, and drop it in a later release:
    ```python
    def upgrade():
        op.rename_table("notes", "notes_retired")

    def downgrade():
        op.rename_table("notes_retired", "notes")
    ```
    """

    code = "MRT202"
    name = "drop-table"
    group = "rollback"
    severity = Severity.ERROR
    pattern = "DROP TABLE in upgrade"
    aliases = ("DROP TABLE",)
    frameworks = ("alembic",)
    on = (DropTableOperation,)

    BAD = [
        migration(
            'op.drop_table("notes")  # MRT202',
            NOTES,
            given=NOTES,
        ),
        migration(
            'op.execute("DROP TABLE IF EXISTS notes")  # MRT202',
            NOTES,
            given=NOTES,
        ),
    ]
    GOOD = [
        migration(
            'op.rename_table("notes", "notes_retired")',
            'op.rename_table("notes_retired", "notes")',
            given=NOTES,
        ),
        migration(
            """
            op.create_table(
                "notes_new", sa.Column("id", sa.Integer, primary_key=True), sa.Column("body", sa.Text)
            )
            op.execute("INSERT INTO notes_new (id, body) SELECT id, body FROM notes")
            op.drop_table("notes")
            op.rename_table("notes_new", "notes")
            """,
            "pass",
            given=NOTES,
            database="sqlite",  # PostgreSQL keeps the names of the new table's key and sequence
        ),
    ]

    def check(self, subject: DropTableOperation, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when the table's old rows do not come back."""
        if ctx.direction != "upgrade":
            return
        lost = lost_table(subject, ctx.before, ctx.roundtrip)
        if lost is None:
            return
        yield self.finding(
            subject,
            f"table {lost.subject} is dropped with its rows; {lost.fate}",
            help="rename it out of the way now and drop it in a later release, or keep a copy",
            subject=lost.subject,
            severity=None if lost.sure else Severity.WARNING,
        )
