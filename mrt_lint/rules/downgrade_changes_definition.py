"""MRT803: an object is back after the downgrade with another definition."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.blame import step_that_defines
from mrt_lint.hazards.reversing import stuck, type_fails
from mrt_lint.plugin import Context, Finding, Rule, Severity, Turn, migration
from mrt_lint.roundtrip import Harm, RoundTrip

USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("state", sa.String(20), server_default="active"),
)
"""


class DowngradeChangesDefinition(Rule):
    """An object that the downgrade restores differently.

    ## What it does
    Compares the schema before with the schema after upgrade and downgrade: types, nullability, server
    defaults, foreign key targets and actions, index columns and uniqueness, enum values, view queries.

    ## Why is this bad?
    The names are all there, so nothing looks wrong; but rows that the old code writes now get other
    defaults, are refused, or are deleted by another rule than before.

    ## Example
    ```python
    def upgrade():
        op.alter_column("users", "state", server_default=None)

    def downgrade():
        op.alter_column("users", "state", server_default="disabled")
    ```

    ## Use instead
    ```python
    def downgrade():
        op.alter_column("users", "state", server_default="active")
    ```
    """

    code = "MRT803"
    name = "downgrade-changes-definition"
    group = "rollback"
    severity = Severity.WARNING
    on = (RoundTrip,)
    turn = Turn.LAST

    BAD = [
        migration(
            'op.alter_column("users", "state", server_default=None)',
            'op.alter_column("users", "state", server_default="disabled")  # MRT803',
            given=USERS,
            database="postgresql",
        ),
    ]
    GOOD = [
        migration(
            'op.alter_column("users", "state", server_default=None)',
            'op.alter_column("users", "state", server_default="active")',
            given=USERS,
            database="postgresql",
        ),
    ]

    def check(self, subject: RoundTrip, ctx: Context) -> Iterator[Finding]:
        """Yields a finding for every changed definition, unless the whole downgrade is missing."""
        for reason in subject.reasons:
            if reason.harm is not Harm.DEFINITION_CHANGED or ctx.spoken(reason.aspect):
                continue
            defining = step_that_defines(reason, subject)
            if (reason.field == "type" and type_fails(defining, subject)) or stuck(reason, subject):
                continue
            yield self.finding(
                defining or reason.reverse or reason.cause or subject.migration,
                reason.message,
                help="restore the definition exactly as it was before the upgrade",
                subject=reason.aspect,
            )
