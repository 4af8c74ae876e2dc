"""MRT204: a foreign key deletes rows along with those that it refers to."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.config.option import one_of
from mrt_lint.hazards.cascades import cascades
from mrt_lint.ops import AddColumn, AddConstraint, CreateTable
from mrt_lint.plugin import Context, Finding, Option, Rule, Severity, migration

GIVEN = """
op.create_table("users", sa.Column("id", sa.Integer, primary_key=True))
op.create_table(
    "orders", sa.Column("id", sa.Integer, primary_key=True), sa.Column("user_id", sa.Integer)
)
"""


class CascadeDelete(Rule):
    """A foreign key with ON DELETE CASCADE to or from a table that may hold rows.

    ## What it does
    Finds foreign keys with `ON DELETE CASCADE` that are added to an existing table, or refer to one from
    a new table. The configuration `cascade-in-new-tables = "allow"` leaves those alone that stand in the
    CREATE TABLE of a new table. A foreign key that takes the place of one that did the same is no finding.

    ## Why is this bad?
    One DELETE in the referred table now silently deletes rows of another one, and no downgrade brings
    these back. Code written before the migration does not know what its DELETE does now.

    ## Example
    ```python
    def upgrade():
        op.create_foreign_key("fk_orders_user", "orders", "users", ["user_id"], ["id"], ondelete="CASCADE")
    ```

    ## Use instead
    ```python
    def upgrade():
        op.create_foreign_key("fk_orders_user", "orders", "users", ["user_id"], ["id"])
    ```
    and delete the rows in the application, where it can be seen. If the rows are worth nothing without
    the row that they belong to, suppress this finding with that reason.
    """

    code = "MRT204"
    name = "cascade-delete"
    group = "rollback"
    severity = Severity.WARNING
    pattern = "CASCADE DELETE"
    frameworks = ("alembic",)
    on = (AddColumn, AddConstraint, CreateTable)
    options = (
        Option(
            "cascade-in-new-tables",
            one_of("report", "allow"),
            "Foreign keys with ON DELETE CASCADE in the CREATE TABLE of a new table: report or allow.",
            "report",
        ),
    )

    BAD = [
        migration(
            """
            op.create_foreign_key(  # MRT204
                "fk_orders_user", "orders", "users", ["user_id"], ["id"], ondelete="CASCADE"
            )
            """,
            'op.drop_constraint("fk_orders_user", "orders", type_="foreignkey")',
            given=GIVEN,
            database="postgresql",
        ),
        migration(
            """
            op.create_table(  # MRT204
                "notes",
                sa.Column("id", sa.Integer, primary_key=True),
                sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id", ondelete="CASCADE")),
            )
            """,
            'op.drop_table("notes")',
            given=GIVEN,
        ),
    ]
    GOOD = [
        migration(
            'op.create_foreign_key("fk_orders_user", "orders", "users", ["user_id"], ["id"])',
            'op.drop_constraint("fk_orders_user", "orders", type_="foreignkey")',
            given=GIVEN,
            database="postgresql",
        ),
        migration(
            """
            op.create_table(
                "notes",
                sa.Column("id", sa.Integer, primary_key=True),
                sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id", ondelete="CASCADE")),
            )
            """,
            'op.drop_table("notes")',
            given=GIVEN,
            settings={"cascade-in-new-tables": "allow"},
        ),
        migration(
            """
            op.create_table("boards", sa.Column("id", sa.Integer, primary_key=True))
            op.create_table(
                "cards",
                sa.Column("id", sa.Integer, primary_key=True),
                sa.Column("board_id", sa.Integer, sa.ForeignKey("boards.id", ondelete="CASCADE")),
            )
            """,
            """
            op.drop_table("cards")
            op.drop_table("boards")
            """,
        ),
    ]

    def check(self, subject: AddColumn | AddConstraint | CreateTable, ctx: Context) -> Iterator[Finding]:
        """Yields a finding for every foreign key that deletes rows of, or with, an existing table."""
        if ctx.direction != "upgrade":
            return
        if isinstance(subject, CreateTable) and ctx.options["cascade-in-new-tables"] == "allow":
            return
        for cascade in cascades(subject, ctx.before, ctx.roundtrip):
            yield self.finding(
                subject,
                f"{cascade.words} deletes rows of {cascade.table} along with those of {cascade.referred}",
                help="leave ON DELETE CASCADE out and delete the rows where it can be seen, "
                "or suppress this with a reason",
                subject=f"{cascade.table}.{cascade.constraint.called}:cascade",
            )
