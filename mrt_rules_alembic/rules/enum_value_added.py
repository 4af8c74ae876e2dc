"""MRT304: an enum gets a value that no downgrade takes away."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.types import added_values
from mrt_lint.ops import AddEnumValue, AlterColumnType, Operation, RedefineColumn, ReplaceEnumValues
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration

JOBS = """
op.execute("CREATE TYPE job_state AS ENUM ('new', 'done')")
op.execute("CREATE TABLE jobs (id integer PRIMARY KEY, state job_state NOT NULL)")
"""
JOBS_MYSQL = """
op.execute("CREATE TABLE jobs (id integer PRIMARY KEY, state ENUM('new', 'done'))")
"""


class EnumValueAdded(Rule):
    """An enum value that is still there after the downgrade.

    ## What it does
    Finds values added to an enum (`ALTER TYPE .. ADD VALUE`, a widened `ENUM` column of MySQL) that the
    downgrade does not take away again.

    ## Why is this bad?
    No statement of PostgreSQL removes a value from an enum, so a plain downgrade leaves it there; rows
    that the new code wrote with it then meet old code that does not know it and fails on reading.

    ## Example
    ```python
    def upgrade():
        op.execute("ALTER TYPE job_state ADD VALUE 'failed'")

    def downgrade():
        pass
    ```

    ## Use instead
    Decide in the downgrade what becomes of such rows, and put a type without the value in its place:
    ```python
    def downgrade():
        op.execute("UPDATE jobs SET state = 'done' WHERE state = 'failed'")
        op.execute("ALTER TYPE job_state RENAME TO job_state_old")
        op.execute("CREATE TYPE job_state AS ENUM ('new', 'done')")
        op.execute("ALTER TABLE jobs ALTER COLUMN state TYPE job_state USING state::text::job_state")
        op.execute("DROP TYPE job_state_old")
    ```
    """

    code = "MRT304"
    name = "enum-value-added"
    group = "rollback"
    severity = Severity.ERROR
    pattern = "ENUM value added"
    frameworks = ("alembic",)
    on = (AddEnumValue, ReplaceEnumValues, AlterColumnType, RedefineColumn)

    BAD = [
        migration(
            """
            op.execute("ALTER TYPE job_state ADD VALUE 'failed'")  # MRT304
            """,
            "pass",
            given=JOBS,
            database="postgresql",
            marks={"downgrade": "MRT102"},
        ),
        migration(
            """
            op.execute("ALTER TABLE jobs MODIFY state ENUM('new', 'done', 'failed')")  # MRT304
            op.add_column("jobs", sa.Column("error", sa.String(80)))
            """,
            'op.drop_column("jobs", "error")',
            given=JOBS_MYSQL,
            database="mysql",
        ),
    ]
    GOOD = [
        migration(
            """
            op.execute("ALTER TYPE job_state ADD VALUE 'failed'")
            """,
            """
            op.execute("UPDATE jobs SET state = 'done' WHERE state = 'failed'")
            op.execute("ALTER TYPE job_state RENAME TO job_state_old")
            op.execute("CREATE TYPE job_state AS ENUM ('new', 'done')")
            op.execute("ALTER TABLE jobs ALTER COLUMN state TYPE job_state USING state::text::job_state")
            op.execute("DROP TYPE job_state_old")
            """,
            given=JOBS,
            database="postgresql",
        ),
        migration(
            """
            op.execute("CREATE TYPE mood AS ENUM ('good')")
            op.execute("ALTER TYPE mood ADD VALUE 'bad'")
            """,
            'op.execute("DROP TYPE mood")',
            database="postgresql",
        ),
    ]

    def check(self, subject: Operation, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when values that were not there before are there after the downgrade."""
        if ctx.direction != "upgrade":
            return
        added = added_values(subject, ctx.before, ctx.roundtrip)
        if added is None:
            return
        yield self.finding(
            subject,
            f"{added.words}; {added.fate}",
            help="let downgrade change the rows that hold it and put a type without it in its place",
            subject=added.subject,
        )
