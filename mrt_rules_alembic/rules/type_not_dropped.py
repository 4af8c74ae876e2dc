"""MRT503: a type is created and still there after the downgrade."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.common import left_behind
from mrt_lint.hazards.types import left_types
from mrt_lint.ops import CreateTable, CreateType
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration


class TypeNotDropped(Rule):
    """A type that the downgrade leaves behind.

    ## What it does
    Finds types created in upgrade that still exist after the downgrade, also those that nobody wrote
    down: on PostgreSQL `op.create_table` creates the type of every `sa.Enum` column, and
    `op.drop_table` does not drop it. As long as other databases count as well, such a type is a warning.

    ## Why is this bad?
    The rollback runs, and the next run of the upgrade fails: "type already exists". Where the upgrade asks
    first (`checkfirst=True`, which is what `create()` of a `postgresql.ENUM` does unless told otherwise), it
    runs and takes the type that is left, with the values of then.

    ## Example
    ```python
    def upgrade():
        op.create_table(
            "jobs",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("state", sa.Enum("new", "done", name="job_state")),
        )

    def downgrade():
        op.drop_table("jobs")
    ```

    ## Use instead
    ```python
    def downgrade():
        op.drop_table("jobs")
        sa.Enum(name="job_state").drop(op.get_bind())
    ```
    """

    code = "MRT503"
    name = "type-not-dropped"
    group = "rollback"
    severity = Severity.ERROR
    pattern = "CREATE TYPE without DROP TYPE"
    frameworks = ("alembic",)
    on = (CreateType, CreateTable)

    BAD = [
        migration(
            """
            op.create_table(  # MRT503
                "jobs",
                sa.Column("id", sa.Integer, primary_key=True),
                sa.Column("state", sa.Enum("new", "done", name="job_state")),
            )
            """,
            'op.drop_table("jobs")',
            database="postgresql",
        ),
        migration(
            """
            op.create_table(  # MRT503
                "jobs",
                sa.Column("id", sa.Integer, primary_key=True),
                sa.Column("state", sa.Enum("new", "done", name="job_state")),
            )
            """,
            'op.drop_table("jobs")',
        ),
        migration(
            """
            op.execute("CREATE TYPE job_state AS ENUM ('new', 'done')")  # MRT503
            op.execute("CREATE TABLE jobs (id integer PRIMARY KEY, state job_state)")
            """,
            'op.drop_table("jobs")',
            database="postgresql",
        ),
    ]
    GOOD = [
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
            sa.Enum(name="job_state").drop(op.get_bind())
            """,
            database="postgresql",
        ),
        migration(
            """
            op.create_table(
                "jobs",
                sa.Column("id", sa.Integer, primary_key=True),
                sa.Column("state", sa.Enum("new", "done", name="job_state", native_enum=False)),
            )
            """,
            'op.drop_table("jobs")',
            database="postgresql",
        ),
        migration(
            """
            op.create_table(
                "jobs",
                sa.Column("id", sa.Integer, primary_key=True),
                sa.Column("state", sa.Enum("new", "done", name="job_state")),
            )
            """,
            'op.drop_table("jobs")',
            database="mysql",
        ),
    ]

    def check(self, subject: CreateType | CreateTable, ctx: Context) -> Iterator[Finding]:
        """Yields a finding for every type that was not there before and is there after the downgrade."""
        if ctx.direction != "upgrade" or ctx.dialect != "postgresql":
            return
        guessed = isinstance(subject, CreateTable) and len(ctx.dialects) > 1
        for name in left_types(subject, ctx.before, ctx.roundtrip):
            along = f", which comes with table {subject.table}," if isinstance(subject, CreateTable) else ""
            yield self.finding(
                subject,
                f"type {name}{along} {left_behind(ctx.roundtrip)}",
                help=f"drop it after what uses it: op.execute('DROP TYPE {name}')",
                subject=str(name),
                severity=Severity.WARNING if guessed else None,
            )
