"""MRT301: a table is renamed and not renamed back."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.common import no_way_back
from mrt_lint.hazards.tables import rename_not_undone
from mrt_lint.ops import RenameTable
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration
from mrt_lint.schema.names import Name

USERS = 'op.create_table("users", sa.Column("id", sa.Integer, primary_key=True))'


class RenameTableWithoutReverse(Rule):
    """A table renamed in upgrade that downgrade does not rename back.

    ## What it does
    Finds renamed tables (`op.rename_table`, `ALTER TABLE .. RENAME TO`) that do not have their old
    name again after the downgrade.

    ## Why is this bad?
    After the rollback the old code looks for a table that is not there.

    ## Example
    ```python
    def upgrade():
        op.rename_table("users", "accounts")

    def downgrade():
        op.drop_index("ix_accounts_email")
    ```

    ## Use instead
    ```python
    def downgrade():
        op.rename_table("accounts", "users")
    ```
    """

    code = "MRT301"
    name = "rename-table-without-reverse"
    group = "rollback"
    severity = Severity.ERROR
    pattern = "rename_table without reverse"
    frameworks = ("alembic",)
    on = (RenameTable,)

    BAD = [
        migration(
            """
            op.rename_table("users", "accounts")  # MRT301
            op.create_index("ix_accounts_id", "accounts", ["id"])  # MRT407
            """,
            'op.drop_index("ix_accounts_id", table_name="accounts")',
            given=USERS,
        ),
        migration(
            'op.rename_table("users", "accounts")  # MRT301',
            f"""
            op.drop_table("accounts")
            {USERS}
            """,
            given=USERS,
        ),
    ]
    GOOD = [
        migration(
            'op.rename_table("users", "accounts")',
            'op.rename_table("accounts", "users")',
            given=USERS,
        ),
        migration(
            'op.execute("ALTER TABLE users RENAME TO accounts")',
            'op.rename_table("accounts", "users")',
            given=USERS,
        ),
    ]

    def check(self, subject: RenameTable, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when the old name is not there after the downgrade."""
        if ctx.direction != "upgrade":
            return
        base = rename_not_undone(subject, ctx.before, ctx.roundtrip)
        if base is None:
            return
        fate = no_way_back(ctx.roundtrip) or "the downgrade does not rename it back"
        yield self.finding(
            subject,
            f"table {base} is renamed to {subject.new}; {fate}",
            help=f"add {_back(subject, base)} to downgrade",
            subject=str(base),
        )


def _back(rename: RenameTable, base: Name) -> str:
    """Returns the call that undoes a rename, or a move to another schema."""
    if rename.new.schema != base.schema:
        return f"op.execute('ALTER TABLE {rename.new} SET SCHEMA {base.schema or 'public'}')"
    schema = f", schema={base.schema!r}" if base.schema else ""
    return f"op.rename_table({rename.new.name!r}, {base.name!r}{schema})"
