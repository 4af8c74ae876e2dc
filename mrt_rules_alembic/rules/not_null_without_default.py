"""MRT401: a column that every row needs a value for is added to a table that has rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mrt_lint.hazards.databases import running_on
from mrt_lint.hazards.nullability import added_required
from mrt_lint.ops import AddColumn
from mrt_lint.ops.columns import needs_value
from mrt_lint.ops.domains import domain_default
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration
from mrt_lint.schema.dialects import titles

USERS = """
op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(80)))
"""
POSTGRESQL_15 = {"database-version": "15"}


class NotNullWithoutDefault(Rule):
    """A NOT NULL column without a server default, added to a table that existed before.

    ## What it does
    Finds columns that are added NOT NULL, without a server default, to a table that this migration did
    not create. Identity, generated and counted columns fill themselves.

    ## Why is this bad?
    The rows that are there have no value for the column. PostgreSQL and SQLite refuse the statement, so
    the migration passes on an empty test database and fails in production. MySQL and MariaDB silently
    store the zero value of the type instead ('' or 0) and refuse only some dates. A `default=` of
    the model is applied by Python when it inserts, and never reaches the statement.

    ## Example
    ```python
    def upgrade():
        op.add_column("users", sa.Column("state", sa.String(20), nullable=False))
    ```

    ## Use instead
    ```python
    def upgrade():
        op.add_column(
            "users", sa.Column("state", sa.String(20), nullable=False, server_default="active")
        )
    ```
    Or add it nullable, fill it in batches, and set NOT NULL in a later release.
    """

    code = "MRT401"
    name = "not-null-without-default"
    group = "locks"
    severity = Severity.WARNING
    pattern = "NOT NULL without default"
    frameworks = ("alembic",)
    on = (AddColumn,)

    BAD = [
        migration(
            'op.add_column("users", sa.Column("state", sa.String(20), nullable=False))  # MRT401',
            'op.drop_column("users", "state")',
            given=USERS,
        ),
        migration(
            'op.execute("ALTER TABLE users ADD COLUMN age INTEGER NOT NULL")  # MRT401',
            'op.drop_column("users", "age")',
            given=USERS,
        ),
        migration(
            'op.add_column("users", sa.Column("age", sa.Integer, nullable=False, default=0))  # MRT401',
            'op.drop_column("users", "age")',
            given=USERS,
        ),
    ]
    GOOD = [
        migration(
            """
            op.add_column(
                "users", sa.Column("state", sa.String(20), nullable=False, server_default="active")
            )
            """,
            'op.drop_column("users", "state")',
            given=USERS,
            database="postgresql",
            settings=POSTGRESQL_15,
        ),
        migration(
            """
            op.create_table("orders", sa.Column("id", sa.Integer, primary_key=True))
            op.add_column("orders", sa.Column("total", sa.Integer, nullable=False))
            """,
            'op.drop_table("orders")',
        ),
        migration(
            'op.add_column("users", sa.Column("state", sa.String(20)))',
            'op.drop_column("users", "state")',
            given=USERS,
        ),
    ]

    def check(self, subject: AddColumn, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when existing rows would have no value."""
        if ctx.direction != "upgrade" or not added_required(subject, ctx.before, ctx.roundtrip):
            return
        column = subject.column
        if isinstance(domain_default(ctx.before, column.type), str):
            return
        where = f"{subject.table}.{column.name}"
        python = "; its default= is Python's and never reaches the statement" if column.python_default else ""
        yield self.finding(
            subject,
            f"{where} is added NOT NULL without a server default: {_what_happens(subject, ctx)}{python}",
            help="give it a server_default, or add it nullable, fill it, and set NOT NULL later",
            subject=where,
        )


def _what_happens(subject: AddColumn, ctx: Context) -> str:
    """Returns what becomes of a table with rows, on all the targets."""
    targets = running_on(subject, ctx.dialects)
    filled = [name for name in targets if not needs_value(replace(ctx.before, dialect=name), subject.column)]
    fills = f"{titles(filled)} {'fills' if len(filled) == 1 else 'fill'} the rows" if filled else ""
    if not filled:
        return "this fails when the table has rows"
    if len(filled) == len(targets):
        return f"{fills} that are there with the type's zero value"
    return f"this fails when the table has rows ({fills} with the type's zero value instead)"
