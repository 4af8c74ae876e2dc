"""Spoken: which rule has said something about which object, so that one harm is told once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mrt_lint.lint.rule import EVERYTHING

if TYPE_CHECKING:
    from mrt_lint.lint.finding import Finding
    from mrt_lint.lint.rule import Rule
    from mrt_lint.schema.dialects import Dialect


@dataclass(slots=True)
class Spoken:
    """Every finding so far by file and group, as (code, subject, database or None for all)."""

    said: dict[tuple[str, str], list[tuple[str, str, Dialect | None]]] = field(default_factory=dict)

    def add(self, rule: Rule, finding: Finding, dialect: Dialect | None) -> None:
        """Notes a finding; one without a subject speaks of no object."""
        if finding.subject:
            entry = (rule.code, finding.subject.casefold(), dialect)
            self.said.setdefault((finding.path, rule.group), []).append(entry)

    def of(self, rule: Rule, path: str, subject: str, dialect: Dialect | None) -> bool:
        """Returns whether another rule of the group of `rule` spoke of the object on this database."""
        asked = subject.casefold()
        return any(
            code != rule.code
            and (where is None or dialect is None or where == dialect)
            and (told in (asked, EVERYTHING) or asked.startswith(told + "."))
            for code, told, where in self.said.get((path, rule.group), ())
        )
