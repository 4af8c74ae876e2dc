"""MRT414: an index is built or dropped CONCURRENTLY inside a transaction."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.ops import CreateIndex, DropIndex
from mrt_lint.plugin import Context, Finding, Rule, Severity
from mrt_rules_django.examples import migration


class ConcurrentNeedsNonAtomic(Rule):
    """CONCURRENTLY in an atomic migration, which always fails.

    ## What it does
    Finds AddIndexConcurrently, RemoveIndexConcurrently and CONCURRENTLY in SQL in a migration that Django
    wraps
    in a transaction.

    ## Why is this bad?
    PostgreSQL refuses it inside a transaction, and so does Django: the migration cannot run.

    ## Example
    ```python
    operations = [AddIndexConcurrently("item", models.Index(fields=["name"], name="by_name"))]
    ```

    ## Use instead
    ```python
    class Migration(migrations.Migration):
        atomic = False
    ```
    """

    code = "MRT414"
    name = "concurrent-needs-non-atomic"
    group = "locks"
    severity = Severity.ERROR
    pattern = "Missing atomic=False"
    frameworks = ("django",)
    on = (
        CreateIndex,
        DropIndex,
    )

    BAD = [
        migration(
            'psql.AddIndexConcurrently("item", models.Index(fields=["name"], name="by_name")),  # MRT414',
            database="postgresql",
        ),
    ]
    GOOD = [
        migration(
            'psql.AddIndexConcurrently("item", models.Index(fields=["name"], name="by_name")),',
            atomic=False,
            database="postgresql",
        ),
    ]

    def check(self, subject: CreateIndex | DropIndex, ctx: Context) -> Iterator[Finding]:
        """Yields a finding where a transaction is open."""
        if ctx.direction != "upgrade" or ctx.dialect != "postgresql" or not subject.concurrently:
            return
        if subject.transaction.autocommit or ctx.before.autocommit:
            return
        yield self.finding(
            subject,
            f"{subject.describe()} CONCURRENTLY runs in the migration's transaction, which always fails",
            help="set atomic = False on the migration",
            subject=subject.describe(),
        )
