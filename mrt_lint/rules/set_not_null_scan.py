"""MRT213: PostgreSQL reads the whole table to set a column NOT NULL."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.nullability import scanned
from mrt_lint.ops import SetNullable
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration

USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String(80)),
)
"""
CHECKED = """
op.create_check_constraint("email_present", "users", "email IS NOT NULL", postgresql_not_valid=True)
"""
VALIDATED = 'op.execute("ALTER TABLE users VALIDATE CONSTRAINT email_present")'


class SetNotNullScan(Rule):
    """SET NOT NULL on an existing column, without a constraint that proves it.

    ## What it does
    Finds columns of tables with rows that are set NOT NULL on PostgreSQL, unless a valid
    `CHECK (column IS NOT NULL)` of this or an earlier migration proves that they hold no NULL. The CHECK
    may say more: `email IS NOT NULL AND age > 0` proves it for `email`.

    ## Why is this bad?
    PostgreSQL reads the whole table under an ACCESS EXCLUSIVE lock: nothing can read or write it until
    the scan is over. With a valid CHECK it believes the constraint and is done at once (since version 12).

    ## Example
    ```python
    def upgrade():
        op.alter_column("users", "email", nullable=False)
    ```

    ## Use instead
    Three migrations, each in a transaction of its own. The first adds the constraint without a check of
    the rows that are there, the second checks them while the table is in use:
    ```python
    op.create_check_constraint("email_present", "users", "email IS NOT NULL", postgresql_not_valid=True)
    ```
    ```python
    op.execute("ALTER TABLE users VALIDATE CONSTRAINT email_present")
    ```
    ```python
    op.alter_column("users", "email", nullable=False)
    op.drop_constraint("email_present", "users", type_="check")
    ```
    """

    code = "MRT213"
    name = "set-not-null-scan"
    group = "locks"
    severity = Severity.WARNING
    pattern = "SET NOT NULL on existing column"
    on = (SetNullable,)

    BAD = [
        migration(
            'op.alter_column("users", "email", nullable=False)  # MRT213',
            'op.alter_column("users", "email", nullable=True)',
            given=USERS,
            database="postgresql",
        ),
        migration(
            'op.alter_column("users", "email", nullable=False)  # MRT213',
            'op.alter_column("users", "email", nullable=True)',
            given=[USERS, CHECKED],
            database="postgresql",
        ),
    ]
    GOOD = [
        migration(
            'op.alter_column("users", "email", nullable=False)',
            'op.alter_column("users", "email", nullable=True)',
            given=[USERS, CHECKED, VALIDATED],
            database="postgresql",
        ),
        migration(
            'op.alter_column("users", "email", nullable=False)',
            'op.alter_column("users", "email", nullable=True)',
            given=[
                USERS,
                "op.create_check_constraint('email_said', 'users', 'email IS NOT NULL AND id > 0')",
            ],
            database="postgresql",
        ),
    ]

    def check(self, subject: SetNullable, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when nothing spares the scan."""
        if ctx.direction != "upgrade" or ctx.dialect != "postgresql":
            return
        found = scanned(subject, ctx.before, ctx.roundtrip, ctx.database_version)
        if found is None:
            return
        yield self.finding(
            subject,
            f"SET NOT NULL on {found.subject} reads the whole table under an exclusive lock",
            help="first add CHECK (column IS NOT NULL) NOT VALID, validate it in a later transaction, "
            "then set NOT NULL",
            subject=found.subject,
        )
