"""Decides what becomes of the findings: not selected, suppressed, or reported with which severity."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from mrt_lint.lint.dispatch import Found, merged
from mrt_lint.lint.files import Files
from mrt_lint.lint.finding import Finding
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
    shown: Collection[str]
    kept: list[Finding] = field(default_factory=list)
    suppressed: list[tuple[Finding, Suppression]] = field(default_factory=list)
    _used: dict[str, list[set[str]]] = field(default_factory=dict)
    _files: dict[str, Lowered] = field(init=False)

    def __post_init__(self) -> None:
        """Sorts the files by path."""
        self._files = {each.path: each for each in self.lowered}

    def take(self, found: Iterable[Found]) -> None:
        """Decides these findings."""
        for path, findings in self._by_path(found).items():
            decision = decide(findings, self._comments(path), self._lines(path))
            self.kept += decision.kept
            self.suppressed += decision.suppressed
            used = self._used.setdefault(path, [set() for _ in decision.used])
            for before, now in zip(used, decision.used, strict=True):
                before |= now

    def unused(self, crashes: Iterable[Crash]) -> list[UnusedSuppression]:
        """Returns the suppressions in shown files that did nothing for the findings taken so far.

        A rule that crashed on a file says nothing about the suppressions of its code there.
        """
        crashed = {(crash.path, crash.rule) for crash in crashes}
        subjects: list[UnusedSuppression] = []
        about = {rule.code for rule in self.policy.rules if UnusedSuppression in rule.on}
        for lowered in self.lowered:
            if lowered.path not in self.shown or not lowered.suppressions:
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
        for path, findings in self._by_path(found).items():
            named = [each for each in self._comments(path) if each.codes]
            decision = decide(findings, named, self._lines(path))
            self.kept += decision.kept
            self.suppressed += decision.suppressed

    def _by_path(self, found: Iterable[Found]) -> dict[str, list[Finding]]:
        by_path: dict[str, list[Finding]] = {}
        for finding in self.policy.graded(merged(found)):
            reported = finding.path in self.shown or any(path in self.shown for path in finding.related)
            if (reported or finding.path not in self._files) and finding.rule in self._applying(finding.path):
                by_path.setdefault(finding.path, []).append(finding)
        return by_path

    def _applying(self, path: str) -> frozenset[str]:
        return self.policy.applying(self.scope.relative(Path(path)))

    def _comments(self, path: str) -> tuple[Suppression, ...]:
        return self._files[path].suppressions if path in self._files else ()

    def _lines(self, path: str) -> Callable[[Finding], Collection[int]]:
        tree = cache(lambda: self.files.tree(path))
        return lambda finding: lines_of(finding, tree)
