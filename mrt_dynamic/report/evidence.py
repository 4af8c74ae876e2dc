"""What the static half knows of revisions that fail: findings that foretold it, operations, their source."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from mrt_dynamic.results import Failure, Kind, Verified

if TYPE_CHECKING:
    from mrt_lint.lint.migration_file import RiskWarning

_MOST: Final = 3
"""Operations that are shown with one failure."""

_STEPS: Final = {
    Kind.DOWNGRADE_FAILED: "downgrade",
    Kind.UPGRADE_FAILED: "upgrade",
    Kind.REUPGRADE_FAILED: "upgrade",
}
"""The function in which a step of this kind fails."""


@dataclass(frozen=True, slots=True)
class Place:
    """One step of a migration. `direction`: upgrade or downgrade; `text`: its source on one line.

    `words`: what it does, empty where that is not known. `names`: what it names, in lower case.
    """

    direction: str
    line: int
    text: str = ""
    words: str = ""
    names: frozenset[str] = frozenset()

    def __str__(self) -> str:
        where = f"{self.direction}, line {self.line}"
        return f"{where}: {self.text}" if self.text else where


@dataclass(frozen=True, slots=True)
class Evidence:
    """All of it by revision. `places`: the operations in order of execution; `lines`: the whole file."""

    predicted: Mapping[str, Sequence[RiskWarning]] = field(default_factory=dict)
    places: Mapping[str, Sequence[Place]] = field(default_factory=dict)
    lines: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def source(self, revision: str, line: int | None) -> str:
        """Returns a line of a migration without what stands around it, empty if it is not known."""
        lines = self.lines.get(revision, ())
        return lines[line - 1].strip() if line is not None and 0 < line <= len(lines) else ""

    def unshown(self, tested: Verified, line: int | None) -> str:
        """Returns a line of a migration, empty if it stands with one of the failures anyway."""
        places = (place for failure in tested.failures for place in self.of(tested.revision, failure))
        return "" if any(place.line == line for place in places) else self.source(tested.revision, line)

    def of(self, revision: str, failure: Failure) -> tuple[Place, ...]:
        """Returns the operations that a failure is about: those that name the most of what it names.

        A step that raised is about the line at which it did; empty if nothing fits.
        """
        if failure.line is not None:
            step = _STEPS.get(failure.kind, "")
            return (Place(step, failure.line, self.source(revision, failure.line)),) if step else ()
        said = _names(failure)
        table = failure.table.lower() if failure.table else None
        fitting = [
            (len(each.names & said), each)
            for each in self.places.get(revision, ())
            if table is None or table in each.names or table.rpartition(".")[2] in each.names
        ]
        best = max((score for score, _ in fitting), default=0)
        found = dict.fromkeys(each for score, each in fitting if score == best and score)
        return tuple(found)[:_MOST]


def _names(failure: Failure) -> frozenset[str]:
    """Returns the names in a failure, in lower case: of its column, else of what its message speaks of."""
    table = {failure.table.lower()} if failure.table else set()
    if failure.column:
        return frozenset({*table, failure.column.lower()})
    words = set(re.findall(r"\w+", failure.message.partition(" (")[0].lower()))
    return frozenset(table | words - _PLAIN)


_PLAIN: Final = frozenset(
    re.findall(
        r"\w+",
        "a after all and before came column constraint downgrade foreign function gone had has index is key"
        " name no not null of on only primary row rows sequence still table the there trigger type unique"
        " upgrade value values view was were which with",
    )
)
"""Words of messages that are columns of many tables as well."""


NOTHING: Final = Evidence()
"""What is known where the static half has not looked."""
