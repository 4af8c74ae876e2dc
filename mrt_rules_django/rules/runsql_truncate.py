"""MRT212: SQL empties a table that existed before."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.existing import old_table
from mrt_lint.hazards.writes import emptied_tables
from mrt_lint.ops import Delete, Truncate
from mrt_lint.plugin import Context, Finding, Rule, Severity
from mrt_rules_django.examples import migration


class RunSqlTruncate(Rule):
    """TRUNCATE, or DELETE without WHERE, in a RunSQL.

    ## What it does
    Finds SQL that deletes every row of a table that existed before the migration.

    ## Why is this bad?
    No reverse SQL knows the rows.

    ## Example
    ```python
    migrations.RunSQL("TRUNCATE shop_item", migrations.RunSQL.noop)
    ```

    ## Use instead
    Keep a copy of the rows, and put them back on the way back:
    ```python
    migrations.RunSQL("CREATE TABLE item_copy AS SELECT * FROM shop_item", "DROP TABLE item_copy")
    ```
    """

    code = "MRT212"
    name = "runsql-truncate"
    group = "rollback"
    severity = Severity.ERROR
    pattern = "RunSQL TRUNCATE"
    frameworks = ("django",)
    on = (
        Truncate,
        Delete,
    )

    BAD = [
        migration('migrations.RunSQL("TRUNCATE shop_item", migrations.RunSQL.noop),  # MRT212'),
        migration('migrations.RunSQL("DELETE FROM shop_item", ""),  # MRT212'),
    ]
    GOOD = [
        migration(
            'migrations.RunSQL("CREATE INDEX by_note ON shop_item (name)", "DROP INDEX by_note"),',
            database="sqlite",
        ),
    ]

    def check(self, subject: Truncate | Delete, ctx: Context) -> Iterator[Finding]:
        """Yields a finding for each table that is emptied for good."""
        if ctx.direction != "upgrade" or not subject.sql:
            return
        if isinstance(subject, Truncate):
            names = [table.name for table, _ in emptied_tables(subject, ctx.before, ctx.roundtrip)]
        else:
            every = not subject.where and not subject.sources
            before = old_table(subject.table, ctx.before, ctx.roundtrip) if every else None
            names = [before.name] if before is not None else []
        for name in names:
            yield self.finding(
                subject,
                f"every row of {name} is deleted, and nothing brings them back",
                help="keep a copy of the rows until nobody wants to go back",
                subject=str(name),
            )
