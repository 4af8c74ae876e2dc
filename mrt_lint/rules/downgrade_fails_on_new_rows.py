"""MRT805: the downgrade tightens again what the upgrade relaxed."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.reached import unreached
from mrt_lint.plugin import Context, Finding, Rule, Severity, Turn, migration
from mrt_lint.roundtrip import Harm, RoundTrip

USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String(80), nullable=False),
)
"""


class DowngradeFailsOnNewRows(Rule):
    """A downgrade that fails once new rows were written.

    ## What it does
    Finds upgrades that admit more than before (a column made nullable, a wider type, a constraint
    dropped, an enum value added) and downgrades that take this back without first handling the rows
    that were written meanwhile.

    ## Why is this bad?
    The rollback works in every test and fails in production, because there the new code has already
    written rows that only the new schema allows.

    ## Example
    ```python
    def upgrade():
        op.alter_column("users", "email", nullable=True)

    def downgrade():
        op.alter_column("users", "email", nullable=False)
    ```

    ## Use instead
    ```python
    def downgrade():
        op.execute("UPDATE users SET email = '' WHERE email IS NULL")
        op.alter_column("users", "email", nullable=False)
    ```
    """

    code = "MRT805"
    name = "downgrade-fails-on-new-rows"
    group = "rollback"
    severity = Severity.WARNING
    on = (RoundTrip,)
    turn = Turn.LAST

    BAD = [
        migration(
            'op.alter_column("users", "email", nullable=True)',
            'op.alter_column("users", "email", nullable=False)  # MRT805',
            given=USERS,
            database="postgresql",
        ),
    ]
    GOOD = [
        migration(
            'op.alter_column("users", "email", nullable=True)',
            """
            op.execute("UPDATE users SET email = '' WHERE email IS NULL")
            op.alter_column("users", "email", nullable=False)
            """,
            given=USERS,
            database="postgresql",
        ),
    ]

    def check(self, subject: RoundTrip, ctx: Context) -> Iterator[Finding]:
        """Yields a finding for every relaxation that the downgrade takes back."""
        for reason in subject.reasons:
            if reason.harm is not Harm.NEW_ROWS or ctx.spoken("") or unreached(reason, subject):
                continue
            yield self.finding(
                reason.reverse or reason.cause or subject.migration,
                reason.message,
                help="let downgrade first change or remove the rows that do not fit the old schema",
                subject=f"{reason.subject}:new rows",
            )
