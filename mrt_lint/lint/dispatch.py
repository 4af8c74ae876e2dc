"""Dispatch: one table from the type of a subject to the rules that want to see it."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from mrt_lint.lint.context import Context
from mrt_lint.lint.finding import Finding
from mrt_lint.lint.plugins import one_line
from mrt_lint.lint.rule import Rule
from mrt_lint.lint.subjects import Crash
from mrt_lint.ops.base import Operation
from mrt_lint.ops.span import NOWHERE


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


@dataclass(slots=True)
class Found:
    """A finding with the database that it was found for, None: for all."""

    rule: Rule
    finding: Finding
    dialect: str | None


@dataclass(slots=True)
class Runner:
    """Runs rules on subjects; what they raise becomes a Crash, once per rule and file."""

    crashes: list[Crash] = field(default_factory=list)
    _broken: set[tuple[str, str]] = field(default_factory=set)

    def run(self, rules: Iterable[Rule], subject: Any, context: Context) -> Iterator[Found]:
        """Yields what the rules find. `context.rule` is set for each in turn."""
        for rule in rules:
            if (rule.code, context.path) in self._broken:
                continue
            context.rule = rule
            try:
                found = [self._completed(finding, context) for finding in rule.check(subject, context)]
            except Exception as error:  # noqa: BLE001 - one rule's crash must not end the run
                self._broken.add((rule.code, context.path))
                self.crashes.append(_crash(rule, subject, context, error))
                continue
            for finding in found:
                context.shared.spoken.add(rule, finding, context.dialect)
                yield Found(rule, finding, context.dialect)

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
        error=one_line(error),
        span=span,
        revision=migration.id if migration is not None else "",
        traceback="".join(traceback.format_exception(error)),
    )


def merged(found: Iterable[Found], replayed: Sequence[str]) -> list[Finding]:
    """Returns the findings without repeats; `dialects` set where not every replayed database has it."""
    by_finding: dict[Finding, set[str | None]] = {}
    for each in found:
        by_finding.setdefault(each.finding, set()).add(each.dialect)
    return sorted(
        (
            finding
            if None in where or where >= set(replayed)
            else replace(finding, dialects=tuple(name for name in replayed if name in where))
            for finding, where in by_finding.items()
        ),
        key=lambda finding: finding.sort_key,
    )
