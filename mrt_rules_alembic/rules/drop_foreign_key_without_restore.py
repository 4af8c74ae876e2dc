"""MRT205: a foreign key is dropped and not created again by the downgrade."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.constraints import lost_foreign_key
from mrt_lint.ops import DropConstraint
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration

GIVEN = """
op.create_table("teams", sa.Column("id", sa.Integer, primary_key=True))
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("team_id", sa.Integer),
    sa.Column("lead_id", sa.Integer),
    sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_users_team"),
)
"""


class DropForeignKeyWithoutRestore(Rule):
    """A foreign key dropped in upgrade that downgrade does not create again.

    ## What it does
    Finds foreign keys that are dropped (as such, or by a name that the history knows) and that do not
    stand on the same columns of the same table again after the downgrade. A foreign key that is dropped
    together with its table or column is left to the rules about these.

    ## Why is this bad?
    From then on nothing keeps the rows together: parents are deleted under their children, children
    are written without a parent. When somebody notices, the foreign key can no longer be added.

    ## Example
    ```python
    def upgrade():
        op.drop_constraint("fk_users_team", "users", type_="foreignkey")
        op.add_column("users", sa.Column("login", sa.String(80)))

    def downgrade():
        op.drop_column("users", "login")
    ```

    ## Use instead
    ```python
    def downgrade():
        op.drop_column("users", "login")
        op.create_foreign_key("fk_users_team", "users", "teams", ["team_id"], ["id"])
    ```
    """

    code = "MRT205"
    name = "drop-foreign-key-without-restore"
    group = "rollback"
    severity = Severity.ERROR
    pattern = "DROP FOREIGN KEY without restore"
    frameworks = ("alembic",)
    on = (DropConstraint,)

    BAD = [
        migration(
            """
            op.drop_constraint("fk_users_team", "users", type_="foreignkey")  # MRT205
            op.add_column("users", sa.Column("login", sa.String(80)))
            """,
            'op.drop_column("users", "login")',
            given=GIVEN,
            database="postgresql",
        ),
        migration(
            'op.drop_constraint("fk_users_team", "users")  # MRT205',
            'op.create_foreign_key("fk_users_team", "users", "teams", ["lead_id"], ["id"])',
            given=GIVEN,
            database="postgresql",
        ),
        migration(
            """
            with op.batch_alter_table("users") as batch_op:
                batch_op.drop_constraint("fk_users_team", type_="foreignkey")  # MRT205
                batch_op.add_column(sa.Column("login", sa.String(80)))
            """,
            """
            with op.batch_alter_table("users") as batch_op:
                batch_op.drop_column("login")
            """,
            given=GIVEN,
        ),
    ]
    GOOD = [
        migration(
            'op.drop_constraint("fk_users_team", "users", type_="foreignkey")',
            """
            op.execute("UPDATE users SET team_id = NULL WHERE team_id NOT IN (SELECT id FROM teams)")
            op.create_foreign_key("fk_users_team", "users", "teams", ["team_id"], ["id"])
            """,
            given=GIVEN,
            database="postgresql",
        ),
        migration(
            """
            op.drop_constraint("fk_users_team", "users", type_="foreignkey")
            op.drop_column("users", "team_id")  # MRT201
            """,
            """
            op.add_column("users", sa.Column("team_id", sa.Integer))
            op.create_foreign_key("fk_users_team", "users", "teams", ["team_id"], ["id"])
            """,
            given=GIVEN,
            database="postgresql",
        ),
    ]

    def check(self, subject: DropConstraint, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when a foreign key is missing after the downgrade."""
        if ctx.direction != "upgrade":
            return
        lost = lost_foreign_key(subject, ctx.before, ctx.roundtrip)
        if lost is None:
            return
        yield self.finding(
            subject,
            f"{lost.words} is dropped; {lost.fate}",
            help="create the foreign key again in downgrade, on the same columns, with the same actions",
            subject=lost.subject,
        )
