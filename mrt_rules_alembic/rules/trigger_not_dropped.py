"""MRT502: a trigger is created and still there after the downgrade."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.common import left_behind
from mrt_lint.hazards.objects import left_trigger
from mrt_lint.ops import CreateTrigger
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration

USERS = 'op.create_table("users", sa.Column("id", sa.Integer, primary_key=True))'
TRIGGER = (
    "CREATE TRIGGER users_touch BEFORE UPDATE ON users FOR EACH ROW "
    "EXECUTE FUNCTION suppress_redundant_updates_trigger()"
)


class TriggerNotDropped(Rule):
    """A trigger that the downgrade leaves behind.

    ## What it does
    Finds triggers created in upgrade that still exist after the downgrade: not dropped by name, nor
    with their table or function.

    ## Why is this bad?
    After the rollback the trigger goes on firing under the old code, on every write, often calling a
    function or writing a table that is no longer there.

    ## Example
    ```python
    def upgrade():
        op.execute("CREATE TRIGGER users_touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch()")
    ```

    ## Use instead
    ```python
    def downgrade():
        op.execute("DROP TRIGGER users_touch ON users")
    ```
    """

    code = "MRT502"
    name = "trigger-not-dropped"
    group = "rollback"
    severity = Severity.ERROR
    pattern = "CREATE TRIGGER without DROP TRIGGER"
    frameworks = ("alembic",)
    on = (CreateTrigger,)

    BAD = [
        migration(
            f"""
            op.add_column("users", sa.Column("seen", sa.Integer))
            op.execute("{TRIGGER}")  # MRT502
            """,
            'op.drop_column("users", "seen")',
            given=USERS,
            database="postgresql",
        ),
    ]
    GOOD = [
        migration(
            f'op.execute("{TRIGGER}")',
            'op.execute("DROP TRIGGER users_touch ON users")',
            given=USERS,
            database="postgresql",
        ),
        migration(
            f"""
            op.create_table("audited", sa.Column("id", sa.Integer, primary_key=True))
            op.execute("{TRIGGER.replace("users", "audited")}")
            """,
            'op.drop_table("audited")',
            database="postgresql",
        ),
    ]

    def check(self, subject: CreateTrigger, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when the trigger was not there before and is there after the downgrade."""
        if ctx.direction != "upgrade":
            return
        name = left_trigger(subject, ctx.before, ctx.roundtrip)
        if name is None:
            return
        yield self.finding(
            subject,
            f"trigger {subject.trigger} on {subject.table} {left_behind(ctx.roundtrip)}",
            help=f"drop trigger {subject.trigger} in downgrade, before what it depends on",
            subject=str(name),
        )
