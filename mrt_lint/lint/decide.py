"""Decides what becomes of the findings of one project, one small step after the other.

Each finding goes down the same chain and leaves it at the first step that takes it out: merged over
databases, given its severity, not in question here (paths, `--since`, `min-revision`), of a rule that does
not apply to its file, taken back by a comment, on a skipped revision. What is left is kept. The baseline
comes later (`mrt_lint.lint.baseline`): it counts over all projects.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import field
from functools import cache
from pathlib import Path

from mrt_lint.classes import dataclass
from mrt_lint.lint.dispatch import Found, merged
from mrt_lint.lint.files import Files
from mrt_lint.lint.finding import Finding
from mrt_lint.lint.narrow import Narrowed
from mrt_lint.lint.policy import Policy
from mrt_lint.lint.scope import Scope
from mrt_lint.lint.subjects import Crash, UnusedSuppression
from mrt_lint.lint.suppress import decide, lines_of, unused
from mrt_lint.lowered import Lowered, Suppression


@dataclass(slots=True)
class Desk:
    """Decides the findings of one project.

    Suppressions are looked at twice: once for all findings, and once for the findings about
    suppressions that did nothing, which only a comment that names their code takes back.
    """

    policy: Policy
    scope: Scope
    files: Files
    lowered: Sequence[Lowered]
    narrowed: Narrowed
    kept: list[Finding] = field(default_factory=list)
    suppressed: list[tuple[Finding, Suppression]] = field(default_factory=list)
    skipped: list[tuple[Finding, str]] = field(default_factory=list)
    _used: dict[str, list[set[str]]] = field(default_factory=dict)
    _files: dict[str, Lowered] = field(init=False)

    def __post_init__(self) -> None:
        """Sorts the files by path."""
        self._files = {each.path: each for each in self.lowered}

    def take(self, found: Iterable[Found]) -> None:
        """Decides these findings."""
        for path, findings in self._in_question(found).items():
            used = self._uncommented(path, findings, self._comments(path))
            before = self._used.setdefault(path, [set() for _ in used])
            for sofar, now in zip(before, used, strict=True):
                sofar |= now

    def unused(self, crashes: Iterable[Crash]) -> list[UnusedSuppression]:
        """Returns the suppressions in reported files that did nothing for the findings taken so far.

        A rule that crashed on a file says nothing about the suppressions of its code there.
        """
        crashed = {(crash.path, crash.rule) for crash in crashes}
        subjects: list[UnusedSuppression] = []
        about = {rule.code for rule in self.policy.rules if UnusedSuppression in rule.on}
        for lowered in self.lowered:
            if lowered.path not in self.narrowed.reported or not lowered.suppressions:
                continue
            applying = self._applying(lowered.path)
            applying -= {code for code in applying if (lowered.path, code) in crashed}
            subjects += unused(
                lowered.path,
                lowered.suppressions,
                self._used.get(lowered.path, [set() for _ in lowered.suppressions]),
                known=self.policy.known,
                judged=applying - about if lowered.problem is None else (),
                all_judged=self.policy.default <= applying and lowered.problem is None,
            )
        return subjects

    def take_unused(self, found: Iterable[Found]) -> None:
        """Decides the findings about suppressions that did nothing."""
        for path, findings in self._in_question(found).items():
            self._uncommented(path, findings, [each for each in self._comments(path) if each.codes])

    def _in_question(self, found: Iterable[Found]) -> dict[str, list[Finding]]:
        """Returns the graded findings that this run is about and whose rules apply, by file."""
        by_path: dict[str, list[Finding]] = {}
        for finding in self.policy.graded(merged(found)):
            code = self.policy.code(finding)
            if self._concerns(finding, code) and code in self._applying(finding.path):
                by_path.setdefault(finding.path, []).append(finding)
        return by_path

    def _concerns(self, finding: Finding, code: str) -> bool:
        """Returns whether the run is about a finding: about its file, or another that it is about.

        What stands in no file of the project (in alembic.ini) concerns every run.
        """
        if finding.path not in self._files:
            return True
        if code in self.policy.historic:
            return not self.narrowed.shown.isdisjoint((finding.path, *finding.related))
        return not self.narrowed.reported.isdisjoint((finding.path, *finding.related))

    def _uncommented(
        self, path: str, findings: Iterable[Finding], comments: Sequence[Suppression]
    ) -> list[set[str]]:
        """Sets aside what comments take back, passes the rest on; returns what each comment was good for."""
        decision = decide(findings, comments, self._lines(path))
        self.suppressed += decision.suppressed
        self._unskipped(path, decision.kept)
        return decision.used

    def _unskipped(self, path: str, findings: Iterable[Finding]) -> None:
        """Sets aside what stands on a skipped revision and keeps the rest."""
        reason = self.narrowed.skipped.get(path)
        if reason is None:
            self.kept += findings
        else:
            self.skipped += [(finding, reason) for finding in findings]

    def _applying(self, path: str) -> frozenset[str]:
        return self.policy.applying(self.scope.relative(Path(path)))

    def _comments(self, path: str) -> tuple[Suppression, ...]:
        return self._files[path].suppressions if path in self._files else ()

    def _lines(self, path: str) -> Callable[[Finding], Collection[int]]:
        tree = cache(lambda: self.files.tree(path))
        return lambda finding: lines_of(finding, tree)
