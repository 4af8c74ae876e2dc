"""MRT105: SQL run through a connection has an effect that nothing in the downgrade reverses."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.statements import by_directive, unreversed
from mrt_lint.ops import Operation
from mrt_lint.plugin import Context, Finding, Rule, Severity, Turn, migration

USERS = """
op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("state", sa.String(20)))
"""


class ConnectionExecuteWithoutReverse(Rule):
    """SQL run through a connection in upgrade that downgrade does not reverse.

    ## What it does
    Finds what MRT104 finds, in SQL that is run through a migration context, a connection, a bind or a
    session, whatever the variable is called.

    ## Why is this bad?
    After the rollback the change is still there, under code that does not know it; the next upgrade
    makes it once more, or fails on it.

    ## Example
    ```python
    def upgrade():
        connection = op.get_bind()
        connection.execute(sa.text("DELETE FROM users WHERE state = 'gone'"))

    def downgrade():
        pass
    ```

    ## Use instead
    Keep what goes, and bring it back:
    ```python
    def upgrade():
        connection = op.get_bind()
        connection.execute(sa.text("CREATE TABLE users_gone AS SELECT * FROM users WHERE state = 'gone'"))
        connection.execute(sa.text("DELETE FROM users WHERE state = 'gone'"))

    def downgrade():
        connection = op.get_bind()
        connection.execute(sa.text("INSERT INTO users SELECT * FROM users_gone"))
        connection.execute(sa.text("DROP TABLE users_gone"))
    ```
    """

    code = "MRT105"
    name = "connection-execute-without-reverse"
    group = "rollback"
    severity = Severity.WARNING
    pattern = "context.execute without reverse"
    frameworks = ("alembic",)
    on = (Operation,)
    turn = Turn.FALLBACK

    BAD = [
        migration(
            """
            connection = op.get_bind()
            connection.execute(sa.text("DELETE FROM users WHERE state = 'gone'"))  # MRT105
            """,
            "pass",
            given=USERS,
            marks={"downgrade": "MRT102"},
        ),
        migration(
            """
            op.add_column("users", sa.Column("login", sa.String(40)))
            op.get_context().execute("CREATE VIEW user_ids AS SELECT id FROM users")  # MRT105
            """,
            'op.drop_column("users", "login")',
            given=USERS,
        ),
    ]
    GOOD = [
        migration(
            """
            connection = op.get_bind()
            connection.execute(sa.text("CREATE TABLE users_gone AS SELECT * FROM users WHERE state = 'gone'"))
            connection.execute(sa.text("DELETE FROM users WHERE state = 'gone'"))
            """,
            """
            connection = op.get_bind()
            connection.execute(sa.text("INSERT INTO users SELECT * FROM users_gone"))
            connection.execute(sa.text("DROP TABLE users_gone"))
            """,
            given=USERS,
        ),
        migration(
            'op.get_bind().execute(sa.text("SELECT count(*) FROM users"))',
            "pass",
            given=USERS,
        ),
    ]

    def check(self, subject: Operation, ctx: Context) -> Iterator[Finding]:
        """Yields a finding for every effect that stays."""
        if ctx.direction != "upgrade" or by_directive(subject) or ctx.spoken_at(subject):
            return
        for effect in unreversed(subject, ctx.roundtrip):
            if effect.object and ctx.spoken(effect.object, everything=False):
                continue
            yield self.finding(
                subject,
                effect.words,
                help="reverse it in downgrade, by SQL or by an operation of Alembic",
                subject=effect.subject,
            )
