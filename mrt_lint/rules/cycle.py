"""MRT908: the graph of migrations has a cycle."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.history import History
from mrt_lint.plugin import Context, Finding, Rule, Severity, Step, history


class Cycle(Rule):
    """Migrations that need one another.

    ## What it does
    Finds groups of migrations that each need another of the group to run first.

    ## Why is this bad?
    None of them can ever run, and the framework refuses to load the history.

    ## Example
    Migration a1 has `down_revision = "b1"`, and b1 has `down_revision = "a1"`.

    ## Use instead
    Decide which comes first, and give it the parent that it really builds on.
    """

    code = "MRT908"
    name = "cycle"
    group = "history"
    severity = Severity.ERROR
    on = (History,)

    BAD = [
        history(
            Step(),
            Step(revision="a1", parents='"b1"', marks=(("revision", "MRT908"),)),
            Step(revision="b1", parents='"a1"', marks=(("revision", "MRT908"),)),
            shown=2,
        ),
    ]
    GOOD = [
        history(Step(), Step()),
    ]

    def check(self, subject: History, ctx: Context) -> Iterator[Finding]:
        """Yields a finding at each migration of a cycle."""
        for group in subject.cycles:
            names = " -> ".join([*(migration.id for migration in group), group[0].id])
            for migration in group:
                yield self.finding(
                    migration,
                    f"{migration.id} needs itself to run first: {names}",
                    help="give the one that comes first the parent that it really builds on",
                    related=group,
                )
