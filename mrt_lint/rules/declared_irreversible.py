"""MRT808: the downgrade raises on purpose."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.plugin import Context, Finding, Rule, Severity, Turn, migration
from mrt_lint.roundtrip import Harm, RoundTrip


class DeclaredIrreversible(Rule):
    """A downgrade that refuses to run.

    ## What it does
    Finds migrations whose downgrade raises by design.

    ## Why is this bad?
    It is honest, and better than a downgrade that pretends; but from this revision on there is no way
    back, which the people who deploy it should know before they do.

    ## Example
    ```python
    def downgrade():
        raise NotImplementedError("the old prices are not kept")
    ```

    ## Use instead
    Where it matters, keep what is needed for a way back (a copy of the table, the old column) until no
    rollback is wanted any more. Else keep the refusal and suppress this finding with a reason:
    ```python
    def downgrade():
        raise NotImplementedError("the old prices are not kept")  # noqa: MRT808 -- agreed, no way back
    ```
    """

    code = "MRT808"
    name = "declared-irreversible"
    group = "rollback"
    severity = Severity.WARNING
    on = (RoundTrip,)
    turn = Turn.FALLBACK

    BAD = [
        migration(
            'op.create_table("prices", sa.Column("id", sa.Integer, primary_key=True))',
            'raise NotImplementedError("no way back")  # MRT808',
        ),
    ]
    GOOD = [
        migration(
            'op.create_table("prices", sa.Column("id", sa.Integer, primary_key=True))',
            'op.drop_table("prices")',
        ),
    ]

    def check(self, subject: RoundTrip, ctx: Context) -> Iterator[Finding]:
        """Yields a finding at the statement that raises."""
        for reason in subject.reasons:
            if reason.harm is Harm.DECLARED and reason.reverse is not None:
                if ctx.spoken_at(reason.reverse):
                    continue
                yield self.finding(
                    reason.reverse,
                    f"{reason.message}: there is no way back from this revision",
                    help="if that is agreed, suppress this finding with a reason",
                )
