"""MRT104: raw SQL has an effect that nothing in the downgrade reverses."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.statements import by_directive, unreversed
from mrt_lint.ops import Operation
from mrt_lint.plugin import Context, Finding, Rule, Severity, Turn, migration

USERS = """
op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("state", sa.String(20)))
"""


class RawSqlWithoutReverse(Rule):
    """SQL of `op.execute` in upgrade that downgrade does not reverse.

    ## What it does
    Finds SQL run by `op.execute` or `batch_op.execute` that changes schema or data, when the round trip
    shows that nothing in the downgrade reverses the change, by whatever API. Statements that another
    rule speaks of are left to it; so is SQL that only reads or sets something. Of SQL that is not
    understood it says that it may have an effect, if the downgrade has nothing that could reverse it.

    ## Why is this bad?
    After the rollback the change is still there, under code that does not know it; the next upgrade
    makes it once more, or fails on it.

    ## Example
    ```python
    def upgrade():
        op.execute("CREATE VIEW active_users AS SELECT id FROM users WHERE state = 'active'")

    def downgrade():
        pass
    ```

    ## Use instead
    ```python
    def downgrade():
        op.execute("DROP VIEW active_users")
    ```
    """

    code = "MRT104"
    name = "raw-sql-without-reverse"
    group = "rollback"
    severity = Severity.WARNING
    pattern = "Raw SQL (op.execute)"
    frameworks = ("alembic",)
    on = (Operation,)
    turn = Turn.FALLBACK

    BAD = [
        migration(
            """
            op.add_column("users", sa.Column("login", sa.String(40)))
            op.execute("CREATE VIEW active_users AS SELECT id FROM users WHERE state = 'a'")  # MRT104
            """,
            'op.drop_column("users", "login")',
            given=USERS,
        ),
        migration(
            "op.execute(\"DELETE FROM users WHERE state = 'gone'\")  # MRT104",
            "pass",
            given=USERS,
            marks={"downgrade": "MRT102"},
        ),
    ]
    GOOD = [
        migration(
            "op.execute(\"CREATE VIEW active_users AS SELECT id FROM users WHERE state = 'a'\")",
            'op.execute("DROP VIEW active_users")',
            given=USERS,
        ),
        migration(
            """
            op.execute("SELECT count(*) FROM users")
            op.execute("ALTER TABLE users ADD COLUMN login VARCHAR(40)")
            """,
            'op.drop_column("users", "login")',
            given=USERS,
        ),
    ]

    def check(self, subject: Operation, ctx: Context) -> Iterator[Finding]:
        """Yields a finding for every effect that stays."""
        if ctx.direction != "upgrade" or not by_directive(subject) or ctx.spoken_at(subject):
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
