"""MRT906: two migrations have the same id."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.history import History
from mrt_lint.plugin import Context, Finding, Rule, Severity, Step, history


class DuplicateRevision(Rule):
    """Two migrations with the same id.

    ## What it does
    Finds revision ids that more than one file claims.

    ## Why is this bad?
    Only one of them is loaded; which one depends on the order of files. The other never runs.

    ## Example
    A migration file copied as a template, with its `revision` left as it was.

    ## Use instead
    Give one of them a new id (`alembic revision` makes one), and mend the `down_revision` of what
    builds on it.
    """

    code = "MRT906"
    name = "duplicate-revision"
    group = "history"
    severity = Severity.ERROR
    on = (History,)

    BAD = [
        history(
            Step(),
            Step(revision="a1", name="one", parents='"0001"', marks=(("revision", "MRT906"),)),
            Step(revision="a1", name="two", parents='"0001"', marks=(("revision", "MRT906"),)),
            shown=2,
        ),
    ]
    GOOD = [
        history(Step(), Step()),
    ]

    def check(self, subject: History, ctx: Context) -> Iterator[Finding]:
        """Yields a finding at each file that claims a taken id."""
        for name, claims in subject.duplicates.items():
            for claim in claims:
                others = ", ".join(other.path for other in claims if other is not claim)
                yield self.finding(
                    claim,
                    f"revision {name} is also the id of {others}",
                    help="give one of them an id of its own",
                    related=claims,
                )
