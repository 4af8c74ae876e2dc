"""MRT211: SQL drops a table that existed before."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.tables import lost_table
from mrt_lint.ops import DropTable
from mrt_lint.plugin import Context, Finding, Rule, Severity
from mrt_rules_django.examples import migration


class RunSqlDropTable(Rule):
    """DROP TABLE in a RunSQL.

    ## What it does
    Finds tables that existed before the migration and are dropped by SQL. A warning, no error, where code
    that is not understood may bring the rows back.

    ## Why is this bad?
    The reverse SQL can make the table again, not its rows.

    ## Example
    ```python
    migrations.RunSQL("DROP TABLE shop_item", migrations.RunSQL.noop)
    ```

    ## Use instead
    Rename it out of the way, and drop it in a later release:
    ```python
    migrations.RunSQL("ALTER TABLE old RENAME TO old_retired", "ALTER TABLE old_retired RENAME TO old")
    ```
    """

    code = "MRT211"
    name = "runsql-drop-table"
    group = "rollback"
    severity = Severity.ERROR
    pattern = "RunSQL DROP TABLE"
    frameworks = ("django",)
    on = (DropTable,)

    BAD = [
        migration(
            'migrations.RunSQL("DROP TABLE by_hand", "CREATE TABLE by_hand (id integer)"),  # MRT211',
            given='migrations.RunSQL("CREATE TABLE by_hand (id integer)", "DROP TABLE by_hand"),',
        ),
    ]
    GOOD = [
        migration(
            'migrations.RunSQL("ALTER TABLE by_hand RENAME TO old", "ALTER TABLE old RENAME TO by_hand"),',
            given='migrations.RunSQL("CREATE TABLE by_hand (id integer)", "DROP TABLE by_hand"),',
        ),
    ]

    def check(self, subject: DropTable, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when the table's rows do not come back."""
        if ctx.direction != "upgrade" or not subject.sql:
            return
        lost = lost_table(subject, ctx.before, ctx.roundtrip)
        if lost is not None:
            yield self.finding(
                subject,
                f"table {lost.subject} is dropped with its rows; {lost.fate}",
                help="rename it out of the way now and drop it in a later release",
                subject=lost.subject,
                severity=None if lost.sure else Severity.WARNING,
            )
