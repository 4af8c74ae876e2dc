"""MRT901: the history has more than one head."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mrt_lint.history import History
from mrt_lint.lowered import Migration
from mrt_lint.plugin import Context, Finding, Rule, Severity, Step, history


class MultipleHeads(Rule):
    """More than one head.

    ## What it does
    Finds histories in which several migrations are the last of their line. Branch points that are merged
    later are fine; so are lines that carry branch labels or version locations of their own.

    ## Why is this bad?
    `alembic upgrade head` refuses to run, usually at deployment, since each of two merged branches was
    right by itself.

    ## Example
    Two migrations with the same `down_revision`, merged from two feature branches on the same day.

    ## Use instead
    ```
    alembic merge heads -m "merge heads"
    ```
    or change the `down_revision` of the later one, if it has not been deployed yet.
    """

    code = "MRT901"
    name = "multiple-heads"
    group = "history"
    severity = Severity.ERROR
    pattern = "Multiple heads"
    on = (History,)

    BAD = [
        history(
            Step(),
            Step(revision="a1", parents='"0001"', marks=(("revision", "MRT901"),)),
            Step(revision="b1", parents='"0001"', marks=(("revision", "MRT901"),)),
            shown=2,
        ),
    ]
    GOOD = [
        history(
            Step(), Step(revision="a1"), Step(revision="b1", parents='"0001"'), Step(parents='("a1", "b1")')
        ),
    ]

    def check(self, subject: History, ctx: Context) -> Iterator[Finding]:
        """Yields a finding at each head of a line that has several."""
        lines: dict[tuple[frozenset[str], str], list[Migration]] = {}
        # What hangs on an unknown parent or a cycle is no line of this history (MRT904, 907, 908).
        broken = {m.id for m, _ in subject.unknown_parents} | {
            m.id for group in subject.orphans for m in group
        }
        broken |= {m.id for group in subject.cycles for m in group}
        locations = {place.absolute() for place in subject.project.locations}
        for head in subject.heads:
            if head.id in broken:
                continue
            lines.setdefault((subject.labels_of(head), _location(head, locations)), []).append(head)
        for heads in lines.values():
            if len(heads) < 2:
                continue
            names = ", ".join(head.id for head in heads)
            for head in heads:
                yield self.finding(
                    head,
                    f"{head.id} is one of {len(heads)} heads: {names}",
                    help="join them with a merge migration, or give the later one the other as its parent",
                    related=heads,
                )


def _location(migration: Migration, locations: set[Path]) -> str:
    """Returns the version location that a migration lies in, when the project has several."""
    if len(locations) < 2:
        return ""
    return next(
        (str(folder) for folder in Path(migration.path).absolute().parents if folder in locations), ""
    )
