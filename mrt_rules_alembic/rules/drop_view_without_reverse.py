"""MRT207: a view is dropped and not created again by the downgrade."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.objects import lost_views
from mrt_lint.ops import DropView
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration

GIVEN = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String(80)),
    sa.Column("active", sa.Boolean),
)
op.execute("CREATE VIEW active_users AS SELECT id, email FROM users WHERE active")
"""


class DropViewWithoutReverse(Rule):
    """A view dropped in upgrade that downgrade does not create again.

    ## What it does
    Finds views, materialized ones too, that the upgrade drops and the downgrade does not restore: they
    are gone, or the one that the upgrade put in their place stays. Views that go along by `CASCADE` count.

    ## Why is this bad?
    After the rollback every query of the old code and every report that reads the view fails, or gets
    other rows than it expects.

    ## Example
    ```python
    def upgrade():
        op.execute("DROP VIEW active_users")
        op.add_column("users", sa.Column("login", sa.String(80)))

    def downgrade():
        op.drop_column("users", "login")
    ```

    ## Use instead
    ```python
    def downgrade():
        op.drop_column("users", "login")
        op.execute("CREATE VIEW active_users AS SELECT id, email FROM users WHERE active")
    ```
    """

    code = "MRT207"
    name = "drop-view-without-reverse"
    group = "rollback"
    severity = Severity.ERROR
    pattern = "DROP VIEW without reverse"
    frameworks = ("alembic",)
    on = (DropView,)

    BAD = [
        migration(
            """
            op.execute("DROP VIEW active_users")  # MRT207
            op.add_column("users", sa.Column("login", sa.String(80)))
            """,
            'op.drop_column("users", "login")',
            given=GIVEN,
        ),
        migration(
            'op.execute("DROP VIEW active_users")  # MRT207',
            "pass",
            given=GIVEN,
            marks={"downgrade": "MRT102"},
        ),
    ]
    GOOD = [
        migration(
            """
            op.execute("DROP VIEW active_users")
            op.execute("CREATE VIEW active_users AS SELECT id FROM users WHERE active")
            """,
            """
            op.execute("DROP VIEW active_users")
            op.execute("CREATE VIEW active_users AS SELECT id, email FROM users WHERE active")
            """,
            given=GIVEN,
        ),
        migration(
            """
            op.execute("DROP VIEW active_users")
            op.add_column("users", sa.Column("login", sa.String(80)))
            op.execute("CREATE VIEW active_users AS SELECT id, email FROM users WHERE active")
            """,
            """
            op.drop_column("users", "login")
            """,
            given=GIVEN,
        ),
    ]

    def check(self, subject: DropView, ctx: Context) -> Iterator[Finding]:
        """Yields a finding for every view that is missing, or another one, after the downgrade."""
        if ctx.direction != "upgrade":
            return
        for lost in lost_views(subject, ctx.before, ctx.roundtrip):
            how = f" with {subject.view}" if lost.along else ""
            yield self.finding(
                subject,
                f"{lost.words} is dropped{how}; {lost.fate}",
                help="create the view again in downgrade, with the query that it had",
                subject=lost.subject,
            )
