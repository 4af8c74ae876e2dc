"""MRT412: a field that may hold NULL becomes NOT NULL, and nothing fills it."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.nullability import tightened
from mrt_lint.ops import SetNullable, Update
from mrt_lint.plugin import Context, Finding, Rule, Severity
from mrt_lint.schema.names import Unknown
from mrt_rules_django.examples import migration


class AlterFieldNotNull(Rule):
    """A nullable field that becomes NOT NULL without a default.

    ## What it does
    Finds AlterField operations that set NOT NULL on a field that was nullable, where no default fills the
    rows
    that hold NULL.

    ## Why is this bad?
    The statement fails as soon as one row holds NULL.

    ## Example
    ```python
    migrations.AlterField("item", "note", models.TextField())
    ```

    ## Use instead
    ```python
    migrations.AlterField("item", "note", models.TextField(default=""), preserve_default=False)
    ```
    """

    code = "MRT412"
    name = "alter-field-not-null"
    group = "locks"
    severity = Severity.ERROR
    pattern = "AlterField to NOT NULL without default"
    frameworks = ("django",)
    on = (SetNullable,)

    BAD = [
        migration('migrations.AlterField("item", "note", models.TextField()),  # MRT412', database="mysql"),
    ]
    GOOD = [
        migration(
            'migrations.AlterField("item", "note", models.TextField(default="")),  # MRT804', database="mysql"
        ),
        migration(
            'migrations.AlterField("item", "name", models.CharField(max_length=50, blank=True)),',
            database="mysql",
        ),
    ]

    def check(self, subject: SetNullable, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when rows that hold NULL stand against it."""
        if ctx.direction != "upgrade" or subject.sql:
            return
        tight = tightened(subject, ctx.before, ctx.roundtrip)
        steps = (step for _, step in ctx.roundtrip.upgrade_steps)
        fills = any(
            isinstance(step, Update) and step.table == subject.table and _writes(step, subject.name)
            for step in steps
        )
        if tight is None or fills:
            return
        may = isinstance(tight.column.nullable, Unknown)
        yield self.finding(
            subject,
            f"{tight.subject} {'may be' if may else 'was'} nullable and becomes NOT NULL without a default: "
            "this fails on a row that holds NULL",
            help="give it a default (a one-off one with preserve_default=False), or fill the rows first",
            subject=tight.subject,
            severity=Severity.WARNING if may else None,
        )


def _writes(update: Update, column: str) -> bool:
    return update.assignments is None or any(name == column for name, _ in update.assignments)
