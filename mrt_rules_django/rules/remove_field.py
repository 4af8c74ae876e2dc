"""MRT209: a field that held data is removed."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.columns import lost_column
from mrt_lint.hazards.tables import lost_table
from mrt_lint.ops import DropColumn, DropTable
from mrt_lint.plugin import Context, Finding, Rule, Severity
from mrt_rules_django.examples import ITEM, migration
from mrt_rules_django.spelling import is_join_table


class RemoveField(Rule):
    """A removed field whose data no way back restores.

    ## What it does
    Finds columns that held data before the migration and are dropped by it, by RemoveField, by AlterField
    or in SQL, and the join table of a removed ManyToManyField. A warning, no error, where code that is not
    understood may bring the data back.

    ## Why is this bad?
    Migrating backwards adds the column again, empty or with its default. What was in it is gone.

    ## Example
    ```python
    migrations.RemoveField("item", "note")
    ```

    ## Use instead
    Two releases: in the first take the field out of the model with `SeparateDatabaseAndState`, so that the
    column stays; drop the column in a later one, when nobody wants to go back any more.
    ```python
    migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("item", "note")])
    ```
    """

    code = "MRT209"
    name = "remove-field"
    group = "rollback"
    severity = Severity.ERROR
    pattern = "RemoveField"
    frameworks = ("django",)
    on = (
        DropColumn,
        DropTable,
    )

    BAD = [
        migration('migrations.RemoveField("item", "note"),  # MRT209'),
        migration(
            'migrations.RunSQL("ALTER TABLE shop_item DROP COLUMN note", '
            '"ALTER TABLE shop_item ADD COLUMN note text"),  # MRT209',
        ),
        migration(
            'migrations.RemoveField("item", "tags"),  # MRT209',
            given=[
                ITEM,
                'migrations.AddField("item", "tags", models.ManyToManyField("shop.item")),',
            ],
        ),
    ]
    GOOD = [
        migration(
            'migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("item", "note")]),'
        ),
        migration(
            """
            migrations.AddField("item", "mark", models.IntegerField(null=True)),
            migrations.RemoveField("item", "mark"),
            """
        ),
    ]

    def check(self, subject: DropColumn | DropTable, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when old data does not come back."""
        if ctx.direction != "upgrade":
            return
        help = (
            "take it out of the models first (SeparateDatabaseAndState), drop the column in a later release"
        )
        if isinstance(subject, DropTable):
            table = lost_table(subject, ctx.before, ctx.roundtrip) if is_join_table(subject) else None
            if table is not None:
                message = f"join table {table.subject} goes with its ManyToManyField; {table.fate}"
                severity = None if table.sure else Severity.WARNING
                yield self.finding(subject, message, help=help, subject=table.subject, severity=severity)
            return
        lost = lost_column(subject, ctx.before, ctx.roundtrip)
        if lost is not None:
            yield self.finding(
                subject,
                f"{lost.words} is removed; {lost.fate}",
                help=help,
                subject=lost.subject,
                severity=None if lost.sure else Severity.WARNING,
            )
