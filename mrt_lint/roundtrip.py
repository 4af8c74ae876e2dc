"""RoundTrip: what is left after a migration's upgrade and downgrade, and the verdict on it."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Kind, Name
from mrt_lint.verdict import Verdict

if TYPE_CHECKING:
    from mrt_lint.lowered import Migration
    from mrt_lint.ops.base import Operation
    from mrt_lint.schema.state import Fault, State


class Harm(Enum):
    """The kinds of difference that a round trip can leave."""

    COLUMN_DATA_LOST = "column-data-lost"
    """A column's old contents are gone (dropped and re-added, overwritten, cast lossily)."""
    ROWS_LOST = "rows-lost"
    """Rows are gone (deleted, truncated, table dropped and re-created)."""
    ROWS_LEFT = "rows-left"
    """Rows that the upgrade added are still there."""
    OBJECT_LEFT = "object-left"
    """An object that the upgrade created is still there."""
    OBJECT_LOST = "object-lost"
    """An object that existed before is gone."""
    DEFINITION_CHANGED = "definition-changed"
    """An object is back with another definition."""
    CANNOT_RUN = "cannot-run"
    """The downgrade acts on what is not there, or would fail on existing rows."""
    NEW_ROWS = "new-rows"
    """The downgrade tightens again what the upgrade relaxed."""
    DECLARED = "declared"
    """The downgrade raises on purpose."""
    NOT_UNDERSTOOD = "not-understood"
    """Part of the migration is opaque, so nothing can be said."""
    UNPROVEN = "unproven"
    """A reverse exists; whether it restores the data cannot be proven."""

    @property
    def verdict(self) -> Verdict:
        """Returns the verdict that this harm gives."""
        return _VERDICTS[self]


_VERDICTS = {
    Harm.COLUMN_DATA_LOST: Verdict.LOSSY,
    Harm.ROWS_LOST: Verdict.LOSSY,
    Harm.ROWS_LEFT: Verdict.LOSSY,
    Harm.OBJECT_LEFT: Verdict.BROKEN,
    Harm.OBJECT_LOST: Verdict.BROKEN,
    Harm.DEFINITION_CHANGED: Verdict.BROKEN,
    Harm.CANNOT_RUN: Verdict.BROKEN,
    Harm.NEW_ROWS: Verdict.FRAGILE,
    Harm.DECLARED: Verdict.IRREVERSIBLE,
    Harm.NOT_UNDERSTOOD: Verdict.UNKNOWN,
    Harm.UNPROVEN: Verdict.PLAUSIBLE,
}


HELPER = "helper index"
"""`Reason.field` of a doubt about an index that MySQL makes and keeps for itself."""

GIVEN_NAME = "name given by the database"
"""`Reason.field` where a name that a database gives by itself differs from one that the code gives."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One difference. `kind`: what it is about ("table", "column", "index", ...).

    `table` and `part`: the object (`part` a column, index or constraint of the table).
    `message` a sentence in the user's names. `cause`: the upgrade's operation that began it;
    `reverse`: the downgrade's that should have undone it. `field`: which part of a definition.
    `condition`: the key of a condition known only at run time on which it hangs whether it is so.
    """

    harm: Harm
    kind: Kind | str
    table: Name | None
    part: str | None
    message: str
    cause: Operation | None = None
    reverse: Operation | None = None
    field: str = ""
    condition: str = ""

    @property
    def subject(self) -> str:
        """Returns the object in words: `users.phone`, `users`, ..."""
        if self.table is None:
            return self.part or ""
        return f"{self.table}.{self.part}" if self.part else str(self.table)

    @property
    def aspect(self) -> str:
        """Returns what of the object is harmed: one field of its definition, its rows, or all of it.

        The subject of a finding that speaks of no more than that: `users.phone:nullable` says nothing
        of what the column holds, `rows of users` nothing of the table's columns.
        """
        if self.harm is Harm.DEFINITION_CHANGED:
            return f"{self.subject}:{self.field}"
        if self.harm in (Harm.ROWS_LOST, Harm.ROWS_LEFT):
            return f"rows of {self.subject}"
        return self.subject


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """One migration's round trip on one target database.

    `before`, `between`, `after`: the State before the upgrade, after it, after the downgrade.
    `upgrade_steps` / `downgrade_steps`: (state before the operation, operation) as really applied,
    in order; skipped branches are left out.
    """

    migration: Migration
    dialect: Dialect
    verdict: Verdict
    reasons: tuple[Reason, ...]
    before: State
    between: State
    after: State
    upgrade_steps: tuple[tuple[State, Operation], ...] = ()
    downgrade_steps: tuple[tuple[State, Operation], ...] = ()
    upgrade_faults: tuple[Fault, ...] = ()
    downgrade_faults: tuple[Fault, ...] = ()
