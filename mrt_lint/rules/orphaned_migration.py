"""MRT904: migrations that can never run."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.history import History
from mrt_lint.plugin import Context, Finding, Rule, Severity, Step, history


class OrphanedMigration(Rule):
    """Migrations that can never run.

    ## What it does
    Finds migrations that build on one whose parent is unknown or that stands on a cycle.

    ## Why is this bad?
    The framework cannot reach them: their changes never get into any database.

    ## Example
    A migration whose parent names a file that was deleted, and all that was built on it since.

    ## Use instead
    Mend what MRT907 or MRT908 reports on the migration that they build on.
    """

    code = "MRT904"
    name = "orphaned-migration"
    group = "history"
    severity = Severity.WARNING
    pattern = "Orphaned migration"
    on = (History,)

    BAD = [
        history(
            Step(),
            Step(revision="a1", parents='"lost"', marks=(("down_revision", "MRT907"),)),
            Step(revision="a2", parents='"a1"', marks=(("revision", "MRT904"),)),
            shown=2,
        ),
    ]
    GOOD = [
        history(Step(), Step(), Step()),
    ]

    def check(self, subject: History, ctx: Context) -> Iterator[Finding]:
        """Yields one finding for each group of migrations that hang on the same broken one."""
        for group in subject.orphans:
            rest = f" (and {len(group) - 1} that build on it)" if len(group) > 1 else ""
            yield self.finding(
                group[0],
                f"{group[0].id}{rest} can never run: what it builds on is not connected to the history",
                help="mend the migration it builds on",
                related=group,
            )
