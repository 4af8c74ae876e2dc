"""MRT902: a file of a history that cannot be read as a migration."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.plugin import Context, Finding, Lowered, Rule, Severity, Step, history, migration, raw

_HELP = "mend the file: neither the runner nor this check can read it, so its migration counts as missing"


class UnparsableMigration(Rule):
    """A migration file that cannot be read.

    ## What it does
    Reports files of a migration history that are no valid Python, cannot be decoded, are nested beyond
    any sense, or that Alembic cannot load because they say no `revision`.

    ## Why is this bad?
    Nothing in the file can be checked, and every command of the framework that loads the history fails.

    ## Example
    ```python
    def upgrade(:
        op.add_column("users", sa.Column("nickname", sa.String(40)))
    ```

    ## Use instead
    ```python
    def upgrade():
        op.add_column("users", sa.Column("nickname", sa.String(40)))
    ```
    """

    code = "MRT902"
    name = "unparsable-migration"
    group = "hygiene"
    severity = Severity.ERROR
    pattern = "Syntax error"
    on = (Lowered,)
    always = True

    BAD = [
        history(
            Step(),
            raw(
                "0002.py",
                """
                revision = "0002"
                down_revision = "0001"


                def upgrade(:  # MRT902
                    pass
                """,
            ),
            shown=1,
        )
    ]
    GOOD = [migration("pass", "pass")]

    def check(self, subject: Lowered, ctx: Context) -> Iterator[Finding]:
        """Yields the reason why the file gave no migration."""
        if subject.problem is not None:
            yield self.finding(subject, subject.problem.message, help=subject.problem.help or _HELP)
