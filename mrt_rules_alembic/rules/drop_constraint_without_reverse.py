"""MRT409: a constraint is dropped and not created again by the downgrade."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.common import only_in_batch
from mrt_lint.hazards.constraints import lost_guard
from mrt_lint.ops import DropConstraint
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration

USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String(80)),
    sa.Column("age", sa.Integer),
    sa.UniqueConstraint("email", name="uq_users_email"),
    sa.CheckConstraint("age >= 0", name="ck_users_age"),
)
"""


class DropConstraintWithoutReverse(Rule):
    """A constraint dropped in upgrade that downgrade does not create again.

    ## What it does
    Finds dropped unique, check, exclusion and primary key constraints, and those of which neither
    `type_` nor the history tells the kind, that are not there again after the downgrade: the same
    kind on the same columns of the same table. Foreign keys are MRT205, a batch is MRT410.

    ## Why is this bad?
    The old code relies on the database to refuse duplicates and bad values. After the rollback it
    does not, and rows get in that the constraint can never be added over again.

    ## Example
    ```python
    def upgrade():
        op.drop_constraint("uq_users_email", "users", type_="unique")
        op.add_column("users", sa.Column("login", sa.String(80)))

    def downgrade():
        op.drop_column("users", "login")
    ```

    ## Use instead
    ```python
    def downgrade():
        op.drop_column("users", "login")
        op.create_unique_constraint("uq_users_email", "users", ["email"])
    ```
    """

    code = "MRT409"
    name = "drop-constraint-without-reverse"
    group = "rollback"
    severity = Severity.WARNING
    pattern = "DROP CONSTRAINT without reverse"
    frameworks = ("alembic",)
    on = (DropConstraint,)

    BAD = [
        migration(
            """
            op.drop_constraint("uq_users_email", "users", type_="unique")  # MRT409
            op.add_column("users", sa.Column("login", sa.String(80)))
            """,
            'op.drop_column("users", "login")',
            given=USERS,
            database="postgresql",
        ),
        migration(
            'op.drop_constraint("uq_users_email", "users", type_="unique")  # MRT409',
            'op.create_unique_constraint("uq_users_email", "users", ["age"])',
            given=USERS,
            database="postgresql",
        ),
        migration(
            'op.execute("ALTER TABLE users DROP CONSTRAINT ck_users_age")  # MRT409',
            "pass",
            given=USERS,
            database="postgresql",
            marks={"downgrade": "MRT102"},
        ),
    ]
    GOOD = [
        migration(
            """
            op.drop_constraint("uq_users_email", "users", type_="unique")
            op.drop_constraint("ck_users_age", "users", type_="check")
            """,
            """
            op.execute("DELETE FROM users WHERE age < 0")
            op.create_check_constraint("ck_users_age", "users", "age >= 0")
            op.execute("ALTER TABLE users ADD CONSTRAINT uq_users_email UNIQUE (email)")
            """,
            given=USERS,
            database="postgresql",
        ),
        migration(
            """
            op.create_check_constraint("ck_users_email", "users", "email <> ''")
            op.drop_constraint("ck_users_email", "users", type_="check")
            """,
            "pass",
            given=USERS,
            database="postgresql",
        ),
    ]

    def check(self, subject: DropConstraint, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when the constraint is missing after the downgrade."""
        if ctx.direction != "upgrade" or only_in_batch(subject, ctx.migration):
            return
        lost = lost_guard(subject, ctx.before, ctx.roundtrip)
        if lost is None:
            return
        yield self.finding(
            subject,
            f"{lost.words} is dropped; {lost.fate}",
            help="create the constraint again in downgrade, of the same kind on the same columns",
            subject=lost.subject,
        )
