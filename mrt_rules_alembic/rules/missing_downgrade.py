"""MRT101: there is no downgrade function."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.common import changes_something
from mrt_lint.plugin import EVERYTHING, Context, Finding, Migration, Rule, Severity, migration


class MissingDowngrade(Rule):
    """A migration without a `downgrade` function.

    ## What it does
    Finds migrations that change something in `upgrade` and define no `downgrade` at all.

    ## Why is this bad?
    `alembic downgrade` stops with an AttributeError in the middle of a rollback: the moment at which
    nobody has time to write the missing function.

    ## Example
    ```python
    def upgrade():
        op.add_column("users", sa.Column("nickname", sa.String(40)))
    ```

    ## Use instead
    ```python
    def upgrade():
        op.add_column("users", sa.Column("nickname", sa.String(40)))

    def downgrade():
        op.drop_column("users", "nickname")
    ```
    If it cannot be undone, say so: `raise NotImplementedError("...")` in `downgrade`.
    """

    code = "MRT101"
    name = "missing-downgrade"
    group = "rollback"
    severity = Severity.ERROR
    pattern = "Missing downgrade"
    frameworks = ("alembic",)
    on = (Migration,)

    BAD = [
        migration(
            'op.add_column("users", sa.Column("nickname", sa.String(40)))',
            None,
            given='op.create_table("users", sa.Column("id", sa.Integer, primary_key=True))',
            marks={"revision": "MRT101"},
        ),
        migration('op.execute("CREATE TABLE tags (i int)")  # MRT104', None, marks={"revision": "MRT101"}),
    ]
    GOOD = [
        migration(
            'op.add_column("users", sa.Column("nickname", sa.String(40)))',
            'op.drop_column("users", "nickname")',
            given='op.create_table("users", sa.Column("id", sa.Integer, primary_key=True))',
        ),
        migration("pass", "pass"),
    ]

    def check(self, subject: Migration, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when upgrade has an effect and there is nothing to undo it."""
        if subject.downgrade is not None or subject.merge:
            return
        if changes_something(subject.upgrade or ()):
            yield self.finding(
                subject,
                "there is no downgrade function: a rollback stops here with an error",
                help="write downgrade(), or let it raise NotImplementedError to declare it irreversible",
                subject=EVERYTHING,
            )
