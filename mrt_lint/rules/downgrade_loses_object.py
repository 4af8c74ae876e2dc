"""MRT802: an object that existed before is gone after the downgrade."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.blame import step_that_loses
from mrt_lint.hazards.constraints import equal_constraint
from mrt_lint.hazards.indexes import equal_index
from mrt_lint.hazards.renamed_by_downgrade import renamed_by_downgrade
from mrt_lint.hazards.renaming import rename_back_fails
from mrt_lint.hazards.reversing import drop_fails, dropped_in_vain, is_asked_for, is_presupposed, told_of
from mrt_lint.hazards.strength import told
from mrt_lint.plugin import Context, Finding, Rule, Severity, Turn, migration
from mrt_lint.roundtrip import Harm, RoundTrip

USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String(80)),
    sa.Column("phone", sa.String(20)),
    sa.UniqueConstraint("email", name="uq_users_email"),
)
"""


class DowngradeLosesObject(Rule):
    """An object that the downgrade does not restore.

    ## What it does
    Replays upgrade and downgrade on the schema that the history built, and finds objects that existed
    before and are gone afterwards, where no other rule speaks of them.

    ## Why is this bad?
    The old code comes back to a schema that lacks something: a check that kept bad rows out, a foreign
    key that kept rows together, a view that a report reads.

    ## Example
    ```python
    def upgrade():
        op.drop_column("users", "email")

    def downgrade():
        op.add_column("users", sa.Column("email", sa.String(80)))
    ```
    The unique constraint on the column goes along with it.

    ## Use instead
    ```python
    def downgrade():
        op.add_column("users", sa.Column("email", sa.String(80)))
        op.create_unique_constraint("uq_users_email", "users", ["email"])
    ```
    """

    code = "MRT802"
    name = "downgrade-loses-object"
    group = "rollback"
    severity = Severity.ERROR
    on = (RoundTrip,)
    turn = Turn.LAST

    BAD = [
        migration(
            'op.drop_column("users", "email")  # MRT201, MRT802',
            'op.add_column("users", sa.Column("email", sa.String(80)))',
            given=USERS,
            database="postgresql",
        ),
        migration(
            """
            op.drop_column("users", "email")  # MRT201, MRT802
            op.drop_column("users", "phone")  # MRT201
            """,
            """
            op.add_column("users", sa.Column("phone", sa.String(20)))
            op.add_column("users", sa.Column("email", sa.String(80)))
            """,
            given=USERS,
            database="postgresql",
        ),
    ]
    GOOD = [
        migration(
            """
            op.add_column("users", sa.Column("login", sa.String(40)))
            op.create_check_constraint("ck_users_login", "users", "login <> ''")
            """,
            """
            op.drop_constraint("ck_users_login", "users", type_="check")
            op.drop_column("users", "login")
            """,
            given=USERS,
            database="postgresql",
        ),
    ]

    def check(self, subject: RoundTrip, ctx: Context) -> Iterator[Finding]:
        """Yields a finding for every object that is gone and that no other rule speaks of."""
        for reason in subject.reasons:
            if reason.harm is not Harm.OBJECT_LOST or ctx.spoken(reason.subject):
                continue
            in_vain = dropped_in_vain(reason, subject) or is_asked_for(reason, subject)
            if in_vain or rename_back_fails(reason, subject):
                continue  # MRT806 says so.
            if reason.kind == "table" and drop_fails(reason, subject):
                continue
            message = reason.message
            nameless = reason.message.startswith("index on ")
            what = "it" if nameless else f"{reason.kind} {reason.part or reason.table}"
            advice = f"create {what} again in downgrade, as it was"
            if is_presupposed(reason, subject):
                gone = f"{reason.kind} {reason.subject} is dropped by the downgrade"
                message = f"{gone}, but the upgrade did not create it: it is lost, or not there to be dropped"
                advice = "drop in downgrade only what the upgrade created"
            renamed = renamed_by_downgrade(reason, subject)
            if renamed is not None:
                gone = reason.message.partition(" is gone")[0]
                message = (
                    f"{gone} is renamed to {renamed.new} by the downgrade, but the upgrade did not rename it"
                )
                advice = "rename back in downgrade only what the upgrade renamed"
            equal = equal_constraint(reason, subject)
            if renamed is None and equal is None:
                equal = equal_index(reason, subject)
            if equal is not None:
                message = f"{reason.message}; an equal one is there: {equal}"
            place = renamed.step if renamed is not None else step_that_loses(reason, subject)
            yield self.finding(
                place or reason.cause or reason.reverse or subject.migration,
                told(message, reason),
                help=advice,
                subject=told_of(reason),
                severity=Severity.WARNING if equal is not None or reason.condition else None,
            )
