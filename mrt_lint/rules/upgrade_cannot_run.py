"""MRT807: the upgrade acts on what the history says is not there."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.faults import upgrade_faults
from mrt_lint.ops import NeverRuns
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration
from mrt_lint.roundtrip import RoundTrip
from mrt_lint.schema.state import Fault

_HELP = {
    "missing": "use the name that the migrations before leave, or create it first",
    "exists": "drop what is there first, or leave this step out",
    "taken": "give it a name of its own, such as one with the table's name in it",
    "unsupported": "use op.batch_alter_table, which rebuilds the table on SQLite",
    "invalid": "run `alembic upgrade` on an empty database and mend the order",
}

USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String(80)),
)
"""


class UpgradeCannotRun(Rule):
    """An upgrade that fails on the schema that the history builds.

    ## What it does
    Replays the whole history and finds statements of an upgrade that act on objects which do not exist
    at that point, or create what is there already. Speaks only where everything up to that point was
    understood, and once: what comes after a migration that cannot run is not known. Finds code as well that
    never runs, and nobody hears of it: an `async def` that is called and not awaited.

    ## Why is this bad?
    `alembic upgrade head` on a new database (a test run, a new customer) stops there. A database that
    has got past it holds something that no migration made, so its rollback is not what it seems either.

    ## Example
    ```python
    def upgrade():
        op.add_column("jobs", sa.Column("state", sa.Enum("new", "done", name="job_state")))
    ```

    ## Use instead
    On PostgreSQL the type must be there first: `op.add_column` does not create it.
    ```python
    def upgrade():
        op.execute("CREATE TYPE job_state AS ENUM ('new', 'done')")
        op.add_column("jobs", sa.Column("state", sa.Enum("new", "done", name="job_state")))
    ```
    """

    code = "MRT807"
    name = "upgrade-cannot-run"
    group = "rollback"
    severity = Severity.WARNING
    on = (RoundTrip,)

    BAD = [
        migration(
            'op.create_index("ix_users_mail", "users", ["mail"])  # MRT807, MRT909',
            'op.drop_index("ix_users_mail", table_name="users")',
            given=USERS,
        ),
        migration(
            """
            op.add_column(  # MRT807, MRT909
                "users", sa.Column("state", sa.Enum("new", "done", name="user_state"))
            )
            """,
            'op.drop_column("users", "state")',
            given=USERS,
            database="postgresql",
        ),
    ]
    GOOD = [
        migration(
            """
            op.add_column("users", sa.Column("mail", sa.String(80)))
            op.create_index("ix_users_mail", "users", ["mail"])
            """,
            """
            op.drop_index("ix_users_mail", table_name="users")
            op.drop_column("users", "mail")
            """,
            given=USERS,
            database="mysql",
        ),
    ]

    def check(self, subject: RoundTrip, ctx: Context) -> Iterator[Finding]:
        """Yields a finding for every statement of the upgrade that surely fails or never runs."""
        for operation in subject.migration.upgrade or ():
            if isinstance(operation, NeverRuns):
                yield self.finding(
                    operation,
                    operation.message,
                    help="write it as a plain function; what must be awaited is run by op.run_async()",
                    subject="never runs",
                )
        for fault in upgrade_faults(subject, ctx.history, ctx.shared.judgements):
            yield self.finding(
                fault.operation,
                f"the upgrade fails here: {fault.message}",
                help=_help(fault),
                subject=f"{fault.subject}:upgrade cannot run",
            )


def _help(fault: Fault) -> str:
    lacking = fault.kind == "type" and fault.problem == "unsupported"
    return "give the type a length, or a variant for this database" if lacking else _HELP[fault.problem]
