"""MRT405: a column with a server default, where the database may be too old to add it at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mrt_lint.hazards.databases import running_on
from mrt_lint.hazards.defaults import AT_ONCE, column_rewrite, may_be_slow, slow_default
from mrt_lint.ops import AddColumn
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration
from mrt_lint.schema.dialects import FACTS, Dialect, titles

USERS = """
op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(80)))
"""


class ServerDefault(Rule):
    """ADD COLUMN with a server default on a database that writes it into every row.

    ## What it does
    Finds columns with a server default that are added to existing tables, where the target is
    PostgreSQL before 11, MySQL before 8.0.12 or MariaDB before 10.3, or where its version is not known.
    Set `database` and `database-version` in the configuration, and newer targets are not reported. Nor
    are those that the history shows to be newer: it needs what older ones do not have.

    ## Why is this bad?
    Older versions write the default into every row, which takes minutes on a large table. PostgreSQL holds
    an exclusive lock meanwhile: nothing reads or writes. MySQL and MariaDB build the table anew and let
    others read and write, but that takes its space a second time, and replicas fall behind. Newer versions
    note the default once.

    ## Example
    ```python
    def upgrade():
        op.add_column("users", sa.Column("state", sa.String(20), server_default="active"))
    ```

    ## Use instead
    On an old version, add the column first; the default then holds for new rows. Fill the old ones in
    batches, in a later migration.
    ```python
    def upgrade():
        op.add_column("users", sa.Column("state", sa.String(20)))
        op.alter_column("users", "state", server_default="active")
    ```
    """

    code = "MRT405"
    name = "server-default"
    group = "locks"
    severity = Severity.WARNING
    pattern = "ADD COLUMN with server_default"
    frameworks = ("alembic",)
    on = (AddColumn,)

    BAD = [
        migration(
            'op.add_column("users", sa.Column("state", sa.String(20), server_default="active"))  # MRT405',
            'op.drop_column("users", "state")',
            given=USERS,
        ),
        migration(
            'op.add_column("users", sa.Column("state", sa.String(20), server_default="active"))  # MRT405',
            'op.drop_column("users", "state")',
            given=USERS,
            database="mariadb",
            settings={"database-version": "10.2"},
        ),
    ]
    GOOD = [
        migration(
            'op.add_column("users", sa.Column("state", sa.String(20), server_default="active"))',
            'op.drop_column("users", "state")',
            given=USERS,
            database="postgresql",
            settings={"database-version": "11"},
        ),
        migration(
            """
            op.add_column("users", sa.Column("state", sa.String(20)))
            op.alter_column("users", "state", server_default="active")
            """,
            'op.drop_column("users", "state")',
            given=USERS,
            database="postgresql",
        ),
    ]

    def check(self, subject: AddColumn, ctx: Context) -> Iterator[Finding]:
        """Yields a finding unless the target is known to be new enough, or MRT404 says it on some target."""
        if ctx.direction != "upgrade":
            return
        if not slow_default(subject, ctx.before, ctx.roundtrip, ctx.database_version):
            return
        everywhere = [name for name in running_on(subject, ctx.dialects) if name in AT_ONCE]
        if any(column_rewrite(subject.column, replace(ctx.before, dialect=name)) for name in everywhere):
            return
        given = ctx.database_version
        targets = [name for name in everywhere if given or may_be_slow(name, ctx.implied_version(name))]
        if ctx.dialect not in targets:
            return
        where = f"{subject.table}.{subject.column.name}"
        unknown = "" if given else "; the version is not known"
        yield self.finding(
            subject,
            f"{where} is added with a server default, {_what_happens(targets)}{unknown}",
            help="configure database and database-version, or add the column first and then its default",
            subject=where,
        )


def _what_happens(targets: list[Dialect]) -> str:
    """Returns what the old versions of the databases do, in words, and whether they lock others out."""
    old = " and ".join(f"{FACTS[name].title} before {_dotted(AT_ONCE[name])}" for name in targets)
    locking = [name for name in targets if name == "postgresql"]
    building = [name for name in targets if name != "postgresql"]
    verb = "writes" if len(targets) == 1 else "write"
    if not building:
        return f"which {old} {verb} into every row under an exclusive lock"
    if not locking:
        return f"which {old} {verb} into every row of a new copy, while others read and write"
    meanwhile = f"{titles(locking)} under an exclusive lock, {titles(building)} while others read and write"
    return f"which {old} {verb} into every row ({meanwhile})"


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
