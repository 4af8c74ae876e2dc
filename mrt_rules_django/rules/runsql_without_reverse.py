"""MRT108: a RunSQL cannot be reversed."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.plugin import Context, Finding, Migration, Rule, Severity
from mrt_rules_django.examples import migration
from mrt_rules_django.spelling import refusals


class RunSqlWithoutReverse(Rule):
    """A RunSQL without reverse_sql.

    ## What it does
    Finds RunSQL operations without `reverse_sql`; SQL that only reads is passed over.

    ## Why is this bad?
    Django refuses to migrate backwards over it (IrreversibleError), before anything is undone.

    ## Example
    ```python
    migrations.RunSQL("CREATE INDEX ...")
    ```

    ## Use instead
    Say how to undo it, or that there is nothing to undo:
    ```python
    migrations.RunSQL("CREATE INDEX ...", reverse_sql="DROP INDEX ...")
    ```
    """

    code = "MRT108"
    name = "runsql-without-reverse"
    group = "rollback"
    severity = Severity.ERROR
    pattern = "RunSQL without reverse_sql"
    frameworks = ("django",)
    on = (Migration,)

    BAD = [
        migration(
            'migrations.RunSQL("CREATE INDEX by_note ON shop_item (name)"),  # MRT108', database="sqlite"
        ),
    ]
    GOOD = [
        migration(
            'migrations.RunSQL("CREATE INDEX by_note ON shop_item (name)", "DROP INDEX by_note"),',
            database="sqlite",
        ),
    ]

    def check(self, subject: Migration, ctx: Context) -> Iterator[Finding]:
        """Yields a finding for each such operation."""
        for refusal in refusals(subject, "RunSQL"):
            yield self.finding(
                refusal,
                "RunSQL without reverse_sql: Django refuses to migrate backwards over it",
                help="give it reverse_sql, RunSQL.noop if there is nothing to undo",
                subject=f"RunSQL:{refusal.span.line}",
                migration=subject,
            )
