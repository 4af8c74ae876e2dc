"""Report: everything that a run found, as plain values; rendering and exit code follow from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from mrt_lint.classes import dataclass
from mrt_lint.lint.finding import Finding, Severity
from mrt_lint.lint.subjects import Crash
from mrt_lint.lowered import Suppression
from mrt_lint.ops.span import Span
from mrt_lint.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that a rollback does not bring back; `column` None: it is about the whole table."""

    table: str
    column: str | None
    reason: str
    line: int


@dataclass(frozen=True, slots=True)
class Doubt:
    """One place that could not be analysed."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class MigrationReport:
    """The verdict on one migration. `reasons`: why, in one sentence each; empty when reversible.

    `excused`: why its verdict does not fail the run whatever it is (skipped, in the baseline).
    """

    revision: str
    path: str
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    losses: tuple[Loss, ...] = ()
    unknown: tuple[Doubt, ...] = ()
    title: str = ""
    excused: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A finding on a revision that the configuration skips, and the reason given there."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that a comment in the file took back."""

    finding: Finding
    suppression: Suppression


@dataclass(frozen=True, slots=True)
class Record:
    """A baseline to be written: where, the path as shown, the text, and how many findings it holds."""

    path: Path
    shown: str
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Report:
    """The result of one run.

    `findings` sorted; `migrations` in the order of the history. `files`: how many files were reported on.
    `targets`: the databases replayed, over all projects; `guessed`: those of projects whose database
    is not known, where each counts. `texts`: the lines of files with findings, by path, for code
    frames. `baselined`: how many findings the baseline holds and `findings` not. `notes`: what else
    the user must know, a sentence each. `checked_at`: ISO 8601 in UTC. `crashes`: with their
    tracebacks, for `--debug`. `fail_on`: verdicts that fail the run too. `record`: the baseline to be
    written, if that was asked for.
    """

    version: str
    checked_at: str
    findings: tuple[Finding, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    baselined: int = 0
    migrations: tuple[MigrationReport, ...] = ()
    files: int = 0
    targets: tuple[str, ...] = ()
    guessed: tuple[str, ...] = ()
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    urls: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    crashes: tuple[Crash, ...] = ()
    strict: bool = False
    fail_on: frozenset[Verdict] = frozenset()
    record: Record | None = None

    def count(self, severity: Severity) -> int:
        """Returns the number of findings of a severity."""
        return sum(finding.severity is severity for finding in self.findings)

    @property
    def verdicts(self) -> dict[Verdict, int]:
        """Returns how many migrations have each verdict, worst first, without zeros."""
        counted = Counter(migration.verdict for migration in self.migrations)
        return {verdict: counted[verdict] for verdict in Verdict if counted[verdict]}

    @property
    def fails(self) -> bool:
        """Returns whether there is an error, with `strict` a warning, or a verdict to fail on."""
        warned = self.strict and self.count(Severity.WARNING)
        return bool(self.count(Severity.ERROR) or warned or self.condemned)

    @property
    def condemned(self) -> tuple[MigrationReport, ...]:
        """Returns the migrations whose verdict fails the run."""
        return tuple(each for each in self.migrations if each.verdict in self.fail_on and not each.excused)

    @property
    def exit_code(self) -> int:
        """Returns 1 if the run fails, else 0; a run that is itself wrong never comes to a Report."""
        return int(self.fails)

    def frame(self, finding: Finding, context: int = 1) -> list[tuple[int, str]]:
        """Returns the numbered source lines of a finding and `context` lines around; none if not known."""
        lines = self.texts.get(finding.path, ())
        span: Span = finding.span
        first, last = max(1, span.line - context), min(len(lines), span.end_line + context)
        return [(number, lines[number - 1]) for number in range(first, last + 1)]
