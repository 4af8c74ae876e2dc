"""MRT305: a rename stands beside what loses data of the same table."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.common import LOST
from mrt_lint.ops import RenameColumn, RenameTable
from mrt_lint.plugin import Context, Finding, Rule, Severity
from mrt_rules_django.examples import migration


class RenameWithDataLoss(Rule):
    """A rename together with operations that lose data of the same table.

    ## What it does
    Finds RenameModel and RenameField in a migration that also loses data of the renamed table.

    ## Why is this bad?
    When something goes wrong halfway, neither the old nor the new code finds what it expects, and there is no
    way back that restores the data.

    ## Example
    ```python
    migrations.RenameModel("Item", "Thing"),
    migrations.RemoveField("thing", "note"),
    ```

    ## Use instead
    Rename in one migration, remove in another of a later release.
    """

    code = "MRT305"
    name = "rename-with-data-loss"
    group = "rollback"
    severity = Severity.WARNING
    pattern = "RenameModel with data-loss operations"
    frameworks = ("django",)
    on = (
        RenameTable,
        RenameColumn,
    )

    BAD = [
        migration(
            """
            migrations.RenameModel("Item", "Thing"),  # MRT305
            migrations.RemoveField("thing", "note"),  # MRT209
            """
        ),
    ]
    GOOD = [
        migration('migrations.RenameModel("Item", "Thing"),'),
    ]

    def check(self, subject: RenameTable | RenameColumn, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when the migration loses data of the renamed table."""
        if ctx.direction != "upgrade" or subject.sql:
            return
        table = ctx.before.table(subject.table)
        if table is None:
            return
        base = ctx.before.key("table", ctx.before.base_name(table))
        lost = [
            reason
            for reason in ctx.roundtrip.reasons
            if reason.harm in LOST[:3] and reason.table and ctx.before.key("table", reason.table) == base
        ]
        if lost:
            yield self.finding(
                subject,
                f"{subject.describe()} stands beside what loses data: {lost[0].message}",
                help="rename in a migration of its own",
                subject=f"{subject.table}:renamed with losses",
            )
