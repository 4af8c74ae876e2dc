"""ACM002: a migration that waits. A rule on syntax-tree nodes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mrt_lint.plugin import Context, Finding, Rule, Severity, migration

if TYPE_CHECKING:
    import libcst


class SleepInMigration(Rule):
    """A migration sleeps while it holds its locks.

    ## What it does

    Finds calls of `time.sleep`, under whatever name it was imported.

    ## Why is this bad?

    The transaction is open all the while, and so are the locks of everything that ran before.

    ## Example

    ```python
    import time

    def upgrade():
        op.add_column("orders", sa.Column("note", sa.Text))
        time.sleep(5)
    ```

    ## Use instead

    Two migrations, or a deployment step that waits outside of any transaction.
    """

    code = "ACM002"
    name = "sleep-in-migration"
    group = "acme"
    severity = Severity.WARNING
    on = ("Call",)

    BAD = [
        migration(
            'op.create_table("a", sa.Column("id", sa.Integer))\npause(5)  # ACM002',
            'op.drop_table("a")',
            imports="from time import sleep as pause",
        ),
    ]
    GOOD = [
        migration(
            'op.create_table("a", sa.Column("id", sa.Integer))',
            'op.drop_table("a")',
            imports="from time import sleep",
        ),
    ]

    def check(self, node: libcst.Call, ctx: Context) -> Iterator[Finding]:
        if ctx.resolve(node.func) == "time.sleep":
            yield self.finding(ctx.span(node), "the migration sleeps while its transaction is open")
