"""Spoken: which rule has said something about which object and where, so that one harm is told once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import field
from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.lint.rule import EVERYTHING

if TYPE_CHECKING:
    from mrt_lint.lint.finding import Finding
    from mrt_lint.lint.rule import Rule
    from mrt_lint.ops.span import Span
    from mrt_lint.schema.dialects import Dialect


@dataclass(frozen=True, slots=True)
class Said:
    """One finding. `subject`: folded, "" for none; `dialect` None: on all databases."""

    code: str
    subject: str
    span: Span
    dialect: Dialect | None


@dataclass(slots=True)
class Spoken:
    """Every finding so far by file and group."""

    said: dict[tuple[str, str], list[Said]] = field(default_factory=dict)

    def add(self, rule: Rule, finding: Finding, dialect: Dialect | None) -> None:
        """Notes a finding."""
        entry = Said(rule.code, finding.subject.casefold(), finding.span, dialect)
        self.said.setdefault((finding.path, rule.group), []).append(entry)

    def of(
        self, rule: Rule, path: str, subject: str, dialect: Dialect | None, everything: bool = True
    ) -> bool:
        """Returns whether another rule of the group of `rule` spoke of the object on this database.

        `everything`: a finding that speaks of all objects of the migration counts.
        """
        asked = subject.casefold()
        return self._any(
            rule,
            path,
            dialect,
            lambda told: (
                (bool(told.subject) and (told.subject == asked or asked.startswith(told.subject + ".")))
                or (everything and told.subject == EVERYTHING)
            ),
        )

    def at(self, rule: Rule, path: str, span: Span, dialect: Dialect | None) -> bool:
        """Returns whether another rule of the group of `rule` has a finding at this span on this database."""
        return self._any(rule, path, dialect, lambda told: told.span == span)

    def _any(self, rule: Rule, path: str, dialect: Dialect | None, fits: Callable[[Said], bool]) -> bool:
        return any(map(fits, self._others(rule, path, dialect)))

    def _others(self, rule: Rule, path: str, dialect: Dialect | None) -> Iterator[Said]:
        for told in self.said.get((path, rule.group), ()):
            if told.code != rule.code and (
                told.dialect is None or dialect is None or told.dialect == dialect
            ):
                yield told
