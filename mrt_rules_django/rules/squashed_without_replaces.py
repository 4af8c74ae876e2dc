"""MRT602: a squashed migration does not say what it replaces."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.plugin import Context, Finding, Migration, Rule, Severity
from mrt_rules_django.examples import migration


class SquashedWithoutReplaces(Rule):
    """A squashed migration without its list of replaced ones.

    ## What it does
    Finds migrations that are called squashed and have no `replaces`.

    ## Why is this bad?
    Where the originals were applied, Django takes it for a new migration and runs it again.

    ## Example
    ```python
    # 0001_squashed_0004.py without replaces
    ```

    ## Use instead
    Keep `replaces` until every database has the squashed migration applied, and rename the file when it goes.
    """

    code = "MRT602"
    name = "squashed-without-replaces"
    group = "history"
    severity = Severity.WARNING
    pattern = "Squashed migration: missing replaces list"
    frameworks = ("django",)
    on = (Migration,)

    BAD = [
        migration(
            'migrations.AddField("item", "size", models.IntegerField(null=True)),',
            name="0002_squashed_0004",
            marks="MRT602",
        ),
    ]
    GOOD = [
        migration(
            'migrations.AddField("item", "size", models.IntegerField(null=True)),',
            name="0002_squashed_0004",
            replaces='[("shop", "0002_a"), ("shop", "0003_b")]',
        ),
    ]

    def check(self, subject: Migration, ctx: Context) -> Iterator[Finding]:
        """Yields a finding for a migration that is squashed by its name alone."""
        if "squashed" in subject.id.partition(".")[2] and not subject.replaces:
            yield self.finding(
                subject,
                f"{subject.id} is called squashed and replaces nothing",
                help="list what it replaces, or rename it",
            )
