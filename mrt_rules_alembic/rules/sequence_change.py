"""MRT501: a sequence is changed for good, or created and left behind."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.common import no_way_back
from mrt_lint.hazards.objects import sequence_not_restored
from mrt_lint.ops import AlterSequence, CreateSequence
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration

ORDERS = """
op.create_table("orders", sa.Column("id", sa.Integer, primary_key=True), sa.Column("number", sa.Integer))
op.execute("CREATE SEQUENCE order_numbers")
"""


class SequenceChange(Rule):
    """A sequence that the downgrade does not leave as it was.

    ## What it does
    Finds `ALTER SEQUENCE` and `setval()` on sequences that existed before, unless the round trip proves
    that the options are as they were, and sequences that are created and not dropped again. Where a
    sequence stood is known to no migration, so a new position (`setval`, `RESTART`) always counts.

    ## Why is this bad?
    After the rollback the old code gets numbers that it does not expect: ones that are taken already
    (every INSERT fails until the sequence has passed them), or with another step or limit.

    ## Example
    ```python
    def upgrade():
        op.execute("ALTER SEQUENCE order_numbers INCREMENT BY 10")

    def downgrade():
        pass
    ```

    ## Use instead
    ```python
    def upgrade():
        op.execute("ALTER SEQUENCE order_numbers INCREMENT BY 10")

    def downgrade():
        op.execute("ALTER SEQUENCE order_numbers INCREMENT BY 1")
    ```
    If a new position is what you want and lower numbers are never needed again, suppress this finding
    with the reason.
    """

    code = "MRT501"
    name = "sequence-change"
    group = "rollback"
    severity = Severity.WARNING
    pattern = "SEQUENCE modification"
    frameworks = ("alembic",)
    on = (AlterSequence, CreateSequence)

    BAD = [
        migration(
            'op.execute("ALTER SEQUENCE order_numbers INCREMENT BY 10")  # MRT501',
            "pass",
            given=ORDERS,
            database="postgresql",
            marks={"downgrade": "MRT102"},
        ),
        migration(
            """
            op.execute("SELECT setval('order_numbers', 1000)")  # MRT501
            """,
            """
            op.execute("SELECT setval('order_numbers', 1)")
            """,
            given=ORDERS,
            database="postgresql",
        ),
        migration(
            """
            op.execute("CREATE SEQUENCE invoice_numbers")  # MRT501
            op.add_column("orders", sa.Column("invoice", sa.Integer))
            """,
            'op.drop_column("orders", "invoice")',
            given=ORDERS,
            database="postgresql",
        ),
    ]
    GOOD = [
        migration(
            'op.execute("ALTER SEQUENCE order_numbers INCREMENT BY 10")',
            'op.execute("ALTER SEQUENCE order_numbers INCREMENT BY 1")',
            given=ORDERS,
            database="postgresql",
        ),
        migration(
            """
            op.execute("CREATE SEQUENCE invoice_numbers")
            op.execute("ALTER SEQUENCE invoice_numbers INCREMENT BY 10")
            op.execute("SELECT setval('invoice_numbers', 1000)")
            """,
            'op.execute("DROP SEQUENCE invoice_numbers")',
            given=ORDERS,
            database="postgresql",
        ),
    ]

    def check(self, subject: AlterSequence | CreateSequence, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when the sequence is not what it was, or is still there."""
        if ctx.direction != "upgrade":
            return
        reason = sequence_not_restored(subject, ctx.roundtrip)
        if reason is None:
            return
        message, help = reason.message, f"drop sequence {subject.sequence} in downgrade"
        if isinstance(subject, AlterSequence):
            help = "restore its options in downgrade; where it stood is not known there"
            if reason.field:
                change = f" ({subject.change})" if subject.change else ""
                fate = no_way_back(ctx.roundtrip) or "the downgrade does not restore it"
                message = f"sequence {subject.sequence} is altered{change}; {fate}"
        yield self.finding(subject, message, help=help, subject=reason.aspect)
