"""MRT802: an object that existed before is gone after the downgrade."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.ops import DropColumn, Operation
from mrt_lint.plugin import Context, Finding, Rule, Severity, Turn, migration
from mrt_lint.replay.causes import parts
from mrt_lint.roundtrip import Harm, Reason, RoundTrip
from mrt_lint.schema.names import Unknown
from mrt_lint.schema.objects import Constraint, Index

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
            message = reason.message
            advice = f"create {reason.kind} {reason.part or reason.table} again in downgrade, as it was"
            if reason.cause is None and reason.reverse is not None and _is_assumed(reason, subject):
                gone = f"{reason.kind} {reason.subject} is dropped by the downgrade"
                message = f"{gone}, but the upgrade did not create it: it is lost, or not there to be dropped"
                advice = "drop in downgrade only what the upgrade created"
            yield self.finding(
                _gone_with_column(reason, subject) or reason.cause or reason.reverse or subject.migration,
                message,
                help=advice,
                subject=reason.subject,
            )


def _is_assumed(reason: Reason, trip: RoundTrip) -> bool:
    """Returns whether nothing but its drop tells that a table or column was there before."""
    table = trip.before.table(reason.table) if reason.table is not None else None
    if table is None or reason.part is None:
        return table is not None and table.assumed
    column = trip.before.column(table.name, reason.part)
    return reason.kind == "column" and column is not None and column.assumed


def _gone_with_column(reason: Reason, trip: RoundTrip) -> Operation | None:
    """Returns the upgrade's drop of a column that took a constraint or index along; None: dropped by name."""
    state = trip.before
    table = state.table(reason.table) if reason.table is not None else None
    if table is None or reason.part is None or (reason.cause and reason.part in parts(reason.cause)):
        return None
    objects: list[Constraint | Index] = [*table.constraints, *table.indexes.values()]
    found = next((item for item in objects if item.name == reason.part), None)
    if found is None or isinstance(found.columns, Unknown):
        return None
    columns = {state.fold(column) for column in found.columns}
    owner = state.key("table", table.name)
    drops = (step for _, step in trip.upgrade_steps if isinstance(step, DropColumn))
    own = (drop for drop in drops if state.key("table", drop.table) == owner)
    return next((drop for drop in own if state.fold(drop.name) in columns), None)
