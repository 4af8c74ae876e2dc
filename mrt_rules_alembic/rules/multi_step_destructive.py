"""MRT208: one migration copies data out of columns and drops them."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.moves import move_and_drop
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration
from mrt_lint.roundtrip import RoundTrip

USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("first_name", sa.String(40)),
    sa.Column("last_name", sa.String(40)),
)
"""


class MultiStepDestructive(Rule):
    """A migration that moves data and drops where it came from, all at once.

    ## What it does
    Finds migrations that copy data from columns and then drop these columns, unless the downgrade refills
    every dropped column from what is still there. One finding per migration, beside those about the
    dropped columns.

    ## Why is this bad?
    Between the copy and the drop nobody can look whether the copy is right. If it is not, the source is
    gone; a rollback does not bring it back, and old code that still runs fails at once.

    ## Example
    ```python
    def upgrade():
        op.add_column("users", sa.Column("full_name", sa.String(81)))
        op.execute("UPDATE users SET full_name = first_name || ' ' || last_name")
        op.drop_column("users", "first_name")
        op.drop_column("users", "last_name")
    ```

    ## Use instead
    Three migrations, each released on its own: add the column and write both; fill it for old rows and
    check; drop the old columns when nothing needs them any more. The first two:
    ```python
    def upgrade():
        op.add_column("users", sa.Column("full_name", sa.String(81)))
        op.execute("UPDATE users SET full_name = first_name || ' ' || last_name")

    def downgrade():
        op.drop_column("users", "full_name")
    ```
    """

    code = "MRT208"
    name = "multi-step-destructive"
    group = "rollback"
    severity = Severity.ERROR
    pattern = "Multi-step destructive migration"
    frameworks = ("alembic",)
    on = (RoundTrip,)

    BAD = [
        migration(
            """
            op.add_column("users", sa.Column("full_name", sa.String(81)))
            op.execute("UPDATE users SET full_name = first_name || ' ' || last_name")
            op.drop_column("users", "first_name")  # MRT201, MRT208
            op.drop_column("users", "last_name")  # MRT201
            """,
            """
            op.add_column("users", sa.Column("last_name", sa.String(40)))
            op.add_column("users", sa.Column("first_name", sa.String(40)))
            op.drop_column("users", "full_name")
            """,
            given=USERS,
            database="postgresql",
        ),
        migration(
            """
            op.create_table("names", sa.Column("user_id", sa.Integer), sa.Column("name", sa.String(40)))
            op.execute("INSERT INTO names (user_id, name) SELECT id, last_name FROM users")
            op.drop_column("users", "last_name")  # MRT201, MRT208
            """,
            """
            op.add_column("users", sa.Column("last_name", sa.String(40)))
            op.drop_table("names")
            """,
            given=USERS,
        ),
    ]
    GOOD = [
        migration(
            """
            op.add_column("users", sa.Column("full_name", sa.String(81)))
            op.execute("UPDATE users SET full_name = first_name || ' ' || last_name")
            """,
            'op.drop_column("users", "full_name")',
            given=USERS,
            database="postgresql",
        ),
        migration(
            """
            op.add_column("users", sa.Column("surname", sa.String(40)))
            op.execute("UPDATE users SET surname = last_name")
            op.drop_column("users", "last_name")
            """,
            """
            op.add_column("users", sa.Column("last_name", sa.String(40)))
            op.execute("UPDATE users SET last_name = surname")
            op.drop_column("users", "surname")
            """,
            given=USERS,
        ),
    ]

    def check(self, subject: RoundTrip, ctx: Context) -> Iterator[Finding]:
        """Yields one finding when columns are copied and dropped and not all of them are refilled."""
        found = move_and_drop(subject)
        if found is None:
            return
        copied = ", ".join(dict.fromkeys(found.copied))
        lost, computed = (", ".join(dict.fromkeys(names)) for names in (found.lost, found.computed))
        fates = [f"does not restore {lost}"] if lost else []
        fates += [f"computes {computed} from other data"] if computed else []
        yield self.finding(
            found.drop,
            f"the data of {copied} is copied and its source dropped in one migration; "
            f"the downgrade {' and '.join(fates)}",
            help="copy in one release, check, and drop in a later one; or refill the columns in downgrade",
            severity=None if found.sure else Severity.WARNING,
        )
