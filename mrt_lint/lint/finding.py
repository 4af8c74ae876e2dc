"""Findings: what a rule says about one place."""

from __future__ import annotations

from dataclasses import field
from enum import Enum

from mrt_lint.classes import dataclass
from mrt_lint.ops.span import NOWHERE, Span


class Severity(Enum):
    """How grave a finding is. Infos never affect the exit code."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """Returns its place in the order of gravity; lower is graver."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `span`: what is shown; `statement`: the lines on which a suppression counts.

    `path` as the user gave it, with `/`. `dialects`: the databases it was found for when it does
    not hold for every target. `subject`: the object it speaks of, so that one harm is told once.
    `related`: paths of other files that it is about.
    """

    rule: str
    name: str
    severity: Severity
    path: str
    span: Span
    message: str
    help: str = ""
    revision: str = ""
    pattern: str = ""
    statement: Span = NOWHERE
    subject: str = field(default="", compare=False)
    dialects: tuple[str, ...] = ()
    related: tuple[str, ...] = ()

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Returns the order of every report: file, line, column, rule."""
        return (self.path, self.span.line, self.span.column, self.rule, self.message)
