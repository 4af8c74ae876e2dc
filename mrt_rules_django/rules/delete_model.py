"""MRT210: the table of a model is dropped."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.tables import lost_table
from mrt_lint.ops import DropTable
from mrt_lint.plugin import Context, Finding, Rule, Severity
from mrt_rules_django.examples import migration
from mrt_rules_django.spelling import is_join_table


class DeleteModel(Rule):
    """A deleted model whose rows no way back restores.

    ## What it does
    Finds models that are deleted with their table. Proxies, unmanaged models, models made in the same
    migration and deletions of the state alone are left alone. A warning, no error, where code that is not
    understood may bring the rows back.

    ## Why is this bad?
    Migrating backwards makes the table again, without its rows.

    ## Example
    ```python
    migrations.DeleteModel("Item")
    ```

    ## Use instead
    Delete the model from the state only, and drop the table in a later release:
    ```python
    migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Item")])
    ```
    """

    code = "MRT210"
    name = "delete-model"
    group = "rollback"
    severity = Severity.ERROR
    pattern = "DeleteModel"
    frameworks = ("django",)
    on = (DropTable,)

    BAD = [
        migration('migrations.DeleteModel("Item"),  # MRT210'),
    ]
    GOOD = [
        migration('migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Item")]),'),
        migration(
            'migrations.DeleteModel("View"),',
            given='migrations.CreateModel("View", [("id", models.IntegerField(primary_key=True))], '
            'options={"managed": False}),',
        ),
    ]

    def check(self, subject: DropTable, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when the table's rows do not come back."""
        if ctx.direction != "upgrade" or subject.sql or is_join_table(subject):
            return
        lost = lost_table(subject, ctx.before, ctx.roundtrip)
        if lost is not None:
            yield self.finding(
                subject,
                f"table {lost.subject} is dropped with its rows; {lost.fate}",
                help="take it out of the state first (SeparateDatabaseAndState), drop the table later",
                subject=lost.subject,
                severity=None if lost.sure else Severity.WARNING,
            )
