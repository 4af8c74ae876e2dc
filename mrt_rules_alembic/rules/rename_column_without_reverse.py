"""MRT302: a column is renamed and not renamed back."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.renames import column_rename_not_undone
from mrt_lint.ops import RedefineColumn, RenameColumn
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration

USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String(80)),
    sa.Column("phone", sa.String(20)),
)
"""


class RenameColumnWithoutReverse(Rule):
    """A column renamed in upgrade that downgrade does not rename back.

    ## What it does
    Finds renamed columns (`op.alter_column(new_column_name=...)`, `ALTER TABLE .. RENAME COLUMN`, MySQL's
    `CHANGE`) that do not have their old name again after the downgrade. Every column counts by itself:
    the reverse of one rename is none of another.

    ## Why is this bad?
    After the rollback the old code reads and writes a column that is not there. A column that is only
    created again under the old name is there, but empty.

    ## Example
    ```python
    def upgrade():
        op.alter_column("users", "email", new_column_name="mail")
        op.alter_column("users", "phone", new_column_name="telephone")

    def downgrade():
        op.alter_column("users", "telephone", new_column_name="phone")
    ```

    ## Use instead
    ```python
    def downgrade():
        op.alter_column("users", "telephone", new_column_name="phone")
        op.alter_column("users", "mail", new_column_name="email")
    ```
    """

    code = "MRT302"
    name = "rename-column-without-reverse"
    group = "rollback"
    severity = Severity.ERROR
    pattern = "rename_column without reverse"
    frameworks = ("alembic",)
    on = (RenameColumn, RedefineColumn)

    BAD = [
        migration(
            """
            op.alter_column("users", "email", new_column_name="mail")  # MRT302
            op.alter_column("users", "phone", new_column_name="telephone")
            """,
            'op.alter_column("users", "telephone", new_column_name="phone")',
            given=USERS,
        ),
        migration(
            'op.execute("ALTER TABLE users RENAME COLUMN email TO mail")  # MRT302',
            """
            op.drop_column("users", "mail")
            op.add_column("users", sa.Column("email", sa.String(80)))
            """,
            given=USERS,
        ),
        migration(
            'op.alter_column("users", "email", new_column_name="mail")  # MRT302',
            "pass",
            given=USERS,
            marks={"downgrade": "MRT102"},
        ),
    ]
    GOOD = [
        migration(
            """
            op.alter_column("users", "email", new_column_name="mail")
            op.alter_column("users", "phone", new_column_name="telephone")
            """,
            """
            op.alter_column("users", "telephone", new_column_name="phone")
            op.execute("ALTER TABLE users RENAME COLUMN mail TO email")
            """,
            given=USERS,
        ),
        migration(
            """
            op.add_column("users", sa.Column("nick", sa.String(40)))
            op.alter_column("users", "nick", new_column_name="nickname")
            """,
            'op.drop_column("users", "nickname")',
            given=USERS,
        ),
    ]

    def check(self, subject: RenameColumn | RedefineColumn, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when the old column does not have its name again after the downgrade."""
        if ctx.direction != "upgrade":
            return
        renamed = column_rename_not_undone(subject, ctx.before, ctx.roundtrip)
        if renamed is None:
            return
        back = f"op.alter_column({renamed.table.name!r}, {renamed.new!r}, new_column_name={renamed.name!r})"
        yield self.finding(
            subject,
            f"{renamed.subject} is renamed to {renamed.new}; {renamed.fate}",
            help=f"add {back} to downgrade",
            subject=renamed.subject,
        )
