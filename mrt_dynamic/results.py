"""What a verification finds, as plain values: one result for each revision, and the whole run."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from mrt_lint.verdict import Verdict


class Kind(Enum):
    """What is wrong with a revision; the values are part of the JSON contract."""

    SCHEMA_MISSING = "schema-missing"
    """An object that was there before the upgrade is gone after the downgrade."""
    SCHEMA_EXTRA = "schema-extra"
    """An object that the upgrade made is still there after the downgrade."""
    SCHEMA_CHANGED = "schema-changed"
    """An object came back with another definition."""
    ROWS_LOST = "rows-lost"
    """Rows that were there before the upgrade are gone."""
    ROWS_CHANGED = "rows-changed"
    """Rows came back with other values."""
    ROWS_EXTRA = "rows-extra"
    """Rows that the upgrade wrote are still there."""
    DOWNGRADE_FAILED = "downgrade-failed"
    """The downgrade raised, or was refused by the database."""
    UPGRADE_FAILED = "upgrade-failed"
    """The upgrade raised; nothing could be verified."""
    REUPGRADE_FAILED = "reupgrade-failed"
    """The upgrade fails, or makes another schema, the second time."""
    POST_UPGRADE_ROWS = "post-upgrade-rows"
    """The downgrade fails on rows that only the new schema allows."""
    TIMEOUT = "timeout"
    """A step did not end in time and was cancelled."""
    UNSEEDED = "unseeded"
    """A table that the revision touches could not be filled or compared."""

    @property
    def verdict(self) -> Verdict:
        """Returns the verdict that a failure of this kind gives."""
        return _VERDICTS[self]


_VERDICTS = {
    Kind.SCHEMA_MISSING: Verdict.BROKEN,
    Kind.SCHEMA_EXTRA: Verdict.BROKEN,
    Kind.SCHEMA_CHANGED: Verdict.BROKEN,
    Kind.ROWS_LOST: Verdict.LOSSY,
    Kind.ROWS_CHANGED: Verdict.LOSSY,
    Kind.ROWS_EXTRA: Verdict.LOSSY,
    Kind.DOWNGRADE_FAILED: Verdict.BROKEN,
    Kind.UPGRADE_FAILED: Verdict.BROKEN,
    Kind.REUPGRADE_FAILED: Verdict.BROKEN,
    Kind.POST_UPGRADE_ROWS: Verdict.FRAGILE,
    Kind.TIMEOUT: Verdict.TIMEOUT,
    Kind.UNSEEDED: Verdict.UNVERIFIED,
}


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that is wrong. `table` and `column` as the database spells them, None when it has none.

    `message`: what happened, in the user's own names. `help`: what to do about it. `line`: the line of
    the migration at which a step raised, None where none did.
    """

    kind: Kind
    message: str
    table: str | None = None
    column: str | None = None
    help: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Unseeded:
    """A table that could not be filled: why, and a custom seed to paste (TOML)."""

    table: str
    reason: str
    seed: str = ""


@dataclass(frozen=True, slots=True)
class Seeding:
    """How far the tables were filled when a revision was tested. `tables`: how many there were."""

    tables: int = 0
    seeded: int = 0
    unseeded: tuple[Unseeded, ...] = ()


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of one revision. `duration`: seconds. `rows_verified`: rows compared after the downgrade.

    `verdict` None: it was not tested (`skip_reason` says why). `passed`: whether it lets the run pass.
    `notes`: what the user should know though it is no failure.
    """

    revision: str
    file: str
    verdict: Verdict | None
    passed: bool
    failures: tuple[Failure, ...] = ()
    seeding: Seeding = Seeding()
    rows_verified: int = 0
    duration: float = 0.0
    skip_reason: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def skipped(self) -> bool:
        """Returns whether it was left out on request."""
        return self.verdict is None


@dataclass(frozen=True, slots=True)
class Verification:
    """A whole run. `database`: product and version (`PostgreSQL 15.9`). `notes`: sentences for the user."""

    database: str
    revisions: tuple[Verified, ...]
    duration: float
    notes: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Returns whether no revision fails the run."""
        return all(revision.passed for revision in self.revisions)
