"""Dispatch: one table from the type of a subject to the rules that want to see it."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field, replace
from typing import Any

from mrt_lint.classes import dataclass
from mrt_lint.errors import SourceError
from mrt_lint.lint.context import Context
from mrt_lint.lint.finding import Finding
from mrt_lint.lint.plugins import one_line
from mrt_lint.lint.rule import Rule
from mrt_lint.lint.subjects import Crash
from mrt_lint.ops.base import Operation
from mrt_lint.ops.span import NOWHERE
from mrt_lint.schema.dialects import DIALECTS, Dialect


@dataclass(slots=True)
class Table:
    """Rules by the type of their subjects; subclasses count. Rules keep their order."""

    rules: Sequence[Rule]
    nodes: dict[str, tuple[Rule, ...]] = field(init=False)
    types: dict[type, tuple[Rule, ...]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Sorts out the rules that ask for CST nodes."""
        names = sorted({name for rule in self.rules for name in rule.on if isinstance(name, str)})
        self.nodes = {name: tuple(rule for rule in self.rules if name in rule.on) for name in names}

    def of(self, subject: object) -> tuple[Rule, ...]:
        """Returns the rules that see this subject."""
        kind = type(subject)
        if kind not in self.types:
            self.types[kind] = tuple(
                rule
                for rule in self.rules
                if any(isinstance(wanted, type) and issubclass(kind, wanted) for wanted in rule.on)
            )
        return self.types[kind]


@dataclass(frozen=True, slots=True)
class Found:
    """A finding, the database it was found for, and those for which it could have been found.

    `dialect` None: it does not hang on the database.
    """

    finding: Finding
    dialect: Dialect | None = None
    among: tuple[Dialect, ...] = ()


@dataclass(slots=True)
class Runner:
    """Runs rules on subjects; what they raise becomes a Crash, once per rule and file."""

    crashes: list[Crash] = field(default_factory=list)
    _broken: set[tuple[str, str]] = field(default_factory=set)

    def run(
        self, rules: Iterable[Rule], subject: Any, context: Context, among: tuple[Dialect, ...] = ()
    ) -> Iterator[Found]:
        """Yields what the rules find. `context.rule` is set for each in turn."""
        for rule in rules:
            if (rule.code, context.path) in self._broken:
                continue
            if rule.frameworks and context.project.framework not in rule.frameworks:
                continue
            context.rule = rule
            try:
                found = [self._completed(finding, context) for finding in rule.check(subject, context)]
            except Exception as error:
                if isinstance(subject, Crash):
                    raise
                if isinstance(error, SourceError) and context.lowered and context.lowered.problem:
                    continue  # a rule asked for the syntax of a file that has none, as MRT902 says
                self._broken.add((rule.code, context.path))
                self.note(_crash(rule, subject, context, error))
                continue
            for finding in found:
                context.shared.spoken.add(rule, finding, context.dialect)
                yield Found(finding, context.dialect, among)

    def note(self, crash: Crash) -> None:
        """Keeps a crash, each once."""
        if crash not in self.crashes:
            self.crashes.append(crash)

    def _completed(self, finding: Finding, context: Context) -> Finding:
        if not isinstance(finding, Finding):
            raise TypeError(f"check() yielded {finding!r}, which is not a finding")
        if not finding.path:
            finding = replace(finding, path=context.path)
        if not finding.revision and context.of is not None and finding.path == context.of.path:
            finding = replace(finding, revision=context.of.id)
        return finding


def _crash(rule: Rule, subject: object, context: Context, error: Exception) -> Crash:
    migration = context.of
    if isinstance(subject, Operation):
        span = subject.span
    else:
        span = migration.identity if migration is not None else NOWHERE
    return Crash(
        path=context.path,
        what=f"rule {rule.code} ({rule.name})",
        rule=rule.code,
        error=one_line(error),
        span=span,
        revision=migration.id if migration is not None else "",
        traceback="".join(traceback.format_exception(error)),
    )


def merged(found: Iterable[Found]) -> list[Finding]:
    """Returns the findings sorted and without repeats, with the databases they hold for.

    What a rule finds at one place about one subject is one finding, in the words of the first
    database (types have other names elsewhere). `dialects` stays empty when a finding holds for all
    databases for which it could have been found.
    """
    told: dict[Finding, tuple[set[Dialect], set[Dialect]]] = {}
    for each in found:
        where, among = told.setdefault(each.finding, (set(), set()))
        where.update(each.among if each.dialect is None else {each.dialect})
        among.update(each.among)
    alike: dict[object, list[tuple[Finding, set[Dialect], set[Dialect]]]] = {}
    for finding, (where, among) in told.items():
        harm = (finding.rule, finding.path, finding.span, finding.subject.casefold())
        alike.setdefault(harm if finding.subject else finding, []).append((finding, where, among))
    findings = [each for same in alike.values() for each in _told_once(same)]
    return sorted(findings, key=lambda finding: finding.sort_key)


def _told_once(same: list[tuple[Finding, set[Dialect], set[Dialect]]]) -> Iterator[Finding]:
    """Yields findings about one harm, joined where each is of other databases than the rest."""
    joined: list[tuple[Finding, set[Dialect], set[Dialect]]] = []
    for finding, where, among in sorted(same, key=lambda item: _order(item[1])):
        twin = next((known for known in joined if where and known[1] and not known[1] & where), None)
        if twin is None:
            joined.append((finding, set(where), set(among)))
            continue
        first, there, possible = twin
        severity = min(first.severity, finding.severity, key=lambda severity: severity.rank)
        joined[joined.index(twin)] = (replace(first, severity=severity), there | where, possible | among)
    for finding, where, among in joined:
        named = tuple(name for name in DIALECTS if name in where)
        yield finding if where >= among else replace(finding, dialects=named)


def _order(where: set[Dialect]) -> int:
    return min((DIALECTS.index(name) for name in where), default=len(DIALECTS))
