"""MRT706: what the running code writes may violate a new constraint."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.demands import Enforcing, enforced
from mrt_lint.ops import AddColumn, AddConstraint, CreateIndex, RedefineColumn, SetNullable
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration

USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("phone", sa.String(20)),
    sa.Column("age", sa.Integer),
)
"""


class ConstraintEnforcedOnOldWriters(Rule):
    """A constraint that the rows of the old code may violate.

    ## What it does
    Finds UNIQUE, CHECK, foreign keys, exclusions and NOT NULL that are new on existing columns, also NOT
    VALID ones: they spare the old rows, not the new. A constraint that replaces an equal one is none.

    ## Why is this bad?
    In a rolling deploy the old code writes on for a while, and does not know the constraint.

    ## Example
    ```python
    def upgrade():
        op.create_check_constraint("ck_users_age", "users", "age > 0", postgresql_not_valid=True)
    ```

    ## Use instead
    Let the code keep the rule first, and add the constraint in a later release, when no older code runs.
    """

    code = "MRT706"
    name = "constraint-enforced-on-old-writers"
    group = "rolling-deploy"
    severity = Severity.WARNING
    pattern = "Constraint during rolling deploy"

    on = (AddConstraint, CreateIndex, AddColumn, SetNullable, RedefineColumn)
    opt_in = True

    BAD = [
        migration(
            'op.create_check_constraint("ck_age", "users", "age > 0", postgresql_not_valid=True)  # MRT706',
            'op.drop_constraint("ck_age", "users", type_="check")',
            given=USERS,
            database="postgresql",
        ),
        migration(
            """
            with op.batch_alter_table("users") as batch:
                batch.alter_column("phone", existing_type=sa.String(20), nullable=False)  # MRT706
            """,
            """
            with op.batch_alter_table("users") as batch:
                batch.alter_column("phone", existing_type=sa.String(20), nullable=True)
            """,
            given=USERS,
            database="sqlite",
        ),
    ]
    GOOD = [
        migration(
            """
            op.create_table(
                "orders",
                sa.Column("id", sa.Integer, primary_key=True),
                sa.Column("total", sa.Integer, sa.CheckConstraint("total > 0", name="ck_total")),
            )
            """,
            'op.drop_table("orders")',
            given=USERS,
        ),
        migration(
            """
            op.add_column("users", sa.Column("login", sa.String(80)))
            op.create_index("ux_login", "users", ["login"], unique=True)
            """,
            'op.drop_column("users", "login")',
            given=USERS,
            database="mysql",
        ),
    ]

    def check(self, subject: Enforcing, ctx: Context) -> Iterator[Finding]:
        """Yields a finding for everything that is demanded of the rows from now on."""
        if ctx.direction != "upgrade":
            return
        for demand in enforced(subject, ctx.before, ctx.roundtrip):
            yield self.finding(
                subject,
                f"{demand.words} is enforced on what old code writes",
                help="add it in a later release, when no code runs any more that does not keep to it",
                subject=demand.subject,
            )
