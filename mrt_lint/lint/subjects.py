"""Subjects of rules that are neither operations nor parts of the history: what befell a file."""

from __future__ import annotations

from typing import Literal

from mrt_lint.classes import dataclass
from mrt_lint.lowered import Suppression
from mrt_lint.ops.span import NOWHERE, Span


@dataclass(frozen=True, slots=True)
class UnusedSuppression:
    """A suppression comment that did nothing, after all findings were decided.

    `why`: "unused" (nothing of `codes` was found there; no codes: nothing at all), "unknown" (no rule
    has these codes) or "malformed" (`codes` holds what could not be read). `suggestion` continues a sentence
    with the nearest known code, or is empty.
    """

    suppression: Suppression
    path: str
    why: Literal["unused", "unknown", "malformed"]
    codes: tuple[str, ...] = ()
    suggestion: str = ""

    @property
    def span(self) -> Span:
        """Returns where the comment stands."""
        line = self.suppression.line
        return Span(line, self.suppression.column, line, self.suppression.end_column)


@dataclass(frozen=True, slots=True)
class Crash:
    """A rule or a frontend that raised on one file; the rest of the run went on.

    `what` names it ("rule MRT201 (drop-column)", "frontend alembic"), `error` is the exception in one
    line, `traceback` its full text for `--debug`. `rule`: its code, if it is a rule.
    """

    path: str
    what: str
    error: str
    rule: str = ""
    span: Span = NOWHERE
    revision: str = ""
    traceback: str = ""
