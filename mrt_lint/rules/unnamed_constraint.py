"""MRT809: a constraint without a name, which the downgrade cannot drop."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.common import declared
from mrt_lint.hazards.constraints import left_without_name
from mrt_lint.ops import AddConstraint
from mrt_lint.ops.constraints import constraint_words
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration
from mrt_lint.roundtrip import Harm

GIVEN = """
op.create_table("teams", sa.Column("id", sa.Integer, primary_key=True))
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("team_id", sa.Integer),
)
"""


class UnnamedConstraint(Rule):
    """A constraint created without a name that is still there after the downgrade.

    ## What it does
    Finds constraints that are added to an existing table with the name None, without a naming
    convention that gives them one, and that the downgrade does not get rid of. A downgrade that drops
    the constraint by the name that the database gives, or drops its column or table, is enough.

    ## Why is this bad?
    Autogenerate writes `op.drop_constraint(None, ...)` into the downgrade, and this raises: there is
    no name to put into the statement. The rollback stops there.

    ## Example
    ```python
    def upgrade():
        op.create_foreign_key(None, "users", "teams", ["team_id"], ["id"])

    def downgrade():
        op.drop_constraint(None, "users", type_="foreignkey")
    ```

    ## Use instead
    ```python
    def upgrade():
        op.create_foreign_key("fk_users_team", "users", "teams", ["team_id"], ["id"])

    def downgrade():
        op.drop_constraint("fk_users_team", "users", type_="foreignkey")
    ```
    A `naming_convention` in the application's MetaData makes autogenerate write the names.
    """

    code = "MRT809"
    name = "unnamed-constraint"
    group = "rollback"
    severity = Severity.WARNING
    on = (AddConstraint,)

    BAD = [
        migration(
            'op.create_foreign_key(None, "users", "teams", ["team_id"], ["id"])  # MRT809',
            'op.drop_constraint(None, "users", type_="foreignkey")  # MRT806',
            given=GIVEN,
            database="postgresql",
        ),
    ]
    GOOD = [
        migration(
            'op.create_foreign_key("fk_users_team", "users", "teams", ["team_id"], ["id"])',
            'op.drop_constraint("fk_users_team", "users", type_="foreignkey")',
            given=GIVEN,
            database="postgresql",
        ),
        migration(
            'op.create_foreign_key(None, "users", "teams", ["team_id"], ["id"])',
            'op.drop_constraint("users_team_id_fkey", "users", type_="foreignkey")',
            given=GIVEN,
            database="postgresql",
        ),
        migration(
            'op.create_unique_constraint(None, "users", ["team_id"])  # MRT406',
            'op.drop_constraint("uq_users_team_id", "users", type_="unique")',
            given=GIVEN,
            database="postgresql",
            settings={"naming-convention": {"uq": "uq_%(table_name)s_%(column_0_name)s"}},
        ),
    ]

    def check(self, subject: AddConstraint, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when a constraint without a name outlives the round trip."""
        if ctx.direction != "upgrade" or declared(ctx.roundtrip):
            return
        left = left_without_name(subject, ctx.before, ctx.roundtrip)
        if left is None:
            return
        # Where the downgrade tries and fails, that is why the constraint is left; else MRT801 says so.
        tried = any(reason.harm is Harm.CANNOT_RUN and reason.reverse for reason in ctx.roundtrip.reasons)
        yield self.finding(
            subject,
            f"{constraint_words(subject.constraint)} of {subject.table} has no name "
            "by which the downgrade could drop it",
            help="give it a name here and drop it by this name, or set a naming convention",
            subject=left.subject if tried else f"{left.subject}:unnamed",
        )
