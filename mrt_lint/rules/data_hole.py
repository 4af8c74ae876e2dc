"""MRT903: a column is dropped in one migration and re-added in a later one."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.history import History
from mrt_lint.holes import column_holes
from mrt_lint.plugin import Context, Finding, Rule, Severity, Step, history

USERS = 'op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("phone", sa.Text))'


class DataHole(Rule):
    """A column that is dropped and re-added later.

    ## What it does
    Finds columns that one migration drops and a later one adds again to the same table under the same
    name, with renames followed.

    ## Why is this bad?
    The column looks as if it had always been there, but everything written before the drop is gone: a
    hole in the data that no single migration shows.

    ## Example
    Migration 12 drops `users.phone`; migration 15 adds `users.phone` again because a report needs it.

    ## Use instead
    Keep the column until it is certain that it is not needed, or give the new column another name and
    fill it from a backup.
    """

    code = "MRT903"
    name = "data-hole"
    group = "history"
    severity = Severity.WARNING
    pattern = "Data hole chain"
    on = (History,)

    BAD = [
        history(
            Step(USERS, 'op.drop_table("users")'),
            Step('op.drop_column("users", "phone")', 'op.add_column("users", sa.Column("phone", sa.Text))'),
            Step(
                'op.add_column("users", sa.Column("phone", sa.Text))',
                'op.drop_column("users", "phone")',
                marks=(("revision", "MRT903"),),
            ),
            shown=1,
        ),
    ]
    GOOD = [
        history(
            Step(USERS, 'op.drop_table("users")'),
            Step('op.drop_column("users", "phone")', 'op.add_column("users", sa.Column("phone", sa.Text))'),
            Step('op.add_column("users", sa.Column("mobile", sa.Text))', 'op.drop_column("users", "mobile")'),
            shown=1,
        ),
    ]

    def check(self, subject: History, ctx: Context) -> Iterator[Finding]:
        """Yields a finding at every migration that re-adds what an ancestor dropped."""
        told: set[tuple[str, str, str]] = set()
        for dialect in ctx.dialects:
            trips = [ctx.shared.judgements[m.id].roundtrips.get(dialect) for m in subject.order]
            for hole in column_holes(subject, [trip for trip in trips if trip is not None]):
                identity = (hole.added.id, str(hole.table), hole.column)
                if identity in told:
                    continue
                told.add(identity)
                yield self.finding(
                    hole.added,
                    f"{hole.table}.{hole.column} is added again; {hole.dropped.id} dropped it, with its data",
                    help="rows written before the drop have nothing here: fill them, or use another name",
                    related=(hole.dropped,),
                )
