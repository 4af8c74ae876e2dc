"""MRT103: contents are overwritten and the downgrade does not write them back."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.common import no_way_back
from mrt_lint.hazards.strength import on_request
from mrt_lint.hazards.writes import overwritten, perhaps_overwritten
from mrt_lint.ops import Insert, Merge, Update
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration

USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("state", sa.String(20)),
    sa.Column("email", sa.String(80)),
)
"""


class DataTransformWithoutReverse(Rule):
    """Contents overwritten in upgrade that downgrade does not write back.

    ## What it does
    Finds UPDATE, MERGE and upserts of columns that existed before the migration where the downgrade
    does not write these columns. Filling a column that the migration itself adds is left alone.

    ## Why is this bad?
    After the rollback the old code reads values that it did not write, and nobody knows any more which
    they were.

    ## Example
    ```python
    def upgrade():
        op.execute("UPDATE users SET email = lower(email)")

    def downgrade():
        pass
    ```

    ## Use instead
    Leave the old column as it is and fill a new one:
    ```python
    def upgrade():
        op.add_column("users", sa.Column("email_folded", sa.String(80)))
        op.execute("UPDATE users SET email_folded = lower(email)")

    def downgrade():
        op.drop_column("users", "email_folded")
    ```
    """

    code = "MRT103"
    name = "data-transform-without-reverse"
    group = "rollback"
    severity = Severity.WARNING
    pattern = "Data transform without reverse"
    frameworks = ("alembic",)
    on = (Update, Merge, Insert)

    BAD = [
        migration(
            """
            op.add_column("users", sa.Column("login", sa.String(40)))
            op.execute("UPDATE users SET email = lower(email)")  # MRT103
            """,
            'op.drop_column("users", "login")',
            given=USERS,
        ),
        migration(
            """
            users = sa.table("users", sa.column("state"))
            op.execute(users.update().values(state="active"))  # MRT103
            """,
            "pass",
            given=USERS,
            marks={"downgrade": "MRT102"},
        ),
    ]
    GOOD = [
        migration(
            """
            op.add_column("users", sa.Column("email_folded", sa.String(80)))
            op.execute("UPDATE users SET email_folded = lower(email)")
            """,
            'op.drop_column("users", "email_folded")',
            given=USERS,
        ),
        migration(
            "op.execute(\"UPDATE users SET state = 'enabled' WHERE state = 'active'\")",
            "op.execute(\"UPDATE users SET state = 'active' WHERE state = 'enabled'\")",
            given=USERS,
        ),
    ]

    def check(self, subject: Update | Merge | Insert, ctx: Context) -> Iterator[Finding]:
        """Yields a finding for every old column whose contents are overwritten for good."""
        if ctx.direction != "upgrade":
            return
        no_way = no_way_back(ctx.roundtrip)
        for reason in overwritten(subject, ctx.roundtrip):
            yield self.finding(
                subject,
                on_request(
                    f"{reason.subject} is overwritten; {no_way or 'the downgrade does not write it back'}",
                    subject,
                ),
                help="write the new values to a new column, or keep the old ones and write them back",
                subject=reason.subject,
            )
        table = None
        if isinstance(subject, Update | Merge):
            table = perhaps_overwritten(subject, ctx.before, ctx.roundtrip)
        if table is not None:
            yield self.finding(
                subject,
                f"columns of {table.name} may be overwritten; "
                f"{no_way or 'the downgrade writes none of them back'}",
                help="write the new values to a new column, or keep the old ones and write them back",
            )
