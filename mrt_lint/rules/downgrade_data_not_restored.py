"""MRT804: rows or contents are not what they were after the downgrade."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.blame import (
    step_that_casts,
    step_that_empties,
    step_that_overwrites,
    step_that_takes_rows,
)
from mrt_lint.hazards.reversing import written_in_vain
from mrt_lint.hazards.strength import on_request, told
from mrt_lint.hazards.writes import is_told_mildly
from mrt_lint.ops import Operation
from mrt_lint.plugin import Context, Finding, Rule, Severity, Turn, migration
from mrt_lint.replay.moved_out import moved_out
from mrt_lint.roundtrip import Harm, Reason, RoundTrip

_HARMS = {
    Harm.COLUMN_DATA_LOST: "keep the old contents in a column of their own and copy them back in downgrade",
    Harm.ROWS_LOST: "copy the rows aside before they go, and insert them again in downgrade",
    Harm.ROWS_LEFT: "delete in downgrade exactly the rows that upgrade inserted",
}

_ELSEWHERE = "move in downgrade exactly the rows that upgrade inserted, and leave older ones where they are"

_SEQUENCE = "keep the sequence, or restore in downgrade what its next value was"

USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("state", sa.String(20)),
)
"""


class DowngradeDataNotRestored(Rule):
    """Data that is not what it was after the downgrade.

    ## What it does
    Follows where the contents of every column and the rows of every table come from, through upgrade
    and downgrade, and finds rows that were deleted, contents that were overwritten, cast lossily or
    emptied, and rows that the upgrade added and nothing removes, where no other rule speaks of them.

    ## Why is this bad?
    The schema comes back and every check passes, but the rolled back application works on other data
    than it wrote.

    ## Example
    ```python
    def upgrade():
        op.execute("UPDATE users SET state = 'active' WHERE state IS NULL")

    def downgrade():
        op.execute("UPDATE users SET state = NULL")
    ```

    ## Use instead
    ```python
    def upgrade():
        op.add_column("users", sa.Column("state_filled", sa.String(20)))
        op.execute("UPDATE users SET state_filled = COALESCE(state, 'active')")

    def downgrade():
        op.drop_column("users", "state_filled")
    ```
    """

    code = "MRT804"
    name = "downgrade-data-not-restored"
    group = "rollback"
    severity = Severity.ERROR
    on = (RoundTrip,)
    turn = Turn.LAST

    BAD = [
        migration(
            """
            op.execute("UPDATE users SET state = 'active' WHERE state IS NULL")
            """,
            """
            op.execute("UPDATE users SET state = NULL")  # MRT804
            """,
            given=USERS,
        ),
    ]
    GOOD = [
        migration(
            """
            op.add_column("users", sa.Column("state_filled", sa.String(20)))
            op.execute("UPDATE users SET state_filled = COALESCE(state, 'active')")
            """,
            'op.drop_column("users", "state_filled")',
            given=USERS,
        ),
    ]

    def check(self, subject: RoundTrip, ctx: Context) -> Iterator[Finding]:
        """Yields a finding for all data that does not come back and that no other rule speaks of."""
        for reason in subject.reasons:
            if reason.harm not in _HARMS or ctx.spoken(reason.subject) or ctx.spoken(reason.aspect):
                continue
            if written_in_vain(reason, subject):
                continue
            step = _doing(reason, subject)
            mild = reason.harm is Harm.ROWS_LEFT or is_told_mildly(reason, step, subject)
            elsewhere = _is_elsewhere(reason, subject)
            message = told(reason.message, reason)
            yield self.finding(
                step or subject.migration,
                message if step is None else on_request(message, step),
                help=_help(reason, elsewhere),
                subject=reason.subject,
                severity=Severity.WARNING if mild or elsewhere or reason.condition else None,
            )


def _help(reason: Reason, elsewhere: bool) -> str:
    if reason.kind == "sequence":
        return _SEQUENCE
    return _ELSEWHERE if elsewhere else _HARMS[reason.harm]


def _is_elsewhere(reason: Reason, trip: RoundTrip) -> bool:
    """Returns whether the rows that are lost to their table are in another one."""
    if reason.harm is not Harm.ROWS_LOST or reason.kind != "table" or reason.table is None:
        return False
    steps = trip.downgrade_steps
    return moved_out(reason.table, trip.before, trip.between, steps, trip.after) is not None


def _doing(reason: Reason, trip: RoundTrip) -> Operation | None:
    """Returns the operation that does the harm, else the last one that names the object."""
    found: Operation | None = None
    named = reason.cause or reason.reverse
    if reason.harm is Harm.COLUMN_DATA_LOST:
        found = step_that_overwrites(reason, trip) or step_that_casts(reason, trip)
        found = found or step_that_empties(reason, trip)
    elif reason.harm is Harm.ROWS_LOST and reason.kind == "table":
        found = step_that_takes_rows(reason, trip)
    return found or named
