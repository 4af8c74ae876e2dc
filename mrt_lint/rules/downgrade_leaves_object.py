"""MRT801: an object that the upgrade created is still there after the downgrade."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.blame import step_that_makes
from mrt_lint.hazards.remnants import goes_with_column, numbers_of, says_again
from mrt_lint.hazards.renamed_by_downgrade import old_name, renamed_by_downgrade
from mrt_lint.hazards.renames import new_name
from mrt_lint.hazards.renaming import made_by_downgrade, rename_back_fails
from mrt_lint.hazards.reversing import drop_fails, is_missed, made_twice, told_of
from mrt_lint.hazards.strength import told
from mrt_lint.ops import RedefineColumn, RenameColumn
from mrt_lint.plugin import Context, Finding, Rule, Severity, Turn, migration
from mrt_lint.roundtrip import Harm, Reason, RoundTrip
from mrt_lint.schema.names import Name
from mrt_lint.schema.origin import Kept

USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String(80), nullable=False),
)
"""


class DowngradeLeavesObject(Rule):
    """An object that the downgrade forgets to drop.

    ## What it does
    Replays upgrade and downgrade on the schema that the history built, and finds tables, columns,
    indexes, constraints, views, types, sequences, functions and triggers that upgrade created and that
    are still there afterwards, where no other rule speaks of them.

    ## Why is this bad?
    The rolled back database is not the one that the old code knows, and the next upgrade fails:
    "already exists".

    ## Example
    ```python
    def upgrade():
        op.add_column("users", sa.Column("login", sa.String(40)))
        op.create_index("ix_users_email", "users", ["email"])

    def downgrade():
        op.drop_column("users", "login")
    ```

    ## Use instead
    ```python
    def downgrade():
        op.drop_index("ix_users_email", table_name="users")
        op.drop_column("users", "login")
    ```
    """

    code = "MRT801"
    name = "downgrade-leaves-object"
    group = "rollback"
    severity = Severity.ERROR
    on = (RoundTrip,)
    turn = Turn.LAST

    BAD = [
        migration(
            """
            op.add_column("users", sa.Column("login", sa.String(40)))
            op.create_index("ix_users_email", "users", ["email"])  # MRT407, MRT801
            """,
            'op.drop_column("users", "login")',
            given=USERS,
        ),
        migration(
            """
            op.create_table("jobs", sa.Column("id", sa.Integer, primary_key=True))
            op.create_table("job_logs", sa.Column("id", sa.Integer, primary_key=True))  # MRT801
            """,
            'op.drop_table("jobs")',
        ),
        migration(
            'op.create_index("ix_email", "users", ["email"])',
            """
            op.drop_index("ix_email", table_name="users")
            op.create_index("ix_users_email", "users", ["email"])  # MRT801
            """,
            given=USERS,
            database="mysql",
        ),
    ]
    GOOD = [
        migration(
            """
            op.add_column("users", sa.Column("login", sa.String(40)))
            op.create_index("ix_users_email", "users", ["email"])
            """,
            """
            op.drop_index("ix_users_email", table_name="users")
            op.drop_column("users", "login")
            """,
            given=USERS,
            database="mysql",
        ),
        migration(
            """
            op.create_table(
                "jobs",
                sa.Column("id", sa.Integer, primary_key=True),
                sa.Column("state", sa.Enum("new", "done", name="job_state")),
            )
            """,
            """
            op.drop_table("jobs")
            op.execute("DROP TYPE job_state")
            """,
            database="postgresql",
        ),
    ]

    def check(self, subject: RoundTrip, ctx: Context) -> Iterator[Finding]:
        """Yields a finding for every object left behind that no other rule speaks of."""
        for reason in subject.reasons:
            if reason.harm is not Harm.OBJECT_LEFT or ctx.spoken(reason.subject):
                continue
            if ctx.spoken(_old_name(reason, subject)):
                continue
            failing = drop_fails(reason, subject) or made_twice(reason, subject) or is_missed(reason, subject)
            if failing or rename_back_fails(reason, subject):
                continue  # MRT806 says so.
            if goes_with_column(reason, subject):
                continue
            if renamed_by_downgrade(reason, subject) is not None:
                continue  # MRT802 says so.
            again = says_again(reason, subject)
            made = made_by_downgrade(reason, subject)
            message = reason.message
            advice = f"drop {reason.kind} {reason.part or reason.table} in downgrade"
            if made is not None:
                message = f"{_named(reason)} is made by the downgrade and was not there before"
                advice = "make in downgrade only what the upgrade dropped"
            if (old := old_name(made)) is not None:
                message = f"{_named(reason)} is what the downgrade renames {old} to, and was not there before"
                advice = "rename back in downgrade only what the upgrade renamed"
            numbered = numbers_of(reason, subject)
            if numbered is not None:
                message = f"{numbered} has its numbers from sequence {reason.table} after the downgrade"
                message = f"{message}, one of another name than before"
                advice = "rename the sequence back in downgrade"
            if again:
                message = f"{message}; an equal one was there before"
            place = (
                made
                or step_that_makes(reason, subject)
                or reason.cause
                or reason.reverse
                or subject.migration
            )
            yield self.finding(
                place,
                told(message, reason),
                help=advice,
                subject=told_of(reason),
                severity=Severity.WARNING if again or numbered or reason.condition else None,
            )


def _named(reason: Reason) -> str:
    """Returns the object in words, as the reason begins."""
    return reason.message.partition(" is still there")[0]


def _old_name(reason: Reason, trip: RoundTrip) -> str:
    """Returns what an object that was renamed was called before, since that is what rules speak of."""
    table = trip.after.table(reason.table) if reason.table is not None else None
    if table is None:
        return reason.subject
    base = trip.after.base_name(table)
    column = trip.after.column(table.name, reason.part) if reason.part else None
    if column is not None and isinstance(column.origin, Kept):
        return f"{base}.{column.origin.column}"
    return f"{base}.{_before_renames(reason.part, base, trip)}" if reason.part else str(base)


def _before_renames(name: str, base: Name, trip: RoundTrip) -> str:
    """Returns what a column was called before the upgrade renamed it, whatever was written into it since."""
    for state, step in reversed(trip.upgrade_steps):
        if not isinstance(step, RenameColumn | RedefineColumn):
            continue
        table, new = state.table(step.table), new_name(step)
        if table is not None and new is not None and state.base_name(table) == base:
            name = step.name if state.fold(new) == state.fold(name) else name
    return name
