"""MRT106: rows are inserted into an old table and the downgrade does not delete them."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.common import no_way_back
from mrt_lint.hazards.writes import rows_left
from mrt_lint.ops import Insert
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration

ROLES = """
op.create_table("roles", sa.Column("name", sa.String(40), primary_key=True))
"""


class BulkInsertWithoutReverse(Rule):
    """Rows inserted in upgrade that downgrade does not delete.

    ## What it does
    Finds rows inserted (`op.bulk_insert`, INSERT, `table.insert()`) into tables that existed before the
    migration, when the downgrade neither deletes from the table nor drops it.

    ## Why is this bad?
    After the rollback the old code finds rows that it does not know, and the next upgrade inserts them
    once more: they are there twice, or it fails on a key.

    ## Example
    ```python
    def upgrade():
        op.bulk_insert(roles, [{"name": "auditor"}])

    def downgrade():
        pass
    ```

    ## Use instead
    ```python
    def downgrade():
        op.execute("DELETE FROM roles WHERE name = 'auditor'")
    ```
    """

    code = "MRT106"
    name = "bulk-insert-without-reverse"
    group = "rollback"
    severity = Severity.WARNING
    pattern = "bulk_insert without reverse"
    frameworks = ("alembic",)
    on = (Insert,)

    BAD = [
        migration(
            """
            op.add_column("roles", sa.Column("note", sa.Text))
            op.bulk_insert(sa.table("roles", sa.column("name")), [{"name": "auditor"}])  # MRT106
            """,
            'op.drop_column("roles", "note")',
            given=ROLES,
        ),
        migration(
            "op.execute(\"INSERT INTO roles (name) VALUES ('auditor')\")  # MRT106",
            "pass",
            given=ROLES,
            marks={"downgrade": "MRT102"},
        ),
    ]
    GOOD = [
        migration(
            'op.bulk_insert(sa.table("roles", sa.column("name")), [{"name": "auditor"}])',
            "op.execute(\"DELETE FROM roles WHERE name = 'auditor'\")",
            given=ROLES,
        ),
        migration(
            """
            grants = op.create_table("grants", sa.Column("name", sa.String(40), primary_key=True))
            op.bulk_insert(grants, [{"name": "read"}, {"name": "write"}])
            """,
            'op.drop_table("grants")',
        ),
    ]

    def check(self, subject: Insert, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when the rows are still there after the downgrade."""
        if ctx.direction != "upgrade":
            return
        no_way = no_way_back(ctx.roundtrip)
        for reason in rows_left(subject, ctx.roundtrip):
            yield self.finding(
                subject,
                f"rows are inserted into {reason.subject}; {no_way or 'the downgrade does not delete them'}",
                help="delete in downgrade exactly the rows that upgrade inserts",
                subject=reason.aspect,
            )
