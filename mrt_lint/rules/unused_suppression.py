"""MRT905: a suppression comment that suppresses nothing."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.plugin import Context, Finding, Rule, Severity, UnusedSuppression, migration

GIVEN = 'op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("phone", sa.Text))'


class UnusedSuppressionRule(Rule):
    """A suppression comment that does nothing.

    ## What it does
    Finds `# noqa: MRT...` and `# mrt: ignore` comments that suppressed no finding, name a code that no
    rule has, or are written in a way that cannot be read.

    ## Why is this bad?
    It looks as if a hazard had been accepted here. Either it is long gone, or the comment does not do
    what its author believes.

    ## Example
    ```python
    op.add_column("users", sa.Column("nickname", sa.Text))  # noqa: MRT201
    ```

    ## Use instead
    ```python
    op.add_column("users", sa.Column("nickname", sa.Text))
    ```
    """

    code = "MRT905"
    name = "unused-suppression"
    group = "hygiene"
    severity = Severity.WARNING
    on = (UnusedSuppression,)

    BAD = [
        migration(
            'op.create_index("ix", "users", ["phone"])  # noqa: MRT201  # MRT905, MRT407',
            'op.drop_index("ix", table_name="users")',
            given=GIVEN,
        ),
    ]
    GOOD = [
        migration(
            'op.drop_column("users", "phone")  # noqa: MRT201 -- exported last week',
            'op.add_column("users", sa.Column("phone", sa.Text))',
            given=GIVEN,
        ),
    ]

    def check(self, subject: UnusedSuppression, ctx: Context) -> Iterator[Finding]:
        """Yields the comment with what is wrong with it."""
        codes = ", ".join(subject.codes)
        if subject.why == "malformed":
            message = f"this suppression cannot be read and suppresses nothing: {codes}"
            help = "write `# noqa: MRT201, MRT202 -- reason`"
        elif subject.why == "unknown":
            message, help = (
                f"no rule has the code {codes}{subject.suggestion}",
                "`mrt-lint rules` lists the codes",
            )
        else:
            message = f"nothing to suppress here{f' for {codes}' if codes else ''}"
            help = "remove the comment, or put it on a line of the statement that it is meant for"
        yield self.finding(subject.span, message, help=help, path=subject.path)
