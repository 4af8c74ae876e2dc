"""MRT810: a rename that is written as a dropped and an added column."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.moves import disguised_rename
from mrt_lint.ops import DropColumn
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration

USERS = """
op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("phone", sa.String(20)))
"""


class RenameAsDropAndAdd(Rule):
    """A dropped and an added column that look like one renamed column.

    ## What it does
    Finds migrations that drop a column and add another of the same type to the same table, without
    copying the data. Alembic's autogenerate writes this for a column that was renamed in the model: it
    sees one name go and another come.

    ## Why is this bad?
    A rename keeps the data, this loses it: the new column is empty.

    ## Example
    ```python
    def upgrade():
        op.add_column("users", sa.Column("telephone", sa.String(20)))
        op.drop_column("users", "phone")
    ```

    ## Use instead
    ```python
    def upgrade():
        op.alter_column("users", "phone", new_column_name="telephone")

    def downgrade():
        op.alter_column("users", "telephone", new_column_name="phone")
    ```
    """

    code = "MRT810"
    name = "rename-as-drop-and-add"
    group = "rollback"
    severity = Severity.WARNING
    on = (DropColumn,)

    BAD = [
        migration(
            """
            op.add_column("users", sa.Column("telephone", sa.String(20)))
            op.drop_column("users", "phone")  # MRT201, MRT810
            """,
            """
            op.add_column("users", sa.Column("phone", sa.String(20)))
            op.drop_column("users", "telephone")
            """,
            given=USERS,
        ),
    ]
    GOOD = [
        migration(
            'op.alter_column("users", "phone", new_column_name="telephone", existing_type=sa.String(20))',
            'op.alter_column("users", "telephone", new_column_name="phone", existing_type=sa.String(20))',
            given=USERS,
        ),
        migration(
            """
            op.add_column("users", sa.Column("telephone", sa.String(20)))
            op.execute("UPDATE users SET telephone = phone")
            op.drop_column("users", "phone")
            """,
            """
            op.add_column("users", sa.Column("phone", sa.String(20)))
            op.execute("UPDATE users SET phone = telephone")
            op.drop_column("users", "telephone")
            """,
            given=USERS,
        ),
    ]

    def check(self, subject: DropColumn, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when a column of the same type is added to the table."""
        if ctx.direction != "upgrade":
            return
        found = disguised_rename(subject, ctx.before, ctx.roundtrip)
        if found is None:
            return
        old, new = found.lost.column.name, found.added.column.name
        if ctx.project.framework == "alembic":
            rename = f"op.alter_column({found.lost.table.name!r}, {old!r}, new_column_name={new!r})"
        else:
            rename = f"rename {old} to {new}, which keeps the data"
        yield self.finding(
            subject,
            f"{found.lost.subject} is dropped and {new}, of the same type, is added: is this a rename?",
            help=f"if so: {rename}",
            subject=found.lost.subject,
        )
