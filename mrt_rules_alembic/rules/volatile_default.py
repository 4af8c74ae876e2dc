"""MRT404: a column is added whose values make the database write the whole table again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mrt_lint.hazards.databases import running_on
from mrt_lint.hazards.defaults import column_rewrite, lock_of_rewrite, rewriting_column
from mrt_lint.ops import AddColumn
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration
from mrt_lint.schema.dialects import Dialect, titles

USERS = """
op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(80)))
"""
POSTGRESQL_15 = {"database-version": "15"}


class VolatileDefault(Rule):
    """ADD COLUMN with values that differ from row to row.

    ## What it does
    Finds columns that are added to existing tables with a default that calls a volatile function
    (`gen_random_uuid()`, `random()`, `clock_timestamp()`), as SERIAL, identity or AUTO_INCREMENT, generated
    and stored, or of a domain with a constraint. Constants and stable functions such as `now()` are kept
    once for all rows and cost nothing. A string given as `server_default` is a constant, whatever it says.

    ## Why is this bad?
    The database writes every row anew, for minutes on a large table. PostgreSQL holds an exclusive lock
    meanwhile: nothing reads or writes. MySQL and MariaDB let others read and not write (MariaDB from 11.2 on
    may do without the lock).

    ## Example
    ```python
    def upgrade():
        op.add_column("users", sa.Column("token", sa.Uuid(), server_default=sa.text("gen_random_uuid()")))
    ```

    ## Use instead
    Add the column without a default, then set the default, which holds for new rows. Fill the old ones
    in batches, in a later migration.
    ```python
    def upgrade():
        op.add_column("users", sa.Column("token", sa.Uuid()))
        op.alter_column("users", "token", server_default=sa.text("gen_random_uuid()"))
    ```
    """

    code = "MRT404"
    name = "volatile-default"
    group = "locks"
    severity = Severity.WARNING
    pattern = "ADD COLUMN with volatile DEFAULT"
    frameworks = ("alembic",)
    on = (AddColumn,)

    BAD = [
        migration(
            """
            op.add_column(  # MRT404
                "users", sa.Column("token", sa.Uuid(), server_default=sa.text("gen_random_uuid()"))
            )
            """,
            'op.drop_column("users", "token")',
            given=USERS,
            database="postgresql",
        ),
        migration(
            'op.execute("ALTER TABLE users ADD COLUMN number BIGSERIAL")  # MRT404',
            'op.drop_column("users", "number")',
            given=USERS,
            database="postgresql",
        ),
        migration(
            'op.add_column("users", sa.Column("n", sa.Integer, sa.Computed("id", persisted=True)))  # MRT404',
            'op.drop_column("users", "n")',
            given=USERS,
            database="postgresql",
        ),
    ]
    GOOD = [
        migration(
            """
            op.add_column("users", sa.Column("token", sa.Uuid()))
            op.alter_column("users", "token", server_default=sa.text("gen_random_uuid()"))
            """,
            'op.drop_column("users", "token")',
            given=USERS,
            database="postgresql",
        ),
        migration(
            """
            op.add_column("users", sa.Column("since", sa.DateTime, server_default=sa.func.now()))
            op.add_column("users", sa.Column("formula", sa.String(20), server_default="random()"))
            """,
            """
            op.drop_column("users", "formula")
            op.drop_column("users", "since")
            """,
            given=USERS,
            database="postgresql",
            settings=POSTGRESQL_15,
        ),
    ]

    def check(self, subject: AddColumn, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when every row is written."""
        if ctx.direction != "upgrade":
            return
        rewrite = rewriting_column(subject, ctx.before, ctx.roundtrip)
        if rewrite is None:
            return
        where = f"{subject.table}.{subject.column.name}"
        verb = "rewrites" if rewrite.sure else "may rewrite"
        locked = _locked(subject, ctx)
        yield self.finding(
            subject,
            f"adding {where} {verb} the whole table{locked}: {rewrite.why}",
            help="add the column without it, set the default afterwards and fill the old rows in batches",
            subject=where,
        )


def _locked(add: AddColumn, ctx: Context) -> str:
    """Returns under which lock the databases write the table again, each named where they differ."""
    rewriting = [
        name
        for name in running_on(add, ctx.dialects)
        if column_rewrite(add.column, replace(ctx.before, dialect=name)) is not None
    ]
    locks = {name: lock_of_rewrite(name, ctx.database_version) for name in rewriting}
    if len(set(locks.values())) == 1:
        return f" {lock}" if (lock := next(iter(locks.values()))) else ""
    names: dict[str, list[Dialect]] = {}
    for name, lock in locks.items():
        names.setdefault(lock, []).append(name)
    told = [f"{lock} ({titles(databases)})" for lock, databases in names.items() if lock]
    return f" {' or '.join(told)}"
