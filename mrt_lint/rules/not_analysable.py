"""MRT909: part of a migration could not be understood."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.plugin import Context, Finding, Rule, Severity, migration
from mrt_lint.roundtrip import Harm, RoundTrip


class NotAnalysable(Rule):
    """Part of a migration that could not be understood.

    ## What it does
    Names every expression of a migration whose effect is not known without running it: names read
    from the database or the environment, code of other packages that gets a connection, SQL that is put
    together at run time. The verdict on the migration is then `unknown`, never `reversible`.

    ## Why is this bad?
    It is not: it says where the proof ends, and where a test on a real database is the only answer.

    ## Example
    ```python
    def upgrade():
        for name in find_tables(op.get_bind()):
            op.drop_table(name)
    ```

    ## Use instead
    ```python
    def upgrade():
        for name in ("events_2019", "events_2020"):
            op.drop_table(name)
    ```
    """

    code = "MRT909"
    name = "not-analysable"
    group = "hygiene"
    severity = Severity.INFO
    on = (RoundTrip,)

    BAD = [
        migration(
            "op.drop_table(name_from_settings())  # MRT909",
            'op.create_table("t", sa.Column("id", sa.Integer))',
            imports="from settings_of_ours import name_from_settings",
            given='op.create_table("t", sa.Column("id", sa.Integer))',
        ),
    ]
    GOOD = [
        migration(
            """
            for name in ("a", "b"):
                op.create_table(name, sa.Column("id", sa.Integer))
            """,
            """
            for name in ("b", "a"):
                op.drop_table(name)
            """,
        ),
    ]

    def check(self, subject: RoundTrip, ctx: Context) -> Iterator[Finding]:
        """Yields a finding for every operation that is not understood, or for what could not be proven."""
        if ctx.lowered is not None and ctx.lowered.problem is not None:
            return  # MRT902 says so of the whole file
        reasons = [reason for reason in subject.reasons if reason.harm is Harm.NOT_UNDERSTOOD]
        direct = [reason for reason in reasons if reason.kind == "migration"]
        for reason in direct or reasons:
            yield self.finding(
                reason.cause or subject.migration,
                f"not understood: {reason.message}",
                help="the verdict is `unknown`: test this migration's rollback on a database with rows",
            )
