"""MRT907: a parent or dependency names no known migration."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.errors import nearest
from mrt_lint.history import History
from mrt_lint.plugin import Context, Finding, Rule, Severity, Step, history


class UnknownParent(Rule):
    """A parent that does not exist.

    ## What it does
    Finds `down_revision` and `depends_on` that name no migration of the history. In a folder that no
    env.py runs, a dependency may be on another package's migration: that is said as information.

    ## Why is this bad?
    The framework cannot load the history at all: every command fails.

    ## Example
    ```python
    revision = "b1"
    down_revision = "a1"   # the file of a1 was deleted
    ```

    ## Use instead
    Restore the missing migration, or name the one that this builds on now.
    """

    code = "MRT907"
    name = "unknown-parent"
    group = "history"
    severity = Severity.ERROR
    on = (History,)

    BAD = [
        history(
            Step(),
            Step(revision="b1", parents='"a1"', marks=(("down_revision", "MRT907"),)),
            shown=1,
        ),
    ]
    GOOD = [
        history(Step(), Step()),
    ]

    def check(self, subject: History, ctx: Context) -> Iterator[Finding]:
        """Yields a finding for every reference to nothing, once there is a history to refer to."""
        if len(subject.migrations) < 2:
            return
        for migration, name in subject.unknown_parents:
            yield self.finding(
                migration.parents_span,
                f"{migration.id} builds on {name!r}, which no migration has as its id"
                f"{nearest(name, subject.by_id)}",
                help="restore the missing migration, or name the one that this builds on",
                migration=migration,
            )
        for migration, name in subject.left_to_others:
            yield self.finding(
                migration.parents_span,
                f"{migration.id} depends on {name!r}, which no migration here has as its id: it cannot run "
                f"unless another package brings it{nearest(name, subject.by_id)}",
                help="check the packages' migrations together, where an env.py runs them",
                severity=Severity.INFO,
                migration=migration,
            )
