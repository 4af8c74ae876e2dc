"""MRT705: a column gets another type than the running code expects."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.compat import retyped
from mrt_lint.ops import AlterColumnType, RedefineColumn
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration
from mrt_lint.schema.names import Unknown

USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("phone", sa.String(20)),
    sa.Column("age", sa.Integer),
)
"""


class RollingDeployTypeChange(Rule):
    """A column's type changed while the old code still runs.

    ## What it does
    Finds type changes of existing columns. A text that may be longer from now on, and a number with more
    digits at the same scale, read and write as before and are not reported.

    ## Why is this bad?
    The old code writes values of the old type, which the new one may refuse, and gets back values that it
    does not expect.

    ## Example
    ```python
    def upgrade():
        op.alter_column("users", "age", existing_type=sa.Integer(), type_=sa.String(10))
    ```

    ## Use instead
    Add a column of the new type, let the code write both, copy the old rows, let the code read the new
    one, and drop the old one, each step in a release of its own.
    """

    code = "MRT705"
    name = "rolling-deploy-type-change"
    group = "rolling-deploy"
    severity = Severity.WARNING
    pattern = "Column type change during rolling deploy"
    aliases = ("AlterField during rolling deploy",)
    on = (AlterColumnType, RedefineColumn)
    opt_in = True

    BAD = [
        migration(
            """
            with op.batch_alter_table("users") as batch:
                batch.alter_column("age", existing_type=sa.Integer(), type_=sa.BigInteger())  # MRT705
            """,
            """
            with op.batch_alter_table("users") as batch:
                batch.alter_column("age", existing_type=sa.BigInteger(), type_=sa.Integer())
            """,
            given=USERS,
            database="sqlite",
        ),
    ]
    GOOD = [
        migration(
            """
            with op.batch_alter_table("users") as batch:
                batch.alter_column("phone", existing_type=sa.String(20), type_=sa.String(40))
            """,
            """
            with op.batch_alter_table("users") as batch:
                batch.alter_column("phone", existing_type=sa.String(40), type_=sa.String(20))
            """,
            given=USERS,
            database="sqlite",
        ),
    ]

    def check(self, subject: AlterColumnType | RedefineColumn, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when the old code meets another type."""
        if ctx.direction != "upgrade":
            return
        found = retyped(subject, ctx.before, ctx.roundtrip)
        if found is not None:
            old = "" if isinstance(found.old, Unknown) else f" from {found.old}"
            new = "a type that is not known" if isinstance(found.new, Unknown) else str(found.new)
            yield self.finding(
                subject,
                f"{found.subject} changes{old} to {new} while old code reads and writes it",
                help="add a column of the new type and let the code write both until no old code runs",
                subject=found.subject,
            )
