"""MRT102: the downgrade does nothing while the upgrade changes something."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mrt_lint.hazards.common import changes_something
from mrt_lint.hazards.databases import running_on
from mrt_lint.ops import NeverRuns, Refuse, WrongCall
from mrt_lint.plugin import EVERYTHING, Context, Finding, Migration, Rule, Severity, migration
from mrt_lint.replay import Judgement
from mrt_lint.schema.dialects import Dialect
from mrt_lint.verdict import Verdict


class NoopDowngrade(Rule):
    """A downgrade that does nothing.

    ## What it does
    Finds migrations whose `upgrade` changes something while `downgrade` is `pass`, `...`, a docstring,
    a bare return or only statements without effect.

    ## Why is this bad?
    The rollback reports success and moves the version back, but the schema and the data stay as the
    upgrade left them. The next upgrade then fails, or works on what it does not expect.

    ## Example
    ```python
    def upgrade():
        op.create_index("ix_users_email", "users", ["email"])

    def downgrade():
        pass
    ```

    ## Use instead
    ```python
    def downgrade():
        op.drop_index("ix_users_email", table_name="users")
    ```
    If it cannot be undone, say so: `raise NotImplementedError("...")`.
    """

    code = "MRT102"
    name = "noop-downgrade"
    group = "rollback"
    severity = Severity.ERROR
    pattern = "No-op downgrade"
    aliases = ("noop downgrade",)
    frameworks = ("alembic",)
    on = (Migration,)

    BAD = [
        migration(
            'op.create_index("ix_users_email", "users", ["email"])  # MRT407',
            "pass",
            given='op.create_table("users", sa.Column("email", sa.String(80)))',
            marks={"downgrade": "MRT102"},
        ),
        migration(
            'op.execute("CREATE VIEW v AS SELECT 1 AS one")  # MRT104',
            """
            '''Nothing to do.'''
            op.execute("SELECT 1")
            return
            """,
            marks={"downgrade": "MRT102"},
        ),
    ]
    GOOD = [
        migration(
            'op.create_index("ix_users_email", "users", ["email"])',
            'op.drop_index("ix_users_email", table_name="users")',
            given='op.create_table("users", sa.Column("email", sa.String(80)))',
            database="mysql",
        ),
        migration("pass", "pass"),
        migration(
            'op.execute("ANALYZE")',
            "pass",
            database="postgresql",
        ),
    ]

    def check(self, subject: Migration, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when only the upgrade has an effect."""
        if subject.downgrade is None or subject.merge:
            return
        if not changes_something(subject.upgrade or ()) or changes_something(subject.downgrade):
            return
        if any(isinstance(operation, Refuse | WrongCall) for operation in subject.downgrade):
            return
        judgement = ctx.shared.judgements.get(subject.id)
        if judgement is not None and judgement.verdict is Verdict.REVERSIBLE:
            return  # what the upgrade does comes to nothing: a table made and dropped again, a rebuild
        if judgement is not None and judgement.verdict is Verdict.PLAUSIBLE and _has_been_done(judgement):
            return
        never = next((one.message for one in subject.downgrade if isinstance(one, NeverRuns)), None)
        because = "" if never is None else f"{never.partition(':')[0]}, and "
        what = "reports success and leaves everything as upgrade made it"
        told = self.finding(
            subject.downgrade_span,
            f"downgrade does nothing: {because}a rollback {what}",
            help="undo what upgrade does, or raise NotImplementedError to declare that there is no way back",
            subject=EVERYTHING,
        )
        where = _changed(subject, ctx)
        yield told if where == ctx.dialects else replace(told, dialects=where)


def _changed(subject: Migration, ctx: Context) -> tuple[Dialect, ...]:
    """Returns the target databases on which the upgrade may change something; all if it says so of none."""
    changing = [operation for operation in subject.upgrade or () if changes_something([operation])]
    where = {name for operation in changing for name in running_on(operation, ctx.dialects)}
    return tuple(name for name in ctx.dialects if name in where) or ctx.dialects


def _has_been_done(judgement: Judgement) -> bool:
    """Returns whether the upgrade finds that an earlier migration has done all that it is there for."""
    trips = judgement.roundtrips.values()
    return not any(changes_something(step for _, step in trip.upgrade_steps) for trip in trips)
